"""Where WeCom calls us: one address an app. It answers within milliseconds and leaves the work to the worker."""

import logging

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from yutang.api.auth import client_ip
from yutang.channels.wecom import callbacks
from yutang.channels.wecom.callback_errors import CallbackRefused
from yutang.channels.wecom.payload import MAX_BODY_BYTES

log = logging.getLogger(__name__)


@csrf_exempt  # WeCom signs what it sends; it has no session
def wecom_callback(request: HttpRequest, public_id: str) -> HttpResponse:
    """GET verifies the address, POST delivers. Refusals are 403 with one word, and are counted."""
    if request.method not in ("GET", "POST"):
        return HttpResponseNotAllowed(["GET", "POST"])
    app = callbacks.app_at(public_id)
    if app is None:
        return _plain("unknown address", 404)
    try:
        if request.method == "GET":
            envelope = callbacks.Envelope.of(request.GET)
            return _plain(callbacks.verify_address(app, envelope, echostr=request.GET.get("echostr", "")))
        callbacks.accept(app, callbacks.Envelope.of(request.GET, _body(request)))
    except CallbackRefused as refusal:
        log.warning("Callback refused for app %s: %s", app.pk, refusal)
        callbacks.count_refusal(app, refusal, ip=client_ip(request))
        return _plain(refusal.name, 403)
    return _plain("success")


def _body(request: HttpRequest) -> bytes:
    """At most one byte more than is accepted, so that a huge body is refused without being read."""
    return request.read(MAX_BODY_BYTES + 1)


def _plain(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
