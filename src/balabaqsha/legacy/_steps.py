"""Inner steps of a list: staging its rows, checking them against each other, picking the next, finishing."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from balabaqsha.kernel.refusal import Refusal
from balabaqsha.legacy.comparing import Difference
from balabaqsha.legacy.models import LegacyList, LegacyRow, ListState

# The temporary table of the rows that one batch carries over; each app fills and reads its own columns of it.
BATCH = "carried"
_STAGED = (
    "source_id",
    "row",
    "sound",
    "faults",
    "number",
    "place",
    "tier",
    "registered_at",
    "child_iin",
    "child_name",
    "applicant_iin",
    "applicant_name",
    "applicant_phone",
    "child_sex",
    "applicant_sex",
    "born_on",
    "applicant_born_on",
    "benefit",
    "category",
    "languages",
    "correction",
    "wished_from",
    "ages_out_at",
    "served_from",
    "egov_number",
    "centre_number",
)


class ListBeingCarriedOver(Refusal, code="busy", detail="legacy-list-open"):
    """Another list of the territory has been confirmed and is not finished."""


class NoSuchStep(Refusal, code="not-in-this-state", detail="legacy-step"):
    """The list is not where this step begins."""


def as_json(value: object) -> str:
    """What is copied into a column of JSON."""
    return json.dumps(value, ensure_ascii=False)


def lock(list_id: int, *states: ListState) -> LegacyList:
    """The list with its row locked; rival: the same command or job a second time. Raises NoSuchStep."""
    found = LegacyList.objects.select_for_update(no_key=True).get(id=list_id)
    if found.state not in states:
        raise NoSuchStep
    return found


@transaction.atomic(savepoint=False)
def open_list(
    *,
    territory_code: str,
    regime: str,
    file_name: str,
    sha256: str,
    columns: Mapping[str, str],
    account_id: int | None,
    now: datetime,
) -> LegacyList:
    """The list of this file: the one that is open already, or a new one in the place of one that was not confirmed.

    Raises ListBeingCarriedOver.
    """
    older = (
        LegacyList.objects.select_for_update(no_key=True)
        .filter(territory_id=territory_code)
        .exclude(state__in=[ListState.FINISHED, ListState.DROPPED])
        .first()
    )
    if older is not None and older.sha256 == sha256 and older.columns == dict(columns):
        return older
    if older is not None and older.state == ListState.CONFIRMED:
        raise ListBeingCarriedOver
    if older is not None:
        drop(older)
    return LegacyList.objects.create(
        territory_id=territory_code,
        regime=regime,
        file_name=file_name[:200],
        sha256=sha256,
        columns=dict(columns),
        added_at=now,
        added_by_account_id=account_id,
    )


@transaction.atomic(savepoint=False)
def drop(found: LegacyList) -> None:
    """Let go of a list that was never confirmed, with all that was staged of it."""
    LegacyRow.objects.filter(source=found).delete()
    found.state = ListState.DROPPED
    found.save(update_fields=["state"])


@transaction.atomic(savepoint=False)
def keep(found: LegacyList, **changes: Any) -> None:
    """Write down how far a list has come."""
    for name, value in changes.items():
        setattr(found, name, value)
    found.save(update_fields=list(changes))


@transaction.atomic(savepoint=False)
def stage(found: LegacyList, rows: Iterable[tuple[Any, ...]]) -> None:
    """Copy rows, in the order of the staged columns after the list, into the staging table."""
    with connection.cursor() as cursor:
        statement = f"COPY legacy_legacyrow ({', '.join(_STAGED)}) FROM STDIN"
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row((found.id, *row))


@transaction.atomic(savepoint=False)
def check_together(found: LegacyList) -> None:
    """Note what no row can tell by itself: doubles within the list, numbers and children that the portal has already.

    Of doubles the earliest stays: its moment is the child's.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE legacy_legacyrow")
        for check in (_SAME_CHILD, _SAME_NUMBER, _APPLIED, _CARRIED_BEFORE):
            cursor.execute(check, {"list": found.id, "territory": found.territory_id})


