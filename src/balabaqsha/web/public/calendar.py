"""The calendar of an intake: what happens this school year and the next in the chosen territory."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, public
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.law.terms import Rulebook
from balabaqsha.notices import calendar
from balabaqsha.notices.calendar import Event
from balabaqsha.web.kit import plain, years
from balabaqsha.web.kit.texts import say


@access(public)
@require_GET
def intake(request: HttpRequest) -> HttpResponse:
    """The days of the current school year, or of the next with ?year=next; what has passed is marked."""
    code, today = request.location.code, localdate(request.now)
    current = law_rules.school_year(today)
    number = current + 1 if request.GET.get("year") == "next" else current
    found = calendar.of_year(code, number, now=request.now)
    rulebook = law.rulebook(code)
    context = {
        "tabs": [
            {"text": say("school-year.current", years=years.said(current)), "url": "?", "current": number == current},
            {
                "text": say("school-year.next", years=years.said(current + 1)),
                "url": "?year=next",
                "current": number != current,
            },
        ],
        "events": [_event(one, rulebook) | {"past": one.last < today} for one in found.events],
        "regime": found.regime,
        "bulletin_hour": found.bulletin_hour,
    }
    return render(request, "public/calendar.html", context)


def _event(one: Event, rulebook: Rulebook) -> dict[str, Any]:
    shown = {"first": one.first, "last": one.last, "title": "", "html": "", "language": "", "url": ""}
    if one.notice is not None:
        entry = plain.notice(one.notice, rulebook, on=one.first)
        return shown | {"title": entry.title, "html": entry.html, "language": entry.language}
    facts = dict(one.facts)
    if "regime" in facts:
        facts["regime"] = say(f"regime.{facts['regime']}")
    if one.kind == "term":
        facts["name"] = say(f"rulebook.{one.term}")
    url = reverse("public.run", args=[facts["run"]]) if "run" in facts else ""
    return shown | {"title": say(f"calendar.{one.kind}", **facts), "url": url}
