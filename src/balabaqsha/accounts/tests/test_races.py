"""Two at once: guesses at one password, the last allowed code. Each race has its twin without the lock."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from balabaqsha.accounts import actions, digests, rules
from balabaqsha.accounts.models import RateLimit
from balabaqsha.accounts.tests.doors import REAL

SUBJECT = digests.subject("race")
LIMIT = rules.LOGINS_OF_IIN_THERE


def two_tries_at_once() -> list[str]:
    start = Barrier(2)

    def guess() -> str:
        start.wait(10)
        try:
            actions.count_tries(tries=[(LIMIT, SUBJECT)], real_now=REAL)
        except rules.TooManyAttempts:
            return "refused"
        else:
            return "passed"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return sorted(future.result() for future in [pool.submit(guess) for _ in range(2)])


@pytest.fixture
def four_tries_made(fresh_database):
    for _ in range(LIMIT.most - 1):
        actions.count_tries(tries=[(LIMIT, SUBJECT)], real_now=REAL)


@pytest.mark.usefixtures("four_tries_made")
class TestTwoGuessesAtTheLastAllowedTry:
    def test_take_turns(self):
        assert two_tries_at_once() == ["passed", "refused"]

    def test_would_both_pass_without_the_lock(self, monkeypatch):
        """Shows that the test above can fail at all."""
        both_looked = Barrier(2)

        def look(*, kind, subject, real_now):
            row = RateLimit.objects.get(kind=kind, subject=subject)
            both_looked.wait(10)
            return row

        monkeypatch.setattr(actions, "lock_window", look)

        assert two_tries_at_once() == ["passed", "passed"]
