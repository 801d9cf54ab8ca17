from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from balabaqsha.config import addresses, databases, workshop


@pytest.fixture
def unblocked(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def maintenance():
    """A connection to the server that the tests use."""
    named = settings.ENVIRONMENT.database_url
    server = (
        nullcontext(addresses.with_database(named, "postgres")) if named else workshop.server(settings.ENVIRONMENT.data)
    )
    with server as address, psycopg.connect(address, autocommit=True) as found:
        yield found


def current_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        return cursor.fetchone()[0]


def exists(maintenance, name):
    return maintenance.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


class TestScratchDatabase:
    def test_is_where_django_is_inside_the_block_and_gone_after_it(self, unblocked, maintenance):
        before = current_database()

        with databases.scratch_database() as name:
            assert current_database() == name
            assert exists(maintenance, name)

        assert current_database() == before
        assert not exists(maintenance, name)

    def test_has_schema_and_seeds(self, fresh_database):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM territories_territory")

            assert cursor.fetchone()[0] > 20

    def test_serves_every_thread(self, fresh_database):
        def ask():
            try:
                return current_database()
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            assert {pool.submit(ask).result() for _ in range(4)} == {fresh_database}

    def test_keeps_the_settings_of_connections(self, fresh_database):
        with connection.cursor() as cursor:
            cursor.execute("SHOW lock_timeout")

            assert cursor.fetchone()[0] == "3s"

    def test_is_dropped_after_a_failure_too(self, unblocked, maintenance):
        with pytest.raises(RuntimeError, match="story"), databases.scratch_database() as name:
            raise RuntimeError("story")

        assert not exists(maintenance, name)

    def test_sweeps_what_a_kill_left(self, unblocked, maintenance):
        left = f"{databases.SCRATCH}{'0' * 16}"
        maintenance.execute(f"DROP DATABASE IF EXISTS {left}")
        maintenance.execute(f"CREATE DATABASE {left}")

        with databases.scratch_database():
            assert not exists(maintenance, left)

    def test_leaves_alone_what_others_hold_or_named_themselves(self, unblocked, maintenance):
        named = f"{databases.SCRATCH}by_hand"
        maintenance.execute(f"DROP DATABASE IF EXISTS {named}")
        maintenance.execute(f"CREATE DATABASE {named}")
        try:
            with databases.scratch_database() as first, databases.scratch_database() as second:
                assert exists(maintenance, first)
                assert exists(maintenance, second)
                assert exists(maintenance, named)
        finally:
            maintenance.execute(f"DROP DATABASE {named}")


def test_the_fingerprint_stays_and_is_short():
    assert databases.fingerprint() == databases.fingerprint()
    assert len(databases.fingerprint()) == 12
