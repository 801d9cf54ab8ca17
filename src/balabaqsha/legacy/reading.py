"""Reads a list as rows of cells, whatever program wrote it: CSV in several encodings, XLSX, XLS and ODS.

A cell is text, a number, a day or a moment as the program kept it; what hides behind it (a cell merged into another, a
formula that failed) is told by its own mark, for the report of the row.
"""

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import python_calamine

from balabaqsha.kernel.refusal import Refusal
from balabaqsha.legacy import columns, failed_cells

Cell = str | float | int | bool | date | datetime | None
MERGED = "\u2e28merged\u2e29"
FAILED = frozenset(
    {"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#Н/Д", "#ССЫЛКА!", "#ИМЯ?", "#ЗНАЧ!"}
)
FAILED_CELL = "#N/A"
# Titles, dates and stamps may stand above the headings.
_HEADING_WITHIN = 20
_DELIMITERS = ";,\t|"
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_PIECE = 1 << 20
_UNFOLDED_BYTES = 2 << 30


class ListUnreadable(Refusal, code="legacy-unreadable"):
    """The file is no table that can be read; facts: why (a key `legacy.unreadable.<why>`)."""


@dataclass(frozen=True)
class Table:
    """A list: the texts of its headings, and its rows, each with its number in the file, from 1."""

    headings: list[str]
    rows: Iterator[tuple[int, list[Cell]]]


def read(path: Path, *, is_heading: Callable[[Sequence[str]], bool] = columns.is_heading) -> Table:
    """The list in this file; `is_heading` knows the row of headings. Raises ListUnreadable, also while rows are read."""
    with path.open("rb") as file:
        start = file.read(8)
    if not start:
        raise ListUnreadable(why="empty")
    rows = _sheet(path) if start.startswith((_ZIP, _OLE)) else _csv(path)
    head = list(islice(rows, _HEADING_WITHIN))
    if not head:
        raise ListUnreadable(why="empty")
    texts = [[text(cell) for cell in cells] for _, cells in head]
    # Where no row has known headings the first is taken for them: the department says which column is which.
    place = next((place for place, row in enumerate(texts) if is_heading(row)), 0)
    return Table(headings=texts[place], rows=chain(head[place + 1 :], rows))


def text(cell: Cell) -> str:
    """A cell as text: a whole number without a point, nothing for an empty one."""
    if cell is None or cell == MERGED:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _csv(path: Path) -> Iterator[tuple[int, list[Cell]]]:
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        sample = file.read(1 << 16)
        file.seek(0)
        reader = csv.reader(file, delimiter=_delimiter(sample))
        try:
            for cells in reader:
                if any(cells):
                    yield reader.line_num, list(cells)
        except csv.Error as error:
            raise ListUnreadable(why="broken-csv") from error


def _encoding(path: Path) -> str:
    """UTF-8 where all of the file is that, else the one-byte letters of Windows in Kazakhstan; UTF-16 by its mark."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        file.seek(0)
        utf8 = True
        while piece := file.read(_PIECE):
            if b"\x00" in piece:
                raise ListUnreadable(why="not-a-table")
            if utf8:
                try:
                    decoder.decode(piece)
                except UnicodeDecodeError:
                    utf8 = False
    # KZ-1048 is cp1251 with the Kazakh letters in the places of Serbian and Macedonian ones.
    return "utf-8-sig" if utf8 else "kz1048"


def _delimiter(sample: str) -> str:
    line = next((line for line in sample.splitlines() if any(sign in line for sign in _DELIMITERS)), "")
    return max(_DELIMITERS, key=line.count) if line else ";"


def _sheet(path: Path) -> Iterator[tuple[int, list[Cell]]]:
    _refuse_bomb(path)
    try:
        book = python_calamine.load_workbook(str(path))
    except python_calamine.PasswordError:
        raise ListUnreadable(why="password") from None
    except (python_calamine.CalamineError, OSError, ValueError):
        raise ListUnreadable(why="not-a-table") from None
    sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    filled = next((sheet for sheet in sheets if sheet.height), None)
    if filled is None:
        raise ListUnreadable(why="empty")
    return _rows_of(filled, failed_cells.of_sheet(path, filled.name))


def _refuse_bomb(path: Path) -> None:
    """A small archive that unfolds beyond every list of a country is none."""
    try:
        with ZipFile(path) as archive:
            unfolded = sum(part.file_size for part in archive.infolist())
    except (BadZipFile, OSError):
        # The older format is no archive; whether it can be read at all is for the reader to say.
        return
    if unfolded > _UNFOLDED_BYTES:
        raise ListUnreadable(why="too-big")


def _rows_of(sheet: python_calamine.CalamineSheet, failed: set[tuple[int, int]]) -> Iterator[tuple[int, list[Cell]]]:
    top, left = sheet.start or (0, 0)
    inside = _merged(sheet, left)
    for number, cells in enumerate(sheet.iter_rows(), start=top + 1):
        found: list[Cell] = [None if cell == "" else cell for cell in cells]
        for place in inside(number - 1):
            if place < len(found):
                found[place] = MERGED
        for place in range(len(found)) if failed else ():
            if (number - 1, left + place) in failed:
                found[place] = FAILED_CELL
        if any(cell is not None for cell in found):
            yield number, found


def _merged(sheet: python_calamine.CalamineSheet, left: int) -> Callable[[int], list[int]]:
    """Which cells of a row (from 0) are hidden by a merged one: all of a range but its first."""
    hidden: dict[int, list[int]] = {}
    end_row, end_column = sheet.end or (0, 0)
    for (top, first), (bottom, last) in sheet.merged_cell_ranges or []:
        for row in range(top, min(bottom, end_row) + 1):
            hidden.setdefault(row, []).extend(
                column - left for column in range(first, min(last, end_column) + 1) if (row, column) != (top, first)
            )
    return lambda row: hidden.get(row, [])
