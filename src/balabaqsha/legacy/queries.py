"""Reads of lists: how far they are, what is wrong in them, and how places compare."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from balabaqsha.legacy.models import CarriedOver, LegacyList, LegacyRow

_CHUNK = 5000


@dataclass(frozen=True)
class FaultyRow:
    """A row that was left out: its number in the file, its number in the earlier system, all its faults."""

    row: int
    number: str
    faults: list[list[str]]


@dataclass(frozen=True)
class Compared:
    """The places of one application before and after, with the causes of the difference."""

    earlier_number: str
    number: str
    before: int | None
    after: int | None
    causes: list[tuple[str, int]]


def faulty(found: LegacyList, *, first: int = 0, limit: int | None = None) -> Iterator[FaultyRow]:
    """The rows left out, in the order of the file, from the one at `first` on."""
    rows = LegacyRow.objects.filter(source=found, sound=False).order_by("row").values_list("row", "number", "faults")
    shown = rows[first : None if limit is None else first + limit]
    for row, number, faults in shown.iterator(chunk_size=_CHUNK):
        yield FaultyRow(row, number, faults)


def fault_counts(found: LegacyList) -> list[tuple[str, str, int]]:
    """Code, field and number of rows of each kind of fault, the most frequent first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT fault->>0, fault->>1, count(*) FROM legacy_legacyrow, jsonb_array_elements(faults) AS fault"
            " WHERE source_id = %s AND NOT sound GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2",
            [found.id],
        )
        return cursor.fetchall()


def lines_of(found: LegacyList) -> list[tuple[int, str | None]]:
    """The birth years and corrections whose lines the sound rows of a list enter. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT extract(year FROM born_on)::int, correction FROM legacy_legacyrow"
            " WHERE source_id = %s AND sound ORDER BY 1, 2",
            [found.id],
        )
        return cursor.fetchall()


def carried_over(found: LegacyList) -> QuerySet[CarriedOver]:
    """What was carried over of a list, in the order of its file."""
    return CarriedOver.objects.filter(source=found).order_by("row")


def places_left_out(found: LegacyList) -> list[int]:
    """The earlier places of the rows with a fault."""
    rows = LegacyRow.objects.filter(source=found, sound=False, place__isnull=False)
    return list(rows.values_list("place", flat=True))


def compared(found: LegacyList, *, first: int = 0, limit: int | None = None) -> Iterator[Compared]:
    """The comparison of places, by application, in the order of the file."""
    rows = carried_over(found).values_list("number", "application__number", "place_before", "place_after", "causes")
    shown = rows[first : None if limit is None else first + limit]
    for earlier, number, before, after, causes in shown.iterator(chunk_size=_CHUNK):
        yield Compared(earlier, number, before, after, [(cause, moved) for cause, moved in causes])
