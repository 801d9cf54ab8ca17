"""The counts by blocks: equal to the rows however a line is changed, and a place counted by them is the place counted
row by row."""

import itertools
import random
import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.models import Q

from balabaqsha.applications.models import Application
from balabaqsha.applications.states import State
from balabaqsha.commands.rehearsal.stage import OFFICER
from balabaqsha.journeys import renewing
from balabaqsha.line import actions, blocks
from balabaqsha.line import queries as lines
from balabaqsha.line.models import BlockChange, BlockCount
from tests.world import TERRITORY, World, group

pytestmark = pytest.mark.usefixtures("fresh_database")

WAITING = Application.objects.filter(state=State.WAITING)


def fold():
    while actions.fold_changes():
        pass


@pytest.fixture(params=[False, True], ids=["unfolded", "folded"])
def world(request):
    world = World(group("one", capacity=3), group("special", correction="SPEECH", birth_year=2020))
    for number in range(6):
        world.apply(f"R{number}")
    world.apply("older", born=date(2019, 3, 1))
    if request.param:
        fold()
    return world


def counted():
    return sum(lines.waiting_by(TERRITORY, "kind").values())


class TestCountsOfBlocks:
    def test_follow_entries(self, world):
        assert (blocks.faults(), counted()) == ([], 7)

    def test_follow_a_run_a_lapse_a_restoring_and_a_withdrawal(self, world):
        acts = (world.run, lambda: world.tick(days=10), world.sweep)
        acts += tuple(lambda name=f"R{n}": world.restore(name) for n in range(3))
        acts += (lambda: world.withdraw("R0"), lambda: world.withdraw("older"))

        for act in acts:
            act()
            assert blocks.faults() == []
        assert counted() == WAITING.count() == 5

    def test_follow_the_special_line(self, world):
        world.apply("S", born=date(2020, 3, 1), correction="SPEECH")
        assert blocks.faults() == []

        world.check("S")

        assert blocks.faults() == []
        assert lines.waiting_by(TERRITORY, "kind", "correction")["SPECIAL", "SPEECH"] == 1

    def test_follow_a_renewal(self, world):
        world.apply("grows", born=date(2020, 3, 1))
        before = lines.waiting_by(TERRITORY, "category")

        renewing.renew(territory_code=TERRITORY, actor=OFFICER, now=world.tick(days=365))

        assert blocks.faults() == []
        assert lines.waiting_by(TERRITORY, "category") != before

    def test_follow_statements_of_many_rows(self, world):
        WAITING.filter(birth_year=2021).update(benefit="SERVICE", category=2)
        assert lines.waiting_by(TERRITORY, "tier")["OUT_OF_TURN",] == 6
        assert blocks.faults() == []

        Application.objects.update(original_at=datetime(2023, 5, 31, 23, 30, tzinfo=UTC))
        assert blocks.faults() == []

        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM applications_application WHERE id % 2 = 0")
            assert blocks.faults() == []
            cursor.execute("TRUNCATE applications_application CASCADE")
        assert (blocks.faults(), counted()) == ([], 0)

    def test_follow_a_copy(self, world):
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE kept AS SELECT * FROM applications_application")
            cursor.execute(
                "SELECT string_agg(quote_ident(attname), ',') FROM pg_attribute"
                " WHERE attrelid = 'kept'::regclass AND attnum > 0 AND attname <> 'tier'"
            )
            (columns,) = cursor.fetchone()
            with cursor.copy(f"COPY kept ({columns}) TO STDOUT") as out:
                rows = b"".join(out)
            cursor.execute("DELETE FROM applications_application")
            assert counted() == 0
            with cursor.copy(f"COPY applications_application ({columns}) FROM STDIN") as into:
                into.write(rows)

        assert (blocks.faults(), counted()) == ([], 7)

    def test_follow_what_is_undone(self, world):
        with transaction.atomic():
            WAITING.update(state=State.DOCUMENTS_CHECK)
            transaction.set_rollback(True)

        assert (blocks.faults(), counted()) == ([], 7)

    def test_differ_when_somebody_turns_the_trigger_off(self, world):
        """Shows that the check can find a fault at all."""
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE applications_application DISABLE TRIGGER blocks_follow_moves")

        world.withdraw("R0")

        assert blocks.faults() == [(TERRITORY, "GENERAL", 7, 6)]


class TestFolding:
    def test_leaves_one_row_for_each_block_that_is_not_empty(self, world):
        world.withdraw("older")

        fold()

        assert BlockChange.objects.count() == 0
        assert [(row.birth_year, row.waiting) for row in BlockCount.objects.all()] == [(2021, 6)]
        assert (blocks.faults(), counted()) == ([], 6)

    def test_may_run_twice_at_once(self, world):
        for number in range(20):
            world.apply(f"N{number}")
        start = threading.Barrier(2)

        def run():
            start.wait()
            fold()
            connection.close()

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert (blocks.faults(), BlockChange.objects.count(), counted()) == ([], 0, 27)

    def test_waits_for_nobody_who_is_entering(self, world):
        """An entry that is not yet committed is folded the next time."""
        entering, folded = threading.Event(), threading.Event()

        def enter():
            with transaction.atomic():
                WAITING.filter(id=world.id("R1")).update(category=1)
                entering.set()
                assert folded.wait(10)
            connection.close()

        thread = threading.Thread(target=enter)
        thread.start()
        assert entering.wait(10)
        fold()
        folded.set()
        thread.join()

        assert BlockChange.objects.count() == 2
        fold()
        assert (blocks.faults(), counted()) == ([], 7)


class TestAPlaceInLine:
    def test_is_the_one_counted_row_by_row(self, world):
        """A line over several months and categories, with equal moments, half folded."""
        chance = random.Random(7)  # noqa: S311 - places in a line, not secrets
        months = [datetime(2023, 1, 1, tzinfo=UTC) + timedelta(days=31 * n) for n in range(4)]
        for number in range(40):
            world.apply(f"P{number}")
            if number == 20:
                fold()
            Application.objects.filter(id=world.id(f"P{number}")).update(
                category=chance.choice([3, 19, 20]), original_at=chance.choice(months)
            )

        line = list(lines.in_order(TERRITORY, "GENERAL"))
        assert lines.places_of(TERRITORY, "GENERAL", [row.id for row in line]) == dict(
            zip((row.id for row in line), itertools.count(1), strict=False)
        )
        for row in line[::5]:
            ahead = Q(category__lt=row.category) | Q(category=row.category, original_at__lt=row.original_at)
            ahead |= Q(category=row.category, original_at=row.original_at, id__lt=row.id)
            place = lines.place_in_line(row)
            assert place.number == 1 + WAITING.filter(ahead).count()
            assert place.waiting == len(line)
            assert place.number_in_category == 1 + WAITING.filter(ahead, category=row.category).count()
            assert place.waiting_in_category == WAITING.filter(category=row.category).count()
