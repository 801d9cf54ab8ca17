"""A territory changes its regime: those who wait are carried over from line to line with their original moments.

The regime by date is the territory's; this act follows it, once nothing is promised any more by the regime before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from balabaqsha.applications import _steps as applications
from balabaqsha.applications.facts import line_facts
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import State
from balabaqsha.journeys import _places, applying
from balabaqsha.journeys._act import or_busy
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
from balabaqsha.territories import queries as territories
from balabaqsha.territories.regimes import Regime

# Who waits, or will when its papers have been checked; a stop list of the regime before ends with it. Everybody else goes
# on by the regime it was served in.
CARRIED = (State.WAITING, State.DOCUMENTS_CHECK, State.STOP_LISTED)
# A free place is promised to these by a regime, though they hold none yet.
PROMISED = (State.VOUCHER_OFFERED, State.VOUCHER_ACTIVE, State.TURN_OFFERED)


class NoRegime(Refusal, code="not-allowed", detail="wrong-regime"):
    """The territory has no regime on this day; facts: regime (None)."""


class StillPromised(Refusal, code="not-allowed", detail="still-promised"):
    """Vouchers or turns of the regime before are out: their places would be promised twice; facts: n."""


@dataclass(frozen=True)
class Moved:
    """An application that is carried over, with its place in the line before and in the new one, as far as it waits."""

    application_id: int
    number: str
    place_before: int | None
    place: int | None


@dataclass(frozen=True)
class Plan:
    """What carrying over does, or would do: to which regime, whom, and how many promises stand in its way."""

    regime: Regime
    moved: tuple[Moved, ...]
    promised: int


@or_busy
def preview(*, territory_code: str, now: datetime) -> Plan:
    """What carrying over would do now. It is done and undone in one transaction, so the places are the real ones.

    Raises NoRegime, Busy.
    """
    with transaction.atomic(durable=True):
        regime = _regime(territory_code, now)
        moved = _carry(territory_code, regime, now=now)
        promised = _others(territory_code, regime).filter(state__in=PROMISED).count()
        transaction.set_rollback(True)
    return Plan(regime=regime, moved=moved, promised=promised)


@or_busy
@transaction.atomic(durable=True)
def perform(*, territory_code: str, actor: Actor, now: datetime) -> Plan:
    """Carry over those who wait by another regime than the territory's; may be repeated for who comes back later.

    Original moments, confirmed benefits, wishes and claims stay; each place before and after is journalled with its
    application. In a linear territory the turns that are due are given at once. Raises NoRegime, StillPromised, Busy.
    Source: rules, section 1.
    """
    regime = _regime(territory_code, now)
    # Rivals: a run, and whoever gives turns here, both of which make promises; they wait for the lines.
    line_steps.lock_lines(territory_code)
    promised = _others(territory_code, regime).filter(state__in=PROMISED).count()
    if promised:
        raise StillPromised(n=promised)
    moved = _carry(territory_code, regime, now=now)
    _journal(territory_code, regime, moved, actor=actor, now=now)
    if regime is Regime.LINEAR:
        for line in _linear_lines(territory_code):
            _places.came_free([], now=now, line=line)
    return Plan(regime=regime, moved=moved, promised=0)


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
    before = _places_of(rows)
    _make_lines(rows, regime, territory_code, now=now)
    referrals.end_wishes(application_ids=[row.id for row in rows], now=now)
    applications.change_regime(
        rows,
        regime,
        intake_year=law_rules.intake_year(now),
        served_after=_served_after(rows, territory_code, now=now) if regime is Regime.LINEAR else {},
        now=now,
    )
    after = _places_of(rows)
    return tuple(Moved(row.id, row.number, before.get(row.id), after.get(row.id)) for row in rows)


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


def _places_of(rows: Iterable[Application]) -> dict[int, int]:
    """The place of each that waits, by the lines of the regimes they stand in now."""
    places: dict[int, int] = {}
    waiting = [row for row in rows if row.state == State.WAITING]
    ids = [row.id for row in waiting]
    for territory_code, kind, key in {(row.territory_id, row.kind, linear.key_of(row)) for row in waiting}:
        places |= linear.places_of(key, ids) if key else lines.places_of(territory_code, kind, ids)
    return places


def _journal(territory_code: str, regime: Regime, moved: tuple[Moved, ...], *, actor: Actor, now: datetime) -> None:
    told = {one.application_id: one for one in moved}
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
    facts = {"regime": regime.value, "moved": len(entries)}
    record.record("regime-carried-over", actor=actor, now=now, territory_code=territory_code, facts=facts)
    record.tell_many(
        [
            record.fact("regime-changed", now=now, application_id=one.application_id, facts={"place": one.place})
            for one in moved
            if one.place is not None
        ]
    )


def _linear_lines(territory_code: str) -> list[Line]:
    return list(Line.objects.filter(territory_id=territory_code, birth_year__isnull=False).order_by("id"))
