"""Counting those ahead by blocks: whole blocks from their counts, one's own month row by row.

In a line of 100,000 some thousand counts and some thousand rows of an index are read instead of the whole line; both
are seen at one moment, because one statement reads them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

# What a line is ordered by in voucher territories: category, original moment, id.
Key = tuple[int, datetime, int]


@dataclass(frozen=True)
class Standing:
    """How many wait before a key in its line and in its category, and how many wait in each at all."""

    ahead: int
    waiting: int
    ahead_in_category: int
    waiting_in_category: int


def standings(territory_code: str, kind: str, application_ids: Iterable[int]) -> dict[int, Standing]:
    """How those of these applications that wait in the line stand in it, by id. One query."""
    parameters = {"territory": territory_code, "kind": kind, "ids": list(application_ids)}
    return {row[0]: Standing(*row[1:]) for row in _read(_ASKED_ROWS, parameters)}


def standing_of(territory_code: str, kind: str, key: Key) -> Standing:
    """How whoever has this key would stand in the line, whether anybody has it or not. One query."""
    category, original_at, application_id = key
    parameters = {"category": category, "original_at": original_at, "id": application_id}
    ((_, *counted),) = _read(_ASKED_KEY, parameters | {"territory": territory_code, "kind": kind})
    return Standing(*counted)


@dataclass(frozen=True)
class TierStanding:
    """How many wait before an application in its own tier of a linear line, and how many in each tier."""

    tier: str
    ahead: int
    out_of_turn: int
    priority: int
    ordinary: int


def tier_standings(
    territory_code: str, *, birth_year: int, correction: str | None, application_ids: Iterable[int]
) -> dict[int, TierStanding]:
    """How those of these applications that wait in the linear line stand in their tiers, by id. One query."""
    parameters = {
        "territory": territory_code,
        "birth_year": birth_year,
        "correction": correction,
        "ids": list(application_ids),
    }
    # An index is walked by a column only where it is compared by `=` or `IS NULL`.
    compared = "IS NULL" if correction is None else "= %(correction)s"
    with connection.cursor() as cursor:
        cursor.execute(_TIER_STANDINGS.format(correction=compared), parameters)
        return {row[0]: TierStanding(*row[1:]) for row in cursor.fetchall()}


def faults() -> list[tuple[str, str, int, int]]:
    """Lines whose counts by blocks are not those of their rows: territory, kind, counted, waiting; empty in a right
    database. One query, which reads every waiting row.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FAULTS)
        return cursor.fetchall()


def _read(asked: str, parameters: dict[str, object]) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_STANDINGS.replace("{asked}", asked), parameters)
        return cursor.fetchall()


_ASKED_ROWS = """SELECT id, category, original_at FROM applications_application
    WHERE id = ANY(%(ids)s::bigint[]) AND territory_id = %(territory)s AND kind = %(kind)s AND state = 'WAITING'"""
_ASKED_KEY = (
    "SELECT %(id)s::bigint AS id, %(category)s::smallint AS category, %(original_at)s::timestamptz AS original_at"
)

_STANDINGS = """
WITH asked AS MATERIALIZED (
    SELECT *, date_trunc('month', original_at, 'UTC') AS month_from FROM ({asked}) AS asked
), counted AS MATERIALIZED (
    SELECT category, month_from, sum(number) AS number FROM line_blocknow
    WHERE territory_code = %(territory)s AND kind = %(kind)s GROUP BY category, month_from
)
SELECT id, (before_category + whole_months + own_month)::int, waiting::int, (whole_months + own_month)::int, in_category::int
FROM asked CROSS JOIN LATERAL (
    SELECT coalesce(sum(number), 0) AS waiting,
        coalesce(sum(number) FILTER (WHERE category = asked.category), 0) AS in_category,
        coalesce(sum(number) FILTER (WHERE category < asked.category), 0) AS before_category,
        coalesce(sum(number) FILTER (WHERE category = asked.category AND month_from < asked.month_from), 0) AS whole_months
    FROM counted
) AS blocks CROSS JOIN LATERAL (
    SELECT count(*) AS own_month FROM applications_application AS other
    WHERE territory_id = %(territory)s AND kind = %(kind)s AND state = 'WAITING' AND other.category = asked.category
        AND other.original_at >= asked.month_from AND (other.original_at, other.id) < (asked.original_at, asked.id)
) AS rows
"""
_TIER_STANDINGS = """
WITH asked AS MATERIALIZED (
    SELECT id, tier, original_at, date_trunc('month', original_at, 'UTC') AS month_from FROM applications_application
    WHERE id = ANY(%(ids)s::bigint[]) AND territory_id = %(territory)s AND regime = 'LINEAR' AND state = 'WAITING'
        AND birth_year = %(birth_year)s AND correction {correction}
), counted AS MATERIALIZED (
    SELECT tier, month_from, sum(number) AS number FROM line_blocknow
    WHERE territory_code = %(territory)s AND regime = 'LINEAR' AND birth_year = %(birth_year)s
        AND correction {correction} GROUP BY tier, month_from
)
SELECT id, tier, (whole_months + own_month)::int, out_of_turn::int, priority::int, ordinary::int
FROM asked CROSS JOIN LATERAL (
    SELECT coalesce(sum(number) FILTER (WHERE tier = asked.tier AND month_from < asked.month_from), 0) AS whole_months,
        coalesce(sum(number) FILTER (WHERE tier = 'OUT_OF_TURN'), 0) AS out_of_turn,
        coalesce(sum(number) FILTER (WHERE tier = 'PRIORITY'), 0) AS priority,
        coalesce(sum(number) FILTER (WHERE tier = 'ORDINARY'), 0) AS ordinary
    FROM counted
) AS blocks CROSS JOIN LATERAL (
    SELECT count(*) AS own_month FROM applications_application AS other
    WHERE territory_id = %(territory)s AND regime = 'LINEAR' AND state = 'WAITING' AND birth_year = %(birth_year)s
        AND correction {correction} AND other.tier = asked.tier
        AND other.original_at >= asked.month_from AND (other.original_at, other.id) < (asked.original_at, asked.id)
) AS rows
"""
_FAULTS = """
WITH counted AS (
    SELECT territory_code, regime, kind, birth_year, correction, category, tier, month_from, sum(number) AS number
    FROM line_blocknow GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
), waiting AS (
    SELECT territory_id AS territory_code, regime, kind, birth_year, correction, category, tier,
        date_trunc('month', original_at, 'UTC') AS month_from, count(*) AS number
    FROM applications_application WHERE state = 'WAITING' GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
), differing AS (
    (SELECT * FROM counted WHERE number <> 0 EXCEPT SELECT * FROM waiting)
    UNION (SELECT * FROM waiting EXCEPT SELECT * FROM counted)
)
SELECT territory_code, kind,
    (SELECT coalesce(sum(number), 0)::int FROM counted AS c WHERE (c.territory_code, c.kind) = (d.territory_code, d.kind)),
    (SELECT coalesce(sum(number), 0)::int FROM waiting AS w WHERE (w.territory_code, w.kind) = (d.territory_code, d.kind))
FROM (SELECT DISTINCT territory_code, kind FROM differing) AS d ORDER BY 1, 2
"""
