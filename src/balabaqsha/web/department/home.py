"""The first page of an officer: what is due, what is about to lapse, what came to the department because somebody was late."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, department_officer
from balabaqsha.applications.states import State
from balabaqsha.desk import kinds, queries
from balabaqsha.desk.queries import Asked, Tally
from balabaqsha.law import queries as law
from balabaqsha.territories.regimes import Regime
from balabaqsha.web.department import checks, contracts, districts, findings, pages, turns, work
from balabaqsha.web.kit import texts

FIRST = 5
# The kinds whose lists are older than the work list, and are where their numbers lead.
_LISTS = {
    "claim": "officer.checks",
    "contract": "officer.contracts",
    "feedback": "officer.feedback",
    "appeal": "officer.appeals",
    "guardian": "officer.guardians",
    "phone": "officer.phones",
}


@access(department_officer)
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Numbers that lead to exactly the rows they count; below them the first rows of two lists, districts, findings."""
    desk = work.desk(request)
    tallies = desk.tallies()
    linear = _linear(request)
    claims, kept = pages.claims(request), pages.kept_contracts(request)
    first = claims.select_related("application__child").order_by("check_due_at", "id")[:FIRST]
    calendar = law.calendar()
    context = {
        **findings.section(request),
        "urgent": _urgent(tallies),
        "own": [_of_holder(holder, desk.count(Asked(holder=holder))) for holder in queries.HOLDERS],
        "stats": [*_numbers(request, tallies), *linear],
        "districts": districts.table(request, tallies),
        "linear_work": any(stat["value"] for stat in linear),
        "claim_columns": checks.columns(),
        "claims": [checks.row(one, request, calendar) for one in first],
        "contract_columns": contracts.columns(),
        "contracts": [contracts.row(one, request, calendar) for one in kept[:FIRST]],
    }
    return pages.page(request, "home", "officer.home", **context)


def _urgent(tallies: list[Tally]) -> list[dict[str, object]]:
    """What is due today, what lapses next, the authority's own terms that are over, and what others left to it."""
    return [
        _tile("work.tile-today", _sum(tallies, lambda one: one.today), due="today"),
        _tile("work.tile-soon", _sum(tallies, lambda one: one.soon), due="soon"),
        _tile(
            "work.tile-over",
            _sum(tallies, lambda one: one.over, of=kinds.OF_AUTHORITY),
            due="over",
            kind=kinds.OF_AUTHORITY,
        ),
        *(
            _tile(f"work.kind.{code}", count, kind=(code,))
            for code in ("undelivered", "contract", "finding")
            # A term that ends while its family knows nothing of it is the department's last chance to help: shown where it is so.
            if (count := _sum(tallies, lambda one: one.waiting, of=(code,))) or code != "undelivered"
        ),
    ]


def _sum(tallies: Iterable[Tally], count: Callable[[Tally], int], *, of: tuple[str, ...] = ()) -> int:
    return sum(count(one) for one in tallies if not of or one.kind in of)


def _of_holder(holder: str, count: int) -> dict[str, object]:
    return _tile(f"work.tile-{holder}", count, holder=holder)


def _tile(label: str, value: int, **asked: Any) -> dict[str, object]:
    """A number that leads to the work list narrowed to what it counts."""
    return {
        "label": texts.say(label),
        "value": value,
        "note": "",
        "url": f"{reverse('officer.work')}?{urlencode(asked, doseq=True)}",
    }


def _numbers(request: HttpRequest, tallies: list[Tally]) -> list[dict[str, object]]:
    late = _sum(tallies, lambda one: one.over, of=("claim",))
    stats = [_stat(page, _sum(tallies, lambda one: one.waiting, of=(code,))) for code, page in _LISTS.items()]
    stats[0]["note"] = texts.say("department.of-them-late", n=late) if late else ""
    waiting = pages.cases(request).filter(state=State.WAITING).count()
    stats.append(
        _stat("officer.queue", waiting)
        if pages.has_voucher_line(request)
        else _stat("officer.journal", waiting, label="department.waiting", query="?state=WAITING&sort=place")
    )
    return stats


def _linear(request: HttpRequest) -> list[dict[str, object]]:
    """What ends today in the linear lines, and what is to be looked at; nothing where the officer has none."""
    if not pages.linear_territories(request):
        return []
    ending = {
        "turns": turns.ends_today(turns.running_turns(request), request).count(),
        "referrals": turns.ends_today(turns.running_referrals(request), request).count(),
    }
    return [
        *(
            _stat("officer.turns", count, label=f"department.{name}-today", query=f"?list={name}&due=today")
            for name, count in ending.items()
        ),
        _stat("officer.extensions", pages.extensions(request).count()),
        _stat("officer.stop-list", pages.stop_listed(request).filter(regime=Regime.LINEAR).count()),
    ]


def _stat(page: str, value: int, *, note: str = "", label: str = "", query: str = "") -> dict[str, object]:
    """A number with the name of the page it leads to."""
    return {"label": texts.say(label or page), "value": value, "note": note, "url": reverse(page) + query}
