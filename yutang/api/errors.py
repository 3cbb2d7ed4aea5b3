"""One shape for every refusal: {code, message, advice?, fields?, retry_after_seconds?}."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from yutang.kernel.errors import BadInput, DomainError, NotFound, NotSignedIn
from yutang.kernel.language import Text

log = logging.getLogger(__name__)

MALFORMED = Text("提交的内容格式不对，请检查标出的字段。", "The request is malformed; check the named fields.")
UNREADABLE = Text("请求内容不是有效的 JSON。", "The body of the request is not valid JSON.")
OUT_OF_RANGE = Text("有数字超出范围。", "A number is out of range.")
COLLISION = Text("有人同时做了修改，请刷新后重试。", "Somebody changed this at the same time. Reload and try again.")
BROKEN = Text("系统出错了，已记录。请稍后重试。", "Something broke on our side and was recorded. Please try again.")
BUSY = Text("数据库正忙，请稍后重试。", "The database is busy. Please try again.")
TOO_BIG = Text("上传内容太大。", "The upload is too big.")

# What pydantic finds wrong, for people. Kinds not named here keep pydantic's English.
FAULTS: Mapping[str, Text] = {
    "missing": Text("必填。", "This is needed."),
    "string_type": Text("应为文字。", "This must be text."),
    "string_too_short": Text("至少 {min_length} 个字符。", "At least {min_length} characters."),
    "string_too_long": Text("最多 {max_length} 个字符。", "At most {max_length} characters."),
    "string_pattern_mismatch": Text("格式不对。", "This has the wrong form."),
    "int_type": Text("应为整数。", "This must be a whole number."),
    "int_parsing": Text("应为整数。", "This must be a whole number."),
    "int_from_float": Text("应为整数。", "This must be a whole number."),
    "int_parsing_size": Text("数字太大。", "This number is too big."),
    "float_parsing": Text("应为数字。", "This must be a number."),
    "float_type": Text("应为数字。", "This must be a number."),
    "finite_number": Text("应为数字。", "This must be a number."),
    "bool_parsing": Text("应为是或否。", "This must be true or false."),
    "bool_type": Text("应为是或否。", "This must be true or false."),
    "greater_than": Text("应大于 {gt}。", "This must be more than {gt}."),
    "greater_than_equal": Text("不能小于 {ge}。", "This must be {ge} or more."),
    "less_than": Text("应小于 {lt}。", "This must be less than {lt}."),
    "less_than_equal": Text("不能大于 {le}。", "This must be {le} or less."),
    "literal_error": Text("应为以下之一：{expected}。", "This must be one of: {expected}."),
    "enum": Text("应为以下之一：{expected}。", "This must be one of: {expected}."),
    "date_from_datetime_parsing": Text("日期格式不对。", "This is not a date."),
    "date_parsing": Text("日期格式不对。", "This is not a date."),
    "datetime_parsing": Text("时间格式不对。", "This is not a time."),
    "datetime_from_date_parsing": Text("时间格式不对。", "This is not a time."),
    "list_type": Text("应为列表。", "This must be a list."),
    "dict_type": Text("应为对象。", "This must be an object."),
    "model_attributes_type": Text("应为对象。", "This must be an object."),
    "too_long": Text("最多 {max_length} 项。", "At most {max_length} entries."),
    "too_short": Text("至少 {min_length} 项。", "At least {min_length} entries."),
}


class CsrfFailed(DomainError):
    code, status = "csrf_failed", 403
    text = Text("页面已过期，请刷新后重试。", "This page is out of date. Reload it and try again.")


class Refusal(Schema):
    code: str
    message: str
    advice: str | None = None
    fields: dict[str, str] | None = None
    retry_after_seconds: int | None = None


def refusal(
    status: int,
    code: str,
    message: str,
    *,
    advice: str | None = None,
    fields: dict[str, str] | None = None,
    **more: Any,
) -> JsonResponse:
    body = {"code": code, "message": message, "advice": advice, "fields": fields or None} | more
    return JsonResponse({key: value for key, value in body.items() if value is not None}, status=status)


def from_domain(error: DomainError) -> JsonResponse:
    retry = getattr(error, "retry_after_seconds", None)
    advice = error.advice.fill(**error.values).here() if error.advice else None
    response = refusal(
        error.status,
        error.code,
        error.said.here(),
        advice=advice,
        fields=error.fields,
        retry_after_seconds=retry,
    )
    for name, value in error.headers().items():
        response.headers[name] = value
    return response


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's view for pages outside the API."""
    return from_domain(CsrfFailed())


def place_of(loc: Sequence[str | int]) -> str:
    """Where a finding is, as the caller knows the place: without the name our function gives the body."""
    within = loc[2:] if loc[0] == "body" else loc[1:]
    return ".".join(str(step) for step in within) or str(loc[0])


def fault_of(each: Mapping[str, Any]) -> str:
    """One of pydantic's findings, said to a person."""
    text = FAULTS.get(each["type"])
    if text is not None:
        return text.fill(**each.get("ctx", {})).here()
    if each["type"] == "value_error":  # raised by our own validators: without pydantic's "Value error, "
        return str(each.get("ctx", {}).get("error", each["msg"]))
    return str(each["msg"])


def install(api: NinjaAPI) -> None:
    """Teach the API to answer every kind of failure in the one shape."""

    @api.exception_handler(DomainError)
    def domain(request: HttpRequest, error: DomainError) -> HttpResponse:
        return from_domain(error)

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return from_domain(NotFound())

    @api.exception_handler(AuthenticationError)
    def stranger(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return from_domain(NotSignedIn())

    @api.exception_handler(ValidationError)
    def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
        fields = {place_of(each["loc"]): fault_of(each) for each in error.errors}
        return refusal(422, "malformed", MALFORMED.here(), fields=fields)

    @api.exception_handler(HttpError)
    def http(request: HttpRequest, error: HttpError) -> HttpResponse:
        if isinstance(error.__cause__, DomainError):  # ninja wraps what a parser raises
            return from_domain(error.__cause__)
        message = UNREADABLE.here() if error.status_code == 400 else str(error)
        return refusal(error.status_code, "bad_request", message)

    @api.exception_handler(RequestDataTooBig)
    def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return refusal(413, "too_big", TOO_BIG.here())

    @api.exception_handler(OverflowError)
    @api.exception_handler(DataError)
    def out_of_range(request: HttpRequest, error: Exception) -> HttpResponse:
        # A number that fits no column: SQLite's driver says it one way, PostgreSQL another.
        log.warning("Refused by the database at %s: %s", request.path, error)
        return from_domain(BadInput(OUT_OF_RANGE))

    @api.exception_handler(IntegrityError)
    def collided(request: HttpRequest, error: IntegrityError) -> HttpResponse:
        # Services check first; what comes here are two requests that passed their checks at the same moment.
        log.warning("Collision at %s", request.path, exc_info=error)
        return refusal(409, "collision", COLLISION.here())

    @api.exception_handler(OperationalError)
    def busy(request: HttpRequest, error: OperationalError) -> HttpResponse:
        log.exception("Database unavailable")
        response = refusal(503, "busy", BUSY.here(), retry_after_seconds=2)
        response.headers["Retry-After"] = "2"
        return response

    @api.exception_handler(Exception)
    def broken(request: HttpRequest, error: Exception) -> HttpResponse:
        log.exception("Unexpected error at %s", request.path)
        return refusal(500, "broken", BROKEN.here())
