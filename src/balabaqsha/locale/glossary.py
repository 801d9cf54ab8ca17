"""Reads docs/glossary.md, which decides every text, and writes the three catalogues from it.

Run as ``python -m balabaqsha.locale.glossary`` after an edit of the glossary.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

LANGUAGES = ("kk", "ru", "en")
FOLDER = Path(__file__).resolve().parent
# The glossary belongs to the source tree and is not installed with the package.
GLOSSARY = FOLDER.parents[2] / "docs" / "glossary.md"

_QUOTED = re.compile(r"kk «(?P<kk>[^»]*(?:«[^»]*»[^»]*)*)» ru «(?P<ru>[^»]*(?:«[^»]*»[^»]*)*)» en “(?P<en>[^”]*)”")
_THINGS = {
    "voucher": "voucher-state",
    "referral": "referral-state",
    "contract": "contract-state",
    "place": "place-state",
    "waiting-list entry": "waiting-entry-state",
    "attendance sheet": "sheet-state",
}
_LISTS = {
    "5.1": "benefit",
    "5.2": "correction",
    "5.3": "paper",
    "5.4": "absence",
    "5.5": "refusal-ground",
    "5.6": "return",
    "5.7": "extension",
    "5.8": "leaving",
    "6.": "refusal",
    "4.3": "cause",
}
_SYSTEMS = ("population", "phones", "arkotek", "births", "medical")
# A date of making would change the files at every run; nobody translates here outside the glossary.
_UNUSED = ('"POT-', '"PO-', '"Report-', '"Last-', '"Language-Team')
_CHANNELS = {"SMS": "sms", "inbox": "inbox", "e-mail subject": "subject"}


@dataclass(frozen=True)
class Words:
    """One text in the three languages; the forms of a counted text (`count.…`) stand apart by " / "."""

    kk: str
    ru: str
    en: str

    def forms(self, language: str) -> tuple[str, ...]:
        """The plural forms of the text in this language, in the order of gettext."""
        return tuple(getattr(self, language).split(" / "))


class WrongGlossary(ValueError):
    """The glossary gives two texts for one key or lacks one."""


@dataclass(frozen=True)
class _Row:
    section: str
    heading: str
    cells: dict[str, str]


def read(path: Path = GLOSSARY) -> dict[str, Words]:
    """All texts of the glossary by key; raises WrongGlossary where a key has two texts."""
    markdown = path.read_text(encoding="utf-8")
    texts: dict[str, Words] = {}
    for key, words in _entries(markdown):
        if not (words.kk and words.ru and words.en):
            raise WrongGlossary(f"{key} is not complete")
        if texts.setdefault(key, words) != words:
            raise WrongGlossary(f"{key} has two texts")
    for key, more in _second_paragraphs(markdown):
        first = texts[key]
        texts[key] = Words(
            f"{first.kk}\n\n{more.kk}",
            f"{first.ru}\n\n{more.ru}",
            f"{first.en}\n\n{more.en}",
        )
    return texts


def write_catalogues(texts: dict[str, Words], folder: Path = FOLDER) -> None:
    """Write the three .po files, sorted by key; nothing else is kept in them."""
    for language in LANGUAGES:
        catalogue = Catalog(
            locale=language,
            project="balabaqsha",
            version="1",
            fuzzy=False,
            charset="utf-8",
        )
        catalogue.header_comment = "# Made from docs/glossary.md; edit that, never this."
        for key, words in texts.items():
            if key.startswith("count."):
                forms = words.forms(language)
                # Kazakh keeps the noun singular: one form fills every place of the catalogue.
                catalogue.add(
                    (key, key),
                    string=(forms * catalogue.num_plurals)[: catalogue.num_plurals],
                )
            else:
                catalogue.add(key, string=getattr(words, language))
        file = BytesIO()
        write_po(file, catalogue, width=0, sort_output=True, omit_header=False)
        lines = [line for line in file.getvalue().decode().splitlines() if not line.startswith(_UNUSED)]
        target = folder / language / "LC_MESSAGES" / "django.po"
        target.parent.mkdir(parents=True, exist_ok=True)
        # Written beside and moved: a reader never meets half a catalogue.
        beside = target.with_name(f".{target.name}.{os.getpid()}")
        beside.write_text("\n".join(lines) + "\n", encoding="utf-8")
        beside.replace(target)


def _entries(markdown: str) -> Iterator[tuple[str, Words]]:
    for row in _rows(markdown):
        yield from _from_row(row)
    yield from _from_prose(markdown)


def _rows(markdown: str) -> Iterator[_Row]:
    section = heading = ""
    columns: list[str] = []
    for line in markdown.splitlines():
        if line.startswith("#"):
            heading = line.lstrip("#").strip()
            section = heading.split(" ")[0] if heading[:1].isdigit() else section
            columns = []
        elif line.startswith("|"):
            cells = [_clean(cell) for cell in line.strip().strip("|").split("|")]
            if not columns:
                columns = cells
            elif set(cells[0]) - set("-: "):
                yield _Row(section, heading, dict(zip(columns, cells, strict=False)))
        else:
            columns = []


def _from_row(row: _Row) -> Iterator[tuple[str, Words]]:
    cells = row.cells
    if row.section == "4.2":
        if channel := _CHANNELS.get(cells.get("channel", "")):
            yield f"message.{row.heading.strip('`')}.{channel}", _words(cells)
    elif row.section.startswith("1.") and "code word" in cells:
        term = Words(*(cells[name].split(";")[0].strip() for name in ("kk", "ru", "en (UI)")))
        yield f"term.{cells['code word'].replace('_', '-')}", term
    elif "key" in cells:
        yield cells["key"], _words(cells)
    elif row.section in {"3.1", "3.3"}:
        prefix = "state" if row.section == "3.1" else "reason"
        yield f"{prefix}.{cells['code']}", _words(cells, "parent ")
        yield f"{prefix}.{cells['code']}.officer", _words(cells, "officer ")
        if prefix == "reason":
            yield f"{prefix}.{cells['code']}.next", _words(cells, "next step ")
    elif row.section == "3.2":
        yield f"state.{cells['code']}.next", _words(cells)
    elif row.section == "3.4":
        yield f"{_THINGS[cells['thing']]}.{cells['code']}", _words(cells)
    elif row.section in _LISTS and "code" in cells:
        yield f"{_LISTS[row.section]}.{cells['code']}", _words(cells)


def _from_prose(markdown: str) -> Iterator[tuple[str, Words]]:
    """The texts that the glossary gives in sentences beside its tables."""
    stop_list = _after(markdown, "STOP_LISTED adds one line")
    for key, words in zip(("restore", "back"), _quoted(stop_list), strict=True):
        yield f"state.STOP_LISTED.{key}", words
    yield (
        "paper.complete-list",
        next(_quoted(_after(markdown, "Beside the list of documents for admission"))),
    )
    line = _after(markdown, "{system} is the name of the state information system")
    parts = re.search(r"kk (?P<kk>.*?)\. ru (?P<ru>.*?)\. en (?P<en>.*?)\.$", line)
    if parts is None:
        raise WrongGlossary("the names of the state systems are not found")
    names = zip(*(parts[language].split("; ") for language in LANGUAGES), strict=True)
    for system, (kk, ru, en) in zip(_SYSTEMS, names, strict=True):
        yield f"system.{system}", Words(kk, ru, en)


def _quoted(text: str) -> Iterator[Words]:
    return (Words(**found.groupdict()) for found in _QUOTED.finditer(text))


def _after(markdown: str, words: str) -> str:
    return next(line for line in markdown.splitlines() if words in line)


def _words(cells: dict[str, str], prefix: str = "") -> Words:
    return Words(*(cells[prefix + language] for language in LANGUAGES))


def _clean(cell: str) -> str:
    cell = cell.strip()
    if cell.startswith("`") and cell.endswith("`"):
        cell = cell.strip("`")
    return cell.replace("\\*", "*")


def _second_paragraphs(markdown: str) -> Iterator[tuple[str, Words]]:
    """The paragraph that a note adds to the inbox text of a message, by the key of that text."""
    heading = ""
    for line in markdown.splitlines():
        if line.startswith("#### `"):
            heading = line.strip("# `")
        elif "The inbox adds a second paragraph:" in line:
            yield (
                f"message.{heading}.inbox",
                next(_quoted(line.split("second paragraph:")[1])),
            )


if __name__ == "__main__":
    write_catalogues(read())
