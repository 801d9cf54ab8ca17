"""Which cells of a sheet hold a formula that failed: the reader of sheets shows them as if they were empty."""

import re
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from lxml import etree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_CELL = re.compile(rb"<c [^<>]*?>")
_PLACE, _FAILED = re.compile(rb'\br="([A-Z]{1,3})(\d+)"'), re.compile(rb'\bt="e"')
_PIECE = 1 << 20
_LONGEST_TAG = 512


def of_sheet(path: Path, name: str) -> set[tuple[int, int]]:
    """Row and column, from 0, of each failed cell in the sheet of this name; none in formats that are no XLSX."""
    try:
        with ZipFile(path) as archive:
            part = _part(archive, name)
            return _scan(archive, part) if part else set()
    except (BadZipFile, KeyError, etree.XMLSyntaxError):
        return set()


def _part(archive: ZipFile, name: str) -> str | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    book = etree.fromstring(archive.read("xl/workbook.xml"), parser)
    links = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), parser)
    targets = {link.get("Id"): link.get("Target") for link in links}
    for sheet in book.iter(f"{_MAIN}sheet"):
        if sheet.get("name") == name:
            target = targets.get(sheet.get(f"{_OFFICE}id")) or ""
            return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return None


def _scan(archive: ZipFile, part: str) -> set[tuple[int, int]]:
    """Read the sheet in pieces; a tag that a piece cuts is seen whole with the next."""
    found, rest = set(), b""
    with archive.open(part) as sheet:
        while piece := sheet.read(_PIECE):
            text = rest + piece
            for tag in _CELL.findall(text):
                place = _PLACE.search(tag) if _FAILED.search(tag) else None
                if place:
                    found.add((int(place.group(2)) - 1, _column(place.group(1))))
            rest = text[-_LONGEST_TAG:]
    return found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1
