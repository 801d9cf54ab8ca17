"""Signing by telephone: every page with a signing panel begins an errand here and takes what came of it."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from balabaqsha.accounts import actions, digests, rules
from balabaqsha.signatures import verifier
from balabaqsha.signatures.mobile import actions as errands
from balabaqsha.signatures.mobile.actions import Wanted


def is_asked(request: HttpRequest) -> bool:
    """Whether the panel was sent with the wish to sign by telephone."""
    return request.POST.get("how") == "phone" and bool(settings.EGOV_MOBILE_BIN)


def begin(request: HttpRequest, wanted: Wanted) -> HttpResponse:
    """Make the errand and lead to its QR code; raises TooManyAttempts."""
    return redirect("sign.phone", token=order(request, wanted))


def order(request: HttpRequest, wanted: Wanted) -> UUID:
    """Make the errand for this session; returns its token. Raises TooManyAttempts."""
    tries = [(rules.CHALLENGES_OF_ADDRESS, digests.subject("address", request.address))]
    actions.count_tries(tries=tries, real_now=request.real_now)
    if not request.session.session_key:
        request.session.create()
    return errands.begin(wanted, owner=owner_of(request), real_now=request.real_now)


def owner_of(request: HttpRequest) -> bytes:
    """What stands for this session in an errand; whoever has no session has no errand either."""
    return digests.subject("errand", request.session.session_key or "")


def posted(request: HttpRequest) -> bytes:
    """The signature that the panel posted, or the one that the telephone brought for this very address.

    Raises SignatureUnreadable and the refusals of `signatures.mobile.actions.take`.
    """
    if "errand" in request.POST:
        return taken(request)[1]
    return verifier.read_posted(request.POST.get("cms", ""))


def taken(request: HttpRequest) -> tuple[bytes, bytes]:
    """What the telephone signed and the signature; raises as `posted`."""
    return take(request, token=request.POST["errand"])


def take(request: HttpRequest, *, token: str) -> tuple[bytes, bytes]:
    """The same by the token of the errand, which has to have been made for this session and this address."""
    return errands.take(
        token=token,
        owner=owner_of(request),
        back=request.get_full_path(),
        real_now=request.real_now,
    )
