"""eGov Mobile: the page with the QR code, and the two calls of the telephone that reads it."""

from datetime import timedelta
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import segno
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts.access import access, public
from balabaqsha.accounts.eds import checking
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.locale.texts import LANGUAGES, say_in
from balabaqsha.people import queries as people
from balabaqsha.signatures import queries as signatures
from balabaqsha.signatures import verifier
from balabaqsha.signatures.mobile import actions as errands
from balabaqsha.signatures.mobile import queries, wire
from balabaqsha.signatures.mobile.rules import LIFE, LIVE, Standing
from balabaqsha.signatures.models import MobileErrand, SignaturePurpose
from balabaqsha.web.kit import phone as panel
from balabaqsha.web.kit import refusals, texts


@access(public)
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest, token: UUID) -> HttpResponse:
    """The QR code and how its errand stands; a post cancels it. Works by reloading where no script runs."""
    errand = _own(request, token)
    if request.method == "POST":
        errands.cancel(token=token, owner=panel.owner_of(request), real_now=request.real_now)
        return redirect(errand.back)
    standing = queries.standing(errand, real_now=request.real_now)
    address = address_of(errand.token)
    context = {
        "standing": standing.value,
        "live": standing in LIVE,
        "said": _said(errand, standing),
        "tone": {Standing.SIGNED: "ok", Standing.WAITING: "info", Standing.OPENED: "info"}.get(standing, "bad"),
        "document": errand.titles[texts.language()],
        "minutes": LIFE // timedelta(minutes=1),
        "signs_in": errand.purpose == SignaturePurpose.AUTH,
        "back": errand.back,
        "token": str(token),
        "picture": _picture(address) if standing in LIVE else "",
        "link": wire.deep_link(address),
        "sandbox_url": _sandbox(address),
        "state_url": reverse("sign.phone-state", args=[token]),
    }
    return render(request, "public/phone.html", context)


@access(public)
@never_cache
@require_GET
def state(request: HttpRequest, token: UUID) -> HttpResponse:
    """How the errand stands, for the script of its page."""
    standing = queries.standing(_own(request, token), real_now=request.real_now)
    return JsonResponse({"standing": standing.value})


def _own(request: HttpRequest, token: UUID) -> MobileErrand:
    found = queries.of_session(token=str(token), owner=panel.owner_of(request))
    if found is None:
        raise Http404
    return found


def _said(errand: MobileErrand, standing: Standing) -> str:
    if standing is Standing.REFUSED:
        return refusals.sentence(errand.refusal, errand.facts)
    return texts.say(f"phone-sign.{standing.value}")


def address_of(token: UUID) -> str:
    """The address of call 1, which the QR code carries."""
    path = reverse("mgov.errand", args=[token, queries.code_secret(token)])
    return settings.BASE_URL + _plain(path)


def _plain(path: str) -> str:
    """The path without its language: the telephone brings its own words."""
    head, _, rest = path.removeprefix("/").partition("/")
    return f"/{rest}" if head in LANGUAGES else path


def _picture(address: str) -> SafeString:
    drawn = segno.make(wire.code_text(address), error="m", micro=False).svg_inline(scale=5, border=4, light="white")
    return mark_safe(drawn)  # noqa: S308 - drawn by this view, no word of a visitor in it


def _sandbox(address: str) -> str:
    """Where the demonstration plays a telephone."""
    if settings.MODE != "demonstration":
        return ""
    sms = urlsplit(settings.GATEWAYS["sms_url"])
    return f"{sms.scheme}://{sms.netloc}/egov-mobile?{urlencode({'link': address})}"


# What the telephone asks. It knows nothing of sessions: the secret in the address and the token of the first answer stand for them.


@csrf_exempt  # a telephone has no cookie of ours; the secret of its address and the token it was told stand for one
@access(public)
@never_cache
@require_GET
def errand(request: HttpRequest, token: UUID, secret: str) -> HttpResponse:
    """Call 1: who asks, until when, and where the document is."""
    _of_phone(token, secret)
    try:
        found = errands.open_on_phone(token=token, real_now=request.real_now)
    except Refusal as refusal:
        return _refused(request, refusal)
    names = {language: say_in(language, "phone-sign.organisation") for language in LANGUAGES}
    told = wire.first_answer(
        titles=found.titles,
        expires_at=found.expires_at,
        organisation=wire.Organisation(names=names, bin=settings.EGOV_MOBILE_BIN),
        uri=settings.BASE_URL + _plain(reverse("mgov.documents", args=[token, secret])),
        token=queries.bearer(token),
    )
    return JsonResponse(told)


@csrf_exempt  # a telephone has no cookie of ours; the secret of its address and the token it was told stand for one
@access(public)
@never_cache
@require_http_methods(["GET", "PUT"])
def documents(request: HttpRequest, token: UUID, secret: str) -> HttpResponse:
    """Call 2: the document, and the signature that is brought back."""
    _of_phone(token, secret)
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not constant_time_compare(shown, queries.bearer(token)):
        return JsonResponse({}, status=403)
    try:
        if request.method == "PUT":
            _take(request, token)
            return JsonResponse({})
        found = errands.open_on_phone(token=token, real_now=request.real_now)
    except Refusal as refusal:
        return _refused(request, refusal)
    content = bytes(found.content)
    return JsonResponse(wire.documents(titles=found.titles, content=content, media_type=found.media_type))


def _of_phone(token: UUID, secret: str) -> None:
    if not settings.EGOV_MOBILE_BIN or queries.of_phone(token=token, secret=secret) is None:
        raise Http404


def _take(request: HttpRequest, token: UUID) -> None:
    """Judge what the telephone brought; the errand is used up, however that ends. Raises a Refusal."""
    # Before the errand is burnt: what is too long to be read uses nothing up, and the telephone may send it again.
    body = _body(request)
    found = errands.burn(token=token, real_now=request.real_now)
    try:
        cms = wire.read_signature(body)
        _judge(found, cms, request)
    except Refusal as refusal:
        errands.keep_refusal(errand_id=found.id, refusal=refusal)
        raise
    errands.keep_answer(errand_id=found.id, cms=cms)


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig:
        raise verifier.SignatureUnreadable from None


def _judge(found: MobileErrand, cms: bytes, request: HttpRequest) -> None:
    content = bytes(found.content)
    if found.purpose == SignaturePurpose.AUTH:
        checking.judge(content=content, cms=cms, now=request.now)
        return
    organisation = found.organisation_bin
    signatures.check(
        content=content,
        cms=cms,
        now=request.now,
        expected_iin=people.iin_of(found.person_id) if found.person_id else None,
        expected_bin=organisation or None,
        roles=(verifier.HEAD, verifier.CAN_SIGN) if organisation else (),
    )


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return JsonResponse({"message": refusals.explain(request, refusal)}, status=403)
