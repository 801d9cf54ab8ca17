"""What a kindergarten of the register must be. Pure."""

from balabaqsha.kernel.iin import check_digit
from balabaqsha.kernel.refusal import Refusal

BIN_DIGITS = 12
MOST_PHOTOS = 10
# Fifth digit of a BIN: a legal person, its branch, a joint enterprise.
_KINDS = "456"
_MONTHS = 12


class WrongBin(Refusal, code="wrong-bin"):
    """The text is no BIN: twelve digits, of which the last is a check digit."""


def parse_bin(text: str) -> str:
    """The digits of a BIN as people write it; raises WrongBin. Its check digit is counted as that of an IIN."""
    digits = "".join(text.split())
    if len(digits) != BIN_DIGITS or not (digits.isascii() and digits.isdigit()):
        raise WrongBin
    if not 1 <= int(digits[2:4]) <= _MONTHS or digits[4] not in _KINDS:
        raise WrongBin
    if check_digit(digits[:11]) != int(digits[11]):
        raise WrongBin
    return digits


def code_of(bin_: str) -> str:
    """What stands in the public address of a kindergarten entered by the register."""
    return f"bin-{bin_}"
