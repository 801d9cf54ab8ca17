"""The door of every request: reads the clock once and turns the session into an actor."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from balabaqsha.accounts import clock, sessions
from balabaqsha.kernel.actor import ANONYMOUS


def entry(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Set `now`, `real_now`, `actor`, `account`, `person_name` and `address` on the request."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.real_now = clock.real_now()
        request.now = clock.shifted(request.real_now)
        request.address = address_of(request)
        found = sessions.resume(request.session, address=request.address, now=request.now, real_now=request.real_now)
        request.account = found
        request.actor = found.actor if found else ANONYMOUS
        request.person_name = found.person_name if found else ""
        response = get_response(request)
        if found:
            # The page of a signed-in person stays out of every shared cache.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return handle


def address_of(request: HttpRequest) -> str:
    """The visitor's address: the peer's or, where the peer is one of our own proxies, the last one it did not add."""
    peer = request.META.get("REMOTE_ADDR", "")
    ours = getattr(settings, "TRUSTED_PROXIES", ())
    if peer not in ours:
        return peer
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    outside = [hop for hop in reversed(hops) if hop and hop not in ours]
    return outside[0] if outside and _is_address(outside[0]) else peer


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
