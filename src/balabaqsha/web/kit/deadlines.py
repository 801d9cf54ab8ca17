"""A legal term as the kit draws it: one chip a day, days off hatched, the day that is due."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from balabaqsha.kernel.time import localdate
from balabaqsha.law.rules import WorkingCalendar
from balabaqsha.law.terms import Unit
from balabaqsha.locale import written
from balabaqsha.web.kit import texts

# Beyond this many chips a strip cannot be read: the middle is left out and the sentence tells the rest.
_LONGEST = 21
_LONG = 7


class EveryDay(WorkingCalendar):
    """The calendar of a term in calendar days: no day is left out, and the sentences say so."""

    def is_working(self, day: date) -> bool:  # noqa: ARG002 - the calendar's own signature
        """Always: every day counts."""
        return True


def calendar_for(unit: Unit, calendar: WorkingCalendar) -> WorkingCalendar:
    """The calendar by which a term of this unit is drawn."""
    return calendar if unit is Unit.WORKING_DAYS else EveryDay()


@dataclass(frozen=True)
class Reminder:
    """A line under the term: what was sent and whether it arrived."""

    text: str
    icon: str = "bell"


@dataclass(frozen=True)
class Chip:
    """One day of the term, or a gap of days; `sentence` says it in full to screen readers."""

    day: date
    kind: str
    sentence: str
    word: str = ""
    today: bool = False


@dataclass(frozen=True)
class Deadline:
    """What ui/deadline.html prints."""

    id: str
    title: str
    due: datetime
    state: str
    tone: str
    left: str
    chips: Sequence[Chip]
    weekday: str
    note: str = ""
    reminders: Sequence[Reminder] = field(default=())
    running: bool = True
    live: bool = False

    @property
    def long(self) -> bool:
        return len(self.chips) >= _LONG

    @property
    def has_days_off(self) -> bool:
        return any(chip.kind == "off" for chip in self.chips)


# Days drawn at either end of a term of weeks.
_ENDS = 4
_TONES = {"soon": "sun", "late": "bad", "done": "ok", "missed": "off", "held": "off"}


def deadline(
    *,
    id: str,
    title: str,
    started: datetime,
    due: datetime,
    now: datetime,
    calendar: WorkingCalendar,
    done_at: datetime | None = None,
    missed: bool = False,
    held: bool = False,
    note: str = "",
    reminders: Sequence[Reminder] = (),
    live: bool = True,
) -> Deadline:
    """The term from `started` to `due` as it stands now.

    `done_at` is the moment at which the act was done, `held` says that the term stands still through no fault of
    the family, `live` lets the script keep the time left fresh.
    """
    state = _state(now=now, due=due, calendar=calendar, done=done_at is not None, missed=missed, held=held)
    return Deadline(
        id=id,
        title=title,
        due=due,
        state=state,
        tone=_TONES.get(state, ""),
        left=_left(state=state, now=now, due=due),
        chips=_chips(started=started, due=due, today=localdate(now), calendar=calendar),
        weekday=written.weekday(localdate(due), texts.language()),
        note=note or _said_by_state(state, done_at),
        reminders=tuple(reminders),
        running=state in {"calm", "soon", "late"},
        live=live,
    )


def time_left(*, now: datetime, due: datetime) -> str:
    """4 күн 5 сағ қалды; under a day in hours and minutes."""
    minutes = int((due - now).total_seconds() // 60)
    if minutes < 0:
        return texts.say("left.over")
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    return texts.say("left.days", d=days, h=hours) if days else texts.say("left.hours", h=hours, m=minutes)


def _state(
    *,
    now: datetime,
    due: datetime,
    calendar: WorkingCalendar,
    done: bool,
    missed: bool,
    held: bool,
) -> str:
    if done:
        return "done"
    if missed or now > due:
        return "missed"
    if held:
        return "held"
    today, last = localdate(now), localdate(due)
    if today == last:
        return "late"
    return "soon" if calendar.working_days_between(today, last) <= 1 else "calm"


def _left(*, state: str, now: datetime, due: datetime) -> str:
    if state == "done":
        return texts.say("deadline.done")
    if state == "held":
        return texts.say("deadline.held-word")
    return texts.say("left.over") if state == "missed" else time_left(now=now, due=due)


def _said_by_state(state: str, done_at: datetime | None) -> str:
    if state == "done" and done_at is not None:
        return texts.say("deadline.done-at", due=done_at)
    return texts.say("deadline.held") if state == "held" else ""


def _chips(*, started: datetime, due: datetime, today: date, calendar: WorkingCalendar) -> tuple[Chip, ...]:
    first, last = localdate(started), localdate(due)
    chips: list[Chip] = []
    number = left_out = 0
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        number += offset > 0 and calendar.is_working(day)
        if not _drawn(offset, (last - first).days, day, today):
            left_out += 1
            continue
        if left_out:
            chips.append(
                Chip(
                    day=day,
                    kind="gap",
                    sentence=texts.say_count("count.days-left-out", left_out),
                )
            )
            left_out = 0
        chips.append(
            _chip(
                day=day,
                number=number,
                started=started,
                due=due,
                today=today,
                calendar=calendar,
            )
        )
    return tuple(chips)


def _drawn(offset: int, length: int, day: date, today: date) -> bool:
    """In a term of weeks only the first days, today and the last days are drawn."""
    return length < _LONGEST or offset < _ENDS or length - offset < _ENDS or abs((day - today).days) <= 1


def _chip(
    *,
    day: date,
    number: int,
    started: datetime,
    due: datetime,
    today: date,
    calendar: WorkingCalendar,
) -> Chip:
    kind, key, word = _look(day=day, number=number, started=started, due=due, today=today, calendar=calendar)
    sentence = texts.say(
        f"{key}.any" if isinstance(calendar, EveryDay) and texts.knows(f"{key}.any") else key,
        day=written.day_month(day, texts.language()),
        weekday=written.weekday(day, texts.language()),
        n=number,
        time=written.clock(due if day == localdate(due) else started),
    )
    return Chip(day=day, kind=kind, sentence=sentence, word=word, today=day == today)


def _look(
    *,
    day: date,
    number: int,
    started: datetime,
    due: datetime,
    today: date,
    calendar: WorkingCalendar,
) -> tuple[str, str, str]:
    """The kind of the chip, the key of its sentence and the word under its number."""
    today_word = texts.say("day.today-word")
    if day == localdate(due):
        return (
            ("today", "day.today-due", written.clock(due)) if day == today else ("due", "day.due", written.clock(due))
        )
    if day == localdate(started):
        return (
            "start",
            "day.today-start" if day == today else "day.start",
            written.clock(started),
        )
    if not calendar.is_working(day):
        return "off", "day.today-off" if day == today else "day.off", ""
    if day == today:
        return "today", "day.today", today_word
    word = texts.say("day.number-word", n=number)
    return ("past", "day.past", word) if day < today else ("work", "day.work", word)
