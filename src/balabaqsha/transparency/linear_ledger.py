"""The ledger of a place in a linear line: its acts undone one by one from the merged order as it stands now. Pure.

A place there hangs on three lists and on the slot that comes next, so one act may move it by several places: each cause
tells by how many. What is journalled is enough: who waited in which list before and after, and the slot a turn used up.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from balabaqsha.law.lists import BenefitStatus, Tier
from balabaqsha.line import rules
from balabaqsha.transparency.ledger import MENDED, WAITING, Cause, LedgerLine


@dataclass(frozen=True, order=True)
class Seat:
    """Where an application stands among those of its list: by its original moment, then by id."""

    original_at: datetime
    application_id: int
    tier: Tier = field(compare=False)

    def is_ahead_of(self, other: "Seat") -> bool:
        """Whether it stands in the same list, and before the other."""
        return self.tier is other.tier and self < other


@dataclass(frozen=True)
class Change:
    """One act as the line felt it: the seat of an application before and after, None while it did not wait.

    `slot` is the slot that a turn used up: the counter as it stood before the act.
    """

    at: datetime
    act: str
    before: Seat | None
    after: Seat | None
    application_id: int
    slot: int | None = None


@dataclass
class Standing:
    """How many wait in each list, how many of them before somebody in its own, and the slot that comes next."""

    waiting: dict[Tier, int]
    ahead: int
    slot: int
    cycle: rules.Cycle

    def place(self, tier: Tier) -> int:
        """The place of that somebody in the merged order."""
        line = rules.Standing(*(self.waiting[one] for one in (Tier.OUT_OF_TURN, Tier.PRIORITY, Tier.ORDINARY)))
        return rules.place(tier, self.ahead, line=line, slot=self.slot, cycle=self.cycle)


_LEFT = {
    "offer_turn": "AHEAD_TURN",
    "issue_referral": "AHEAD_TOOK_A_PLACE",
    "return_turn": "AHEAD_TURN",
    "return_referral": "AHEAD_TOOK_A_PLACE",
}
_CAME = {
    "apply": "LINE_APPLIED",
    "confirm_documents": "AHEAD_CONFIRMED",
    "lapse_turn": "AHEAD_TURN_LAPSED",
    "leave_stop_list": "AHEAD_RETURNED",
    "give_back": "AHEAD_GAVE_BACK",
    "return_to_line": "AHEAD_GIVEN_BACK",
}
_OWN = {
    "correct_date": "OWN_DATE_CORRECTED",
    "merge": "OWN_MERGED",
    "confirm_benefit": "OWN_LIST_GAINED",
    "lapse_benefit": "OWN_LIST_LOST",
    "drop_benefit": "OWN_LIST_LOST",
}
_OWN_ENTRY = {
    "apply": "OWN_APPLIED",
    "confirm_documents": "OWN_CONFIRMED",
    "lapse_turn": "OWN_TURN_LAPSED",
    "leave_stop_list": "OWN_RESTORED",
    "return_to_line": "OWN_GIVEN_BACK",
    "give_back": "OWN_GAVE_BACK",
    "carry_over": "OWN_CARRIED_OVER",
    "change_regime": "REGIME_CHANGED",
}


def change(*, at: datetime, act: str, application_id: int, facts: dict[str, Any]) -> Change:
    """The change that a journal row made to the order of its line."""
    original_at = datetime.fromisoformat(facts["original_at"])
    now_counts = facts["counts"]
    stood_at = datetime.fromisoformat(facts.get("original_before", facts["original_at"]))
    before = Seat(stood_at, application_id, BenefitStatus(facts.get("counted_before", now_counts)).tier)
    after = Seat(original_at, application_id, BenefitStatus(now_counts).tier)
    return Change(
        at=at,
        act=act,
        application_id=application_id,
        before=before if facts.get("from") == WAITING else None,
        after=after if facts.get("to") == WAITING else None,
        slot=facts.get("slot") if act == "offer_turn" else None,
    )


def ledger(
    *, own: Seat, standing: Standing, changes: Iterable[Change], count_ahead: Callable[[Seat], int]
) -> list[LedgerLine]:
    """The changes of a place, newest first; the causes of each tell by how many places, and add up to it.

    `own` and `standing` are as they stand now; `changes` are newest first; `count_ahead` tells how many others wait now
    before a seat in its list. The ledger ends where the application came into the line.
    """
    lines: list[LedgerLine] = []
    past = _Past(own, standing, count_ahead)
    for at, together in groupby(changes, key=lambda one: one.at):
        after, causes, entry = past.place, Counter[str](), None
        moved = Counter[str]()
        for one in together:
            if one.application_id == own.application_id and one.before is None:
                entry = _OWN_ENTRY.get(one.act, "OWN_RETURNED")
                break
            here = past.place
            past.undo(one)
            if effect := here - past.place:
                code = past.cause(one, effect)
                causes[code] += 1
                moved[code] += effect
        if entry is not None:
            lines.append(LedgerLine(at, None, after, (Cause(code=entry, n=1),)))
            break
        if moved.total():
            told = tuple(Cause(code=code, n=n, by=moved[code]) for code, n in sorted(causes.items()))
            lines.append(LedgerLine(at, past.place, after, told))
    return lines


class _Past:
    """The line as it stood before the acts undone so far, as far as one place hangs on it."""

    def __init__(self, own: Seat, standing: Standing, count_ahead: Callable[[Seat], int]) -> None:
        self._own = own
        self._standing = standing
        self._count_ahead = count_ahead
        self._undone: list[Change] = []

    @property
    def place(self) -> int:
        return self._standing.place(self._own.tier)

    def undo(self, one: Change) -> None:
        """Take the line back to before this act."""
        for seat, step in ((one.before, 1), (one.after, -1)):
            if seat is not None:
                self._standing.waiting[seat.tier] += step
        if one.slot is not None:
            self._standing.slot = one.slot
        if one.application_id != self._own.application_id:
            self._undone.append(one)
            self._standing.ahead += self._effect(one)
        elif one.before is not None and (one.before.tier is not self._own.tier or one.before != self._own):
            self._own = one.before
            self._standing.ahead = self._count_ahead(self._own) + sum(map(self._effect, self._undone))

    def _effect(self, one: Change) -> int:
        """By how many undoing the act changes those ahead in the own list."""
        was, is_now = (seat is not None and seat.is_ahead_of(self._own) for seat in (one.before, one.after))
        return int(was) - int(is_now)

    def cause(self, one: Change, effect: int) -> str:
        """Why the act moved the place by so many, as it stood before the act."""
        if one.application_id == self._own.application_id:
            return _OWN.get(one.act, "OWN_DATA_CHANGED")
        if one.after is None:
            # Whoever is served is the first of the line, unless those before were passed over: then the slots go on.
            served_first = effect == -1 or one.act != "offer_turn"
            return _LEFT.get(one.act, "AHEAD_LEFT") if served_first else "SLOTS_WENT_ON"
        if one.before is None:
            return _CAME.get(one.act, "AHEAD_CAME_BACK")
        if one.act in MENDED:
            return "AHEAD_CORRECTED"
        if one.after.tier is Tier.ORDINARY or (one.after.tier is Tier.PRIORITY and one.before.tier is Tier.OUT_OF_TURN):
            return "AHEAD_FELL_BACK"
        return "AHEAD_OUT_OF_TURN" if one.after.tier is Tier.OUT_OF_TURN else "AHEAD_PRIORITY"
