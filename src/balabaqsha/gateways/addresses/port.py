"""What the house asks the address register."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Address:
    """A street or a house: its code in the register, KATO of its settlement, its words, its point in degrees."""

    code: str
    territory_code: str
    text_kk: str
    text_ru: str
    latitude: float
    longitude: float


class AddressRegister(Protocol):
    """The port."""

    def search(self, text: str, *, within: str, most: int, now: datetime) -> tuple[Address, ...]:
        """Addresses of the territory (KATO) and below that the text may mean, the likeliest first, at most so many.

        The text may be the beginning of a street's name, a street with a house, or a whole registered address in Kazakh
        or Russian. Raises NotAnswering.
        """
