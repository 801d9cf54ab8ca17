"""A territory changes its regime: those who wait are carried over from line to line with their original moments.

The regime by date is the territory's; this act follows it, once nothing is promised any more by the regime before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import QuerySet

from balabaqsha.applications import _steps as applications
from balabaqsha.applications.facts import line_facts
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import Kind, State
from balabaqsha.journeys import _places, applying
from balabaqsha.journeys._act import or_busy
from balabaqsha.journeys.publishing import ChangedMeanwhile
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.line import _steps as line_steps
from balabaqsha.line import linear
from balabaqsha.line import queries as lines
from balabaqsha.line.models import Line
from balabaqsha.record import actions as record
from balabaqsha.referrals import _steps as referrals
from balabaqsha.territories import actions as territory_actions
from balabaqsha.territories import queries as territories
from balabaqsha.territories.actions import RegimeChange
from balabaqsha.territories.regimes import Regime
from balabaqsha.transparency import regimes as protocols

# Who waits, or will when its papers have been checked; a stop list of the regime before ends with it. Everybody else goes
# on by the regime it was served in.
CARRIED = (State.WAITING, State.DOCUMENTS_CHECK, State.STOP_LISTED)
# A free place is promised to these by a regime, though they hold none yet.
PROMISED = (State.VOUCHER_OFFERED, State.VOUCHER_ACTIVE, State.TURN_OFFERED)


class Cause(StrEnum):
    """Why an application stands where it then stands; label keys `carried.ORDER` and so on."""

    ORDER = "ORDER"
    STOP_LIST_ENDED = "STOP_LIST_ENDED"
    UNDER_CHECK = "UNDER_CHECK"


_CAUSES = {
    State.WAITING: Cause.ORDER,
    State.STOP_LISTED: Cause.STOP_LIST_ENDED,
    State.DOCUMENTS_CHECK: Cause.UNDER_CHECK,
}


class NoRegime(Refusal, code="not-allowed", detail="wrong-regime"):
    """The territory has no regime on this day; facts: regime (None)."""


class RegimeInThePast(Refusal, code="not-allowed", detail="regime-in-the-past"):
    """A regime comes into force today or later: families cannot be told of it for days that are over."""


class RegimeStands(Refusal, code="not-allowed", detail="regime-stands"):
    """The territory has this regime on that day and no other later; facts: regime."""


class StillPromised(Refusal, code="not-allowed", detail="still-promised"):
    """Vouchers or turns of the regime before are out: their places would be promised twice; facts: n."""


@dataclass(frozen=True)
class Moved:
    """An application that is carried over, with its place in the line before and in the new one, as far as it waits."""

    application_id: int
    number: str
    birth_year: int
    cause: Cause
    place_before: int | None
    place: int | None


@dataclass(frozen=True)
class Plan:
    """What carrying over does, or would do: to which regime, whom, and how many promises stand in its way."""

    regime: Regime
    moved: tuple[Moved, ...]
    promised: int

    @property
    def counts(self) -> dict[str, int]:
        """How many stand ahead of their former place, behind it, where they stood; and how many had or have none."""
        steps = [(one.place or 0) - (one.place_before or 0) for one in self.moved if one.place and one.place_before]
        ahead, behind = sum(step < 0 for step in steps), sum(step > 0 for step in steps)
        same = len(steps) - ahead - behind
        return {"ahead": ahead, "behind": behind, "same": same, "other": len(self.moved) - len(steps)}


def set_date(
    *, territory_code: str, regime: Regime, in_force_from: date, source: str, actor: Actor, now: datetime
) -> None:
    """Give the territory a regime from a day on, today or later, by an act of `source`; what was planned for later is taken back.

    Whoever waits is carried over by `perform`, once that day has come. Raises RegimeInThePast, RegimeStands.
    """
    if in_force_from < localdate(now):
        raise RegimeInThePast
    later = territories.regime_periods(territory_code).filter(in_force_from__gte=in_force_from)
    if territories.regime_on(territory_code, in_force_from) == regime and not later.exists():
        raise RegimeStands(regime=regime)
    change = RegimeChange(territory_code, regime, in_force_from, source)
    territory_actions.set_regime(change=change, withdraw_later=True, actor=actor, now=now)


def to_carry(territory_code: str, regime: Regime) -> int:
    """How many applications of the territory wait by another regime than this. One query."""
    return _others(territory_code, regime).filter(state__in=CARRIED).count()


@or_busy
def preview(*, territory_code: str, now: datetime, regime: Regime | None = None) -> Plan:
    """What carrying over would do now, by this regime or, without one, by the regime in force.

    It is done and undone in one transaction, so the places are the real ones. Raises NoRegime, Busy.
    """
    with transaction.atomic(durable=True):
        regime = regime or _regime(territory_code, now)
        moved = _carry(territory_code, regime, now=now)
        promised = _others(territory_code, regime).filter(state__in=PROMISED).count()
        transaction.set_rollback(True)
    return Plan(regime=regime, moved=moved, promised=promised)


@or_busy
@transaction.atomic(durable=True)
def perform(*, territory_code: str, seen: int, actor: Actor, now: datetime) -> Plan:
    """Carry over those who wait by another regime than the territory's; may be repeated for who comes back later.

    `seen` is the number of applications that the officer was shown. Original moments, confirmed benefits, wishes and
    claims stay; each place before and after is journalled with its application. In a linear territory the turns that are
    due are given at once. Raises NoRegime, StillPromised, ChangedMeanwhile, Busy.
    Source: rules, section 1.
    """
    regime = _regime(territory_code, now)
    # Rivals: a run, and whoever gives turns here, both of which make promises; they wait for the lines.
    line_steps.lock_lines(territory_code)
    promised = _others(territory_code, regime).filter(state__in=PROMISED).count()
    if promised:
        raise StillPromised(n=promised)
    moved = _carry(territory_code, regime, now=now)
    if len(moved) != seen:
        raise ChangedMeanwhile
    plan = Plan(regime=regime, moved=moved, promised=0)
    _journal(territory_code, plan, actor=actor, now=now)
    if regime is Regime.LINEAR:
        for line in _linear_lines(territory_code):
            _places.came_free([], now=now, line=line)
    return plan


def _regime(territory_code: str, now: datetime) -> Regime:
    regime = territories.regime_on(territory_code, localdate(now))
    if regime is None:
        raise NoRegime(regime=None)
    return regime


def _others(territory_code: str, regime: Regime) -> QuerySet[Application]:
    """Applications of the territory that stand in another regime than this."""
    return Application.objects.filter(territory_id=territory_code).exclude(regime=regime.value)


def _carry(territory_code: str, regime: Regime, *, now: datetime) -> tuple[Moved, ...]:
    """Let those who wait stand in the lines of this regime; lines first, then applications, ids ascending."""
    line_steps.lock_lines(territory_code)
    line_steps.close(territory_code)
    ids = _others(territory_code, regime).filter(state__in=CARRIED).values_list("id", flat=True)
    rows = applications.lock_many(ids)
    before = lines.all_places(territory_code)
    causes = {row.id: _CAUSES[State(row.state)] for row in rows}
    _make_lines(rows, regime, territory_code, now=now)
    referrals.end_wishes(application_ids=[row.id for row in rows], now=now)
    applications.change_regime(
        rows,
        regime,
        counting=_countings(territory_code, regime, now=now),
        served_after=_served_after(rows, territory_code, now=now) if regime is Regime.LINEAR else {},
        now=now,
    )
    after = lines.all_places(territory_code)
    return tuple(
        Moved(row.id, row.number, row.birth_year, causes[row.id], before.get(row.id), after.get(row.id)) for row in rows
    )


def _countings(territory_code: str, regime: Regime, *, now: datetime) -> dict[str, law_rules.Counting]:
    """How each kind is counted: by its line of vouchers; in linear lines, which know no categories, by the assumed list."""
    if regime is Regime.VOUCHER:
        return {kind: lines.counting(territory_code, kind) for kind in Kind}
    return dict.fromkeys(Kind, law_rules.Counting(law_rules.intake_year(now)))


def _make_lines(rows: Iterable[Application], regime: Regime, territory_code: str, *, now: datetime) -> None:
    if regime is Regime.VOUCHER:
        line_steps.ensure_lines(territory_code=territory_code, now=now)
        # What a linear line had opened to free choice is for the next run now.
        line_steps.close_linear(territory_code)
        return
    cycle = str(law.national_term("line.priority_cycle", localdate(now)).value)
    keys = {
        (row.birth_year, row.correction): linear.LineKey(territory_code, row.birth_year, row.correction) for row in rows
    }
    for _, key in sorted(keys.items(), key=lambda pair: (pair[0][0], pair[0][1] or "")):
        line_steps.lock_made(key, cycle=cycle, now=now)


def _served_after(rows: Iterable[Application], territory_code: str, *, now: datetime) -> dict[int, datetime]:
    """Until when a linear line passes over those who are too young, or wished for later, by id."""
    rulebook = law.rulebook(territory_code)
    found = {}
    for row in rows:
        until = applying.passed_over_until(born_on=row.born_on, wished_from=row.wished_from, rulebook=rulebook, now=now)
        if until is not None:
            found[row.id] = until
    return found


def _journal(territory_code: str, plan: Plan, *, actor: Actor, now: datetime) -> None:
    told = {one.application_id: one for one in plan.moved}
    rows = Application.objects.filter(id__in=told).order_by("id")
    entries = [
        record.entry(
            "change_regime",
            actor=actor,
            now=now,
            territory_code=territory_code,
            application_id=row.id,
            # It enters another line: where it stood before is told by the number alone.
            facts=line_facts(row, before="") | {"place_before": told[row.id].place_before, "place": told[row.id].place},
        )
        for row in rows
    ]
    record.record_many(entries)
    facts = {"regime": plan.regime.value, "moved": len(entries)} | plan.counts
    record.record(protocols.CARRIED_OVER, actor=actor, now=now, territory_code=territory_code, facts=facts)
    record.tell_many(
        [
            record.fact("regime-changed", now=now, application_id=one.application_id, facts={"place": one.place})
            for one in plan.moved
            if one.place is not None
        ]
    )


def _linear_lines(territory_code: str) -> list[Line]:
    return list(Line.objects.filter(territory_id=territory_code, birth_year__isnull=False).order_by("id"))
