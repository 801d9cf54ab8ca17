"""Rivals of a distribution run. Each race has its twin without what keeps them apart, which shows the harm."""

import threading
from datetime import date, timedelta

import pytest

from balabaqsha.applications import _steps as applications
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import State
from balabaqsha.commands.rehearsal.stage import OFFICER
from balabaqsha.journeys import distribution, renewing
from balabaqsha.line import _steps as line_steps
from balabaqsha.vouchers import rules as voucher_rules
from balabaqsha.vouchers.models import DistributionRun, RunState, Voucher
from tests import promises
from tests.races import together as races
from tests.races.together import Meeting, elsewhere, together, unlocked
from tests.world import MONDAY, TERRITORY, World, group

BORN_2020 = date(2020, 3, 1)

pytestmark = pytest.mark.usefixtures("fresh_database")


def perform(world):
    return distribution.perform(territory_code=TERRITORY, limit=None, actor=OFFICER, now=world.now)


class TestARunWhileAFamilyChooses:
    @pytest.fixture
    def world(self):
        world = World(group("one"))
        world.with_voucher("A")
        world.apply("B")
        return world

    def test_does_not_promise_the_place_twice(self, world):
        assert together(lambda: world.choose("A", "one"), lambda: perform(world)) == ["done", "done"]

        assert world.state("B") == State.WAITING
        assert promises.spoken_for() <= 0

    def test_would_promise_it_twice_if_it_looked_twice(self, world, monkeypatch):
        look = distribution._places_and_vouchers

        def two_looks(*args):
            free, _, settlements = look(*args)
            assert elsewhere(lambda: world.choose("A", "one")) == "done"
            return free, look(*args)[1], settlements

        monkeypatch.setattr(distribution, "_places_and_vouchers", two_looks)
        perform(world)

        assert world.state("B") == State.VOUCHER_OFFERED
        assert promises.spoken_for() == 1


class TestARunWhileAFamilyWithdraws:
    @pytest.fixture
    def world(self):
        world = World(group("one"))
        world.apply("A")
        world.apply("B")
        return world

    def test_serves_the_next_instead(self, world, monkeypatch):
        lock, withdrawn = distribution._lock_waiting, []

        def late(walk):
            if not withdrawn:
                withdrawn.append(elsewhere(lambda: world.withdraw("A")))
            return lock(walk)

        monkeypatch.setattr(distribution, "_lock_waiting", late)
        run = perform(world)

        assert withdrawn == ["done"]
        assert (world.state("A"), world.state("B")) == (State.ARCHIVED, State.VOUCHER_OFFERED)
        assert run.result["served"] == [world.application("B").number]
        assert promises.broken() == []

    def test_lets_a_family_withdraw_what_it_has_just_got(self, world, monkeypatch):
        Meeting(monkeypatch).after(distribution, "_lock_waiting").before(applications, "move")

        assert together(lambda: perform(world), lambda: world.withdraw("A")) == ["done", "done"]

        assert world.state("A") == State.ARCHIVED
        assert promises.broken() == []

    def test_would_serve_a_family_that_left_without_the_lock(self, world, monkeypatch):
        def stale(walk):
            rows = {
                row.id: row for row in Application.objects.filter(id__in=[one.application_id for one in walk.served])
            }
            assert elsewhere(lambda: world.withdraw("A")) == "done"
            return rows

        monkeypatch.setattr(distribution, "_lock_waiting", stale)
        perform(world)

        assert (world.state("A"), world.state("B")) == (State.VOUCHER_OFFERED, State.WAITING)


class TestARunWhileABenefitIsConfirmed:
    @pytest.fixture
    def world(self):
        world = World(group("one"))
        world.apply("B")
        world.apply("A", benefit="LARGE_FAMILY")
        return world

    def race(self, world, monkeypatch):
        """The officer has confirmed and not yet committed when the run, of a later moment, comes to look."""
        confirmed, looked = threading.Event(), threading.Event()
        confirm, freeze = applications.confirm_claim, distribution._freeze

        def slow_confirm(**keys):
            confirm(**keys)
            confirmed.set()
            looked.wait(races.patience)

        def freeze_and_say(*args, **keys):
            frozen = freeze(*args, **keys)
            looked.set()
            return frozen

        monkeypatch.setattr(applications, "confirm_claim", slow_confirm)
        monkeypatch.setattr(distribution, "_freeze", freeze_and_say)
        later = world.now + timedelta(hours=1)

        def run():
            confirmed.wait(10)
            distribution.perform(territory_code=TERRITORY, limit=None, actor=OFFICER, now=later)

        return together(lambda: world.check("A"), run)

    def test_serves_whoever_is_ahead_by_it(self, world, monkeypatch):
        assert self.race(world, monkeypatch) == ["done", "done"]

        assert (world.state("A"), world.state("B")) == (State.VOUCHER_OFFERED, State.WAITING)

    def test_would_pass_over_somebody_ahead_without_the_entrance(self, world, monkeypatch):
        unlocked(monkeypatch)
        monkeypatch.setattr(line_steps, "enter", lambda territory_code: None)

        assert self.race(world, monkeypatch) == ["done", "done"]

        assert (world.state("A"), world.state("B")) == (State.WAITING, State.VOUCHER_OFFERED)


