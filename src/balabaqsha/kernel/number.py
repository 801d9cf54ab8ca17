"""Numbers that people copy by hand: a sequence with a Damm check digit."""

# The totally anti-symmetric quasigroup of order ten given by H. M. Damm (2004).
_TABLE = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


def _interim(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = int(_TABLE[interim][int(digit)])
    return interim


def with_check_digit(sequence: int) -> str:
    """The number that people see for this member of the sequence."""
    return f"{sequence}{_interim(str(sequence))}"


def is_valid(number: str) -> bool:
    """Whether the last digit fits the others: finds any one wrong digit and any two swapped neighbours."""
    return number.isascii() and number.isdigit() and len(number) > 1 and _interim(number) == 0