_SAME_CHILD = """
UPDATE legacy_legacyrow AS r SET sound = false,
    faults = faults || jsonb_build_array(jsonb_build_array('same-child', 'child_iin', first.row::text))
FROM (
    SELECT id, first_value(row) OVER w AS row, row_number() OVER w AS n FROM legacy_legacyrow
    WHERE source_id = %(list)s AND sound
    WINDOW w AS (PARTITION BY child_iin, correction IS NULL ORDER BY registered_at, row)
) AS first WHERE first.n > 1 AND first.id = r.id
"""
_SAME_NUMBER = """
UPDATE legacy_legacyrow AS r SET sound = false,
    faults = faults || jsonb_build_array(jsonb_build_array('same-number', 'number', first.row::text))
FROM (
    SELECT id, first_value(row) OVER w AS row, row_number() OVER w AS n FROM legacy_legacyrow
    WHERE source_id = %(list)s AND sound
    WINDOW w AS (PARTITION BY number ORDER BY registered_at, row)
) AS first WHERE first.n > 1 AND first.id = r.id
"""
# Whoever goes to a kindergarten may only be transferred, unless its place is a private one (rules, section 1).
_APPLIED = """
UPDATE legacy_legacyrow AS r SET sound = false,
    faults = faults || jsonb_build_array(jsonb_build_array('applied', 'child_iin', a.number))
FROM people_person AS p JOIN applications_application AS a ON a.child_id = p.id
WHERE r.source_id = %(list)s AND r.sound AND p.iin = r.child_iin AND a.state <> 'ARCHIVED' AND NOT a.in_private_place
    AND (a.state = 'ENROLLED' OR (a.kind = 'SPECIAL') = (r.correction IS NOT NULL))
"""
_CARRIED_BEFORE = """
UPDATE legacy_legacyrow AS r SET sound = false,
    faults = faults || jsonb_build_array(jsonb_build_array('carried-before', 'number', a.number))
FROM legacy_carriedover AS c JOIN applications_application AS a ON a.id = c.application_id
WHERE r.source_id = %(list)s AND r.sound AND c.number = r.number AND a.territory_id = %(territory)s
"""


@transaction.atomic(savepoint=False)
def pick(found: LegacyList, *, limit: int) -> int:
    """Put the next rows, in the order in which the line serves, into the batch table; returns how many there are."""
    after = ""
    values: list[Any] = [found.id]
    if found.reached is not None:
        after = "AND (tier, registered_at, row) > (%s, %s::timestamptz, %s)"
        values += found.reached
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE {BATCH} ON COMMIT DROP AS SELECT *, row_number() OVER (ORDER BY tier, registered_at, row) AS n, NULL::bigint AS child_id,"  # noqa: S608 - constants
            " NULL::bigint AS applicant_id, NULL::bigint AS application_id, NULL::varchar AS new_number FROM ("
            f" SELECT * FROM legacy_legacyrow WHERE source_id = %s AND sound {after}"
            " ORDER BY tier, registered_at, row LIMIT %s) AS next",
            [*values, limit],
        )
        cursor.execute(f"SELECT count(*) FROM {BATCH}")  # noqa: S608 - a constant
        return int(cursor.fetchone()[0])


@transaction.atomic(savepoint=False)
def leave_out(*, reason: str, rows: Collection[tuple[int, str]]) -> None:
    """Take rows out of the batch that lost to a rival since they were checked: (id of the row, number of the other)."""
    if not rows:
        return
    ids = [row_id for row_id, _ in rows]
    for row_id, number in rows:
        LegacyRow.objects.filter(id=row_id).update(sound=False, faults=[[reason, "child_iin", number]])
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {BATCH} WHERE id = ANY(%s::bigint[])", [ids])  # noqa: S608 - a constant


def last_of_batch() -> list[Any]:
    """Tier, moment and row of the last row in the batch: those left out have been looked at too."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT tier, registered_at, row FROM {BATCH} ORDER BY n DESC LIMIT 1")  # noqa: S608 - a constant
        tier, registered_at, row = cursor.fetchone()
        return [tier, registered_at.isoformat(), row]


@transaction.atomic(savepoint=False)
def note_batch(found: LegacyList, *, last: list[Any], left_out: int) -> None:
    """Keep the earlier number and place beside each application of the batch, and how far the list has come."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO legacy_carriedover (application_id, source_id, row, number, place_before, causes)"  # noqa: S608 - a constant
            f" SELECT application_id, source_id, row, number, place, '[]' FROM {BATCH} ORDER BY n"
        )
        written = cursor.rowcount
    keep(found, reached=last, written=found.written + written, faulty=found.faulty + left_out)


@transaction.atomic(savepoint=False)
def keep_places(places: Iterable[Difference]) -> None:
    """Note the place in the new line and the causes of the difference, by application id."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE placed (id bigint, place int, causes jsonb) ON COMMIT DROP")
        with cursor.copy("COPY placed FROM STDIN") as copy:
            for one in places:
                copy.write_row((one.id, one.after, as_json(one.causes)))
        cursor.execute(
            "UPDATE legacy_carriedover AS c SET place_after = placed.place, causes = placed.causes"
            " FROM placed WHERE c.application_id = placed.id"
        )


@transaction.atomic(savepoint=False)
def finish(found: LegacyList, *, now: datetime) -> None:
    """Close a list that has been carried over; whoever stood in it is no longer named here."""
    LegacyRow.objects.filter(source=found, sound=True).delete()
    LegacyRow.objects.filter(source=found).update(
        child_iin="",
        child_name=[],
        applicant_iin="",
        applicant_name=[],
        applicant_phone="",
        born_on=None,
        applicant_born_on=None,
    )
    keep(found, state=ListState.FINISHED, finished_at=now)


@transaction.atomic(savepoint=False)
def count(found: LegacyList) -> None:
    """Count the rows left out, for the report."""
    keep(found, faulty=LegacyRow.objects.filter(source=found, sound=False).count())
