"""Free choice in linear territories: which places are open, by what rule, since when and why."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, department_reader
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.line.models import Line
from balabaqsha.locale import written
from balabaqsha.record import queries as record
from balabaqsha.referrals import queries as referrals
from balabaqsha.web.department import pages
from balabaqsha.web.kit import texts

# What is told of the past; the whole of it stands in the journal.
BACK = timedelta(days=30)
_MOST = 200
_ACTS = ("open-free-choice", "use-free-choice", "end-sealed-round")


@dataclass(frozen=True)
class Window:
    """The places of one line that are open now, and what applies to them."""

    line: Line
    title: str
    rule: str
    moment: str
    wishes: str
    events: list[dict[str, str]]


@access(department_reader)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Every line with an open place, then what opened and was taken in the last month."""
    lines = list(pages.linear_lines(request).order_by("territory_id", "-birth_year", "correction", "id"))
    names = dict(pages.named(sorted({line.territory_id for line in lines})))
    happened = _events(request)
    open_now = [line for line in lines if line.openings or line.round_ends_at]
    wishes = referrals.live_wishes_by_line(line.id for line in open_now)
    context = {
        "windows": [
            _window(line, names[line.territory_id], wishes[line.id], happened.get(line.id, []), request)
            for line in open_now
        ],
        "past": [
            {"title": _title(line, names[line.territory_id]), "events": happened[line.id]}
            for line in lines
            if line not in open_now and line.id in happened
        ],
    }
    return pages.page(request, "free_choice", "officer.free-choice", **context)


def _window(line: Line, territory: str, wishes: int, events: list[dict[str, str]], request: HttpRequest) -> Window:
    sealed = line.round_ends_at is not None
    rule = "sealed" if sealed else "first_come"
    return Window(
        line=line,
        title=_title(line, territory),
        rule=f"{texts.say(f'free-choice.rule-{rule}')} {_source(line, request)}",
        moment=texts.say("free-choice.until", due=line.round_ends_at)
        if sealed
        else texts.say("free-choice.till-taken"),
        wishes=texts.say("free-choice.wishes", n=wishes) if sealed else "",
        events=events,
    )


def _source(line: Line, request: HttpRequest) -> str:
    mode = law.rulebook(line.territory_id).term("free_choice.mode", on=localdate(request.now))
    return texts.say("department.source", source=texts.source(mode.source))


def _title(line: Line, territory: str) -> str:
    title = texts.say("free-choice.line", territory=territory, year=line.birth_year)
    return f"{title}, {texts.say(f'correction.{line.correction}')}" if line.correction else title


def _events(request: HttpRequest) -> dict[int, list[dict[str, str]]]:
    """What happened to the openings of each line in the last month, newest first. One query."""
    found: dict[int, list[dict[str, str]]] = {}
    rows = record.acts_in(pages.linear_territories(request), acts=_ACTS, since=request.now - BACK, first=0, count=_MOST)
    for event in rows:
        found.setdefault(event.facts["line"], []).append(
            {"at": written.moment(event.at), "text": _told(event.act, event.facts)}
        )
    return found


def _told(act: str, facts: dict[str, Any]) -> str:
    opened = facts["opened"]
    if act == "open-free-choice":
        key = "free-choice.opened" if opened > 0 else "free-choice.closed"
        return texts.say(key, n=abs(opened), left=facts["openings"])
    key = "free-choice.taken" if act == "use-free-choice" else "free-choice.round-ended"
    return texts.say(key, left=facts["openings"])
