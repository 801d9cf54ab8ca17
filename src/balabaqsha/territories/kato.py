"""Codes of the national classifier of territories (KATO). No Django.

Nine digits: AB region, CD district, EF sub-district, HIJ settlement.
"""

from collections.abc import Container
from enum import StrEnum

LENGTH = 9


class Level(StrEnum):
    """Levels of the classifier; label keys `territory-level.REGION` and so on."""

    REGION = "REGION"
    DISTRICT = "DISTRICT"
    SUB_DISTRICT = "SUB_DISTRICT"
    SETTLEMENT = "SETTLEMENT"


def is_code(text: str) -> bool:
    """Whether the text is nine digits whose first two name a region."""
    return len(text) == LENGTH and text.isascii() and text.isdigit() and not text.startswith("00")


def level(code: str) -> Level:
    """The level that the parts of the code say."""
    if code[6:] != "000":
        return Level.SETTLEMENT
    if code[4:6] != "00":
        return Level.SUB_DISTRICT
    return Level.DISTRICT if code[2:4] != "00" else Level.REGION


def above(code: str) -> tuple[str, ...]:
    """Codes that may be ancestors of this one, nearest first: the right-hand parts made zero one after another.

    A part of a settlement (551047103) lies under it (551047100), which the last two digits tell.
    """
    candidates = (code[:7] + "00", code[:6] + "000", code[:4] + "00000", code[:2] + "0000000")
    return tuple(dict.fromkeys(candidate for candidate in candidates if candidate != code))


def parent(code: str, known: Container[str]) -> str | None:
    """The nearest ancestor that is known, or None for a region (and for a code with nothing above it)."""
    return next((candidate for candidate in above(code) if candidate in known), None)
