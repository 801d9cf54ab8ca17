"""A kept connection that the server has ended is noticed before it is used."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from balabaqsha.config.postgres.base import DatabaseWrapper

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept():
    """A second connection to the test database, kept as a web process keeps its own."""
    other = DatabaseWrapper(connection.settings_dict, alias="kept")
    other.ensure_connection()
    yield other
    other.close()


class TestKeptConnection:
    def test_is_used_without_a_question_while_the_server_is_silent(self, kept):
        with CaptureQueriesContext(kept) as asked:
            assert kept.is_usable()

        assert not asked.captured_queries

    def test_is_not_used_once_the_server_has_ended_it(self, kept):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [kept.connection.info.backend_pid])
        until = time.monotonic() + 5
        while kept.is_usable() and time.monotonic() < until:
            time.sleep(0.01)

        assert not kept.is_usable()

    def test_is_made_anew_for_the_next_request(self, kept):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [kept.connection.info.backend_pid])
        time.sleep(0.2)
        kept.health_check_enabled, kept.health_check_done = True, False
        kept.close_if_health_check_failed()

        with kept.cursor() as cursor:
            cursor.execute("SELECT 1")
            assert cursor.fetchone() == (1,)

    def test_is_not_used_after_it_was_closed_on_our_side(self, kept):
        kept.connection.close()

        assert not kept.is_usable()
