"""How a term stands in a work list: the words of its badge and the tone of its row."""

from dataclasses import dataclass
from datetime import datetime

from balabaqsha.kernel.time import localdate
from balabaqsha.law.rules import WorkingCalendar
from balabaqsha.web.kit import deadlines, texts


@dataclass(frozen=True)
class Due:
    """What ui/worklist.html prints of a term: `left` in words, `tone` bad (today or over), warn (tomorrow) or off."""

    left: str
    tone: str
    overdue: bool = False


def standing(due: datetime | None, *, now: datetime, calendar: WorkingCalendar) -> Due:
    """The term as it stands now; None is a case without a term."""
    if due is None:
        return Due(left="–", tone="off")
    if due < now:
        return Due(left=texts.say("worklist.overdue"), tone="bad", overdue=True)
    left = deadlines.time_left(now=now, due=due)
    today, last = localdate(now), localdate(due)
    if today == last:
        return Due(left=left, tone="bad")
    return Due(left=left, tone="warn" if calendar.working_days_between(today, last) <= 1 else "off")
