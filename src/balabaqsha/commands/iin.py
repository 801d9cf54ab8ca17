"""`balabaqsha iin NUMBER`: whether an IIN is valid, and the birth date and sex that it holds."""

from balabaqsha.commands.starting import NO
from balabaqsha.kernel.iin import Iin, WrongIin

_REASONS = {
    "length": "it must have twelve digits",
    "digits": "it must consist of digits only",
    "century": "its seventh digit must be 1 to 6",
    "date": "its first six digits are not a date",
    "check-digit": "its last digit does not fit the others",
    "never-issued": "such a number is never issued: no check digit fits it",
}


def run(number: str) -> int:
    """Print what the number holds; status 1 with the reason where it is not valid."""
    try:
        found = Iin.parse(number)
    except WrongIin as wrong:
        print(f"not valid: {_REASONS[wrong.reason]}")
        return NO
    print(f"valid, born {found.born_on.isoformat()}, {found.sex.value.lower()}")
    return 0
