"""What must never be in a town, looked up in its rows."""

from collections import Counter
from datetime import datetime

from django.db import connection

from balabaqsha.checks import catalogue, work

# Each counts rows that must not be there; what must never be anywhere is asked by the portal's own checks.
_NEVER = {
    "a child enrolled and waiting": """
        SELECT count(*) FROM applications_application a JOIN applications_application b USING (child_id)
        WHERE a.state = 'ENROLLED' AND b.state <> 'ARCHIVED' AND b.id <> a.id""",
    "a group whose places are not its capacity": """
        SELECT count(*) FROM kindergartens_group g
        WHERE capacity <> (SELECT count(*) FROM kindergartens_place WHERE group_id = g.id)""",
    "an application in a group of another year or correction": """
        SELECT count(*) FROM admissions_admission d JOIN applications_application a ON a.id = d.application_id
        JOIN kindergartens_group g ON g.id = d.group_id
        WHERE a.birth_year <> g.birth_year OR a.correction IS DISTINCT FROM g.correction""",
    "something that happens later": """
        SELECT (SELECT count(*) FROM record_journalentry WHERE at > %(now)s)
        + (SELECT count(*) FROM applications_application WHERE original_at > %(now)s OR reached_state_at > %(now)s)""",
    "an application without its beginning in the journal": """
        SELECT count(*) FROM applications_application a WHERE NOT EXISTS (SELECT 1 FROM record_journalentry j
        WHERE j.application_id = a.id AND j.act IN ('apply', 'carry_over'))""",
    "a signed contract without its document": """
        SELECT count(*) FROM admissions_contract WHERE document_id IS NULL AND parent_signature_id IS NOT NULL""",
    "an undecided claim without its proof": """
        SELECT count(*) FROM applications_benefitclaim WHERE state = 'UNDECIDED' AND benefit <> 'LARGE_FAMILY'
        AND upload_ids = '{}' AND application_id IN (SELECT application_id FROM record_journalentry
        WHERE act = 'apply' AND facts ->> 'claimed' <> 'NONE')
        AND claimed_at > %(now)s - interval '20 days' AND decided_at IS NOT NULL""",
}


def contradictions(now: datetime) -> dict[str, int]:
    """How often each is found; what is not found is left out."""
    found = {}
    with connection.cursor() as cursor:
        for name, query in _NEVER.items():
            cursor.execute(query, {"now": now})
            found[name] = cursor.fetchone()[0]
    asked = (*catalogue.OF_ROWS, work.due_and_not_done, work.hold_outlived)
    found |= Counter(code for code, _ in catalogue.ask(asked, now=now))
    return {name: count for name, count in found.items() if count}
