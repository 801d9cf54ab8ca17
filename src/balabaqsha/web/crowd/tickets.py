"""The ticket as a signed cookie: nobody can write a better one."""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from balabaqsha.web.crowd.rules import KEPT_SECONDS, Ticket

_SIGNER = "balabaqsha.crowd"
_PARTS = 4


def read(request: HttpRequest) -> Ticket | None:
    """The visitor's ticket, or None: there is none, or not one of ours."""
    given = request.COOKIES.get(settings.CROWD_COOKIE_NAME, "")
    try:
        parts = [int(part) for part in signing.Signer(salt=_SIGNER).unsign(given).split(".")]
    except (signing.BadSignature, ValueError):
        return None
    if len(parts) != _PARTS:
        return None
    number, inside, seen, asked = parts
    return Ticket(number, inside=bool(inside), seen=seen, asked=asked)


def give(response: HttpResponse, ticket: Ticket) -> None:
    """Let the visitor's browser keep the ticket."""
    written = f"{ticket.number}.{int(ticket.inside)}.{ticket.seen}.{ticket.asked}"
    response.set_cookie(
        settings.CROWD_COOKIE_NAME,
        signing.Signer(salt=_SIGNER).sign(written),
        max_age=KEPT_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
