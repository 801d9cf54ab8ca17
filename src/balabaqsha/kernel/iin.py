"""The individual identification number: its check digit, birth date and sex."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_FIRST_WEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
_SECOND_WEIGHTS = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)


class Sex(StrEnum):
    MALE = "MALE"
    FEMALE = "FEMALE"


class WrongIin(ValueError):
    """The text is no IIN; `reason` is one of: length, digits, century, date, check-digit, never-issued."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Iin:
    """A valid IIN. Make one with `Iin.parse`."""

    text: str
    born_on: date
    sex: Sex

    @classmethod
    def parse(cls, text: str) -> "Iin":
        """Read twelve digits; raises WrongIin with the reason. Source: rules, section 11."""
        if len(text) != 12:  # noqa: PLR2004 - the length of an IIN
            raise WrongIin("length")
        if not (text.isascii() and text.isdigit()):
            raise WrongIin("digits")
        century_and_sex = int(text[6])
        if not 1 <= century_and_sex <= 6:  # noqa: PLR2004 - 1..6 name three centuries and two sexes
            raise WrongIin("century")
        year = 1800 + 100 * ((century_and_sex - 1) // 2) + int(text[:2])
        try:
            born_on = date(year, int(text[2:4]), int(text[4:6]))
        except ValueError:
            raise WrongIin("date") from None
        expected = check_digit(text[:11])
        if expected is None:
            raise WrongIin("never-issued")
        if expected != int(text[11]):
            raise WrongIin("check-digit")
        return cls(text=text, born_on=born_on, sex=Sex.MALE if century_and_sex % 2 else Sex.FEMALE)


def check_digit(first_eleven: str) -> int | None:
    """The twelfth digit, or None where the number is never issued."""
    digits = [int(character) for character in first_eleven]
    for weights in (_FIRST_WEIGHTS, _SECOND_WEIGHTS):
        remainder = sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11
        if remainder < 10:  # noqa: PLR2004 - ten has no digit: the second weights decide
            return remainder
    return None


def make(*, born_on: date, sex: Sex, serial: int) -> Iin | None:
    """The made-up IIN of this birth date, sex and serial (0-9999), or None where it would never be issued."""
    century = (born_on.year - 1800) // 100 * 2 + (1 if sex is Sex.MALE else 2)
    first_eleven = f"{born_on:%y%m%d}{century}{serial:04d}"
    digit = check_digit(first_eleven)
    return None if digit is None else Iin.parse(f"{first_eleven}{digit}")
