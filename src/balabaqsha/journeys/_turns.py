"""Turns of a linear line: who gets one (rules, sections 3 and 6.1)."""

from datetime import datetime

from balabaqsha.applications import _steps as applications
from balabaqsha.journeys import _together
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.law.lists import BenefitStatus
from balabaqsha.line import _steps as lines
from balabaqsha.line import linear, rules
from balabaqsha.line.models import Line
from balabaqsha.record import actions as record
from balabaqsha.referrals import _steps as referrals
from balabaqsha.referrals import queries as referral_queries
from balabaqsha.referrals.queries import Unpromised


def give(line: Line, *, now: datetime) -> None:
    """Give a turn for every free state place that nobody has a turn for and that is not open to free choice.

    The caller holds the line's lock; whoever waits in it leaves it under that lock only, so that the applications found
    are those served. Their rows are locked after other applications, whatever their ids: whoever locks more than one
    application of a line holds the line.
    """
    unpromised = referral_queries.unpromised(line)
    if unpromised.places < 1 or _is_frozen(line, now=now):
        return
    _follow_the_law(line, now=now)
    slots = _walk(line, unpromised)
    if not slots:
        return
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
    if line.round_ends_at is not None:
        # Wishes are made in a round, and all end with it.
        referrals.end_wishes(application_ids=list(slots), now=now)
    lines.keep(line)
    facts = {"due_at": due_at.isoformat()}
    record.tell_many([record.fact("turn-came", now=now, application_id=row.id, facts=facts) for row in batch])


def _is_frozen(line: Line, *, now: datetime) -> bool:
    """Whether the yearly freeze keeps the places of the line; then it is noted when they are given (line.freeze)."""
    ends_at = law.freeze_ends_at(line.territory_id, now)
    if ends_at is not None and line.thaws_at != ends_at:
        line.thaws_at = ends_at
        lines.keep(line)
    return ends_at is not None


def _follow_the_law(line: Line, *, now: datetime) -> None:
    """Count the slots by the shares in force."""
    cycle = str(law.national_term("line.priority_cycle", localdate(now)).value)
    if line.cycle != cycle:
        line.cycle = cycle
        line.slot %= rules.cycle(cycle).length


def _walk(line: Line, unpromised: Unpromised) -> dict[int, int | None]:
    """The next of the line for so many places, each with the slot that it uses up (None out of turn); moves the slot."""
    key, places = linear.key_of_line(line), unpromised.places
    together = _together.Siblings(key, any_wish=unpromised.siblings)
    slots: dict[int, int | None] = {}

    def may_be_served(application: linear.Next) -> bool:
        return together.may_be_served(application, places=places - len(slots))

    servable = linear.servable(key, limit=places)
    lists = {tier: filter(may_be_served, those) for tier, those in servable.items()}
    walk = rules.Walk(lists, slot=line.slot, cycle=rules.cycle(line.cycle))
    while len(slots) < places and (found := walk.next()) is not None:
        for one in together.with_sibling(found):
            slots[one.id] = walk.use(BenefitStatus(one.benefit).tier)
    line.slot = walk.slot
    return slots
