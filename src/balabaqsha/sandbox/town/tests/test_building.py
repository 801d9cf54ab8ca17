"""Towns as they are built: of the size of the city, on any day, the same from the same seed."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from balabaqsha.admissions.models import WaitingListOffer
from balabaqsha.applications.models import Application, BenefitClaim
from balabaqsha.applications.states import State
from balabaqsha.journeys import sweep
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.kindergartens.models import Kindergarten
from balabaqsha.people.models import Person
from balabaqsha.record.models import JournalEntry
from balabaqsha.sandbox import town
from balabaqsha.sandbox.town import building
from balabaqsha.sandbox.town.tests.contradictions import contradictions
from balabaqsha.territories.regimes import Regime
from tests import promises

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
SMALL = 0.03


def test_the_whole_town_is_as_large_as_the_city_and_contradicts_no_rule(folder: Path) -> None:
    report = town.build(seed=1, now=NOW, data=folder)

    assert report.kindergartens == 60 + 3 * 8
    assert 380 <= report.groups <= 490
    assert 11_600 <= report.enrolled <= 11_950
    assert 6850 <= report.waiting <= 7150
    assert 70 <= report.free_places <= 330
    of_districts = Application.objects.filter(regime=Regime.LINEAR).exclude(state=State.ENROLLED)
    assert 1950 <= of_districts.count() <= 2050
    assert contradictions(NOW) == {}
    assert sweep.sweep(before=NOW) == 0
    waiting = Application.objects.filter(state=State.WAITING)
    assert set(waiting.values_list("category", flat=True)) == set(range(1, 22))
    assert set(Application.objects.values_list("state", flat=True)) == set(State)
    assert promises.broken() == []
    assert BenefitClaim.objects.filter(state="UNDECIDED").count() >= 12
    assert WaitingListOffer.objects.filter(ended_at=None).count() == 1
    free = kindergartens.free_places(NOW).values_list("group__birth_year", flat=True)
    assert len(set(free)) == 5


def test_the_same_seed_makes_the_same_town() -> None:
    assert _fingerprint(seed=3) == _fingerprint(seed=3)
    assert _fingerprint(seed=3) != _fingerprint(seed=4)


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 9, 1, 4, 0, tzinfo=UTC),
        datetime(2026, 12, 31, 20, 0, tzinfo=UTC),
        datetime(2027, 1, 3, 6, 0, tzinfo=UTC),
        datetime(2027, 3, 23, 3, 10, tzinfo=UTC),
        datetime(2027, 6, 30, 23, 59, tzinfo=UTC),
    ],
)
def test_a_town_holds_on_any_day_of_the_year(folder: Path, now: datetime) -> None:
    town.build(seed=5, now=now, data=folder, scale=0.02)
    assert contradictions(now) == {}
    assert sweep.sweep(before=now) == 0


def _fingerprint(*, seed: int) -> str:
    told = building.tell(seed=seed, now=NOW, scale=0.02)
    rows: list[Any] = [
        [(name, str(value)) for name, value in row.items()]
        for model in (Person, Kindergarten, Application, JournalEntry)
        for row in told.world.rows.of(model)
    ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()
