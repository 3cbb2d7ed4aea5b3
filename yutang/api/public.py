"""Pages for strangers: what a scanned code opens, and the form in which a customer leaves name and phone."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from yutang.acquisition.services.landing import open_landing
from yutang.acquisition.services.profile import complete_profile, find_invitation
from yutang.api import public_pages
from yutang.api.auth import client_ip
from yutang.kernel.errors import BadInput, TooMany
from yutang.organization.services.merchant import the_merchant

# Anybody may show these pages in a frame: a mini-program, a merchant's own site, a simulated phone. They hold no
# session, so that there is nothing to be stolen by a disguise.
_POLICY = (
    "default-src 'none'; img-src 'self' http: https: data:; style-src 'unsafe-inline'; script-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors *"
)
_STATUS = {"unknown": 404, "closed": 410}


def landing(request: HttpRequest, slug: str) -> HttpResponse:
    """What a printed code opens. Whatever has become of the code, the visitor gets a page made for people."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    found = open_landing(
        slug[:64], ip=client_ip(request), agent=request.headers.get("User-Agent", ""), counts=_is_a_scan(request)
    )
    page = public_pages.landing_page(found, the_merchant().name)
    return _answer(page, status=_STATUS.get(found.state, 200))


def _is_a_scan(request: HttpRequest) -> bool:
    """Not a reload the page asked for, and not a browser or app that looks ahead."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return request.method == "GET" and "again" not in request.GET and "prefetch" not in purpose


def embed_script(request: HttpRequest) -> HttpResponse:
    response = HttpResponse(public_pages.EMBED_SCRIPT, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@csrf_exempt  # no session is involved: the token in the address is the only right, and a forger does not know it
def profile(request: HttpRequest, token: str) -> HttpResponse:
    """The form of an invitation, and taking its answer."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    brand = the_merchant().name
    invitation = find_invitation(token[:64])
    if invitation is None:
        return _answer(public_pages.stale_page(brand), status=404)
    if invitation.answered_at is not None:
        return _answer(public_pages.thanks_page(brand))
    if request.method != "POST":
        return _answer(public_pages.profile_page(brand))
    name, phone = (request.POST.get(field, "")[:limit] for field, limit in (("name", 50), ("phone", 20)))
    try:
        complete_profile(
            invitation,
            name=name,
            phone=phone,
            consented=request.POST.get("consent") == "yes",
            ip=client_ip(request),
        )
    except (BadInput, TooMany) as refusal:
        page = public_pages.profile_page(brand, name=name, phone=phone, problem=refusal.said.here())
        return _answer(page, status=refusal.status)
    return _answer(public_pages.thanks_page(brand))


def _answer(page: str, *, status: int = 200) -> HttpResponse:
    response = HttpResponse(page, status=status)
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
