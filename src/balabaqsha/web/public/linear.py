"""The linear queue for everybody: its lines, free places beside the bulletin of the day, who waits, what applies."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from balabaqsha.accounts.access import access, public
from balabaqsha.insight import linear
from balabaqsha.insight.linear import BulletinRow, LineNow
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.law.terms import Rulebook, Term, Unit
from balabaqsha.territories import queries as territories
from balabaqsha.web.kit import pages, plain
from balabaqsha.web.kit.texts import language, say, say_count, source
from balabaqsha.web.public import place, queue
from balabaqsha.web.public.catalogue import name_of

SIZE = 50
# What a family in a linear queue should know, in the order in which it meets it.
_APPLIES = (
    "turn.min_age",
    "line.priority_cycle",
    "turn.choose",
    "free_choice.mode",
    "referral.validity",
    "referral.give_back",
    "referral.pause_after_give_back",
    "referral.extension_max",
    "referral.papers_time",
    "stop_list.length",
    "referral.misses_to_remove",
    "private_place.min_age",
)
_COUNTED = {
    Unit.WORKING_DAYS: "count.working-day",
    Unit.CALENDAR_DAYS: "count.calendar-day",
    Unit.HOURS: "count.hour",
}


@access(public)
def linear_queue(request: HttpRequest) -> HttpResponse:
    """The linear lines of the chosen territory as they stand now, without names."""
    if "number" in request.GET:
        return queue.find(request)
    codes = linear.territories_with_lines(territories.subtree(request.location.code))
    code = request.GET.get("line") if request.GET.get("line") in codes else next(iter(codes), None)
    if code is None:
        regime = territories.regime_on(request.location.code, localdate(request.now))
        return render(request, "public/linear_none.html", {"form": queue.NumberForm(), "regime": regime})
    return render(request, "public/linear_queue.html", _context(request, code, codes))


def _context(request: HttpRequest, code: str, codes: Sequence[str]) -> dict[str, object]:
    lines = linear.lines_now(code, now=request.now)
    bulletin_at = linear.bulletin_at(code, now=request.now)
    bulletin = linear.bulletin(code, at=bulletin_at, now=request.now)
    names = territories.names(set(codes), language())
    return {
        "wide_data": True,
        "number_form": queue.NumberForm(),
        "as_of": request.now,
        "code": code,
        "place": place.written_name(names[code]),
        "territories": [(each, place.written_name(names[each]), each == code) for each in codes]
        if len(codes) > 1
        else [],
        "stats": _stats(lines),
        "lines": lines,
        "rounds": [line for line in lines if line.round_ends_at],
        "bulletin_at": bulletin_at,
        "bulletin": [_bulletin_row(row) for row in bulletin],
        "announcements": plain.announcements([code], on=localdate(request.now)),
        "bulletin_total": sum(row.then for row in bulletin),
        "applies": _applies(law.rulebook(code), localdate(request.now)),
    } | _standing(request, code, [line for line in lines if line.standing.waiting and not line.special])


def _standing(request: HttpRequest, code: str, general: Sequence[LineNow]) -> dict[str, object]:
    """Who stands in the line of the birth year that the address names, else in the longest one."""
    asked = request.GET.get("year", "")
    longest = max(general, key=lambda line: line.standing.waiting, default=None)
    line = next((line for line in general if str(line.birth_year) == asked), longest)
    years = [(one.birth_year, one.standing.waiting, one is line) for one in general]
    if line is None:
        return {"years": years, "rows": []}
    pager = pages.pager(request, page=pages.page_of(request), total=line.standing.waiting, size=SIZE)
    rows = linear.line_rows(code, line.birth_year, start=(pager.page - 1) * SIZE, size=SIZE)
    return {"years": years, "shown": line, "rows": rows, "pager": pager}


def _stats(lines: Sequence[LineNow]) -> list[dict[str, object]]:
    return [
        {"label": say("home.waiting"), "value": sum(line.standing.waiting for line in lines)},
        {"label": say("home.free-places"), "value": sum(line.free for line in lines)},
        {"label": say("linear-queue.turns"), "value": sum(line.turns for line in lines)},
        {"label": say("linear-queue.openings"), "value": sum(line.openings for line in lines)},
    ]


def _bulletin_row(row: BulletinRow) -> dict[str, object]:
    group = row.group
    return {
        "code": group.kindergarten.code,
        "garden": name_of(group.kindergarten),
        "group": group,
        "then": row.then,
        "now": row.now,
    }


def _applies(rulebook: Rulebook, on: date) -> list[dict[str, object]]:
    terms = [rulebook.term(code, on=on) for code in _APPLIES]
    return [
        {
            "name": say(f"rulebook.{term.code}"),
            "value": _value(term),
            "source": ", ".join(part for part in (source(term.source), term.paragraph) if part),
        }
        for term in terms
    ]


def _value(term: Term) -> str:
    if term.unit is Unit.WORD:
        return say(f"rulebook-value.{term.value}")
    if term.unit is Unit.RATIO:
        return str(term.value).replace(":", " : ")
    if term.unit in _COUNTED:
        return say_count(_COUNTED[term.unit], int(term.value))
    return f"{term.value} {say(f'unit.{term.unit.value}')}"
