"""A term is drawn day by day: what counts, what does not, what is due."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import translation

from balabaqsha.kernel.time import NATIONAL
from balabaqsha.law.rules import WorkingCalendar
from balabaqsha.web.kit.deadlines import deadline, time_left

STARTED = datetime(2026, 10, 22, 15, 32, 26, tzinfo=NATIONAL)
CALENDAR = WorkingCalendar(days_off=frozenset({date(2026, 10, 26)}))


def drawn(now: datetime, *, days: int = 2, **how):
    with translation.override("kk"):
        return deadline(
            id="d",
            title="t",
            started=STARTED,
            due=CALENDAR.add(STARTED, working_days=days),
            now=now,
            calendar=CALENDAR,
            **how,
        )


def test_days_off_are_drawn_and_not_counted() -> None:
    strip = drawn(datetime(2026, 10, 23, 10, 0, tzinfo=NATIONAL))

    assert [(chip.day.day, chip.kind) for chip in strip.chips] == [
        (22, "start"),
        (23, "today"),
        (24, "off"),
        (25, "off"),
        (26, "off"),
        (27, "due"),
    ]
    assert strip.chips[-1].sentence == "27 қазан, сейсенбі: 2-жұмыс күні, соңғы мерзім 15:32"
    assert strip.left == "4 күн 5 сағ қалды"
    assert (strip.state, strip.tone) == ("soon", "sun")


@pytest.mark.parametrize(
    ("now", "how", "state"),
    [
        (STARTED, {"days": 5}, "calm"),
        (datetime(2026, 10, 27, 9, 0, tzinfo=NATIONAL), {}, "late"),
        (datetime(2026, 10, 27, 15, 32, 26, tzinfo=NATIONAL), {}, "late"),
        (datetime(2026, 10, 27, 15, 32, 27, tzinfo=NATIONAL), {}, "missed"),
        (datetime(2026, 10, 29, 9, 0, tzinfo=NATIONAL), {"done_at": STARTED}, "done"),
        (STARTED, {"held": True}, "held"),
    ],
)
def test_states(now: datetime, how: dict, state: str) -> None:
    assert drawn(now, **how).state == state


def test_a_term_of_weeks_leaves_its_middle_out_and_says_so() -> None:
    strip = drawn(STARTED, days=28)
    gaps = [chip for chip in strip.chips if chip.kind == "gap"]

    assert len(strip.chips) < 14
    assert [gap.sentence for gap in gaps] == [f"{(strip.due.date() - STARTED.date()).days + 1 - 8} күн көрсетілмеген"]


def test_seconds_are_cut_never_rounded_up() -> None:
    with translation.override("ru"):
        assert time_left(now=STARTED, due=STARTED + timedelta(hours=3, minutes=12, seconds=59)) == "осталось 3 ч 12 мин"
