"""What the oracle knows at a moment: terms, groups, applications, lists, openings."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from tests.oracle import days

OUT_OF_TURN = ("SERVICE", "SPECIAL_BODIES")
STATUSES = (
    *OUT_OF_TURN,
    "ORPHAN",
    "CHILD_DISABILITY",
    "PARENT_DISABILITY",
    "SPECIAL_NEEDS",
    "LARGE_FAMILY",
    "SIBLING_DISABILITY",
    "TEACHER",
    "NONE",
)
WITH_CERTIFICATE = (*OUT_OF_TURN, "TEACHER")

TERMS: dict[str, Any] = {
    "voucher.confirm": 2,
    "voucher.choose_and_sign": 5,
    "voucher.extension": 2,
    "voucher.min_age": 18,
    "voucher.restore_within": 28,
    "turn.min_age": 2,
    "turn.choose": 3,
    "free_choice.mode": "first_come",
    "free_choice.collect": 1,
    "referral.validity": 5,
    "referral.give_back": 24,
    "referral.pause_after_give_back": 1,
    "referral.extension_max": 30,
    "referral.papers_time": 5,
    "stop_list.length": 10,
    "referral.misses_to_remove": 2,
    "private_place.min_age": 3,
    "waiting_list.answer": 1,
    "contract.least_time_with_family": 1,
    "certificate.validity": 1,
}

Line = tuple[int, str | None]
"""The birth year and the correction: whom a group serves, and a line of the linear regime."""


class Refused(Exception):
    """An act is refused; its only argument is the code."""


@dataclass
class Group:
    """A group with its published places."""

    id: str
    line: Line
    capacity: int
    published: int
    is_private: bool
    settlement: str | None


@dataclass
class Transfer:
    """An enrolled child on its way to another group."""

    group: str
    due: datetime | None
    stage: str = "CONTRACT_AWAITED"


@dataclass
class Application:
    """An application; a later one under the same name takes its place."""

    id: int
    born: date
    applied_at: datetime
    correction: str | None
    is_special: bool
    claim: str | None
    wished_from: date | None
    settlement: str | None
    state: str
    reason: str | None = None
    due: datetime | None = None
    place: str | None = None
    benefit: str = "NONE"
    benefit_until: datetime | None = None
    was_restored: bool = False
    was_extended: bool = False
    had_papers_time: bool = False
    misses: int = 0
    issued_at: datetime | None = None
    paused_until: datetime | None = None
    wish: str | None = None
    transfer: Transfer | None = None

    @property
    def line(self) -> Line:
        return (self.born.year, self.correction)


@dataclass
class Entry:
    """An application in a waiting list, with the term of the offer it has."""

    application: Application
    offered_until: datetime | None = None


@dataclass
class World:
    """Everything at the moment `now`; `is_sweeping` when what falls due at `now` itself takes effect."""

    is_linear: bool
    terms: dict[str, Any]
    calendar: days.WorkingDays
    groups: dict[str, Group]
    intake: int
    now: datetime
    is_sweeping: bool = False
    applications: dict[str, Application] = field(default_factory=dict)
    ids: int = 0
    lists: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    freed: Counter[str] = field(default_factory=Counter)
    slots: Counter[Line] = field(default_factory=Counter)
    openings: Counter[Line] = field(default_factory=Counter)
    rounds: dict[Line, datetime] = field(default_factory=dict)

    def has_begun(self, moment: datetime) -> bool:
        """Whether what begins or ends at this moment has taken effect: only before a later act, or in its own sweep."""
        return moment <= self.now if self.is_sweeping else moment < self.now

    @property
    def is_sealed(self) -> bool:
        """Whether wishes are collected; a round of no length would collect nothing, so then the first to come is served."""
        return self.terms["free_choice.mode"] == "sealed" and self.terms["free_choice.collect"] > 0

    def working_days(self, term: str) -> datetime:
        """The moment that is this term, in working days, from now."""
        return self.calendar.after(self.now, self.terms[term])

    def in_order_of_id(self) -> list[Application]:
        """All applications that are not replaced by a later one."""
        return sorted(self.applications.values(), key=lambda application: application.id)

    def free(self, group: str) -> int:
        """Published places of the group that nobody holds."""
        held = sum(application.place == group for application in self.applications.values())
        held += sum(a.transfer is not None and a.transfer.group == group for a in self.applications.values())
        held += sum(entry.offered_until is not None for entry in self.lists[group])
        return self.groups[group].published - held

    def free_place(self, application: Application) -> None:
        """The application holds its place no more."""
        if application.place is not None:
            self.freed[application.place] += 1
            application.place = None

    def end_transfer(self, application: Application) -> None:
        """The new place of a transfer is free again."""
        if application.transfer is not None:
            self.freed[application.transfer.group] += 1
            application.transfer = None

    def leave_lists(self, application: Application) -> None:
        """Out of all waiting lists; a place offered there is free again."""
        for group in self.groups:
            for entry in list(self.lists[group]):
                if entry.application is application:
                    self.drop(group, entry)

    def drop(self, group: str, entry: Entry) -> None:
        """Out of one waiting list; the place offered there is free again."""
        self.lists[group].remove(entry)
        if entry.offered_until is not None:
            self.freed[group] += 1

    def archive(self, application: Application, reason: str) -> None:
        """The end of an application: all it held and stood in is freed."""
        self.leave_lists(application)
        self.free_place(application)
        self.end_transfer(application)
        application.state, application.reason = "ARCHIVED", reason
        application.due = application.wish = None

    def wait(self, application: Application) -> None:
        """Back into the line at the original date."""
        self.free_place(application)
        application.state, application.due = "WAITING", None

    def entry(self, application: Application, group: str) -> Entry | None:
        """Where the application stands in the waiting list of the group."""
        return next((entry for entry in self.lists[group] if entry.application is application), None)


def require(condition: object, code: str) -> None:
    """Refuse with this code unless the condition holds."""
    if not condition:
        raise Refused(code)
