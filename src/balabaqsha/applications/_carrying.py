"""Inner steps of carrying many applications over at once, by a temporary table; every caller is a journey.

The table has a row for each application: n (the order in which they enter the line), id, child_id, applicant_id,
registered_at, born_on, benefit, category, languages, correction, wished_from, ages_out_at, served_from, egov_number, centre_number; number, source_id and
row of the list that it comes from; application_id and new_number are filled in here.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from balabaqsha.applications.states import LIVE, Kind, State
from balabaqsha.kernel import number as numbers
from balabaqsha.kernel.actor import Actor
from balabaqsha.record import actions as record
from balabaqsha.territories.regimes import Regime

ACT = "carry_over"


@dataclass(frozen=True)
class Entrance:
    """What all of them share. `certified_until` is the last moment of a certificate whose status is in `certified`."""

    territory_code: str
    regime: Regime
    certified: frozenset[str]
    certified_until: datetime


def already_applied(table: str) -> list[tuple[int, str]]:
    """Rows (by their id) whose child, locked by the caller, has come to stand in a line or to go to a kindergarten.

    Each with the number of that application.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.id, min(a.number)"  # noqa: S608 - a name of the code
            f" FROM {table} AS t JOIN applications_application AS a ON a.child_id = t.child_id"
            " WHERE a.state = ANY(%s) AND NOT a.in_private_place"
            " AND (a.state = %s OR (a.kind = %s) = (t.correction IS NOT NULL)) GROUP BY t.id ORDER BY t.id",
            [sorted(LIVE), State.ENROLLED, Kind.SPECIAL],
        )
        return cursor.fetchall()


@transaction.atomic(savepoint=False)
def carry_over(table: str, *, entrance: Entrance, actor: Actor, now: datetime) -> None:
    """Let every row of the table stand in line at its original moment, with a new number and its journal entry.

    A benefit counts from now on: the officer who confirms the list answers for what the earlier system had confirmed. The
    caller holds the lines, then the children.
    """
    _number(table)
    values = {
        "territory": entrance.territory_code,
        "regime": entrance.regime.value,
        "now": now,
        "account": actor.account_id,
        "certified": sorted(entrance.certified),
        "certified_until": entrance.certified_until,
    }
    with connection.cursor() as cursor:
        cursor.execute(_APPLICATIONS.format(table=table), values)
        cursor.execute(_CLAIMS.format(table=table), values)
    facts = f"{_FACTS} || {_LINEAR_FACTS}" if entrance.regime is Regime.LINEAR else _FACTS
    record.record_table(ACT, table=table, facts=facts, actor=actor, now=now, territory_code=entrance.territory_code)


def _number(table: str) -> None:
    """Give each row the id and the number of its application, in its order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n, nextval('applications_number'), nextval(pg_get_serial_sequence('applications_application', 'id'))"  # noqa: S608 - a name of the code
            f" FROM (SELECT n FROM {table} ORDER BY n) AS ordered"
        )
        rows = cursor.fetchall()
        cursor.execute(
            f"UPDATE {table} AS t SET application_id = given.id, new_number = given.number"  # noqa: S608 - a name of the code
            " FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS given (n, id, number) WHERE t.n = given.n",
            [
                [n for n, _, _ in rows],
                [application_id for _, _, application_id in rows],
                [numbers.with_check_digit(sequence) for _, sequence, _ in rows],
            ],
        )


_APPLICATIONS = """
INSERT INTO applications_application (id, number, kind, regime, state, child_id, applicant_id, territory_id, languages,
    correction, wished_from, original_at, born_on, birth_year, ages_out_at, benefit, category, passed_over_until, misses,
    in_private_place, due_term, extended, reached_state_at, egov_number, centre_number)
SELECT application_id, new_number, CASE WHEN correction IS NULL THEN 'GENERAL' ELSE 'SPECIAL' END, %(regime)s::text, 'WAITING',
    child_id, applicant_id, %(territory)s, languages, correction, wished_from, registered_at, born_on,
    extract(year FROM born_on), ages_out_at, benefit, category,
    CASE WHEN %(regime)s::text = 'LINEAR' AND served_from >= %(now)s THEN served_from END, 0, false, '', false, %(now)s,
    egov_number, centre_number
FROM {table} ORDER BY n
"""
_CLAIMS = """
INSERT INTO applications_benefitclaim (application_id, benefit, state, upload_ids, claimed_at, check_due_at, decided_at,
    decided_by_account_id, rejected_because, valid_until)
SELECT application_id, benefit, 'CONFIRMED', '{{}}', %(now)s, %(now)s, %(now)s, %(account)s, '',
    CASE WHEN benefit = ANY(%(certified)s) THEN %(certified_until)s::timestamptz END
FROM {table} WHERE benefit <> 'NONE' ORDER BY n
"""
# As `facts.line_facts` writes them, a test compares; the earlier number stands beside the new one.
_FACTS = """jsonb_build_object('from', '', 'to', 'WAITING', 'reason', NULL,
    'kind', CASE WHEN correction IS NULL THEN 'GENERAL' ELSE 'SPECIAL' END, 'category', category,
    'original_at', to_char(registered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'),
    'due_at', NULL, 'due_term', NULL, 'benefit', benefit, 'list', source_id, 'row', row, 'earlier_number', number)"""
_LINEAR_FACTS = f"""jsonb_build_object('regime', '{Regime.LINEAR.value}', 'birth_year', extract(year FROM born_on)::int,
    'correction', correction, 'counts', benefit)"""
