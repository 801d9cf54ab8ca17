"""Notices and answers as pages print them: the plain writing becomes markup here and nowhere else, everything else is text."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from balabaqsha.law import queries as law
from balabaqsha.law.terms import Rulebook, Term, Unit
from balabaqsha.notices import queries, rules
from balabaqsha.notices.models import Notice, Question
from balabaqsha.web.kit import texts

_COUNTED = {
    Unit.WORKING_DAYS: "count.working-day",
    Unit.CALENDAR_DAYS: "count.calendar-day",
    Unit.HOURS: "count.hour",
    Unit.MINUTES: "count.minute",
    Unit.MONTHS: "count.month",
    Unit.YEARS: "count.year",
}


@dataclass(frozen=True)
class Shown:
    """A notice or a question as a page prints it; `language` is that of its words, which may be another than the page's."""

    title: str
    html: SafeString
    language: str
    notice: Notice | None = None


def in_language(row: Any, name: str) -> tuple[str, str]:
    """A text of the row in the language in force and the language it is in: Kazakh where nobody wrote it in this one."""
    language = texts.language()
    found = getattr(row, f"{name}_{language}")
    return (found, language) if found else (getattr(row, f"{name}_kk"), "kk")


def notice(row: Notice, rulebook: Rulebook, *, on: date) -> Shown:
    """A notice with the terms that it names as they are in force on the day."""
    title, language = in_language(row, "title")
    text, _ = in_language(row, "text")
    return Shown(title, html(text, rulebook, on=on), language, row)


def answer(row: Question, rulebook: Rulebook, *, on: date) -> Shown:
    """A question with its answer."""
    title, language = in_language(row, "question")
    text, _ = in_language(row, "answer")
    return Shown(title, html(text, rulebook, on=on), language)


def announcements(codes: Iterable[str], *, on: date) -> list[Shown]:
    """What the families of these territories are told on the day. Two queries, one more where a term may be named."""
    known = list(codes)
    return shown(queries.announcements(known, on=on), known[0], on=on)


def shown(rows: list[Notice], code: str, *, on: date) -> list[Shown]:
    """Notices as pages print them, with the terms of the territory of this code. One query where there is any notice."""
    rulebook = law.rulebook(code) if rows else Rulebook()
    return [notice(row, rulebook, on=on) for row in rows]


def html(text: str, rulebook: Rulebook, *, on: date) -> SafeString:
    """The text as paragraphs and lists; whatever is no link of the portal and no term is escaped."""
    return format_html_join("\n", "{}", ((_block(one, rulebook, on),) for one in rules.blocks(text)))


def _block(block: rules.Block, rulebook: Rulebook, on: date) -> SafeString:
    lines = [format_html_join("", "{}", ((_part(part, rulebook, on),) for part in line)) for line in block.lines]
    if block.bullets:
        points = format_html_join("", "<li>{}</li>", ((line,) for line in lines))
        return format_html('<ul class="stack" data-gap="s" data-marks>{}</ul>', points)
    return format_html("<p>{}</p>", format_html_join(SafeString("<br>"), "{}", ((line,) for line in lines)))


def _part(part: rules.Part, rulebook: Rulebook, on: date) -> str:
    if isinstance(part, rules.Link):
        prefix = "" if texts.language() == "kk" else f"/{texts.language()}"
        return format_html('<a href="{}{}">{}</a>', prefix, part.page, part.words)
    return value(rulebook.term(part.term, on=on)) if isinstance(part, rules.Blank) else part


def value(term: Term) -> str:
    """The value of a term in words: "5 жұмыс күні"."""
    said = str(term.value)
    if term.unit in _COUNTED:
        return texts.say_count(_COUNTED[term.unit], int(term.value))
    if term.unit in {Unit.WORD, Unit.PERIOD, Unit.DAY_OF_YEAR} and texts.knows(f"rulebook-value.{said}"):
        return texts.say(f"rulebook-value.{said}")
    if term.unit in {Unit.PERIOD, Unit.DAY_OF_YEAR}:
        return " – ".join(_day(part) for part in said.split(".."))
    return said if term.unit is Unit.COUNT else f"{said} {texts.say(f'unit.{term.unit.value}')}"


def _day(month_and_day: str) -> str:
    month, day = month_and_day.split("-")
    return f"{day}.{month}"
