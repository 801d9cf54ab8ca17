"""How the voucher lines would stand by another table of categories: read off the lines, nothing is written."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from balabaqsha.law.lists import STATUS_ORDER, BenefitStatus
from balabaqsha.law.rules import Categories
from balabaqsha.line.models import Line
from balabaqsha.territories import queries as territories


@dataclass(frozen=True)
class Moved:
    """Somebody who waits and would stand at another place, or in another category."""

    application_id: int
    number: str
    kind: str
    category_before: int
    category: int
    place_before: int
    place: int


def territories_with_line(territory_code: str) -> list[str]:
    """Codes of the territories at or below this one that have a voucher line. Two queries."""
    rows = Line.objects.filter(territory__in=territories.subtree(territory_code), birth_year=None)
    return sorted(set(rows.values_list("territory_id", flat=True)))


def moved(
    territory_codes: Iterable[str], categories: Categories, *, first: int, count: int | None
) -> tuple[list[Moved], dict[str, int]]:
    """A page of those who would stand elsewhere, in the order of the places they would have, and how many in all:
    `total`, `ahead` and `behind` of their place, `recategorised`, `waiting`. Two queries, whatever the lines' length.
    """
    parameters = {
        "territories": list(territory_codes),
        "statuses": [status.value for status in STATUS_ORDER],
        "numbers": list(categories.numbers),
        "youngest": categories.youngest,
        "staff": BenefitStatus.STAFF.value,
        "staff_as": BenefitStatus.TEACHER.value,
        "first": first,
        "count": count,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, parameters)
        totals = dict(zip(("total", "ahead", "behind", "recategorised", "waiting"), cursor.fetchone(), strict=True))
        cursor.execute(_MOVED, parameters)
        return [Moved(*row) for row in cursor.fetchall()], totals


# A child is so many full years old on 1 September when it was born on that day so many years before, or earlier.
_PLACES = """
WITH counted AS (
    SELECT a.id, a.number, a.kind, a.territory_id, a.original_at, a.category AS before,
        CASE WHEN a.born_on > make_date(l.intake_year - 2, 9, 1) THEN %(youngest)s
        ELSE (%(numbers)s::int[])[
            2 * array_position(%(statuses)s::text[],
                CASE a.benefit WHEN %(staff)s THEN %(staff_as)s ELSE a.benefit END::text)
            - CASE WHEN a.born_on <= make_date(l.intake_year - 5, 9, 1) THEN 1 ELSE 0 END
        ] END AS after
    FROM applications_application AS a
    JOIN line_line AS l ON l.territory_id = a.territory_id AND l.kind = a.kind AND l.birth_year IS NULL
    WHERE a.territory_id = ANY(%(territories)s::text[]) AND a.state = 'WAITING' AND a.regime = 'VOUCHER'
), placed AS (
    SELECT *,
        row_number() OVER (PARTITION BY territory_id, kind ORDER BY before, original_at, id) AS place_before,
        row_number() OVER (PARTITION BY territory_id, kind ORDER BY after, original_at, id) AS place
    FROM counted
)
"""
_TOTALS = (
    _PLACES
    + """
SELECT count(*) FILTER (WHERE place <> place_before OR before <> after), count(*) FILTER (WHERE place < place_before),
    count(*) FILTER (WHERE place > place_before), count(*) FILTER (WHERE before <> after), count(*)
FROM placed
"""
)
_MOVED = (
    _PLACES
    + """
SELECT id, number, kind, before, after, place_before, place FROM placed
WHERE place <> place_before OR before <> after
ORDER BY territory_id, kind, place, id OFFSET %(first)s LIMIT %(count)s
"""
)
