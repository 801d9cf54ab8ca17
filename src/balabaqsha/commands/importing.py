"""`balabaqsha import-queue`: a list of an earlier system, read and checked, and carried over once it is confirmed."""

import csv
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from balabaqsha.commands import starting

_ROWS_SHOWN = 20


def run(
    *,
    file: Path,
    territory: str,
    chosen: Sequence[str],
    confirm: bool,
    report: Path | None,
    comparison: Path | None,
) -> int:
    """Read the list and say what is wrong in it; carry the sound rows over only where `confirm` says so.

    Broken off at any moment, the same command goes on from where it was. Status 1 where rows were left out, 2 where the
    list cannot be read.
    """
    if not file.is_file():
        raise starting.Stop(f"there is no file {file}")
    starting.set_up()
    from balabaqsha.accounts import clock
    from balabaqsha.journeys import importing
    from balabaqsha.kernel.actor import SYSTEM
    from balabaqsha.kernel.refusal import Refusal

    now = clock.now()
    try:
        found = importing.begin(
            file=file, file_name=file.name, territory_code=territory, chosen=_chosen(chosen), actor=SYSTEM, now=now
        )
        found = importing.read(list_id=found.id, file=file, now=now, progress=_tell)
        if confirm:
            importing.confirm(list_id=found.id, actor=SYSTEM, now=now)
            found = importing.write(list_id=found.id, actor=SYSTEM, now=now, progress=_tell)
    except Refusal as refusal:
        print(f"balabaqsha: {file}: {_sentence(refusal)}", file=sys.stderr)
        return starting.WRONG_USE
    _print(found, report, comparison)
    return starting.NO if found.faulty else 0


def _chosen(pairs: Sequence[str]) -> dict:
    from balabaqsha.legacy.columns import Field

    chosen = {}
    for pair in pairs:
        field, sign, heading = pair.partition("=")
        if not sign or field not in set(Field):
            known = ", ".join(Field)
            raise starting.Stop(f"--column {pair}: say FIELD=HEADING, the field one of {known}")
        chosen[Field(field)] = heading
    return chosen


def _tell(found) -> None:  # noqa: ANN001 - models are known only after Django is set up
    print(f"read {found.read}, carried over {found.written}", file=sys.stderr, flush=True)


def _sentence(refusal) -> str:  # noqa: ANN001 - as above
    from balabaqsha.legacy import words

    return words.refused("en", refusal)


def _print(found, report: Path | None, comparison: Path | None) -> None:  # noqa: ANN001 - as above
    from balabaqsha.legacy import queries, words

    print(f"{found.file_name}: {found.read} rows read, {found.read - found.faulty} sound, {found.faulty} with faults")
    for code, field, number in queries.fault_counts(found):
        print(f"  {number}: {words.kind('en', code, field)}")
    if report is not None:
        _write(report, words.report_head("en"), words.report("en", found))
    else:
        for row in queries.faulty(found, limit=_ROWS_SHOWN):
            print(f"  row {row.row}: " + "; ".join(words.fault("en", fault) for fault in row.faults))
    if found.finished_at is None:
        print("nothing has been carried over: add --confirm")
        return
    print(f"{found.written} applications carried over")
    if comparison is not None:
        _write(comparison, words.comparison_head("en"), words.comparison("en", found))


def _write(path: Path, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    from balabaqsha.web.kit.tables import guarded

    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows([guarded(cell) for cell in row] for row in rows)
