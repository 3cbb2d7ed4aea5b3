"""What holds for every request and answer: storable addresses, security headers, the caller's language."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from yutang.api.errors import from_domain, refusal
from yutang.api.parsing import UNSTORABLE
from yutang.kernel.errors import BadInput
from yutang.kernel.language import Text, preferred, speak

WRONG_METHOD = Text("这个地址不支持该操作。", "This address does not take this method.")

Next = Callable[[HttpRequest], HttpResponse]

# Ant Design writes styles at run time, hence unsafe-inline for styles alone; scripts come from our own files.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob: https: http:; style-src 'self' 'unsafe-inline'; script-src 'self'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
)


class SecurityHeaders:
    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if request.path.startswith("/api/"):
            response.headers.setdefault("Cache-Control", "no-store")
        if request.is_secure():
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response


class RefuseUnstorable:
    """An address with NUL in its path or query is refused before anybody asks the database about it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            speak(preferred(request.headers.get("Accept-Language", "")))
            return from_domain(BadInput(UNSTORABLE))
        return self.get_response(request)


class SpeakTheirLanguage:
    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        speak(preferred(request.headers.get("Accept-Language", "")))
        return self.get_response(request)


class RefuseInOneShape:
    """The API's own 405, which Django answers as a page, in the shape of every other refusal."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or not request.path.startswith("/api/"):
            return response
        answer = refusal(405, "method_not_allowed", WRONG_METHOD.here())
        answer.headers["Allow"] = response.headers.get("Allow", "")
        return answer
