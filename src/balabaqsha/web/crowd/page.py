"""The pages of the waiting room: light, without a script, in the language of the address; the first comes again by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from math import ceil
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils import translation
from django.utils.http import urlencode

from balabaqsha.locale.texts import LANGUAGES, say_in
from balabaqsha.web.crowd import rules
from balabaqsha.web.crowd.rules import Line, Ticket
from balabaqsha.web.kit import context, menus, texts

_MINUTE = 60


def wait(request: HttpRequest, ticket: Ticket | None, line: Line) -> HttpResponse:
    """Who stands before the visitor, for how long about, and what is kept; without a ticket: that none could be given.

    503: machines and caches must not take it for the page that was asked for, and htmx leaves the fragment alone.
    """
    left = rules.seconds_left(ticket, line) if ticket else None
    before = rules.ahead(ticket, line) if ticket else 0
    pause = rules.pause(before, left)
    here = request.get_full_path()
    with _spoken(request):
        body = _plain(
            "crowd/wait.html",
            here,
            let_in=f"{menus.address('crowd.let-in')}?{urlencode({'next': here})}",
            has_ticket=ticket is not None,
            ahead=before,
            wait=_in_words(left),
            pause=texts.say_count("count.second", pause),
            kept=texts.say_count("count.minute", rules.KEPT_SECONDS // _MINUTE),
            here=here,
        )
    response = HttpResponse(body, status=503)
    response["Refresh"] = response["Retry-After"] = str(pause)
    response["Cache-Control"] = "no-store"
    # Django logs every 503 as a failure of ours, which this is not; a crowd would fill the log.
    response._has_been_logged = True  # noqa: SLF001 - there is no other way to tell it
    return response


def ask_number(*, here: str, typed: str = "", problem: str = "") -> HttpResponse:
    """The form for the number of an application; `problem` says why `typed` lets nobody in, `here` where it leads."""
    let_in = menus.address("crowd.let-in")
    path = f"{let_in}?{urlencode({'next': here})}"
    return HttpResponse(_plain("crowd/by_number.html", path, let_in=let_in, here=here, typed=typed, problem=problem))


@contextmanager
def _spoken(request: HttpRequest) -> Iterator[None]:
    """The language of the address, which nobody has looked at yet."""
    with translation.override(translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE):
        yield


def _plain(template: str, path: str, **context: Any) -> str:
    spoken = texts.language()
    frame = {"language": spoken, "languages": _languages(path, spoken)}
    return get_template(template).render(frame | context)


def _in_words(left: float | None) -> str:
    if left is None:
        return texts.say("crowd.wait-unknown")
    if left < _MINUTE:
        return texts.say("crowd.wait-short")
    return texts.say("crowd.wait-about", wait=texts.say_count("count.minute", ceil(left / _MINUTE)))


def _languages(path: str, spoken: str) -> list[dict[str, Any]]:
    return [
        {**_names(code), "code": code, "url": context.in_language(path, code), "current": code == spoken}
        for code in LANGUAGES
    ]


@cache
def _names(code: str) -> dict[str, str]:
    return {"name": say_in(code, "header.language"), "short": say_in(code, "language.short")}
