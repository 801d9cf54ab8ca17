"""The voucher journey in plain Python, small enough to be checked by eye against the rules: what must happen, and when.

Moments pass in `Model.catch_up`; each act either changes the model or raises Refused with the name of the refusal.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import wraps

from balabaqsha.kernel.time import NATIONAL

ORDINARY, TEACHER = 20, 18
MAY_CHOOSE = {"VOUCHER_ACTIVE", "CONTRACT_AWAITED", "CONTRACT_WITH_PARENT"}
SIGNED = {"CONTRACT_WITH_KINDERGARTEN", "ENROLLED", "ARCHIVED"}


class Refused(Exception):
    """The name of the refusal that the product must give."""


@dataclass
class Case:
    """One application, its own truth only."""

    number: int
    child: str
    birth_year: int
    original: datetime
    state: str = "WAITING"
    reason: str | None = None
    category: int = ORDINARY
    due: datetime | None = None
    extended: bool = False
    restored: bool = False
    claimed: bool = False
    certificate: datetime | None = None
    # The group and the stage of the admission in progress, the group of the enrolment.
    admission: tuple[str, str] | None = None
    enrolled: str | None = None
    offers: dict[str, datetime] = field(default_factory=dict)

    @property
    def order(self):
        return (self.category, self.original, self.number)


@dataclass
class Group:
    birth_year: int
    capacity: int
    published: int
    # Numbers of the cases that stand in the waiting list, in order of joining.
    waiting: list[int] = field(default_factory=list)


def act(function):
    """Let what was due before the act happen first."""

    @wraps(function)
    def perform(self, *args, now):
        self.catch_up(now)
        return function(self, *args, now=now)

    return perform


class Model:
    def __init__(self, groups, days_off, working_days):
        self.groups = groups
        self.cases = []
        self.days_off, self.working_days = days_off, working_days

    # Time.

    def working(self, moment, days):
        """So many working days later, at the same time of day."""
        while days:
            moment += timedelta(days=1)
            day = moment.astimezone(NATIONAL).date()
            days -= day in self.working_days or (day.weekday() < 5 and day not in self.days_off)
        return moment

    def catch_up(self, now):
        """Let all moments before now pass, one after the other."""
        while (moment := min(self.moments(), default=now)) < now:
            freed = []
            for case in self.cases:
                if case.due == moment:
                    freed += self._lapse(case, moment)
                if case.certificate == moment:
                    case.category, case.certificate = ORDINARY, None
                for name in [name for name, due in case.offers.items() if due == moment]:
                    freed += self._leave_list(case, name)
            self._offer(freed, moment)

    def moments(self):
        for case in self.cases:
            yield from (moment for moment in (case.due, case.certificate, *case.offers.values()) if moment)

    def _lapse(self, case, moment):
        case.due = None
        stage = case.admission[1] if case.admission else None
        if stage == "CONTRACT_AWAITED":
            case.due = self.working(moment, 1)
            return []
        if case.state == "ENROLLED":
            return self._end_admission(case)
        if case.state == "VOUCHER_OFFERED" and not case.restored:
            case.state, case.due = "STOP_LISTED", moment + timedelta(days=28)
            return []
        return self._archive(case, "NOT_RESTORED" if case.state == "STOP_LISTED" else "VOUCHER_LAPSED")

    # Places.

    def held(self, name):
        return sum(
            (case.enrolled == name) + (case.admission is not None and case.admission[0] == name) + (name in case.offers)
            for case in self.cases
        )

    def free(self, name):
        return self.groups[name].published - self.held(name)

    def _offer(self, freed, moment):
        """Each place that came free goes to the first of its list who has no offer yet."""
        for name in sorted(freed, key=list(self.groups).index):
            for number in self.groups[name].waiting:
                if name not in self.cases[number].offers:
                    self.cases[number].offers[name] = moment + timedelta(days=1)
                    break

    def _leave_list(self, case, name):
        self.groups[name].waiting.remove(case.number)
        return [name] if case.offers.pop(name, None) else []

    def _leave_lists(self, case):
        names = [name for name, group in self.groups.items() if case.number in group.waiting]
        return [freed for name in names for freed in self._leave_list(case, name)]

    def _end_admission(self, case):
        if case.admission is None:
            return []
        name, case.admission = case.admission[0], None
        return [name]

    def _archive(self, case, reason):
        freed = self._leave_lists(case) + self._end_admission(case)
        freed += [case.enrolled] if case.enrolled else []
        case.state, case.reason, case.due, case.enrolled = "ARCHIVED", reason, None, None
        case.claimed, case.certificate = False, None
        return freed

    # Acts of families.

    @act
    def apply(self, child, birth_year, claimed, *, now):
        for other in self.cases:
            if other.child == child and other.state != "ARCHIVED":
                raise Refused("AlreadyEnrolled" if other.state == "ENROLLED" else "AlreadyApplied")
        self.cases.append(Case(len(self.cases), child, birth_year, now, claimed=claimed))

    @act
    def confirm_interest(self, case, *, now):
        self._require(case.state == "VOUCHER_OFFERED")
        case.state, case.due, case.extended = "VOUCHER_ACTIVE", self.working(now, 5), False

    @act
    def decline(self, case, *, now):
        self._require(case.state == "VOUCHER_OFFERED")
        self._archive(case, "DECLINED")

    @act
    def restore(self, case, *, now):
        self._require(case.state == "STOP_LISTED")
        case.state, case.due, case.restored = "WAITING", None, True

    @act
    def withdraw(self, case, *, now):
        self._require(case.state not in SIGNED)
        self._offer(self._archive(case, "WITHDRAWN"), now)

    @act
    def extend(self, case, *, now):
        self._require(case.state in MAY_CHOOSE)
        if case.extended:
            raise Refused("ExtensionUsed")
        if now < datetime.combine(case.due.astimezone(NATIONAL).date(), time.min, tzinfo=NATIONAL):
            raise Refused("ExtensionNotToday")
        case.due, case.extended = self.working(case.due, 2), True

    @act
    def choose(self, case, name, *, now):
        signed = case.admission is not None and case.admission[1] == "CONTRACT_WITH_KINDERGARTEN"
        self._require(not signed if case.state == "ENROLLED" else case.state in MAY_CHOOSE)
        self._right_group(case, name)
        if name == case.enrolled or (case.admission and case.admission[0] == name):
            raise Refused("PlaceAlreadyHeld")
        if self.free(name) < 1:
            raise Refused("NoFreePlace")
        freed = self._leave_lists(case) + self._end_admission(case)
        self._take(case, name, now)
        self._offer(freed, now)

    @act
    def unchoose(self, case, *, now):
        self._require(case.admission is not None and case.admission[1] != "CONTRACT_WITH_KINDERGARTEN")
        freed = self._end_admission(case)
        if case.state == "ENROLLED":
            case.due = None
        else:
            case.state = "VOUCHER_ACTIVE"
        self._offer(freed, now)

    @act
    def join_waiting_list(self, case, name, *, now):
        self._require(case.state == "VOUCHER_ACTIVE" or (case.state == "ENROLLED" and case.admission is None))
        self._right_group(case, name)
        if name == case.enrolled:
            raise Refused("OwnGroup")
        if case.number in self.groups[name].waiting:
            raise Refused("AlreadyInList")
        self.groups[name].waiting.append(case.number)

    @act
    def leave_waiting_list(self, case, name, *, now):
        if case.number not in self.groups[name].waiting:
            raise Refused("NotInList")
        self._offer(self._leave_list(case, name), now)

    @act
    def accept_offer(self, case, name, *, now):
        self._require(name in case.offers)
        del case.offers[name]
        self.groups[name].waiting.remove(case.number)
        freed = self._leave_lists(case)
        self._take(case, name, now)
        self._offer(freed, now)

    @act
    def sign_by_parent(self, case, *, now):
        self._require(self._advance(case, "CONTRACT_WITH_PARENT", "CONTRACT_WITH_KINDERGARTEN"))
        case.due = None

    @act
    def leave(self, case, *, now):
        self._require(case.state == "ENROLLED")
        self._offer(self._archive(case, "LEFT"), now)

    @act
    def claim_benefit(self, case, *, now):
        self._require(case.state in {"WAITING", "STOP_LISTED"} and not case.claimed)
        case.claimed = True

    # Acts of kindergartens and officers.

    @act
    def send_contract(self, case, *, now):
        self._require(self._advance(case, "CONTRACT_AWAITED", "CONTRACT_WITH_PARENT"))
        case.due = max(case.due, self.working(now, 1))

    @act
    def return_papers(self, case, *, now):
        self._require(self._advance(case, "CONTRACT_WITH_KINDERGARTEN", "CONTRACT_WITH_PARENT"))
        case.due, case.extended = self.working(now, 5), False

    @act
    def refuse_contract(self, case, *, now):
        self._require(case.admission is not None)
        freed = self._end_admission(case)
        case.due, case.extended = None, False
        if case.state != "ENROLLED":
            case.state, case.due = "VOUCHER_ACTIVE", self.working(now, 5)
        self._offer(freed, now)

    @act
    def sign_by_kindergarten(self, case, *, now):
        self._require(self._advance(case, "CONTRACT_WITH_KINDERGARTEN", "ENROLLED"))
        freed = [case.enrolled] if case.enrolled else []
        case.state, case.enrolled, case.admission, case.due = "ENROLLED", case.admission[0], None, None
        self._offer(freed, now)

    @act
    def publish(self, name, places, *, now):
        group = self.groups[name]
        if group.published + places > group.capacity:
            raise Refused("CapacityReached")
        group.published += places
        self._offer([name] * places, now)

    @act
    def recall(self, name, places, *, now):
        if self.free(name) < places:
            raise Refused("NoFreePlace")
        self.groups[name].published -= places

    @act
    def check_documents(self, case, confirm, *, now):
        self._require(case.claimed)
        case.claimed = False
        if confirm:
            case.category, case.certificate = TEACHER, month_later(now)

    @act
    def run(self, limit, *, now):
        """Who gets a voucher, in order: every place once, nobody before somebody ahead who could have it."""
        supply = Counter()
        for name, group in self.groups.items():
            supply[group.birth_year] += self.free(name)
        for case in self.cases:
            if case.state in {"VOUCHER_OFFERED", "VOUCHER_ACTIVE"} and not case.offers:
                supply[case.birth_year] -= 1
        served = []
        for case in self.line():
            if supply[case.birth_year] > 0 and (limit is None or len(served) < limit):
                supply[case.birth_year] -= 1
                case.state, case.due = "VOUCHER_OFFERED", self.working(now, 2)
                served.append(case)
        return served

    # Small parts.

    def line(self):
        return sorted((case for case in self.cases if case.state == "WAITING"), key=lambda case: case.order)

    def _require(self, allowed):
        if not allowed:
            raise Refused("NotInThisState")

    def _right_group(self, case, name):
        if self.groups[name].birth_year != case.birth_year:
            raise Refused("WrongGroup")

    def _take(self, case, name, now):
        case.admission = (name, "CONTRACT_AWAITED")
        if case.state == "ENROLLED":
            case.due = case.due or self.working(now, 5)
        else:
            case.state = "CONTRACT_AWAITED"

    def _advance(self, case, before, after):
        if case.admission is None or case.admission[1] != before:
            return False
        case.admission = (case.admission[0], after)
        if case.state == before:
            case.state = after
        return True


def month_later(moment):
    """The same day of the next month, or its last day."""
    first = (moment.replace(day=1) + timedelta(days=32)).replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return last.replace(day=min(moment.day, last.day))
