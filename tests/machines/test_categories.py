"""A table of categories: previewed, approved by a second person, in force from its moment whoever finds it first."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from balabaqsha.applications.models import Application
from balabaqsha.journeys import changing_categories, sweep
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.kernel.time import localdate, start_of
from balabaqsha.law import actions, rules
from balabaqsha.law.models import CategoryTable
from balabaqsha.line import blocks
from balabaqsha.line import queries as lines
from balabaqsha.transparency import queries as transparency
from tests.races.together import together
from tests.world import TERRITORY, World, group

pytestmark = pytest.mark.usefixtures("fresh_database")

FIRST = Actor(role=Role.OFFICER, account_id=901, territory_code=TERRITORY)
SECOND = Actor(role=Role.OFFICER, account_id=902, territory_code=TERRITORY)
# The younger come before the older in every status: each pair of numbers is turned round.
TURNED = tuple(number + 1 if number % 2 else number - 1 for number in range(1, 21))


@pytest.fixture
def world():
    world = World(group("one", capacity=1))
    world.apply("older", born=date(2019, 3, 1))
    for number in range(3):
        world.apply(f"R{number}")
    return world


def propose(world, numbers=TURNED, *, days=1):
    change = actions.TableChange(
        TERRITORY, numbers, localdate(world.now) + timedelta(days=days), "Әкімдік қаулысы № 5, 2-тармақ"
    )
    return actions.propose_categories(change=change, actor=FIRST, now=world.now)


def approve(world, table):
    return changing_categories.approve(table_id=table.id, actor=SECOND, now=world.now)


def places():
    return lines.all_places(TERRITORY)


class TestATable:
    def test_moves_whom_the_preview_named_and_says_why(self, world):
        table = propose(world)
        before = places()
        seen = changing_categories.preview(
            territory_code=TERRITORY, categories=rules.Categories(TURNED), first=0, count=None
        )
        assert places() == before
        approve(world, table)
        assert places() == before

        world.tick(days=2)
        sweep.sweep(before=world.now)

        after = places()
        told = {one.application_id: (one.place_before, one.place) for one in seen.moved}
        assert {key: (before[key], place) for key, place in after.items() if place != before[key]} == told
        assert (seen.total, len(told)) == (4, 4)
        assert blocks.faults() == []
        causes = {
            cause.code
            for row in Application.objects.all()
            for line in transparency.ledger_of(row)
            for cause in line.causes
        }
        assert "CATEGORIES_CHANGED" in causes

    def test_counts_without_a_worker_for_the_next_who_applies(self, world):
        approve(world, propose(world))
        world.tick(days=2)

        world.apply("late", born=date(2019, 4, 1))

        assert world.application("late").category == 20
        assert world.application("older").category == 20
        assert world.application("R0").category == 19

    def test_counts_without_a_worker_for_a_case_that_is_looked_at(self, world):
        approve(world, propose(world))
        world.tick(days=2)

        assert sweep.catch_up(now=world.now, application_id=world.application("R0").id)

        assert world.application("older").category == 20
        assert not sweep.catch_up(now=world.now, application_id=world.application("R0").id)

    def test_is_not_in_force_before_its_moment(self, world):
        table = approve(world, propose(world))

        sweep.sweep(before=start_of(table.in_force_from))

        assert world.application("older").category == 19

    def test_lets_several_share_a_category_and_the_youngest_come_last(self, world):
        approve(world, propose(world, (1,) * 18 + (2, 2)))
        world.tick(days=2)

        world.apply("youngest", born=localdate(world.now) - timedelta(days=200))

        assert world.application("youngest").category == 3
        assert world.application("older").category == world.application("R0").category == 2


class TestRefusals:
    def test_of_ones_own(self, world):
        table = propose(world)
        with pytest.raises(actions.OwnProposal):
            changing_categories.approve(table_id=table.id, actor=FIRST, now=world.now)
        with pytest.raises(IntegrityError), transaction.atomic():
            CategoryTable.objects.filter(id=table.id).update(approved_by=FIRST.account_id, approved_at=world.now)

    @pytest.mark.parametrize(
        ("numbers", "days", "refusal"),
        [
            ((1,) * 19, 1, actions.CategoriesIncomplete),
            ((1,) * 19 + (3,), 1, actions.CategoriesIncomplete),
            (TURNED, 0, actions.TermInThePast),
            (tuple(range(1, 21)), 1, actions.CategoriesStand),
        ],
    )
    def test_of_a_table_that_is_none(self, world, numbers, days, refusal):
        with pytest.raises(refusal):
            propose(world, numbers, days=days)

    def test_of_a_second_one_for_the_day(self, world):
        propose(world)
        with pytest.raises(actions.CategoriesAlreadySet):
            propose(world, (1,) * 18 + (2, 2))

    def test_once_it_is_refused_another_may_come_and_it_cannot_be_approved(self, world):
        table = propose(world)
        actions.refuse_categories(table_id=table.id, because="Қаулыда басқаша", actor=SECOND, now=world.now)

        with pytest.raises(actions.AlreadyRefused):
            approve(world, table)
        assert propose(world).id != table.id

    def test_of_a_second_approval(self, world):
        table = propose(world)
        approve(world, table)
        with pytest.raises(actions.AlreadyApproved):
            changing_categories.approve(table_id=table.id, actor=OFFICER_3, now=world.now)


class TestTwoWhoApproveAtOnce:
    def test_one_does_and_the_other_is_told(self, world):
        table = propose(world)

        def by(actor):
            return lambda: changing_categories.approve(table_id=table.id, actor=actor, now=world.now)

        assert sorted(together(by(SECOND), by(OFFICER_3))) == ["AlreadyApproved", "done"]

    def test_an_approval_and_a_refusal_do_not_both_happen(self, world):
        change = actions.TermChange(
            "voucher.confirm", TERRITORY, 3, localdate(world.now) + timedelta(days=1), "Қаулы № 5, 2-тармақ"
        )
        row = actions.propose_term(change=change, actor=FIRST, now=world.now)

        outcomes = together(
            lambda: actions.approve_term(term_id=row.id, actor=SECOND, now=world.now),
            lambda: actions.refuse_term(term_id=row.id, because="Қате сан", actor=OFFICER_3, now=world.now),
        )

        assert sorted(outcomes) in (["AlreadyApproved", "done"], ["AlreadyRefused", "done"])


OFFICER_3 = Actor(role=Role.OFFICER, account_id=903, territory_code=TERRITORY)
