"""Each check finds the row that was planted for it, and nothing in a right town.

Where the schema itself forbids the row, the constraint is dropped first: the check stands for the day on which somebody does that.
"""

import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction

from balabaqsha.applications.models import Application
from balabaqsha.checks import catalogue
from balabaqsha.config import databases
from balabaqsha.journeys import escalating
from balabaqsha.notifications import actions as notifications
from balabaqsha.record import actions as record
from balabaqsha.record.models import JournalEntry
from balabaqsha.referrals.models import Referral
from tests import promises
from tests.world import World, group

# What the schema forbids is allowed for the length of a test.
LOOSE = (
    "DROP INDEX one_live_application_of_a_kind",
    "DROP INDEX one_live_voucher",
    "DROP INDEX one_open_admission",
    "DROP INDEX one_enrolment",
    "DROP INDEX one_holder_of_a_place",
    "ALTER TABLE applications_application DROP CONSTRAINT term_runs_only_where_somebody_must_act",
    "ALTER TABLE record_journalentry DISABLE TRIGGER USER",
    "ALTER TABLE record_journalseal DISABLE TRIGGER USER",
)
LIVE_HOLD = "ended_at IS NULL AND purpose"


def copied(table, condition, **changes):
    """A second row like the one that fits, with other values in some columns."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
        columns = [name for (name,) in cursor.fetchall() if name != "id"]
    values = ", ".join(changes.get(name, name) for name in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE {condition} LIMIT 1"


# Each check with the statements that break its promise; A is enrolled, B's contract is with the kindergarten, C has an
# offer from a waiting list, D waits with a confirmed benefit, E and F wait without one.
PLANTED = {
    "two-live-applications": lambda of: [copied("applications_application", f"id = {of['E']}", number="'99999999'")],
    "state-without-its-voucher": lambda of: [
        f"UPDATE vouchers_voucher SET state = 'ACTIVE' WHERE application_id = {of['A']}"
    ],
    "two-live-vouchers": lambda of: [copied("vouchers_voucher", f"application_id = {of['C']}")],
    "state-without-its-turn": lambda of: [
        (
            "INSERT INTO referrals_turn (application_id, line_id, state, offered_at, due_at, due_term)"
            f" SELECT {of['E']}, max(id), 'OFFERED', now(), now(), 'test' FROM line_line"
        )
    ],
    "state-without-its-referral": lambda of: [
        f"UPDATE applications_application SET regime = 'LINEAR' WHERE id = {of['B']}"
    ],
    "contract-without-admission": lambda of: [
        (
            "UPDATE admissions_admission SET stage = 'ENDED', ended_at = now(), ended_because = 'test'"
            f" WHERE application_id = {of['B']}"
        )
    ],
    "enrolled-without-enrolment": lambda of: [
        (
            "UPDATE admissions_admission SET stage = 'ENDED', ended_at = now(), ended_because = 'test'"
            f" WHERE application_id = {of['A']}"
        )
    ],
    "admission-out-of-place": lambda of: [
        f"UPDATE admissions_admission SET application_id = {of['E']} WHERE application_id = {of['B']}"
    ],
    "admission-without-place": lambda of: [
        (
            "UPDATE kindergartens_hold SET ended_at = held_at WHERE id ="
            f" (SELECT hold_id FROM admissions_admission WHERE application_id = {of['B']})"
        )
    ],
    "enrolment-by-another-hold": lambda of: [
        f"UPDATE kindergartens_hold SET purpose = 'CHOICE' WHERE {LIVE_HOLD} = 'ENROLMENT'"
    ],
    "listed-without-right": lambda of: [
        f"UPDATE admissions_waitinglistentry SET application_id = {of['E']} WHERE left_at IS NULL"
    ],
    "offer-without-place": lambda of: [f"UPDATE kindergartens_hold SET ended_at = held_at WHERE {LIVE_HOLD} = 'OFFER'"],
    "benefit-without-decision": lambda of: [
        f"UPDATE applications_application SET benefit = 'ORPHAN' WHERE id = {of['E']}"
    ],
    "two-holders": lambda of: [copied("kindergartens_hold", f"{LIVE_HOLD} = 'ENROLMENT'")],
    "hold-serves-nobody": lambda of: [
        (
            "INSERT INTO kindergartens_hold (place_id, child_id, purpose, held_at)"
            f" SELECT max(id), (SELECT child_id FROM applications_application WHERE id = {of['E']}), 'CHOICE', now()"
            " FROM kindergartens_place"
        )
    ],
    "hold-without-its-referral": lambda of: [
        f"UPDATE kindergartens_hold SET purpose = 'REFERRAL' WHERE {LIVE_HOLD} = 'CHOICE'"
    ],
    "hidden-place-held": lambda of: [
        (
            "UPDATE kindergartens_place SET published = false WHERE id IN"
            f" (SELECT place_id FROM kindergartens_hold WHERE {LIVE_HOLD} = 'ENROLMENT')"
        )
    ],
    "place-without-cause": lambda of: [f"UPDATE applications_application SET category = 1 WHERE id = {of['F']}"],
    "due-and-not-done": lambda of: [
        "UPDATE admissions_waitinglistoffer SET due_at = due_at - interval '9 days' WHERE ended_at IS NULL"
    ],
    "hold-outlived": lambda of: [
        f"UPDATE kindergartens_hold SET until = until - interval '9 days' WHERE {LIVE_HOLD} = 'OFFER'"
    ],
    "fact-untold": lambda of: ["UPDATE record_outboxfact SET told_at = NULL WHERE fact = 'enrolled'"],
    "entry-unsealed": lambda of: [
        "DELETE FROM record_journalseal WHERE position = (SELECT max(position) FROM record_journalseal)"
    ],
    "job-failed": lambda of: [
        "INSERT INTO procrastinate_jobs (queue_name, task_name, status) VALUES ('default', 'keep_house', 'failed')"
    ],
    "message-undelivered": lambda of: [
        (
            "INSERT INTO notifications_delivery (message_id, channel, to_visitor, state, provider_id, attempts,"
            " next_try_at) SELECT max(id), 'EMAIL', false, 'FAILED', '', 1, now() FROM notifications_message"
        )
    ],
    "contract-overdue": lambda of: [
        f"UPDATE admissions_admission SET escalated_at = now() WHERE application_id = {of['B']}"
    ],
    "special-without-its-check": lambda of: [
        f"UPDATE applications_application SET state = 'DOCUMENTS_CHECK' WHERE id = {of['E']}"
    ],
    "special-check-overdue": lambda of: [
        f"UPDATE applications_application SET state = 'DOCUMENTS_CHECK' WHERE id = {of['E']}",
        (
            "INSERT INTO applications_documentscheck (application_id, decider, due_at, due_term, rejected_because, note)"
            f" VALUES ({of['E']}, 'PMPK', '2020-01-01', 'test', '', '')"
        ),
    ],
    "ledger-without-beginning": lambda of: [
        "DELETE FROM record_journalseal WHERE entry_id IN (SELECT id FROM record_journalentry WHERE act = 'apply')",
        "DELETE FROM record_journalentry WHERE act = 'apply'",
    ],
    "journal-gap": lambda of: ["DELETE FROM record_journalseal WHERE position = 3"],
    "entry-passed-over": lambda of: ["DELETE FROM record_journalseal WHERE position = 3"],
    "journal-broken": lambda of: [
        "UPDATE record_journalentry SET actor = '{\"role\": \"SYSTEM\"}' WHERE act = 'apply'"
    ],
}


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker):
    """A right town with somebody at every step; the worker has done its work."""
    with django_db_blocker.unblock(), databases.scratch_database():
        world = World(group("one", capacity=3), group("two", capacity=2, published=1))
        world.with_voucher("A", "B", "C")
        world.enrolled("A", "one")
        world.choose("B", "one")
        world.send("B")
        world.sign("B")
        world.join("C", "two")
        world.publish("two")
        world.apply("D", benefit="TEACHER")
        world.check("D")
        world.apply("E")
        world.apply("F")
        world.tick(hours=1)
        settled(world)
        yield world


def settled(world):
    """What the worker does each minute."""
    world.sweep()
    escalating.escalate(now=world.now)
    while notifications.tell_untold(now=world.now):
        pass
    # Whatever transaction runs anywhere on the server, another test's too, keeps younger entries unsealed for a while.
    until = time.monotonic() + 60
    while JournalEntry.objects.filter(seal__isnull=True).exists() and time.monotonic() < until:
        record.seal()
        time.sleep(0.05)


@contextmanager
def planted(world, code):
    """The rows of a check broken, for as long as the block lasts."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (*LOOSE, *PLANTED[code](world.ids)):
            cursor.execute(statement)
        yield
        transaction.set_rollback(True)


