"""The calendar of an intake: what happens in a school year in a territory, by the terms in force and by what is planned."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from balabaqsha.kernel.time import localdate, start_of
from balabaqsha.kindergartens.models import Group
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.law.models import TerritorialTerm
from balabaqsha.law.terms import Rulebook
from balabaqsha.notices import queries
from balabaqsha.notices.models import Notice
from balabaqsha.territories import queries as territories
from balabaqsha.territories.models import RegimePeriod
from balabaqsha.territories.regimes import Regime
from balabaqsha.vouchers.models import DistributionRun, RunState

# Days that return each year, by the term that sets them, and in which regime; None: in both.
_DAYS: tuple[tuple[str, Regime | None], ...] = (
    ("service.max_age", None),
    ("line.group_year_from", Regime.LINEAR),
    ("readiness.reminder", None),
    ("queue.renewal", None),
)
_FREEZE = "line.freeze"
_OFF = "off"


@dataclass(frozen=True)
class Event:
    """One thing of the year: its days, both included, what it is (text `calendar.<kind>`) and the facts of its words.

    `term` is the code of the term that sets the day, `notice` the entry that an officer wrote; both may be absent.
    """

    first: date
    last: date
    kind: str
    term: str = ""
    notice: Notice | None = None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Year:
    """A school year of a territory: its days, its regime at the moment, the hour of the bulletin, what happens in it."""

    number: int
    first: date
    last: date
    regime: Regime | None
    bulletin_hour: int | None
    events: tuple[Event, ...]


def of_year(code: str, number: int, *, now: datetime) -> Year:
    """What happens in the school year that begins in `number`, in order of days. Ten queries at most."""
    first = law_rules.school_year_begins(number)
    last = law_rules.school_year_begins(number + 1) - timedelta(days=1)
    today = localdate(now)
    regime = territories.regime_on(code, today)
    rulebook = law.rulebook(code)
    hour = int(rulebook.term("bulletin.hour", on=today).value) if regime is Regime.LINEAR else None
    events = [
        *_by_terms(rulebook, regime, first, last),
        *_planned(code, first, last, next_year=number + 1),
        *(
            Event(max(one.first_day, first), min(one.last_day, last), "entry", notice=one)
            for one in queries.entries(code, first=first, last=last)
        ),
    ]
    return Year(
        number, first, last, regime, hour, tuple(sorted(events, key=lambda one: (one.first, one.last, one.kind)))
    )


def _by_terms(rulebook: Rulebook, regime: Regime | None, first: date, last: date) -> Iterator[Event]:
    for code, of in _DAYS:
        if of in {None, regime}:
            day = _within(str(rulebook.term(code, on=last).value), first)
            yield Event(day, day, code, term=code)
    freeze = str(rulebook.term(_FREEZE, on=last).value)
    if regime is Regime.LINEAR and freeze != _OFF:
        begins, ends = (_within(part, first) for part in freeze.split(".."))
        yield Event(begins, ends, _FREEZE, term=_FREEZE)


def _within(month_and_day: str, first: date) -> date:
    """The day of the year that lies in the school year beginning with `first`."""
    month, day = map(int, month_and_day.split("-"))
    found = date(first.year, month, day)
    return found if found >= first else date(first.year + 1, month, day)


def _planned(code: str, first: date, last: date, *, next_year: int) -> Iterator[Event]:
    path = territories.path_of(code)
    for period in RegimePeriod.objects.filter(territory__in=path, in_force_from__range=(first, last)).order_by("id"):
        yield Event(period.in_force_from, period.in_force_from, "regime", facts={"regime": period.regime})
    changed = TerritorialTerm.objects.filter(
        territory__in=path, in_force_from__range=(first, last), approved_by__isnull=False
    )
    for term in changed.order_by("id"):
        yield Event(term.in_force_from, term.in_force_from, "term", term=term.code)
    runs = DistributionRun.objects.filter(
        territory__in=territories.subtree(code),
        state=RunState.PERFORMED,
        performed_at__gte=start_of(first),
        performed_at__lt=start_of(last + timedelta(days=1)),
    )
    for number, performed_at, given in runs.order_by("performed_at", "id").values_list(
        "number", "performed_at", "given"
    ):
        day = localdate(performed_at)
        yield Event(day, day, "run", facts={"run": number, "n": given})
    groups = Group.objects.filter(
        territory__in=territories.subtree(code), school_year=next_year, closed_at__isnull=True
    ).count()
    if groups:
        day = law_rules.school_year_begins(next_year) - timedelta(days=1)
        yield Event(day, day, "groups-open", facts={"n": groups})
