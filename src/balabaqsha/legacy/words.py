"""What a list has to say for itself, in words: its faults by row, and the comparison of places. For pages and commands."""

from collections.abc import Iterator, Sequence

from balabaqsha.kernel.refusal import Refusal
from balabaqsha.legacy import queries
from balabaqsha.legacy.comparing import Cause
from balabaqsha.legacy.models import LegacyList
from balabaqsha.locale import texts

# Moves up the line are said as numbers of places too: the direction is in the words.
_REPORT = ("row", "number", "faults")
_COMPARISON = ("number", "new-number", "before", "after", "difference", "causes")


def fault(language: str, found: Sequence[str]) -> str:
    """One fault: where, what, and what was written there."""
    code, field, *written = found
    said = texts.say_in(language, f"legacy.fault.{code}", written=written[0] if written else "")
    return f"{texts.say_in(language, f'legacy.field.{field}')}: {said}"


def kind(language: str, code: str, field: str) -> str:
    """A kind of fault, without what was written in any row."""
    return fault(language, [code, field]).rstrip(" :№")


def refused(language: str, refusal: Refusal) -> str:
    """Why a list cannot be taken at all."""
    facts = dict(refusal.facts)
    if "why" in facts:
        return texts.say_in(language, f"legacy.unreadable.{facts['why']}")
    if "fields" in facts:
        named = (texts.say_in(language, f"legacy.field.{field}") for field in facts["fields"])
        facts["fields"] = ", ".join(named)
    if "regime" in facts and facts["regime"] is None:
        facts["regime"] = texts.say_in(language, "regime.NONE")
    return texts.say_in(language, f"refusal.{refusal.detail}", **facts)


def cause(language: str, code: str, moved: int) -> str:
    """One cause of a different place, with how many places it made."""
    return texts.say_in(language, f"legacy.cause.{Cause(code).value}", n=f"{moved:+d}")


def report_head(language: str) -> list[str]:
    """The headings of the report by row."""
    return [texts.say_in(language, f"legacy.report.{name}") for name in _REPORT]


def report(language: str, found: LegacyList) -> Iterator[list[object]]:
    """Every row left out with all its faults, in the order of the file."""
    for row in queries.faulty(found):
        yield [row.row, row.number, "; ".join(fault(language, one) for one in row.faults)]


def comparison_head(language: str) -> list[str]:
    """The headings of the comparison."""
    return [texts.say_in(language, f"legacy.comparison.{name}") for name in _COMPARISON]


def comparison(language: str, found: LegacyList) -> Iterator[list[object]]:
    """Every application carried over with both places and every cause of the difference, in the order of the file."""
    for one in queries.compared(found):
        both = one.before is not None and one.after is not None
        yield [
            one.earlier_number,
            one.number,
            "" if one.before is None else one.before,
            "" if one.after is None else one.after,
            one.after - one.before if both and one.after is not None and one.before is not None else "",
            "; ".join(cause(language, code, moved) for code, moved in one.causes),
        ]
