"""The distribution run of a voucher territory: previewed, then performed, and reproducible from its frozen input."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.models import CharField, Count, Exists, OuterRef, Value

from balabaqsha.admissions.models import WaitingListOffer
from balabaqsha.applications import _steps as applications
from balabaqsha.applications.models import Appeal, Application
from balabaqsha.applications.states import SETS_ASIDE, AppealState, Kind, State
from balabaqsha.journeys import sweep
from balabaqsha.journeys._act import or_busy
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate, start_of
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.line import _steps as line_steps
from balabaqsha.line import queries as lines
from balabaqsha.record import actions as record
from balabaqsha.territories import queries as territories
from balabaqsha.vouchers import _steps as vouchers
from balabaqsha.vouchers import rules
from balabaqsha.vouchers.models import DistributionRun, RunState
from balabaqsha.vouchers.rules import Demand

BATCH = 1000


class NotAVoucherTerritory(Refusal, code="not-allowed", detail="wrong-regime"):
    """Runs exist in voucher territories only; facts: regime (or None)."""


@or_busy
def preview(*, territory_code: str, limit: int | None, actor: Actor, now: datetime) -> DistributionRun:
    """Work out who would get a voucher now and why others are passed over; nobody's state changes.

    `limit` is the most vouchers to give, None for as many as there are places. Raises NotAVoucherTerritory.
    """
    _begin(territory_code, now)
    with transaction.atomic(durable=True):
        frozen = _freeze(territory_code, limit=limit, now=now)
        run = _filled(_numbered(territory_code, limit), frozen, rules.walk_frozen(frozen))
        run.state = RunState.PREVIEWED
        run.previewed_at = now
        run.save()
        facts = {"run": run.number, "given": run.given, "input": run.input_digest}
        record.record("run-previewed", actor=actor, now=now, territory_code=territory_code, facts=facts)
        return run


@or_busy
def perform(*, territory_code: str, limit: int | None, actor: Actor, now: datetime) -> DistributionRun:
    """Give vouchers to the line in order, as far as places and the limit reach; returns the run.

    Rivals: another run of the territory, a renewal (both wait for the lines' rows), whoever is just entering the line
    or moving within it (they finish before the run looks), and families who withdraw meanwhile (their rows are locked;
    whoever no longer waits is left out and the walk repeated without them).
    Raises NotAVoucherTerritory, Busy. Source: rules, sections 3 and 5.1.
    """
    _begin(territory_code, now)
    with transaction.atomic(durable=True):
        return _perform(territory_code, limit=limit, previewed=None, actor=actor, now=now)


@or_busy
def perform_previewed(*, run_number: int, actor: Actor, now: datetime) -> DistributionRun:
    """Perform a run that was previewed, on the line and places as they stand now; returns it.

    A run that has been performed is returned as it is: the job may come twice. What differs from the preview is kept
    in the result. Raises NotAVoucherTerritory.
    """
    territory_code = DistributionRun.objects.values_list("territory_id", flat=True).get(number=run_number)
    _begin(territory_code, now)
    with transaction.atomic(durable=True):
        # Rival: the same job a second time.
        run = DistributionRun.objects.select_for_update(no_key=True).get(number=run_number)
        if run.state == RunState.PERFORMED:
            return run
        return _perform(territory_code, limit=run.limit, previewed=run, actor=actor, now=now)


def _perform(
    territory_code: str, *, limit: int | None, previewed: DistributionRun | None, actor: Actor, now: datetime
) -> DistributionRun:
    line_steps.ensure_lines(territory_code=territory_code, now=now)
    line_steps.lock_lines(territory_code)
    with line_steps.closed(territory_code):
        frozen = _freeze(territory_code, limit=limit, now=now)
    walk = rules.walk_frozen(frozen)
    rows = _lock_waiting(walk)
    while len(rows) < len(walk.served):
        gone = {candidate.application_id for candidate in walk.served} - rows.keys()
        frozen["line"] = [row for row in frozen["line"] if row["application_id"] not in gone]
        walk = rules.walk_frozen(frozen)
        rows = _lock_waiting(walk)
    run = _filled(previewed or _numbered(territory_code, limit), frozen, walk)
    run.state = RunState.PERFORMED
    run.performed_by_account_id = actor.account_id
    run.performed_at = now
    run.save()
    served = [rows[candidate.application_id] for candidate in walk.served]
    _give(run, served, actor=actor, now=now)
    facts = {"run": run.number, "given": run.given, "limit": limit, "input": run.input_digest}
    record.record("run-performed", actor=actor, now=now, territory_code=territory_code, facts=facts)
    return run


@dataclass(frozen=True)
class SincePreview:
    """Application numbers that would get a voucher now and did not in the preview, and the other way round."""

    joined: tuple[str, ...]
    left: tuple[str, ...]


def since_preview(run: DistributionRun, *, now: datetime) -> SincePreview:
    """How the walk of a previewed run would differ if it were performed at this moment; nothing is written."""
    walk = rules.walk_frozen(_freeze(run.territory_id, limit=run.limit, now=now))
    return _difference(before=run.result["served"], after=[candidate.number for candidate in walk.served])


def _difference(*, before: list[str], after: list[str]) -> SincePreview:
    known, served = set(before), set(after)
    return SincePreview(
        joined=tuple(number for number in after if number not in known),
        left=tuple(number for number in before if number not in served),
    )


def _begin(territory_code: str, now: datetime) -> None:
    regime = territories.regime_on(territory_code, localdate(now))
    if regime != "VOUCHER":
        raise NotAVoucherTerritory(regime=regime)
    sweep.sweep(before=now)


@dataclass(frozen=True)
class SupplyLine:
    """Places and claims of one birth year (and correction): free published places, less vouchers out without a place."""

    birth_year: int
    correction: str | None
    free: int
    vouchers: int
    waiting: int

    @property
    def supply(self) -> int:
        """How many vouchers the places would bear; never below nought for people."""
        return max(0, self.free - self.vouchers)


def supply(territory_code: str, *, now: datetime) -> list[SupplyLine]:
    """What a run would have to give, eldest children first, with how many wait. Two queries."""
    free, out, _ = _places_and_vouchers(territory_code, now)
    counted = lines.waiting_by(territory_code, "birth_year", "correction")
    waiting = Counter({Demand(*key): number for key, number in counted.items()})
    demands = sorted(set(free) | set(waiting), key=lambda one: (one.correction or "", one.birth_year))
    return [
        SupplyLine(one.birth_year, one.correction, free=free[one], vouchers=out[one], waiting=waiting[one])
        for one in demands
    ]


def _places_and_vouchers(territory_code: str, now: datetime) -> tuple[Counter[Demand], Counter[Demand], set[str]]:
    """Free published places, live vouchers that hold no place yet, and settlements with a free place. One query.

    One, so that all is seen at one moment: a family that chooses meanwhile has either its voucher without a place or
    the place, never both counted nor neither. A voucher with an open waiting-list offer counts as holding a place.
    """
    places = (
        kindergartens.free_places(now)
        .filter(group__territory_id=territory_code)
        .values_list("group__birth_year", "group__correction", "group__kindergarten__settlement_id")
        .annotate(kind=Value("place"), n=Count("id"))
        .order_by()
    )
    offered = WaitingListOffer.objects.filter(entry__application=OuterRef("pk"), ended_at__isnull=True)
    vouchers_ = (
        Application.objects.filter(
            ~Exists(offered), territory_id=territory_code, state__in=[State.VOUCHER_OFFERED, State.VOUCHER_ACTIVE]
        )
        .values_list("birth_year", "correction")
        .annotate(settlement=Value(None, output_field=CharField()), kind=Value("voucher"), n=Count("id"))
        .order_by()
    )
    # What an open appeal sets aside is spoken for like a voucher without a place.
    aside = (
        Appeal.objects.filter(
            state=AppealState.OPEN, kept__in=sorted(SETS_ASIDE), application__territory_id=territory_code
        )
        .values_list("application__birth_year", "application__correction")
        .annotate(settlement=Value(None, output_field=CharField()), kind=Value("appeal"), n=Count("id"))
        .order_by()
    )
    free: Counter[Demand] = Counter()
    out: Counter[Demand] = Counter()
    settlements: set[str] = set()
    for birth_year, correction, settlement, kind, number in places.union(vouchers_, aside, all=True):
        (free if kind == "place" else out)[Demand(birth_year, correction)] += number
        if settlement is not None:
            settlements.add(settlement)
    return free, out, settlements


def _freeze(territory_code: str, *, limit: int | None, now: datetime) -> dict[str, Any]:
    """Everything that the walk depends on, as plain values without names."""
    places, out, settlements = _places_and_vouchers(territory_code, now)
    places.subtract(out)
    return {
        "rule": rules.RULE_VERSION,
        "at": now.isoformat(),
        "limit": limit,
        "supply": [asdict(demand) | {"places": number} for demand, number in sorted(places.items(), key=repr)],
        "open_settlements": sorted(settlements),
        "line": list(_line(territory_code, now)),
    }


def _line(territory_code: str, now: datetime) -> Iterator[dict[str, Any]]:
    """The general line and then the special one, first to last, each row as `rules.walk_frozen` reads it.

    Plain values: of a hundred thousand, models and their copies took longer than all the rest of a run.
    """
    today = localdate(now)
    min_age = law.rulebook(territory_code).term("voucher.min_age", on=today).value
    is_old_enough = cache(lambda born_on: law_rules.has_full_months(born_on, min_age, today))
    columns = ("id", "number", "category", "original_at", "birth_year", "correction", "settlement_id")
    for kind in (Kind.GENERAL, Kind.SPECIAL):
        rows = lines.in_order(territory_code, kind).values_list(*columns, "born_on", "wished_from")
        for *kept, born_on, wished_from in rows.iterator(chunk_size=5000):
            application_id, number, category, original_at, birth_year, correction, settlement = kept
            yield {
                "application_id": application_id,
                "number": number,
                "category": category,
                "original_at": original_at.isoformat(),
                "demand": {"birth_year": birth_year, "correction": correction},
                "settlement": settlement,
                "too_young": not is_old_enough(born_on),
                # A wished start takes effect after its own first moment, like every moment of the rules.
                "wished_later": wished_from is not None and start_of(wished_from) >= now,
            }


def _lock_waiting(walk: rules.Walk) -> dict[int, Application]:
    ids = [candidate.application_id for candidate in walk.served]
    rows = Application.objects.select_for_update(no_key=True).filter(id__in=ids, state=State.WAITING)
    return {row.id: row for row in rows.order_by("id")}


def _numbered(territory_code: str, limit: int | None) -> DistributionRun:
    """A new run, not yet written, with the next number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('vouchers_run_number')")
        return DistributionRun(number=cursor.fetchone()[0], territory_id=territory_code, limit=limit)


def _filled(run: DistributionRun, frozen: dict[str, Any], walk: rules.Walk) -> DistributionRun:
    """The run with what went in and what came out; what a preview had said otherwise is kept beside it."""
    served = [candidate.number for candidate in walk.served]
    result: dict[str, Any] = {
        "served": served,
        "passed": [[candidate.number, obstacle.value] for candidate, obstacle in walk.passed],
    }
    if run.previewed_at is not None:
        result["since_preview"] = asdict(_difference(before=run.result["served"], after=served))
    run.rule_version = rules.RULE_VERSION
    run.given = len(served)
    run.input = frozen
    run.input_digest = hashlib.sha256(json.dumps(frozen, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    run.result = result
    return run


def _give(run: DistributionRun, served: list[Application], *, actor: Actor, now: datetime) -> None:
    """Give the vouchers in batches, each with its journal and outbox rows, in the order of the line."""
    rule = law.rulebook(run.territory_id).term("voucher.confirm", on=localdate(now))
    due_at = law_rules.deadline(now, rule, law.calendar())
    term = applications.Term(due_at=due_at, identity=rule.identity, counted_from=now)
    for start in range(0, len(served), BATCH):
        batch = served[start : start + BATCH]
        applications.move_many(batch, "offer_voucher", actor=actor, now=now, term=term, facts={"run": run.number})
        vouchers.give(run=run, applications=batch, now=now)
        record.tell_many(
            [
                record.fact("voucher-offered", now=now, application_id=row.id, facts={"due_at": due_at.isoformat()})
                for row in batch
            ]
        )