def found(now, checks=catalogue.ALL):
    return {code for code, _ in catalogue.ask(checks, now=now)}


def test_a_right_town_breaks_no_promise(town):
    assert list(catalogue.ask(catalogue.ALL, now=town.now)) == []


def test_every_check_has_its_planted_row():
    assert set(PLANTED) == {catalogue.code(check) for check in catalogue.ALL}


@pytest.mark.parametrize("code", sorted(PLANTED))
def test_a_planted_row_is_found(town, code):
    with planted(town, code):
        assert code in found(town.now)


@pytest.mark.usefixtures("fresh_database")
def test_a_place_held_for_a_referral_that_has_ended_is_found():
    world = World(group("one", capacity=2), regime="linear")
    for name in "AB":
        world.apply(name)
        world.refer(name, "one")
    world.register("A")
    assert found(world.now, catalogue.OF_ROWS) == set()

    Referral.objects.filter(application_id=world.id("B")).update(state="CANCELLED", ended_at=world.now)

    assert found(world.now, catalogue.OF_ROWS) == {"hold-without-its-referral", "state-without-its-referral"}


def test_tests_ask_the_same_promises(town):
    with planted(town, "two-holders"):
        assert any("two-holders" in sentence for sentence in promises.broken())


def test_work_may_lie_for_some_minutes(town):
    """What comes by itself within minutes alarms nobody before."""
    with transaction.atomic():
        Application.objects.filter(id=town.id("C")).update(due_at=town.now - timedelta(minutes=9))

        assert found(town.now, catalogue.OF_WORK) == set()
        assert found(town.now + timedelta(minutes=2), catalogue.OF_WORK) == {"due-and-not-done"}
        transaction.set_rollback(True)
