"""The ledger of a place number: the line's acts undone one by one from the place as it stands now. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

WAITING = "WAITING"
# An officer put the date of an application right, or joined two of one child.
MENDED = frozenset({"correct_date", "merge"})
# The key by which a line is ordered: category, original moment, id.
Key = tuple[int, datetime, int]


@dataclass(frozen=True)
class Change:
    """One act as the line felt it: the key an application had before and after, None while it did not wait."""

    at: datetime
    act: str
    application_id: int
    before: Key | None
    after: Key | None
    tier: str = ""


@dataclass(frozen=True)
class Cause:
    """Why a place changed: a code of the glossary (4.3) with a number of applications, or the new category.

    `by` is told in linear lines, where one application may move a place by several: how many places in all, minus is up.
    """

    code: str
    n: int = 0
    category: int = 0
    by: int = 0


@dataclass(frozen=True)
class LedgerLine:
    """One change of a place number, with all its causes."""

    at: datetime
    before: int | None
    after: int | None
    causes: tuple[Cause, ...]


_LEFT = {"offer_voucher": "AHEAD_SERVED", "return_offer": "AHEAD_SERVED", "return_voucher": "AHEAD_SERVED"}
_CAME = {
    "return_to_line": "AHEAD_GIVEN_BACK",
    "restore": "AHEAD_RESTORED",
    "confirm_documents": "AHEAD_CONFIRMED",
    "apply": "AHEAD_APPLIED",
}
_OWN = {
    "correct_date": "OWN_DATE_CORRECTED",
    "merge": "OWN_MERGED",
    "confirm_benefit": "OWN_BENEFIT_CONFIRMED",
    "lapse_benefit": "OWN_BENEFIT_ENDED",
    "drop_benefit": "OWN_BENEFIT_DROPPED",
    "recategorise": "YEARLY_RENEWAL",
    "recount_categories": "CATEGORIES_CHANGED",
}
# Where the application itself came into the line, its ledger (or this stretch of it) begins.
_OWN_ENTRY = {
    "apply": "OWN_APPLIED",
    "confirm_documents": "OWN_CONFIRMED",
    "restore": "OWN_RESTORED",
    "return_to_line": "OWN_GIVEN_BACK",
    "change_regime": "REGIME_CHANGED",
}


def change(*, at: datetime, act: str, application_id: int, facts: dict[str, Any], tier: str) -> Change:
    """The change that a journal row made to the order of its line."""
    original_at = datetime.fromisoformat(facts["original_at"])
    stood_at = datetime.fromisoformat(facts.get("original_before", facts["original_at"]))
    old = (facts.get("category_before", facts["category"]), stood_at, application_id)
    new = (facts["category"], original_at, application_id)
    return Change(
        at=at,
        act=act,
        application_id=application_id,
        before=old if facts.get("from") == WAITING else None,
        after=new if facts.get("to") == WAITING else None,
        tier=tier,
    )


def ledger(
    *, own_id: int, own: Key, place: int, changes: Iterable[Change], count_ahead: Callable[[Key], int]
) -> list[LedgerLine]:
    """The changes of a place, newest first.

    `own` and `place` are as they stand now; `changes` are newest first; `count_ahead` tells how many wait before a key
    now. The ledger ends where the application came into the line.
    """
    lines: list[LedgerLine] = []
    undone: list[Change] = []
    for at, together in groupby(changes, key=lambda one: one.at):
        after, causes, entered = place, Counter[tuple[str, int]](), False
        for one in together:
            undone.append(one)
            if one.application_id == own_id:
                if one.before is None:
                    causes[_OWN_ENTRY.get(one.act, "OWN_APPLIED"), 0] += 1
                    entered = True
                    break
                if one.after is None or one.before == one.after:
                    continue
                own = one.before
                place = 1 + count_ahead(own) + sum(_undo(own, past) for past in undone if past.application_id != own_id)
                causes[_OWN.get(one.act, "OWN_DATA_CHANGED"), one.after[0]] += 1
            elif effect := _undo(own, one):
                place += effect
                causes[_cause(one, own), 0] += 1
        if entered:
            lines.append(LedgerLine(at, None, after, tuple(_written(causes))))
            break
        if causes and place != after:
            lines.append(LedgerLine(at, place, after, tuple(_written(causes))))
    return lines


def _undo(own: Key, one: Change) -> int:
    """By how much undoing the change moves the place of this key."""
    was_ahead = one.before is not None and one.before < own
    is_ahead = one.after is not None and one.after < own
    return int(was_ahead) - int(is_ahead)


def _cause(one: Change, own: Key) -> str:
    if one.act == "recategorise":
        return "AHEAD_RENEWED"
    if one.act == "recount_categories":
        return "AHEAD_RECOUNTED"
    if one.after is None:
        return _LEFT.get(one.act, "AHEAD_LEFT")
    if one.before is None:
        return _CAME.get(one.act, "AHEAD_APPLIED")
    if one.act in MENDED:
        return "AHEAD_CORRECTED"
    if one.after > own:
        return "AHEAD_FELL_BACK"
    return "AHEAD_OUT_OF_TURN" if one.tier == "OUT_OF_TURN" else "AHEAD_PRIORITY"


def _written(causes: Counter[tuple[str, int]]) -> Iterator[Cause]:
    for (code, category), n in sorted(causes.items()):
        yield Cause(code=code, category=category) if category else Cause(code=code, n=n)
