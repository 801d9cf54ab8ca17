"""A place came free: whom it is offered to, in the transaction that freed it."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from balabaqsha.admissions import _steps as admission_steps
from balabaqsha.admissions import queries as admissions
from balabaqsha.applications import _steps as applications
from balabaqsha.journeys import _turns
from balabaqsha.journeys._case import kept_until
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.line.models import Line
from balabaqsha.record import actions as record


def came_free(group_ids: Iterable[int], *, now: datetime, line: Line | None = None) -> None:
    """Offer each freed place to the first in its group's waiting list, then give the turns that the line is due.

    `group_ids` names a group once for each place freed; the caller holds the locks of all of them, and that of the
    linear `line` before them. In the voucher regime what nobody waits for stays free.
    """
    serve_lists(group_ids, now=now)
    if line is not None:
        _turns.give(line, now=now)


def serve_lists(group_ids: Iterable[int], *, now: datetime) -> None:
    """Offer each freed place to the first in its group's waiting list, as far as somebody waits."""
    freed_in = Counter(group_ids)
    listed = admissions.groups_with_a_list(freed_in) if freed_in else set()
    for group_id, freed in sorted(freed_in.items()):
        if group_id not in listed:
            continue
        for _ in range(freed):
            if not _offer_one(group_id, now=now):
                break


def _offer_one(group_id: int, *, now: datetime) -> bool:
    entry = admissions.next_in_list(group_id)
    if entry is None:
        return False
    application = entry.application
    rule = law.rulebook(application.territory_id).term("waiting_list.answer", on=localdate(now))
    due_at = law_rules.deadline(now, rule, law.calendar())
    term = applications.Term(due_at=due_at, identity=rule.identity, counted_from=now)
    until = kept_until(application, term_ends=application.due_at)
    offer = admission_steps.offer_place(entry, child_id=application.child_id, term=term, until=until, now=now)
    facts = {"group": group_id, "offer": offer.id, "due_at": due_at.isoformat(), "due_term": rule.identity}
    record.record(
        "waiting-list-offer",
        actor=SYSTEM,
        now=now,
        territory_code=application.territory_id,
        application_id=application.id,
        facts=facts,
    )
    record.tell("waiting-list-offer", now=now, application_id=application.id, facts=facts)
    return True
