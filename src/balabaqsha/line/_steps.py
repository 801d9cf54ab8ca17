"""Inner steps of the line; every caller is a journey."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from balabaqsha.applications.models import Application
from balabaqsha.applications.states import LIVE, Kind
from balabaqsha.kernel.time import localdate, start_of
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.law.rules import Counting
from balabaqsha.line import linear
from balabaqsha.line.linear import LineKey
from balabaqsha.line.models import Line
from balabaqsha.territories import queries as territories
from balabaqsha.territories.regimes import Regime

# Advisory locks of lines; the second number is a digest of the territory's code.
_ENTRANCE = 0x62_62_6C
# Stands for a territory's code where tables of categories are approved: they reach lines of many territories.
_EVERY_TABLE = "categories"


@transaction.atomic(savepoint=False)
def enter(territory_code: str) -> None:
    """Say, before anything is read, that this transaction puts somebody into a line or moves them within it.

    Any number may enter at once. Rivals: a run that looks at the line, a renewal that counts it anew.
    """
    _take("pg_advisory_xact_lock_shared", territory_code)


@transaction.atomic(savepoint=False)
def close(territory_code: str) -> None:
    """Let all who are entering finish and keep others out until the transaction ends."""
    _take("pg_advisory_xact_lock", territory_code)


@contextmanager
def closed(territory_code: str) -> Iterator[None]:
    """Keep the line as it is for as long as the block looks at it; whatever the block writes is undone.

    Whoever enters after it is later than the look. A savepoint that is rolled back gives its locks up at once, so that
    families do not wait for the rest of a long run.
    """
    savepoint = transaction.savepoint()
    try:
        close(territory_code)
        yield
    finally:
        transaction.savepoint_rollback(savepoint)


def _take(lock: str, territory_code: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(%s, hashtext(%s))", [_ENTRANCE, territory_code])


@transaction.atomic(savepoint=False)
def ensure_lines(*, territory_code: str, now: datetime) -> None:
    """Make the lines of a voucher territory if they are not there yet; their intake year is that of the last 30 June.

    They are counted by the table of categories in force. Rival: the approval of another table, which waits.
    """
    if Line.objects.filter(territory_id=territory_code, birth_year=None).count() == len(Kind):
        return
    _take("pg_advisory_xact_lock_shared", _EVERY_TABLE)
    tables, today = law.category_tables(territory_code), localdate(now)
    table, coming = law.table_on(tables, today), law.next_table_day(tables, today)
    Line.objects.bulk_create(
        (
            Line(
                territory_id=territory_code,
                kind=kind,
                intake_year=law_rules.intake_year(now),
                numbers=list(table.categories.numbers) if table else None,
                recounts_at=coming and start_of(coming),
            )
            for kind in Kind
        ),
        ignore_conflicts=True,
    )


@transaction.atomic(savepoint=False)
def expect_table(*, territory_code: str, moment: datetime) -> list[str]:
    """Let the voucher lines of a territory and below be counted anew at this moment, unless they are before it.

    Returns the codes of their territories. Rivals: whoever makes a line meanwhile, and other approvals; all wait.
    """
    _take("pg_advisory_xact_lock", _EVERY_TABLE)
    rows = Line.objects.filter(territory__in=territories.subtree(territory_code), birth_year=None)
    later = rows.filter(Q(recounts_at=None) | Q(recounts_at__gt=moment))
    ids = list(later.select_for_update(no_key=True).order_by("id").values_list("id", flat=True))
    Line.objects.filter(id__in=ids).update(recounts_at=moment)
    return sorted(set(rows.values_list("territory_id", flat=True)))


@transaction.atomic(savepoint=False)
def lock_lines(territory_code: str) -> list[Line]:
    """Lock the lines of a territory: runs and renewals of one territory take turns."""
    rows = Line.objects.select_for_update(no_key=True).filter(territory_id=territory_code)
    return list(rows.order_by("id"))


@transaction.atomic(savepoint=False)
def lock_linear(keys: Iterable[LineKey]) -> dict[LineKey, Line]:
    """Lock these linear lines, ids ascending, as far as they exist.

    Whoever may free a place, give a turn or move somebody in a line holds its row, before any group or application.
    """
    wanted = list(keys)
    values = {
        "territories": [key.territory_code for key in wanted],
        "years": [key.birth_year for key in wanted],
        "corrections": [key.correction for key in wanted],
    }
    return {linear.key_of_line(line): line for line in Line.objects.raw(_LOCK_LINEAR, values)}


# Written out, as is what every act in a linear line asks: Django takes longer to build it than to have it done.
_LOCK_LINEAR = """
SELECT l.* FROM line_line AS l
JOIN unnest(%(territories)s::text[], %(years)s::smallint[], %(corrections)s::text[]) AS wanted (territory, year, correction)
    ON l.territory_id = wanted.territory AND l.birth_year = wanted.year
    AND l.correction IS NOT DISTINCT FROM wanted.correction
