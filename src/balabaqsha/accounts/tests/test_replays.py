"""Two at once with the same proof: a code of the application, an answer to a challenge. Each race has its twin."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import QuerySet

from balabaqsha.accounts.eds import actions as challenges
from balabaqsha.accounts.factors import actions as factors
from balabaqsha.accounts.factors import totp
from balabaqsha.accounts.models import Challenge, SecondFactor
from balabaqsha.accounts.tests.doors import REAL, account_of
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.people.tests.family import NOW

SECRET = b"12345678901234567890"


def at_once(act: Callable[[], object]) -> list[str]:
    """What becomes of the same act in two threads."""
    start = Barrier(2)

    def one() -> str:
        start.wait(10)
        try:
            act()
        except Refusal:
            return "refused"
        else:
            return "passed"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return sorted(future.result() for future in [pool.submit(one) for _ in range(2)])


class TestTheSameCodeOfAnApplication:
    @pytest.fixture
    def take(self, fresh_database) -> Callable[[], None]:
        account_id, earlier = account_of(), REAL - timedelta(hours=1)
        typed = totp.code(SECRET, totp.step_at(earlier))
        factors.set_factor(account_id=account_id, secret=SECRET, typed=typed, now=NOW, real_now=earlier)
        now = totp.code(SECRET, totp.step_at(REAL))
        return lambda: factors.take(account_id=account_id, typed=now, address="10.0.0.1", now=NOW, real_now=REAL)

    def test_lets_one_of_two_in(self, take):
        assert at_once(take) == ["passed", "refused"]

    def test_would_let_both_in_without_the_lock(self, take, monkeypatch):
        """Shows that the test above can fail at all: both look before either writes."""
        both_looked, first = Barrier(2), QuerySet.first

        def look(rows):
            found = first(rows)
            if rows.model is SecondFactor:
                both_looked.wait(10)
            return found

        lock = QuerySet.select_for_update
        monkeypatch.setattr(QuerySet, "first", look)
        monkeypatch.setattr(
            QuerySet,
            "select_for_update",
            lambda rows, *given, **named: rows if rows.model is SecondFactor else lock(rows, *given, **named),
        )

        assert at_once(take) == ["passed", "passed"]


class TestTheSameAnswerToAChallenge:
    @pytest.fixture
    def made(self, fresh_database) -> Challenge:
        return challenges.make_challenge(session_key="s", audience="a", real_now=REAL)

    def test_is_looked_at_once_of_two(self, made):
        burnt = at_once(lambda: challenges.burn_challenge(challenge_id=made.id, session_key="s", real_now=REAL))

        assert burnt == ["passed", "refused"]

    def test_would_be_looked_at_twice_if_it_were_looked_up_before_it_is_used_up(self, made):
        both_looked = Barrier(2)

        def look_then_use() -> None:
            if Challenge.objects.get(pk=made.id).used_at is not None:
                raise challenges.ChallengeSpent
            both_looked.wait(10)
            Challenge.objects.filter(pk=made.id).update(used_at=REAL)

        assert at_once(look_then_use) == ["passed", "passed"]
