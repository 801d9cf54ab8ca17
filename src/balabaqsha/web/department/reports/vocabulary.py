"""Words for the codes of reports, in the language in force; names are read for all rows of a report at once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from balabaqsha.accounts import queries as accounts
from balabaqsha.insight.reports.asked import Row
from balabaqsha.kindergartens.models import Kindergarten
from balabaqsha.locale import written
from balabaqsha.territories import queries as territories
from balabaqsha.web.department.reports.catalogue import Report
from balabaqsha.web.kit import texts, years

_EVENTS = ("report-act", "event", "public-act")
Names = Mapping[Any, str]


def in_words(report: Report, rows: Sequence[Row]) -> list[list[Any]]:
    """The rows with words instead of codes; numbers and days stay what they are. A query for each vocabulary of names."""
    say = [_sayer(column.words, {row[place] for row in rows}) for place, column in enumerate(report.columns)]
    return [[words(value) if words else value for words, value in zip(say, row, strict=True)] for row in rows]


def headings(report: Report) -> list[str]:
    """The headings of the columns."""
    return [texts.say(f"report-column.{column.name}") for column in report.columns]


def written_cell(value: Any) -> str:
    """A cell as a page prints it."""
    if isinstance(value, date):
        return written.day(value)
    return value if isinstance(value, str) else written.number(value, texts.language())


def _sayer(words: str, values: set[Any]) -> Callable[[Any], str] | None:
    if not words:
        return None
    if words in NAMED:
        names = NAMED[words](values)
        return lambda value: names.get(value, str(value))
    return WORDS[words]


def _territories(values: set[Any]) -> Names:
    return territories.spoken_names(values, texts.language())


def _kindergartens(values: set[Any]) -> Names:
    russian = texts.language() == "ru"
    rows = Kindergarten.objects.filter(id__in=values)
    return {row.id: row.name_ru if russian else row.name_kk for row in rows}


def _event(act: str) -> str:
    key = next((f"{name}.{act}" for name in _EVENTS if texts.knows(f"{name}.{act}")), "report-act.other")
    # A few of the sentences name a thing of the case; here they stand for many cases.
    return texts.unfilled(key).partition(":")[0]


NAMED: dict[str, Callable[[set[Any]], Names]] = {
    "territory": _territories,
    "kindergarten": _kindergartens,
    "officer": accounts.names_of,
}
WORDS: dict[str, Callable[[Any], str]] = {
    "category": lambda number: texts.say("report.category", n=number),
    "year": str,
    "school-year": years.said,
    "age": lambda age: texts.say_count("count.age", age),
    "language": lambda code: texts.say(f"queue.language.{code}") if code else texts.say("stats.any-language"),
    "term": lambda code: texts.say(f"rulebook.{code}"),
    "event": _event,
    "state": lambda state: texts.say(f"report-state.{state}") if state else "–",
    "benefit": lambda code: texts.say(f"benefit.{code}"),
    "source": lambda code: texts.say(f"report-source.{code}"),
    "topic": lambda code: texts.say(f"feedback.topic.{code}"),
    "month": lambda month: f"{month:%m.%Y}",
}
