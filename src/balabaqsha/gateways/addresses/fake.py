"""An address register in memory that keeps the port's promises. For tests of those who ask."""

from datetime import datetime

from balabaqsha.gateways.addresses.port import Address
from balabaqsha.gateways.port import NotAnswering, Reason, System

ESTAI_101 = Address(
    "551010000-1-101", "551010000", "Павлодар қаласы, Естай, 101", "город Павлодар, Естая, 101", 52.27, 76.99
)


class InMemoryAddresses:
    """Knows these addresses; silent while `silent` is set. `asked` keeps the questions."""

    def __init__(self, *known: Address) -> None:
        self._known = known or (ESTAI_101,)
        self.silent = False
        self.asked: list[str] = []

    def search(self, text: str, *, within: str, most: int, now: datetime) -> tuple[Address, ...]:  # noqa: ARG002 - the port's shape
        """See the port."""
        self.asked.append(text)
        if self.silent:
            raise NotAnswering(system=System.ADDRESSES.value, reason=Reason.TIME_OUT.value)
        words = text.casefold().replace(",", " ").split()
        level = within.rstrip("0")
        found = [
            one
            for one in self._known
            if one.territory_code.startswith(level)
            and words
            and (_begins(words, one.text_kk) or _begins(words, one.text_ru))
        ]
        return tuple(found[:most])


def _begins(words: list[str], text: str) -> bool:
    """Whether every word of the address begins one of the question, or the other way about."""
    own = text.casefold().replace(",", " ").split()
    return all(any(one.startswith(word) for one in own) for word in words) or all(one in words for one in own)
