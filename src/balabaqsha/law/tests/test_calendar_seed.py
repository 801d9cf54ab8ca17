"""The seeded calendar against the outside material."""

import json
from pathlib import Path

import pytest

from balabaqsha.law import calendar_seed

MATERIAL = Path(__file__).parents[5] / "shared" / "testdata" / "calendar_kz.json"


def in_seeded_years(days):
    return {day for day in days if int(day[:4]) in calendar_seed.YEARS}


@pytest.mark.skipif(not MATERIAL.exists(), reason="the outside calendar is not on this machine")
def test_the_seed_is_the_outside_calendar_of_its_years():
    material = json.loads(MATERIAL.read_text(encoding="utf-8"))

    off = {day.day.isoformat() for day in calendar_seed.DAYS if not day.working}
    worked = {day.day.isoformat() for day in calendar_seed.DAYS if day.working}

    assert off == in_seeded_years(material["days_off"])
    assert worked == in_seeded_years(material["worked_weekend_days"])


def test_every_seeded_day_is_named_in_three_languages_once():
    days = [day.day for day in calendar_seed.DAYS]

    assert len(days) == len(set(days))
    assert all(day.kk and day.ru and day.en and day.source for day in calendar_seed.DAYS)
    assert {day.day.year for day in calendar_seed.DAYS} == set(calendar_seed.YEARS)
