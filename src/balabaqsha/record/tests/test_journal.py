"""The journal is written once, and its chain shows whoever looks that nothing was altered."""

from datetime import UTC, datetime
from time import monotonic, sleep

import pytest
from django.db import IntegrityError, connection, transaction

from balabaqsha.kernel.actor import SYSTEM, Actor, Role
from balabaqsha.record import actions, queries
from balabaqsha.record.models import JournalEntry, JournalSeal

NOON = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
OFFICER = Actor(role=Role.OFFICER, account_id=7, person_id=8)


def seal_all():
    """Seal until nothing is left: a transaction in any database of the server holds the newest entries back."""
    until = monotonic() + 30
    while JournalEntry.objects.filter(seal__isnull=True).exists():
        actions.seal()
        assert monotonic() < until
        sleep(0.05)
    return JournalSeal.objects.count()


@pytest.fixture
def sealed_before(fresh_database):
    """How many entries the set-up itself has written; they are sealed."""
    return seal_all()


def write(count):
    for number in range(count):
        actions.record("test", actor=OFFICER, now=NOON, facts={"number": number, "сөз": "қазақша"})


class TestAppendOnly:
    @pytest.mark.parametrize("table", ["record_journalentry", "record_journalseal"])
    @pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
    @pytest.mark.django_db
    def test_refuses_change_and_deletion(self, table, statement):
        write(1)
        order = statement.format(table).replace(
            "SET id = id", "SET digest = digest" if "seal" in table else "SET act = act"
        )

        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(order)


class TestSeal:
    def test_chains_all_entries_that_nobody_can_still_precede(self, sealed_before):
        write(3)

        assert seal_all() == sealed_before + 3
        assert actions.seal() == 0
        verdict = queries.verify()
        assert (verdict.sealed, verdict.unsealed, verdict.broken_at) == (sealed_before + 3, 0, None)

    def test_leaves_entries_of_running_transactions_to_the_next_time(self, sealed_before):
        import psycopg

        write(1)
        other = psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None})
        with other:
            other.execute("INSERT INTO record_journalentry (at, act, actor, facts) VALUES (now(), 'slow', '{}', '{}')")
            write(1)

            actions.seal()
            sealed_meanwhile = set(JournalSeal.objects.values_list("entry__act", flat=True))

        other.close()
        assert "slow" not in sealed_meanwhile
        assert seal_all() == sealed_before + 3
        positions = list(JournalSeal.objects.order_by("position").values_list("position", flat=True))
        assert positions == list(range(1, sealed_before + 4))

    def test_shows_an_entry_that_was_altered(self, sealed_before):
        write(3)
        seal_all()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE record_journalentry DISABLE TRIGGER journal_is_append_only")
        second = JournalEntry.objects.order_by("id")[sealed_before + 1]
        JournalEntry.objects.filter(id=second.id).update(facts={"number": 100})

        assert queries.verify().broken_at == sealed_before + 2

    def test_shows_a_link_that_was_taken_out(self, sealed_before):
        write(3)
        seal_all()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE record_journalseal DISABLE TRIGGER seals_are_append_only")
        JournalSeal.objects.filter(position=sealed_before + 2).delete()

        assert queries.verify().broken_at == sealed_before + 2


@pytest.mark.django_db
def test_actors_are_kept_without_names():
    actions.record("test", actor=SYSTEM, now=NOON, facts={})
    actions.record("test", actor=OFFICER, now=NOON, facts={})

    officer, system = JournalEntry.objects.order_by("-id")[:2]
    assert system.actor == {"role": "SYSTEM"}
    assert officer.actor == {"role": "OFFICER", "account": 7, "person": 8}
