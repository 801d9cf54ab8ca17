"""The door of the portal: stands before sessions and the database, so that keeping somebody waiting costs little."""

import re
from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from balabaqsha.accounts import clock
from balabaqsha.accounts.middleware import address_of
from balabaqsha.web.crowd import page, rules, sparing, tickets
from balabaqsha.web.crowd.room import Room
from balabaqsha.web.crowd.rules import Ticket, Turn
from balabaqsha.web.kit import recent

# Whether the portal is alive, whether a paper that somebody holds in their hand is genuine, the way in by a number, the
# telephone that brings a signature, and programs, which read no page.
_NEVER_HELD = re.compile(r"/(?:ru/|en/)?(?:health|check|waiting-room|mgov|api)(?:/|$)")

Next = Callable[[HttpRequest], HttpResponse]


def waiting_room(get_response: Next) -> Next:
    """Middleware, before every other that costs something: lets in as many as are served well, the rest in turn."""
    room = Room(threads=settings.WEB_THREADS, full=settings.CROWD_FULL)

    def handle(request: HttpRequest) -> HttpResponse:
        kept_waiting = None
        begun = room.load.begin()
        try:
            if _NEVER_HELD.match(request.path_info):
                return get_response(request)
            now = int(clock.real_now().timestamp())
            ticket = tickets.read(request)
            if request.method not in {"GET", "HEAD"}:
                return _posted(request, ticket, get_response, now=now)
            waits, ticket = _at_the_door(request, ticket, room, now=now)
            if waits:
                kept_waiting = page.wait(request, ticket, room.line())
                if ticket:
                    tickets.give(kept_waiting, ticket)
                return kept_waiting
            with recent.busy(room.load.is_busy()):
                response = get_response(request)
            return _inside(ticket, response, now=now)
        finally:
            room.load.end(begun, on_a_page=kept_waiting is None)

    return handle


def _posted(request: HttpRequest, ticket: Ticket | None, get_response: Next, *, now: int) -> HttpResponse:
    """What a form carries is never lost: a post is let through, and whoever is signed in is inside after it."""
    response = get_response(request)
    if getattr(request, "account", None) or (ticket and rules.is_inside(ticket, now=now)):
        return _inside(ticket, response, now=now)
    return response


def _inside(ticket: Ticket | None, response: HttpResponse, *, now: int) -> HttpResponse:
    inside = rules.entered(ticket, now=now)
    if inside is not ticket:
        tickets.give(response, inside)
    return response


def _at_the_door(request: HttpRequest, ticket: Ticket | None, room: Room, *, now: int) -> tuple[bool, Ticket | None]:
    """Whether the visitor waits, and with which ticket; without one where none could be drawn."""
    if ticket and rules.is_inside(ticket, now=now):
        return False, ticket
    line = room.line(knows=ticket.number if ticket else 0)
    turn = rules.turn(ticket, line, now=now, has_room=room.load.take)
    if turn is Turn.IN:
        return False, ticket
    if turn is Turn.DRAWS:
        number = room.draw(address_of(request))
        ticket = Ticket(number, inside=False, seen=now) if number else None
    session_key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if session_key and rules.asks_again(ticket, now=now):
        if sparing.is_spared(session_key, real_now=clock.real_now()):
            return False, ticket
        ticket = replace(ticket, asked=now) if ticket else None
    return True, replace(ticket, seen=now) if ticket else None
