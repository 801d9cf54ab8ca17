"""Revocation lists in memory that keep the port's promises. For tests of those who fetch."""

from collections.abc import Mapping

from balabaqsha.gateways.port import NotAnswering, Reason, System


class InMemoryRevocation:
    """Has these lists by address; silent for every other address."""

    def __init__(self, lists: Mapping[str, bytes] | None = None) -> None:
        self.lists = dict(lists or {})

    def fetch(self, address: str) -> bytes:
        """See the port."""
        if address not in self.lists:
            raise NotAnswering(system=System.REVOCATION.value, reason=Reason.UNREACHABLE.value)
        return self.lists[address]
