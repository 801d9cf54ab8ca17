"""Terms of the rulebook and proposals to change it, in words: for the workplaces and the public pages."""

from collections.abc import Callable, Iterable
from typing import Any

from balabaqsha.law.models import Proposal
from balabaqsha.law.terms import CHOICES, OVERRIDABLE, Term, Unit, unit_of
from balabaqsha.locale import written
from balabaqsha.web.kit import texts

# Terms that stand once for each correction type.
_OF_TYPES = frozenset({"special.decided_by", "special.nursery_most", "special.preschool_most"})
SCHEDULES = ("bulletin.hour", "line.freeze", "line.group_year_from", "queue.renewal", "readiness.reminder")


def term_name(code: str) -> str:
    """What the term is about."""
    general, _, correction = code.rpartition(".")
    if general in _OF_TYPES:
        return f"{texts.say(f'rulebook.{general}')}: {texts.say(f'correction.{correction}')}"
    return texts.say(f"rulebook.{code}")


def term_value(value: int | str, unit: Unit, *, code: str = "") -> str:
    """The value of a term with its unit."""
    said = str(value)
    if code == "bulletin.hour":
        return f"{int(said):02d}:00"
    match unit:
        case Unit.PERIOD if ".." in said:
            return " – ".join(_day(one) for one in said.split(".."))
        case Unit.WORD | Unit.PERIOD:
            key = f"rulebook-value.{said}"
            return texts.say(key if texts.knows(key) else f"decider.{said}")
        case Unit.DAY_OF_YEAR:
            return _day(said)
        case Unit.RATIO:
            return said.replace(":", " : ")
    return f"{said} {texts.say(f'unit.{unit.value}')}"


def _day(month_and_day: str) -> str:
    month, day = month_and_day.split("-")
    return f"{day}.{month}"


def source_of(term: Term) -> str:
    """Source and paragraph of a term, and whether it is assumed."""
    said = ": ".join(part for part in (texts.source(term.source), term.paragraph) if part)
    # A source that says so itself needs no mark.
    return f"{said} ({texts.say('rules.assumed')})" if term.assumed and term.source != "assumed" else said


def term_rows(terms: Iterable[Term], *, url_of: Callable[[str], str] | None = None) -> list[dict[str, Any]]:
    """Rows of ui/table.html with name, value, first day, source; `url_of` a code, where a territory may change it."""
    return [{"cells": _term_cells(term, url_of)} for term in terms]


def _term_cells(term: Term, url_of: Callable[[str], str] | None) -> list[Any]:
    url = url_of(term.code) if url_of and term.code in OVERRIDABLE else ""
    name = term_name(term.code)
    return [
        {"text": name, "url": url} if url else name,
        term_value(term.value, term.unit, code=term.code),
        written.day(term.in_force_from),
        source_of(term),
    ]


def term_columns() -> list[dict[str, Any]]:
    """Their headings."""
    return [{"label": texts.say(f"rulebook-page.{key}")} for key in ("term", "value", "from", "source")]


def value_choices(code: str) -> list[tuple[str, str]]:
    """The words that a term may be set to, with what they say; none for a number."""
    unit = unit_of(code)
    return [(word, term_value(word, unit)) for word in CHOICES.get(code, ())]


def state_of(row: Proposal) -> str:
    """Where a proposal stands, in words."""
    if row.approved_at is not None:
        return texts.say("rules.was-approved", due=row.approved_at)
    if row.refused_at is not None:
        return texts.say("rules.was-refused", due=row.refused_at, reason=row.refused_because)
    return texts.say("rules.waits", due=row.proposed_at)


def history(rows: Iterable[tuple[Proposal, str]]) -> list[dict[str, Any]]:
    """Events of ui/timeline.html of proposals, each with what it says."""
    return [
        {
            "at": row.refused_at or row.approved_at or row.proposed_at,
            "title": said,
            "who": f"{state_of(row)}. {row.source}",
        }
        for row, said in rows
    ]
