"""Reports as a workbook: every word is written as text, so that nothing in a name can act as a formula."""

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import xlsxwriter

from balabaqsha.insight.reports import work
from balabaqsha.insight.reports.asked import Asked
from balabaqsha.locale import written
from balabaqsha.territories import queries as territories
from balabaqsha.web.department.reports import vocabulary
from balabaqsha.web.department.reports.catalogue import Report
from balabaqsha.web.kit import texts

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WORD_WIDTH, _NUMBER_WIDTH = 36, 16
# Above the table: its name, its question, what it is of.
_HEAD = 5
Progress = Callable[[int], None]


def workbook(
    reports: Sequence[Report], asked: Asked, *, by_territory: bool, place: str, progress: Progress = lambda _: None
) -> bytes:
    """The reports as sheets of one workbook; with `by_territory` each is told territory by territory where it can be.

    `place` is the name of the territory; `progress` is told after each step of `steps`.
    """
    content, done = io.BytesIO(), 0
    parts = work.parts(asked.codes, top=asked.top) if by_territory else []
    names = territories.spoken_names(set(parts), texts.language())
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        for number, report in enumerate(reports, 1):
            sheet = _Sheet(book, report, number, asked, place=place, split=bool(parts) and report.split)
            if not sheet.split:
                sheet.add(vocabulary.in_words(report, report.rows(asked)))
                progress(done := done + 1)
            for part in parts if sheet.split else ():
                rows = report.rows(_of_part(asked, part))
                sheet.add([[names.get(part, part), *row] for row in vocabulary.in_words(report, rows)])
                progress(done := done + 1)
    return content.getvalue()


def steps(reports: Sequence[Report], asked: Asked, *, by_territory: bool) -> int:
    """How many steps `workbook` has. Two queries."""
    parts = len(work.parts(asked.codes, top=asked.top)) if by_territory else 0
    return sum(parts if parts and report.split else 1 for report in reports)


def _of_part(asked: Asked, part: str) -> Asked:
    if part == asked.top:
        # What is of the territory itself and of nothing below it.
        return replace(asked, codes=(part,))
    within = tuple(territories.subtree(part).values_list("code", flat=True))
    return replace(asked, codes=within, top=part)


class _Sheet:
    """One report in the workbook, written from its first row down."""

    def __init__(
        self, book: xlsxwriter.Workbook, report: Report, number: int, asked: Asked, *, place: str, split: bool
    ) -> None:
        self.split, self._line = split, _HEAD
        self._day = book.add_format({"num_format": "dd.mm.yyyy"})
        bold = book.add_format({"bold": True})
        # The names of sheets are short: the number of the report, its name stands in the first row.
        self._sheet = book.add_worksheet(str(number))
        columns = vocabulary.headings(report)
        head = [texts.say("report-column.territory"), *columns] if split else columns
        words = [*([True] if split else []), *(bool(column.words) for column in report.columns)]
        for column, (text, is_word) in enumerate(zip(head, words, strict=True)):
            self._sheet.set_column(column, column, _WORD_WIDTH if is_word else _NUMBER_WIDTH)
            self._sheet.write_string(_HEAD - 1, column, text, bold)
        self._sheet.write_string(0, 0, texts.say(f"report.{report.key}"), bold)
        self._sheet.write_string(1, 0, texts.say(f"report.{report.key}-question"))
        self._sheet.write_string(2, 0, describe(report, asked, place=place))
        self._sheet.freeze_panes(_HEAD, 0)

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Write further rows."""
        for row in rows:
            for column, value in enumerate(row):
                self._write(column, value)
            self._line += 1

    def _write(self, column: int, value: Any) -> None:
        if isinstance(value, date):
            self._sheet.write_datetime(self._line, column, value, self._day)
        elif isinstance(value, str):
            self._sheet.write_string(self._line, column, value)
        else:
            self._sheet.write_number(self._line, column, value)


def describe(report: Report, asked: Asked, *, place: str) -> str:
    """Of which territory, period, regime and birth year the numbers are, in one line."""
    said = [place]
    if report.of_now:
        said.append(texts.say("report.as-of", when=written.moment(asked.now)))
    else:
        said.append(f"{written.day(asked.since)} – {written.day(asked.until)}")
    if "regime" in report.filters and asked.regime:
        said.append(texts.say(f"regime.{asked.regime}"))
    if "birth_year" in report.filters and asked.birth_year is not None:
        said.append(texts.say("report.born", year=asked.birth_year))
    return "; ".join(said)
