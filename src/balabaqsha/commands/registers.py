"""Commands that look after what the portal keeps: the journal and the tree of territories."""

import sys
from pathlib import Path

from balabaqsha.commands import starting

_ERRORS_SHOWN = 20


def verify_journal() -> int:
    """Recompute the hash chain of the journal; status 1 where it does not hold."""
    starting.set_up()
    from balabaqsha.record import queries

    verdict = queries.verify()
    if verdict.broken_at is not None:
        print(f"the journal is broken at position {verdict.broken_at}")
        return starting.NO
    print(f"the journal holds: {verdict.sealed} entries sealed, {verdict.unsealed} not yet; head {verdict.head}")
    return 0


def import_territories(file: Path) -> int:
    """Read an edition of the classifier and print what changed; a file with a wrong row changes nothing, status 2."""
    if not file.is_file():
        raise starting.Stop(f"there is no file {file}")
    starting.set_up()
    from balabaqsha.accounts import clock
    from balabaqsha.kernel.actor import SYSTEM
    from balabaqsha.territories import importer

    try:
        report = importer.run(file, actor=SYSTEM, now=clock.now())
    except importer.Unreadable as wrong:
        for error in wrong.errors[:_ERRORS_SHOWN]:
            print(f"balabaqsha: {file}: {error}", file=sys.stderr)
        more = len(wrong.errors) - _ERRORS_SHOWN
        if more > 0:
            print(f"balabaqsha: {file}: and {more} more", file=sys.stderr)
        return starting.WRONG_USE
    print("\n".join(report.lines()))
    return 0
