"""Turns of a linear line: who gets one (rules, sections 3 and 6.1)."""

from dataclasses import dataclass
from datetime import datetime

from balabaqsha.applications import _steps as applications
from balabaqsha.applications.models import Application
from balabaqsha.journeys import _together
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.law.lists import BenefitStatus, Tier
from balabaqsha.line import _steps as lines
from balabaqsha.line import linear, rules
from balabaqsha.line.models import Line
from balabaqsha.record import actions as record
from balabaqsha.referrals import _steps as referrals
from balabaqsha.referrals import queries as referral_queries


def give(line: Line, *, now: datetime) -> None:
    """Give a turn for every free state place that nobody has a turn for and that is not open to free choice.

    The caller holds the line's lock; whoever waits in it leaves it under that lock only, so that the applications found
    are those served. Their rows are locked after other applications, whatever their ids: whoever locks more than one
    application of a line holds the line.
    """
    key = linear.key_of_line(line)
    places = linear.free_state_places(key) - referral_queries.live_turns(line) - line.openings
    if places < 1:
        return
    _follow_the_law(line, now=now)
    served = _walk(line, key, places)
    if not served:
        return
    slots = {one.application.id: one.slot for one in served}
    rows = {row.id: row for row in applications.lock_many(slots)}
    batch = [rows[application_id] for application_id in slots]
    rule = law.rulebook(line.territory_id).term("turn.choose", on=localdate(now))
    due_at = law_rules.deadline(now, rule, law.calendar())
    term = applications.Term(due_at=due_at, identity=rule.identity, counted_from=now)
    own = {application_id: {"slot": slot} for application_id, slot in slots.items()}
    applications.move_many(
        batch, "offer_turn", actor=SYSTEM, now=now, term=term, facts={"line": line.id}, own_facts=own
    )
    referrals.give_turns(line=line, slots=slots, term=term, now=now)
    referrals.end_wishes(application_ids=list(slots), now=now)
    lines.keep(line)
    facts = {"due_at": due_at.isoformat()}
    record.tell_many([record.fact("turn-came", now=now, application_id=row.id, facts=facts) for row in batch])


def _follow_the_law(line: Line, *, now: datetime) -> None:
    """Count the slots by the shares in force."""
    cycle = str(law.national_term("line.priority_cycle", localdate(now)).value)
    if line.cycle != cycle:
        line.cycle = cycle
        line.slot %= rules.cycle(cycle).length


@dataclass(frozen=True)
class Served:
    """Somebody to whom a turn is given, with the slot that it uses up (None out of turn)."""

    application: Application
    slot: int | None


def _walk(line: Line, key: linear.LineKey, places: int) -> list[Served]:
    """The next of the line for so many places; moves the line's slot."""
    together = _together.Siblings(key)
    served: list[Served] = []

    def may_be_served(application: Application) -> bool:
        return together.may_be_served(application, places=places - len(served))

    lists = {tier: filter(may_be_served, linear.servable(key, tier, limit=places)) for tier in Tier}
    walk = rules.Walk(lists, slot=line.slot, cycle=rules.cycle(line.cycle))
    while len(served) < places and (found := walk.next()) is not None:
        served += [Served(one, walk.use(BenefitStatus(one.benefit).tier)) for one in together.with_sibling(found)]
    line.slot = walk.slot
    return served
