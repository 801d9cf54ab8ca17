"""The public picture of linear lines: merged places, promised and open places, and the bulletin of any moment."""

from datetime import date, timedelta

import pytest

from balabaqsha.insight import linear
from balabaqsha.insight.tests import town
from balabaqsha.insight.tests.town import NOW
from balabaqsha.journeys import applying, publishing, sweep
from balabaqsha.kernel.actor import SYSTEM, Actor, Role
from balabaqsha.kindergartens import actions as kindergartens
from balabaqsha.kindergartens import queries as kindergarten_queries
from balabaqsha.kindergartens.actions import NewGroup
from balabaqsha.kindergartens.models import Group, Kindergarten
from balabaqsha.law import actions as law
from balabaqsha.law.actions import TermChange
from balabaqsha.law.lists import Tier
from balabaqsha.line import queries as lines

pytestmark = pytest.mark.django_db

DISTRICT = "553200000"
HEAD = Actor(role=Role.KINDERGARTEN_HEAD, account_id=2)


@pytest.fixture
def garden():
    """A district kindergarten none of whose places is published."""
    made = town.open_garden(1, territory_id=DISTRICT, settlement_id=None)
    for group in groups(made):
        publishing.recall(group_id=group.id, places=3, reason="OTHER", actor=HEAD, now=NOW - timedelta(days=85))
    return made


def groups(garden):
    return list(Group.objects.filter(kindergarten=garden).order_by("birth_year"))


def apply(serial, **changes):
    return town.apply(serial, territory_code=DISTRICT, **changes)


class TestTheLine:
    def test_shows_places_as_families_see_them(self, garden):
        families = [apply(serial) for serial in range(1, 9)]
        for one in families[4:6]:
            applying.claim_benefit(application_id=one.id, benefit="LARGE_FAMILY", proof_ids=(), actor=SYSTEM, now=NOW)
            applying.check_documents(application_id=one.id, confirm=True, actor=town.OFFICER, now=NOW)
        rows = linear.line_rows(DISTRICT, 2022, start=0, size=50)

        assert [row.place for row in rows] == list(range(1, 9))
        assert [row.tier for row in rows[:2]] == [Tier.PRIORITY, Tier.ORDINARY]
        for one in families:
            one.refresh_from_db()
            shown = next(row for row in rows if row.number == one.number)
            place = lines.place_in_line(one)
            assert (shown.place, shown.place_in_tier) == (place.number, place.number_in_category)
        assert linear.line_rows(DISTRICT, 2022, start=3, size=2) == rows[3:5]

    def test_of_a_child_below_the_age_says_that_it_waits_longer(self, garden):
        apply(1, year=2025)

        (row,) = linear.line_rows(DISTRICT, 2025, start=0, size=50)
        assert row.waits_longer

    def test_says_what_is_promised_and_what_is_open(self, garden):
        for serial in range(1, 4):
            apply(serial)
        publishing.publish(group_id=groups(garden)[0].id, places=2, actor=HEAD, now=NOW - timedelta(days=10))
        (line,) = linear.lines_now(DISTRICT, now=NOW - timedelta(days=10))
        assert (line.standing.waiting, line.free, line.turns, line.openings) == (1, 2, 2, 0)

        sweep.sweep(before=NOW)
        (line,) = linear.lines_now(DISTRICT, now=NOW)
        assert (line.free, line.turns, line.openings) == (2, 0, 2)


class TestTheBulletin:
    def test_tells_the_free_places_of_any_moment_before(self, garden):
        one, other = groups(garden)
        acts = [
            lambda at: publishing.publish(group_id=one.id, places=3, actor=HEAD, now=at),
            lambda at: publishing.publish(group_id=other.id, places=2, actor=HEAD, now=at),
            lambda at: publishing.recall(group_id=one.id, places=1, reason="OTHER", actor=HEAD, now=at),
            lambda at: kindergartens.open_group(
                kindergarten=garden, group=NewGroup("В", 2022, "kk", 4, published=0), actor=HEAD, now=at
            ),
            lambda at: publishing.publish(group_id=Group.objects.latest("id").id, places=4, actor=HEAD, now=at),
            opens_another,
        ]
        seen = {}
        for hours, act in enumerate(acts):
            at = NOW - timedelta(hours=10 - hours)
            seen[at - timedelta(minutes=1)] = free(at)
            act(at)
        seen[NOW] = free(NOW)

        assert {at: linear.free_at(DISTRICT, at=at, now=NOW) for at in seen} == seen

    def test_is_drawn_up_at_the_hour_that_the_territory_sets(self, garden):
        # 10:00 in the national zone.
        assert linear.bulletin_at(DISTRICT, now=NOW) == NOW - timedelta(hours=1)
        change = TermChange("bulletin.hour", DISTRICT, "15", date(2026, 1, 1), "шешім")
        law.install_term(change=change, proposed_by=1, approved_by=2, actor=SYSTEM, now=NOW)

        assert linear.bulletin_at(DISTRICT, now=NOW) == NOW - timedelta(hours=19)
        assert linear.bulletin_at("553600000", now=NOW) == NOW - timedelta(hours=1)


def opens_another(at):
    """One more kindergarten, some of its places published from the first moment on."""
    row = Kindergarten(
        code="garden-2",
        bin="000000000002",
        name_kk="Күншуақ",
        name_ru="Күншуақ",
        ownership="STATE",
        type="KINDERGARTEN",
        territory_id=DISTRICT,
    )
    new = [NewGroup("Г", 2021, "kk", 5, published=2)]
    kindergartens.open_kindergarten(kindergarten=row, groups=new, actor=HEAD, now=at)


def free(at):
    return +kindergarten_queries.free_by_group(Group.objects.filter(territory_id=DISTRICT), now=at)
