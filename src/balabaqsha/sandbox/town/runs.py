"""Distribution runs of the past, by the very walk of the product, with their frozen input."""

import hashlib
import json
from collections import Counter
from dataclasses import asdict
from datetime import datetime
from typing import Any

from balabaqsha.kernel.time import localdate, start_of
from balabaqsha.law import rules as law_rules
from balabaqsha.sandbox.geography import LINE
from balabaqsha.sandbox.town.cases import Case
from balabaqsha.sandbox.town.world import World
from balabaqsha.vouchers import rules
from balabaqsha.vouchers.models import DistributionRun
from balabaqsha.vouchers.rules import Demand


def perform(world: World, cases: dict[int, Case], *, limit: int, at: datetime) -> list[Case]:
    """Perform a run over the town as it stands at this moment; returns who got a voucher, in order of the line."""
    frozen = _freeze(world, cases, limit=limit, at=at)
    walk = rules.walk_frozen(frozen)
    number = len(world.rows.of(DistributionRun)) + 1
    run = world.rows.add(
        DistributionRun,
        number=number,
        territory_id=LINE,
        state="PERFORMED",
        limit=limit,
        rule_version=rules.RULE_VERSION,
        performed_at=at,
        performed_by_account_id=world.officer.account_id,
        given=len(walk.served),
        input=frozen,
        input_digest=hashlib.sha256(json.dumps(frozen, sort_keys=True, ensure_ascii=False).encode()).hexdigest(),
        result={
            "served": [candidate.number for candidate in walk.served],
            "passed": [[candidate.number, obstacle.value] for candidate, obstacle in walk.passed],
        },
    )
    served = [cases[candidate.application_id] for candidate in walk.served]
    term = world.term("voucher.confirm", since=at)
    for case in served:
        case.offer_voucher(run, term, at=at)
    facts = {"run": number, "given": len(served), "limit": limit, "input": run["input_digest"]}
    world.journal("run-performed", actor=world.officer, at=at, facts=facts)
    return served


def _freeze(world: World, cases: dict[int, Case], *, limit: int, at: datetime) -> dict[str, Any]:
    free: Counter[Demand] = Counter()
    settlements = set()
    for group in world.gardens.groups:
        if group.free:
            free[Demand(*group.demand)] += len(group.free)
            settlements.add(group.garden["settlement_id"])
    free.subtract(Counter({Demand(*demand): count for demand, count in world.without_place.items() if count}))
    today = localdate(at)
    min_age = world.rulebook.term("voucher.min_age", on=today).value
    if not isinstance(min_age, int):
        raise TypeError("voucher.min_age is a number of months")
    return {
        "rule": rules.RULE_VERSION,
        "at": at.isoformat(),
        "limit": limit,
        "supply": [asdict(demand) | {"places": places} for demand, places in sorted(free.items(), key=repr)],
        "open_settlements": sorted(settlements),
        "line": [
            _candidate(cases[application_id], today, min_age, at)
            for kind in ("GENERAL", "SPECIAL")
            for _, _, application_id in world.lines[kind]
        ],
    }


def _candidate(case: Case, today: Any, min_age: int, at: datetime) -> dict[str, Any]:
    row = case.application
    return {
        "application_id": row["id"],
        "number": row["number"],
        "category": row["category"],
        "original_at": row["original_at"].isoformat(),
        "demand": {"birth_year": row["birth_year"], "correction": row["correction"]},
        "settlement": row["settlement_id"],
        "too_young": not law_rules.has_full_months(row["born_on"], min_age, today),
        "wished_later": row["wished_from"] is not None and start_of(row["wished_from"]) >= at,
    }
