"""What a new edition of the classifier changes. Pure: no Django, no files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from balabaqsha.territories import kato


@dataclass(frozen=True)
class Entry:
    """One territory as an edition of the classifier gives it; `row` is its line in the file."""

    row: int
    code: str
    name_kk: str
    name_ru: str
    kind: int | None


@dataclass(frozen=True)
class Known:
    """One territory as the table has it or should have it."""

    name_kk: str
    name_ru: str
    kind: int | None
    parent: str | None
    path: str
    in_classifier: bool = True


class Orphans(ValueError):
    """Codes whose region neither the edition nor the table has; `entries` are they."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        super().__init__(", ".join(entry.code for entry in entries))
        self.entries = tuple(entries)


@dataclass(frozen=True)
class Renamed:
    """A territory that has other names now."""

    code: str
    before_kk: str
    before_ru: str
    after_kk: str
    after_ru: str


@dataclass(frozen=True)
class Moved:
    """A territory that lies under another one now."""

    code: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Changes:
    """What an edition changes; `new` and `altered` are the rows to write, the rest is the report."""

    read: int
    new: Mapping[str, Known] = field(repr=False)
    altered: Mapping[str, Known] = field(repr=False)
    added: tuple[str, ...]
    renamed: tuple[Renamed, ...]
    moved: tuple[Moved, ...]
    missing: tuple[str, ...]
    returned: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """How many of each, for the journal and for the last line of the report."""
        return {
            "read": self.read,
            "added": len(self.added),
            "renamed": len(self.renamed),
            "moved": len(self.moved),
            "missing": len(self.missing),
            "returned": len(self.returned),
        }


def compare(entries: Sequence[Entry], known: Mapping[str, Known]) -> Changes:
    """What it takes to bring the known territories up to the edition.

    Only regions that the edition has a row of are compared for missing codes, so that the file of one oblast says
    nothing of the others. Raises Orphans.
    """
    codes = {entry.code for entry in entries}
    _refuse_orphans(entries, codes | known.keys())
    wanted = _wanted(entries, known)
    new = {code: target for code, target in wanted.items() if code not in known}
    altered = {code: target for code, target in wanted.items() if code in known and target != known[code]}
    regions = {code[:2] for code in codes}
    return Changes(
        read=len(entries),
        new=new,
        altered=altered,
        added=tuple(sorted(new)),
        renamed=tuple(_renamed(altered, known)),
        moved=tuple(
            Moved(code=code, before=known[code].parent, after=target.parent)
            for code, target in sorted(altered.items())
            if target.parent != known[code].parent
        ),
        missing=tuple(
            sorted(
                code for code, row in known.items() if code not in codes and code[:2] in regions and row.in_classifier
            )
        ),
        returned=tuple(sorted(code for code in codes if code in known and not known[code].in_classifier)),
    )


def _refuse_orphans(entries: Sequence[Entry], codes: set[str]) -> None:
    orphans = [
        entry
        for entry in entries
        if kato.level(entry.code) is not kato.Level.REGION and kato.parent(entry.code, codes) is None
    ]
    if orphans:
        raise Orphans(orphans)


def _wanted(entries: Sequence[Entry], known: Mapping[str, Known]) -> dict[str, Known]:
    """Every territory as it should stand, parents before children; a new one may push itself between two old ones."""
    given = {entry.code: entry for entry in entries}
    codes = given.keys() | known.keys()
    wanted: dict[str, Known] = {}
    # In order of the code a parent comes first: its right-hand parts are zeros.
    for code in sorted(codes):
        parent = kato.parent(code, codes)
        path = code if parent is None else f"{wanted[parent].path}/{code}"
        entry = given.get(code)
        if entry is None:
            wanted[code] = replace(known[code], parent=parent, path=path)
        else:
            wanted[code] = Known(
                name_kk=entry.name_kk, name_ru=entry.name_ru, kind=entry.kind, parent=parent, path=path
            )
    return wanted


def _renamed(altered: Mapping[str, Known], known: Mapping[str, Known]) -> list[Renamed]:
    return [
        Renamed(
            code=code,
            before_kk=known[code].name_kk,
            before_ru=known[code].name_ru,
            after_kk=target.name_kk,
            after_ru=target.name_ru,
        )
        for code, target in sorted(altered.items())
        if (target.name_kk, target.name_ru) != (known[code].name_kk, known[code].name_ru)
    ]
