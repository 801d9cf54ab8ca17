"""The plain writing of notices and answers: paragraphs, lists, links within the portal, terms of the rulebook. Pure.

Nothing of it is markup: what is not one of these is text, and is printed as it was typed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

TITLE_LONGEST, TEXT_LONGEST = 160, 4000
# [words](/page/) and {code.of-a-term}
_PART = re.compile(r"\[(?P<words>[^\[\]\n]+)\]\((?P<target>[^()\s]*)\)|\{(?P<term>[a-z_.]+)\}")
# A page of this portal by its path: never another host, never a script.
_PAGE = re.compile(r"/(?:[A-Za-z0-9_][A-Za-z0-9_./-]*)?(?:\?[A-Za-z0-9_=&-]*)?(?:#[A-Za-z0-9_-]*)?")
_BULLET = "- "


@dataclass(frozen=True)
class Link:
    """Words that lead to a page of the portal, by its path without a language."""

    words: str
    page: str


@dataclass(frozen=True)
class Blank:
    """A place in which the term of this code is printed as it is in force."""

    term: str


Part = str | Link | Blank


@dataclass(frozen=True)
class Block:
    """A paragraph, or the points of a list; each line is made of parts."""

    lines: tuple[tuple[Part, ...], ...]
    bullets: bool


@dataclass(frozen=True)
class Wrong:
    """What of a text cannot be printed: `why` is "link" or "term", `what` the words as they were typed."""

    why: str
    what: str


def blocks(text: str) -> Iterator[Block]:
    """The text as blocks: an empty line ends one, lines that begin with "- " are the points of a list."""
    for chunk in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        lines = [line.strip() for line in chunk.split("\n") if line.strip()]
        start = 0
        while start < len(lines):
            bullets = lines[start].startswith(_BULLET)
            end = start
            while end < len(lines) and lines[end].startswith(_BULLET) == bullets:
                end += 1
            yield Block(
                tuple(_parts(line.removeprefix(_BULLET) if bullets else line) for line in lines[start:end]), bullets
            )
            start = end


def _parts(line: str) -> tuple[Part, ...]:
    parts: list[Part] = []
    done = 0
    for found in _PART.finditer(line):
        if found.start() > done:
            parts.append(line[done : found.start()])
        parts.append(Blank(found["term"]) if found["term"] else Link(found["words"], found["target"]))
        done = found.end()
    if done < len(line):
        parts.append(line[done:])
    return tuple(parts)


def wrong(text: str, *, terms: frozenset[str]) -> Wrong | None:
    """The first thing that cannot be printed: a link that leaves the portal, or a term that is not of `terms`."""
    for block in blocks(text):
        for line in block.lines:
            for part in line:
                if isinstance(part, Link) and not _PAGE.fullmatch(part.page):
                    return Wrong("link", part.page)
                if isinstance(part, Blank) and part.term not in terms:
                    return Wrong("term", part.term)
    return None