ORDER BY l.id FOR NO KEY UPDATE OF l
"""


@transaction.atomic(savepoint=False)
def lock_made(key: LineKey, *, cycle: str, now: datetime) -> Line:
    """Lock a linear line, made first if nobody has ever stood in it. Rival: the first act in it on another device."""
    line = lock_linear([key]).get(key)
    if line is None:
        new = Line(
            territory_id=key.territory_code,
            kind=key.kind,
            birth_year=key.birth_year,
            correction=key.correction,
            intake_year=law_rules.intake_year(now),
            cycle=cycle,
        )
        Line.objects.bulk_create([new], ignore_conflicts=True)
        line = lock_linear([key])[key]
    return line


@transaction.atomic(savepoint=False)
def keep(line: Line) -> None:
    """Write down what an act changed in a linear line, whose row is locked: slot, openings, sealed round, freeze."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, {"line": line.id} | {column: getattr(line, column) for column in _KEPT})


_KEPT = ("slot", "cycle", "openings", "round_ends_at", "thaws_at")
_KEEP = f"""
UPDATE line_line SET {", ".join(f"{column} = %({column})s" for column in _KEPT)} WHERE id = %(line)s
"""  # noqa: S608 - of constants


@transaction.atomic(savepoint=False)
def close_linear(territory_code: str) -> None:
    """End what the linear lines of a territory, whose rows are locked, have promised to nobody in particular."""
    lines = Line.objects.filter(territory=territory_code, birth_year__isnull=False)
    lines.update(openings=0, round_ends_at=None, thaws_at=None)


@transaction.atomic(savepoint=False)
def renew(*, lines: Iterable[Line], intake_year: int, now: datetime) -> list[tuple[Application, int]]:
    """Set the intake year and count every live category anew; returns those that moved, each with its old category.

    `lines` are all lines of one territory, locked. Each kind is counted by the categories of its own voucher line.
    """
    known = list(lines)
    territory_ids = {line.territory_id for line in known}
    Line.objects.filter(territory__in=territory_ids).update(intake_year=intake_year, renewed_at=now)
    by_line = {(line.territory_id, line.kind): line.counting for line in known if line.birth_year is None}
    counted = {key: replace(counting, intake_year=intake_year) for key, counting in by_line.items()}
    otherwise = Counting(intake_year)
    return _count_anew(Q(territory__in=territory_ids), lambda row: counted.get((row.territory_id, row.kind), otherwise))


@transaction.atomic(savepoint=False)
def recount(line: Line, *, moment: datetime) -> list[tuple[Application, int]]:
    """Count a voucher line, whose row is locked, by the table of categories in force at this moment; returns who moved."""
    tables, day = law.category_tables(line.territory_id), localdate(moment)
    table, coming = law.table_on(tables, day), law.next_table_day(tables, day)
    line.numbers = list(table.categories.numbers) if table else None
    line.recounts_at = coming and start_of(coming)
    line.save(update_fields=["numbers", "recounts_at"])
    which = Q(territory_id=line.territory_id, kind=line.kind, regime=Regime.VOUCHER.value)
    counting = line.counting
    return _count_anew(which, lambda _: counting)


def _count_anew(which: Q, counting_of: Callable[[Application], Counting]) -> list[tuple[Application, int]]:
    moved: list[tuple[Application, int]] = []
    for application in Application.objects.select_for_update(no_key=True).filter(which, state__in=LIVE).order_by("id"):
        category = counting_of(application).category(application.benefit, application.born_on)
        if category != application.category:
            moved.append((application, application.category))
            application.category = category
    Application.objects.bulk_update([application for application, _ in moved], ["category"], batch_size=1000)
    return moved
