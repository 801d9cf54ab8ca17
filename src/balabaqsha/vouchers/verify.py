"""A published run recomputed from its public file alone: no database, no network. Pure but for reading the file.

The file (`transparency.published` writes it) names applications by number only. `supply` counts places by demand; a
demand is a birth year of the general line, or a word that hides the birth year and correction of the special one.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from balabaqsha.vouchers import rules
from balabaqsha.vouchers.rules import Candidate, Demand

FORMAT = "balabaqsha-run/1"
LARGEST = 512 * 1024 * 1024
_LINES = ("GENERAL", "SPECIAL")
_CLOSED = "closed"


class NotAPublishedRun(ValueError):
    """The file cannot be read as a published run; the message says why in one line."""


@dataclass(frozen=True)
class PublishedRun:
    """What a public file says: what went in, and what is claimed to have come out."""

    number: int
    territory: str
    performed_at: str
    rule: str
    limit: int | None
    supply: dict[Demand, int]
    line: tuple[Candidate, ...]
    kinds: tuple[str, ...]
    served: list[str]
    passed: list[list[str]]


def verify(path: Path) -> tuple[list[str], bool]:
    """Recompute the run of a public file: lines that say what was found, and whether all of it holds."""
    try:
        run = read(path)
    except NotAPublishedRun as fault:
        return [str(fault)], False
    walk = rules.walk(line=run.line, supply=run.supply, open_settlements=frozenset(), limit=run.limit)
    served = [candidate.number for candidate in walk.served]
    passed = [[candidate.number, obstacle.value] for candidate, obstacle in walk.passed]
    faults = [
        *_order_faults(run),
        *_differences("served", run.served, served),
        *_differences("passed", run.passed, passed),
    ]
    told = [
        f"run {run.number} of territory {run.territory}, performed {run.performed_at}, rule {run.rule}",
        f"line: {len(run.line)} applications; places: {sum(max(0, n) for n in run.supply.values())}",
        f"recomputed: {len(served)} served, {len(passed)} passed over",
    ]
    return [*told, *(faults or ["the published result follows from the published input"])], not faults


def read(path: Path) -> PublishedRun:
    """Read a public file; raises NotAPublishedRun."""
    try:
        if path.stat().st_size > LARGEST:
            raise NotAPublishedRun("the file is larger than any published run")
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise NotAPublishedRun(f"cannot read the file: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise NotAPublishedRun("the file is not JSON") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise NotAPublishedRun(f"the file is not a published run of the format {FORMAT}")
    if content.get("rule") != rules.RULE_VERSION:
        raise NotAPublishedRun(
            f"the run follows the rule {content.get('rule')!r}; this program knows {rules.RULE_VERSION}"
        )
    try:
        return _run(content)
    except (KeyError, TypeError, ValueError) as error:
        raise NotAPublishedRun(f"the file is damaged: {type(error).__name__} {error}") from error


def _run(content: dict[str, Any]) -> PublishedRun:
    limit = content["limit"]
    if limit is not None:
        _whole(limit)
    line = tuple(_candidate(row) for row in content["line"])
    numbers = [candidate.number for candidate in line]
    if len(set(numbers)) != len(numbers):
        raise ValueError("an application stands twice in the line")
    return PublishedRun(
        number=_whole(content["number"]),
        territory=str(content["territory"]),
        performed_at=str(content["performed_at"]),
        rule=str(content["rule"]),
        limit=limit,
        supply={_demand(word): _whole(places) for word, places in content["supply"].items()},
        line=line,
        kinds=tuple(str(row["line"]) for row in content["line"]),
        served=[str(number) for number in content["served"]],
        passed=[[str(number), str(reason)] for number, reason in content["passed"]],
    )


def _candidate(row: dict[str, Any]) -> Candidate:
    if row["line"] not in _LINES:
        raise ValueError(f"no such line: {row['line']!r}")
    return Candidate(
        application_id=0,
        number=str(row["number"]),
        category=_whole(row["category"]),
        original_at=str(row["original_at"]),
        demand=_demand(row["demand"]),
        settlement=_CLOSED if _yes_or_no(row["settlement_without_place"]) else None,
        too_young=_yes_or_no(row["too_young"]),
        wished_later=_yes_or_no(row["wished_later"]),
    )


def _demand(word: str) -> Demand:
    return Demand(birth_year=0, correction=str(word))


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"a whole number is expected, not {value!r}")
    return value


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"true or false is expected, not {value!r}")
    return value


def _order_faults(run: PublishedRun) -> Iterable[str]:
    """Whether the general line comes first and each line stands by category and then by the original moment."""
    keys = [
        (_LINES.index(kind), candidate.category, candidate.original_at)
        for kind, candidate in zip(run.kinds, run.line, strict=True)
    ]
    for place, (before, after) in enumerate(pairwise(keys), 2):
        if before > after:
            yield f"the line is out of order at position {place}: application {run.line[place - 1].number}"
            return


def _differences(name: str, published: list[Any], recomputed: list[Any]) -> Iterable[str]:
    for place, (said, found) in enumerate(zip(published, recomputed, strict=False), 1):
        if said != found:
            yield f"{name} differs at position {place}: published {said}, recomputed {found}"
            return
    if len(published) != len(recomputed):
        yield f"{name} differs in length: published {len(published)}, recomputed {len(recomputed)}"
