"""The public file of a run: enough to recompute it, nothing that tells who a child is.

It holds no ids of the database, no birth dates, no settlement of a family, and no correction type: demands of the
special line become words in the order in which the line first names them.
"""

import json
from datetime import UTC, datetime
from typing import Any

from balabaqsha.vouchers.models import DistributionRun, RunState
from balabaqsha.vouchers.verify import FORMAT


def public_file(number: int) -> bytes | None:
    """The public file of a performed run, as JSON; None where there is no such run. One query."""
    run = DistributionRun.objects.filter(number=number, state=RunState.PERFORMED).first()
    return _written(run) if run else None


def _written(run: DistributionRun) -> bytes:
    frozen = run.input
    words = _words(frozen["line"])
    content = {
        "format": FORMAT,
        "number": run.number,
        "territory": run.territory_id,
        "performed_at": _moment(run.performed_at),
        "rule": run.rule_version,
        "limit": frozen["limit"],
        "input_digest": run.input_digest,
        "supply": _supply(frozen["supply"], words),
        "line": [_row(row, words, set(frozen["open_settlements"])) for row in frozen["line"]],
        "served": run.result["served"],
        "passed": run.result["passed"],
    }
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _words(line: list[dict[str, Any]]) -> dict[tuple[int, str], str]:
    """A word for each birth year and correction of the special line."""
    words: dict[tuple[int, str], str] = {}
    for row in line:
        if row["demand"]["correction"] is not None:
            words.setdefault((row["demand"]["birth_year"], row["demand"]["correction"]), f"special-{len(words) + 1}")
    return words


def _supply(supply: list[dict[str, Any]], words: dict[tuple[int, str], str]) -> dict[str, int]:
    """Places by demand; special places that nobody in the line asks for change nothing and are left out."""
    named = {_word(row, words): row["places"] for row in supply}
    named.pop("", None)
    return dict(sorted(named.items()))


def _row(row: dict[str, Any], words: dict[tuple[int, str], str], open_settlements: set[str]) -> dict[str, Any]:
    return {
        "number": row["number"],
        "line": "SPECIAL" if row["demand"]["correction"] is not None else "GENERAL",
        "category": row["category"],
        "original_at": _moment(datetime.fromisoformat(row["original_at"])),
        "demand": _word(row["demand"], words),
        "too_young": row["too_young"],
        "wished_later": row["wished_later"],
        "settlement_without_place": row["settlement"] is not None and row["settlement"] not in open_settlements,
    }


def _word(demand: dict[str, Any], words: dict[tuple[int, str], str]) -> str:
    if demand["correction"] is None:
        return str(demand["birth_year"])
    return words.get((demand["birth_year"], demand["correction"]), "")


def _moment(moment: datetime | None) -> str:
    """The moment in UTC to the microsecond: written so, moments sort as text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds") if moment else ""