class TestTwoOfficersAndOneRun:
    @pytest.fixture
    def world(self, monkeypatch):
        world = World(group("one"))
        for name in "AB":
            world.apply(name)
        return world

    def test_give_each_place_once(self, world, monkeypatch):
        Meeting(monkeypatch).after(distribution, "_freeze")

        assert together(lambda: perform(world), lambda: perform(world)) == ["done", "done"]

        assert Voucher.objects.count() == 1
        assert promises.spoken_for() == 0

    def test_would_give_one_place_twice_without_the_lock_of_the_line(self, world, monkeypatch):
        unlocked(monkeypatch)
        monkeypatch.setattr(line_steps, "lock_lines", lambda territory_code: None)
        Meeting(monkeypatch).after(voucher_rules, "walk_frozen")

        assert together(lambda: perform(world), lambda: perform(world)) == ["done", "done"]

        assert Voucher.objects.count() == 2
        assert promises.spoken_for() == 1

    def test_perform_what_was_previewed_once(self, world):
        run = distribution.preview(territory_code=TERRITORY, limit=None, actor=OFFICER, now=world.tick())

        def again():
            distribution.perform_previewed(run_number=run.number, actor=OFFICER, now=world.now)

        assert together(again, again) == ["done", "done"]
        assert DistributionRun.objects.filter(state=RunState.PERFORMED).count() == 1
        assert Voucher.objects.count() == 1

    def test_would_write_over_what_the_run_gave_without_the_lock_of_the_run(self, world, monkeypatch):
        """The second finds no place left and keeps that as the result of the run which gave the voucher."""
        run = distribution.preview(territory_code=TERRITORY, limit=None, actor=OFFICER, now=world.tick())
        unlocked(monkeypatch)
        monkeypatch.setattr(DistributionRun.objects, "select_for_update", lambda **_: DistributionRun.objects.all())
        Meeting(monkeypatch).before(line_steps, "ensure_lines")

        def again():
            distribution.perform_previewed(run_number=run.number, actor=OFFICER, now=world.now)

        assert together(again, again) == ["done", "done"]
        run.refresh_from_db()
        assert (run.given, Voucher.objects.count()) == (0, 1)

    def test_say_busy_when_the_other_does_not_end(self, world, monkeypatch):
        """The lock is waited for as long as the settings say, then refused in words."""
        entered, leave = threading.Event(), threading.Event()
        give = distribution._give

        def slow(*args, **keys):
            give(*args, **keys)
            entered.set()
            leave.wait(10)

        monkeypatch.setattr(distribution, "_give", slow)

        def impatient():
            from django.db import connection

            entered.wait(10)
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '100ms'")
            try:
                perform(world)
            finally:
                leave.set()

        assert together(lambda: perform(world), impatient) == ["done", "OperationalError"]


class TestAnApplicationWhileTheLineIsRenewed:
    BEFORE_RENEWAL = MONDAY.replace(year=2025, month=6, day=29)

    def race(self, monkeypatch):
        """The family has read the intake year when the renewal begins."""
        world = World(group("one"), now=self.BEFORE_RENEWAL)
        line_steps.ensure_lines(territory_code=TERRITORY, now=world.now)
        world.filing("A", born=BORN_2020)
        read, renewed = threading.Event(), threading.Event()
        file_application = applications.file_application

        def slow(**keys):
            read.set()
            renewed.wait(races.patience)
            return file_application(**keys)

        monkeypatch.setattr(applications, "file_application", slow)

        def renew():
            read.wait(10)
            renewing.renew(territory_code=TERRITORY, actor=OFFICER, now=world.now + timedelta(days=1))
            renewed.set()

        assert together(lambda: world.apply("A", born=BORN_2020), renew) == ["done", "done"]
        return world.application("A").category

    def test_counts_the_new_one_too(self, monkeypatch):
        assert self.race(monkeypatch) == 19

    def test_would_leave_it_in_the_category_of_last_year_without_the_entrance(self, monkeypatch):
        unlocked(monkeypatch)
        monkeypatch.setattr(line_steps, "enter", lambda territory_code: None)

        assert self.race(monkeypatch) == 20
