"""Reading a file of the national classifier: the official columns, or those of the open data set. No Django."""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from balabaqsha.territories import kato
from balabaqsha.territories.changes import Entry

# One file of the whole country is 1.2 MB.
LARGEST_FILE = 50 * 1024 * 1024

_CODE = ("te", "kato")
_NAME_KK = ("name_kaz", "name_kk")
_NAME_RU = ("name_rus", "name_ru")
_KIND = ("k", "type_code")
_PARTS = {"ab": 2, "cd": 2, "ef": 2, "hij": 3}
_DELIMITERS = ";,\t"


@dataclass(frozen=True)
class RowError:
    """What is wrong with one row; `row` is the line of the file, counted from 1, None for the file as a whole."""

    row: int | None
    problem: str

    def __str__(self) -> str:
        return self.problem if self.row is None else f"row {self.row}: {self.problem}"


class Unreadable(Exception):
    """The file cannot be imported; `errors` say why, row by row."""

    def __init__(self, errors: list[RowError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = tuple(errors)


@dataclass(frozen=True)
class KatoFile:
    """The entries of a file and its SHA-256, by which the journal names it."""

    entries: tuple[Entry, ...]
    digest: str


class _Bad(Exception):
    """One row is wrong; the text says how."""


def read(path: Path) -> KatoFile:
    """Read a CSV file with commas, semicolons or tabs, in UTF-8 with or without a byte order mark.

    Raises Unreadable with every bad row, so that all can be corrected at once.
    """
    content = _content(path)
    entries, errors = [], []
    first_row_of: dict[str, int] = {}
    for row, cells in _rows(_text(content)):
        try:
            entry = _entry(row, cells)
            if entry.code in first_row_of:
                raise _Bad(f"code {entry.code} stands in row {first_row_of[entry.code]} already")
        except _Bad as bad:
            errors.append(RowError(row, str(bad)))
        else:
            first_row_of[entry.code] = row
            entries.append(entry)
    if not entries and not errors:
        errors.append(RowError(None, "the file has no rows below its header"))
    if errors:
        raise Unreadable(errors)
    return KatoFile(entries=tuple(entries), digest=hashlib.sha256(content).hexdigest())


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Unreadable([RowError(None, f"the file is larger than {LARGEST_FILE // 2**20} MB")])
        return path.read_bytes()
    except OSError as error:
        raise Unreadable([RowError(None, f"cannot read {path}: {error.strerror}")]) from None


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise Unreadable([RowError(row, "the text is not UTF-8; save the table as CSV UTF-8")]) from None
    if "\0" in text:
        raise Unreadable([RowError(None, "this is no text file; save the table as CSV UTF-8")])
    return text


def _rows(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Each row below the header with its line number and its cells by column name."""
    header_line = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=header_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        _refuse_header(header)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                # Cells that are lacking are empty: the row's own check then names the column.
                padded = [*cells, *[""] * (len(header) - len(cells))]
                yield reader.line_num, dict(zip(header, padded, strict=False))
    except csv.Error as error:
        raise Unreadable([RowError(reader.line_num, str(error))]) from None


def _refuse_header(header: list[str]) -> None:
    wanted = {"/".join(names): names for names in (_CODE, _NAME_KK, _NAME_RU)}
    lacking = [shown for shown, names in wanted.items() if not set(names) & set(header)]
    if lacking:
        raise Unreadable([RowError(1, f"the header lacks the columns {', '.join(lacking)}")])


def _entry(row: int, cells: Mapping[str, str]) -> Entry:
    code = _code(cells)
    name_kk, name_ru = _cell(cells, _NAME_KK), _cell(cells, _NAME_RU)
    if not name_kk and not name_ru:
        raise _Bad(f"code {code} has no name")
    kind = _cell(cells, _KIND)
    if kind and not (kind.isascii() and kind.isdigit() and int(kind) <= 9):  # noqa: PLR2004 - one digit
        raise _Bad(f"the sign of the kind must be one digit, not {kind!r}")
    return Entry(
        row=row, code=code, name_kk=name_kk or name_ru, name_ru=name_ru or name_kk, kind=int(kind) if kind else None
    )


def _code(cells: Mapping[str, str]) -> str:
    code = _cell(cells, _CODE)
    if not kato.is_code(code):
        raise _Bad(f"the code must be nine digits, not {code!r}")
    start = 0
    for part, length in _PARTS.items():
        said = _cell(cells, (part,))
        # A spreadsheet writes 010 as 10.
        if said and said.zfill(length) != code[start : start + length]:
            raise _Bad(f"the code {code} and its part {part.upper()} {said!r} differ")
        start += length
    return code


def _cell(cells: Mapping[str, str], names: tuple[str, ...]) -> str:
    """The cell of the first of these columns that the file has, without stray blanks."""
    for name in names:
        if name in cells:
            return " ".join(cells[name].split())
    return ""
