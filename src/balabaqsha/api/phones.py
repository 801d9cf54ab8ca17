"""eGov Mobile: a QR code for a telephone, how it stands, and the signature that the telephone brought."""

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from balabaqsha.accounts.eds import checking
from balabaqsha.api import door, keys
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.signatures.mobile import queries, wire
from balabaqsha.web.kit import phone as errands
from balabaqsha.web.public import by_key
from balabaqsha.web.public import phone as page


class NotOffered(Refusal, code="not-offered", detail="mobile-not-offered"):
    """This portal has no agreement that lets the application open its addresses."""


class TakeForm(forms.Form):
    """Which errand's signature is taken."""

    token = forms.UUIDField()


@door.programs("POST", "PUT")
def phone(request: HttpRequest) -> HttpResponse:
    """POST begins: what to show as a QR code. PUT takes the signature that the telephone brought, once."""
    if not settings.EGOV_MOBILE_BIN:
        raise NotOffered
    if request.method == "PUT":
        token = str(door.typed(request, TakeForm)["token"])
        content, cms = errands.take(request, token=token)
        return keys.shown(request, checking.judge(content=content, cms=cms, now=request.now))
    door.nothing(request)
    token = errands.order(request, by_key.wanted(request))
    made = queries.of_session(token=str(token), owner=errands.owner_of(request))
    address = page.address_of(token)
    said = {
        "token": str(token),
        "code": wire.code_text(address),
        "link": wire.deep_link(address),
        "expiresAt": made.expires_at.isoformat(),
    }
    return JsonResponse(said, status=201)


@door.programs("GET")
def state(request: HttpRequest, token: str) -> HttpResponse:
    """How the errand of this session stands."""
    found = queries.of_session(token=token, owner=errands.owner_of(request))
    if found is None:
        raise NoSuchErrand
    return JsonResponse({"standing": queries.standing(found, real_now=request.real_now).value})


class NoSuchErrand(Refusal, code="not-found", detail="no-such-errand"):
    """This session asked for no such errand."""
