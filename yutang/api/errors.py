"""One shape for every refusal: {code, message, advice?, fields?}."""

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from yutang.kernel.errors import DomainError, NotFound, NotSignedIn
from yutang.kernel.language import Text

log = logging.getLogger(__name__)

MALFORMED = Text("提交的内容格式不对，请检查标出的字段。", "The request is malformed; check the named fields.")
BROKEN = Text("系统出错了，已记录。请稍后重试。", "Something broke on our side and was recorded. Please try again.")
BUSY = Text("数据库正忙，请稍后重试。", "The database is busy. Please try again.")
TOO_BIG = Text("上传内容太大。", "The upload is too big.")
STALE_PAGE = Text("页面已过期，请刷新后重试。", "This page is out of date. Reload it and try again.")


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
    return refusal(403, "csrf_failed", STALE_PAGE.here())


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
        fields = {
            ".".join(str(step) for step in each["loc"][1:]) or str(each["loc"][0]): each["msg"] for each in error.errors
        }
        return refusal(422, "malformed", MALFORMED.here(), fields=fields)

    @api.exception_handler(HttpError)
    def http(request: HttpRequest, error: HttpError) -> HttpResponse:
        return refusal(error.status_code, "bad_request", str(error))

    @api.exception_handler(RequestDataTooBig)
    def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return refusal(413, "too_big", TOO_BIG.here())

    @api.exception_handler(OperationalError)
    def busy(request: HttpRequest, error: OperationalError) -> HttpResponse:
        log.exception("Database unavailable")
        return refusal(503, "busy", BUSY.here(), retry_after_seconds=2)

    @api.exception_handler(Exception)
    def broken(request: HttpRequest, error: Exception) -> HttpResponse:
        log.exception("Unexpected error at %s", request.path)
        return refusal(500, "broken", BROKEN.here())
