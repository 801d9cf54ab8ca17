"""Siblings who are served together, or passed over together (rules, section 3)."""

from functools import cached_property

from balabaqsha.applications.models import Application
from balabaqsha.line import linear
from balabaqsha.line.linear import LineKey, Next
from balabaqsha.referrals import queries as referrals

_PAIR = 2


class Siblings:
    """The pairs of one line while its turns are given: who has been served, and for whom there is room.

    A pair is served only when one kindergarten has free places for both; until then both are passed over.
    """

    def __init__(self, key: LineKey, *, any_wish: bool) -> None:
        self._key = key
        self._any_wish = any_wish
        self._served: set[int] = set()

    @cached_property
    def _pairs(self) -> dict[int, Application]:
        return referrals.siblings_in(self._key) if self._any_wish else {}

    @cached_property
    def _room(self) -> int:
        """The most free places that one state kindergarten has."""
        return linear.most_free_in_one_kindergarten(self._key)

    def may_be_served(self, application: Next, *, places: int) -> bool:
        """Whether a turn can be given to this application, while so many places are left."""
        if application.id in self._served:
            return False
        sibling = self._pairs.get(application.id)
        if sibling is None:
            return True
        return places >= _PAIR and sibling.passed_over_until is None and self._room >= _PAIR

    def with_sibling(self, application: Next) -> list[Next | Application]:
        """The application, and the sibling that is served with it."""
        sibling = self._pairs.get(application.id)
        found: list[Next | Application] = [application] if sibling is None else [application, sibling]
        self._served |= {one.id for one in found}
        return found
