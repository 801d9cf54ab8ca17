"""What is made once for all who ask within a second."""

import pytest
from django.utils import translation

from balabaqsha.web.kit import recent


@pytest.fixture
def made(monkeypatch) -> list[str]:
    monkeypatch.setattr(recent, "_made", {})
    return []


def ask(made: list[str], *key: str) -> int:
    def make() -> int:
        made.append("once more")
        return len(made)

    return recent.shared(make, *key)


class TestShared:
    def test_is_made_anew_for_everybody_while_the_portal_is_quiet(self, made):
        assert [ask(made, "home"), ask(made, "home")] == [1, 2]

    def test_is_made_once_while_it_is_busy(self, made):
        with recent.busy(True):
            assert [ask(made, "home"), ask(made, "home")] == [1, 1]

    def test_is_never_older_than_a_second(self, made, monkeypatch):
        with recent.busy(True):
            ask(made, "home")
            at, value = recent._made[next(iter(recent._made))]
            recent._made[next(iter(recent._made))] = at - 1.0, value

            assert ask(made, "home") == 2

    def test_differs_by_key_and_language(self, made):
        with recent.busy(True):
            ask(made, "home", "551000000")
            with translation.override("ru"):
                ask(made, "home", "551000000")
            ask(made, "home", "552200000")

        assert len(made) == 3

    def test_keeps_no_more_than_it_should(self, made):
        with recent.busy(True):
            for number in range(recent._AT_MOST + 50):
                ask(made, str(number))

        assert len(recent._made) <= recent._AT_MOST

    def test_is_quiet_again_after_the_request(self, made):
        with recent.busy(True):
            ask(made, "home")

        assert ask(made, "home") == 2
