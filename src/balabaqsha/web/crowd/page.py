"""The page of somebody who waits: light, without a script, in the language of the address, coming again by itself."""

from functools import cache
from math import ceil
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils import translation
from django.utils.encoding import iri_to_uri

from balabaqsha.locale.texts import LANGUAGES, say_in
from balabaqsha.web.crowd import rules
from balabaqsha.web.crowd.rules import Line, Ticket
from balabaqsha.web.kit import context, menus, texts

_MINUTE = 60


def page(
    request: HttpRequest, ticket: Ticket | None, line: Line, *, here: str = "", typed: str = "", problem: str = ""
) -> HttpResponse:
    """Who stands before the visitor, for how long about, and what is kept; without a ticket: that none could be given.

    `here` is the address that was asked for, where it is not the request's; `problem` says why `typed` is no number of
    an application whose term ends within the hour.

    503: machines and caches must not take it for the page that was asked for, and htmx leaves the fragment alone.
    """
    here = here or request.get_full_path()
    left = rules.seconds_left(ticket, line) if ticket else None
    pause = rules.pause(left)
    spoken = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
    with translation.override(spoken):
        body = get_template("crowd/wait.html").render(
            {
                "language": spoken,
                "languages": _languages(here, spoken),
                "here": here,
                "let_in": menus.address("crowd.let-in"),
                "typed": typed,
                "problem": problem,
                "has_ticket": ticket is not None,
                "ahead": rules.ahead(ticket, line) if ticket else None,
                "wait": _in_words(left),
                "pause": texts.say_count("count.second", pause),
                "kept": texts.say_count("count.minute", rules.KEPT_SECONDS // _MINUTE),
            }
        )
    response = HttpResponse(body, status=503)
    response["Retry-After"] = str(pause)
    # The address is named, since a form that was posted must not be posted again.
    response["Refresh"] = f"{pause}; url={iri_to_uri(here)}"
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = spoken
    # Django logs every 503 as a failure of ours, which this is not; a crowd would fill the log.
    response._has_been_logged = True  # noqa: SLF001 - there is no other way to tell it
    return response


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
