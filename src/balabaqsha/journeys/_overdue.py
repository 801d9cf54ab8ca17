"""Whether anything fell due, in linear lines or around groups. Every act asks first, so it is one statement, written out."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection

from balabaqsha.admissions.states import HOLDING_A_PLACE
from balabaqsha.applications.models import ClaimState
from balabaqsha.applications.states import AGES_OUT, LIVE
from balabaqsha.line.linear import LineKey


def is_late(line: LineKey, *, before: datetime) -> bool:
    """Whether anything in a linear line was due before a moment. One query, each part by an index of its own."""
    found = _read(
        _OF_A_LINE, before=before, territory=line.territory_code, year=line.birth_year, correction=line.correction
    )
    return any(found.values())


def lines_of_groups(group_ids: Iterable[int], *, before: datetime) -> dict[LineKey, bool]:
    """The linear lines that exist for these groups, in order of id, each with whether anything is late. One query."""
    return _read(_OF_GROUPS, before=before, groups=list(group_ids))


def around(application_ids: Collection[int], group_ids: Collection[int], *, before: datetime) -> set[int]:
    """Of these applications, and of all that hold a place or stand in the list of these groups, those with anything due
    before a moment; of these applications also those whose voucher line a table of categories was to count anew. One
    query, none where nothing is asked about.
    """
    if not (application_ids or group_ids):
        return set()
    parameters = {"applications": list(application_ids), "groups": list(group_ids), "before": before}
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, parameters)
        return {application_id for (application_id,) in cursor.fetchall()}


def _read(which: str, **parameters: object) -> dict[LineKey, bool]:
    with connection.cursor() as cursor:
        cursor.execute(_LINES.format(which=which), parameters)
        return {LineKey(code, year, correction): late for code, year, correction, late in cursor.fetchall()}


def _in(states: Iterable[str]) -> str:
    """Written out, so that partial indexes of these states are known to fit."""
    return ", ".join(f"'{state}'" for state in sorted(states))


_OF_A_LINE = """l.territory_id = %(territory)s AND l.birth_year = %(year)s
    AND l.correction IS NOT DISTINCT FROM %(correction)s"""
_OF_GROUPS = """EXISTS (SELECT FROM kindergartens_group AS g WHERE g.id = ANY(%(groups)s::bigint[]) AND g.territory_id = l.territory_id
    AND g.birth_year = l.birth_year AND g.correction IS NOT DISTINCT FROM l.correction)"""
_OWN = """a.regime = 'LINEAR' AND a.territory_id = l.territory_id AND a.birth_year = l.birth_year
    AND a.correction IS NOT DISTINCT FROM l.correction"""
_LINES = f"""
SELECT l.territory_id, l.birth_year, l.correction, coalesce(l.round_ends_at < %(before)s, false)
    OR coalesce(l.thaws_at < %(before)s, false)
    OR EXISTS (SELECT FROM applications_application AS a WHERE a.due_at < %(before)s AND {_OWN})
    OR EXISTS (SELECT FROM applications_application AS a
        WHERE a.state IN ({_in(AGES_OUT)}) AND a.ages_out_at < %(before)s AND {_OWN})
    OR EXISTS (SELECT FROM applications_application AS a
        WHERE a.state IN ({_in(LIVE)}) AND a.passed_over_until < %(before)s AND {_OWN})
    OR EXISTS (SELECT FROM applications_benefitclaim AS c JOIN applications_application AS a ON a.id = c.application_id
        WHERE c.state = '{ClaimState.CONFIRMED.value}' AND c.valid_until < %(before)s AND {_OWN})
    OR EXISTS (SELECT FROM admissions_waitinglistoffer AS o JOIN admissions_waitinglistentry AS e ON e.id = o.entry_id
        JOIN applications_application AS a ON a.id = e.application_id
        WHERE o.ended_at IS NULL AND o.due_at < %(before)s AND {_OWN})
FROM line_line AS l WHERE {{which}} ORDER BY l.id
"""  # noqa: S608 - of constants
_LATE = f"""(a.due_at < %(before)s OR a.state IN ({_in(AGES_OUT)}) AND a.ages_out_at < %(before)s
    OR EXISTS (SELECT FROM applications_benefitclaim AS c
        WHERE c.application_id = a.id AND c.state = '{ClaimState.CONFIRMED.value}' AND c.valid_until < %(before)s)
    OR EXISTS (SELECT FROM admissions_waitinglistoffer AS o JOIN admissions_waitinglistentry AS offered
        ON offered.id = o.entry_id
        WHERE offered.application_id = a.id AND o.ended_at IS NULL AND o.due_at < %(before)s))"""  # noqa: S608 - of constants
_AROUND = f"""
SELECT a.id FROM applications_application AS a WHERE a.id = ANY(%(applications)s::bigint[]) AND ({_LATE}
    OR a.regime = 'VOUCHER' AND EXISTS (SELECT FROM line_line AS l
        WHERE l.territory_id = a.territory_id AND l.birth_year IS NULL AND l.recounts_at < %(before)s))
UNION SELECT a.id FROM admissions_admission AS m JOIN applications_application AS a ON a.id = m.application_id
WHERE m.group_id = ANY(%(groups)s::bigint[]) AND m.stage IN ({_in(HOLDING_A_PLACE)}) AND {_LATE}
UNION SELECT a.id FROM admissions_waitinglistentry AS e JOIN applications_application AS a ON a.id = e.application_id
WHERE e.group_id = ANY(%(groups)s::bigint[]) AND e.left_at IS NULL AND {_LATE}
"""  # noqa: S608 - of constants
