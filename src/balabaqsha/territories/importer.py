"""The import of the national classifier, as the command line calls it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from balabaqsha.kernel.actor import Actor
from balabaqsha.territories import actions, changes, kato_file
from balabaqsha.territories.changes import Moved, Renamed
from balabaqsha.territories.kato_file import RowError, Unreadable

__all__ = ["ImportReport", "RowError", "Unreadable", "run"]


@dataclass(frozen=True)
class ImportReport:
    """What an import changed."""

    read: int
    added: tuple[str, ...]
    renamed: tuple[Renamed, ...]
    moved: tuple[Moved, ...]
    missing: tuple[str, ...]
    returned: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Whether anything changed at all."""
        return bool(self.added or self.renamed or self.moved or self.missing or self.returned)

    def lines(self) -> list[str]:
        """The report for a terminal: each change but the added ones, then the counts."""
        lines = [
            *(
                f"renamed {row.code}: {row.before_kk} / {row.before_ru} -> {row.after_kk} / {row.after_ru}"
                for row in self.renamed
            ),
            *(f"moved {row.code}: from {row.before or '-'} to {row.after or '-'}" for row in self.moved),
            *(f"missing {code}: kept, but no longer in the classifier" for code in self.missing),
            *(f"returned {code}: in the classifier again" for code in self.returned),
        ]
        lines.append(
            f"read {self.read}, added {len(self.added)}, renamed {len(self.renamed)}, moved {len(self.moved)}, "
            f"missing {len(self.missing)}, returned {len(self.returned)}"
        )
        return lines


def run(path: Path | str, *, actor: Actor, now: datetime) -> ImportReport:
    """Bring the territories up to the file. All or nothing; a second time changes nothing.

    Raises Unreadable with every bad row; then nothing has been written.
    """
    file = kato_file.read(Path(path))
    try:
        found = actions.take_edition(entries=file.entries, edition=file.digest, actor=actor, now=now)
    except changes.Orphans as orphans:
        raise Unreadable(
            [RowError(entry.row, f"code {entry.code} has no region above it") for entry in orphans.entries]
        ) from None
    return ImportReport(
        read=found.read,
        added=found.added,
        renamed=found.renamed,
        moved=found.moved,
        missing=found.missing,
        returned=found.returned,
    )
