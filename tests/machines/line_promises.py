"""What a linear line promises, looked up in its turns and in the journal, without any model: sentences of what is broken."""

from collections import Counter
from datetime import datetime

from balabaqsha.applications.models import Application
from balabaqsha.applications.states import Reason, State
from balabaqsha.law.lists import Tier
from balabaqsha.record.models import JournalEntry, OutboxFact
from balabaqsha.referrals.models import Turn

# Lapses that cost the family something, or give it something back, at a moment that it was told before.
LAPSES = frozenset({"lapse_turn", "lapse_referral", "lapse_referral_again", "lapse_after_review", "leave_stop_list"})
MISSES = frozenset({"lapse_referral", "lapse_referral_again"})
MOST_MISSES = 2


def last_turn():
    return Turn.objects.order_by("-id").values_list("id", flat=True).first() or 0


def broken(*, after_turn=0):
    """The promises that the rows break; of turns only those given after this one are looked at."""
    entries = list(JournalEntry.objects.filter(application_id__isnull=False).order_by("id"))
    return [
        *_served_before_somebody_ahead(after_turn),
        *_acts_after_archive(entries),
        *_lapses_without_warning(entries),
        *_misses(entries),
    ]


def _served_before_somebody_ahead(after_turn):
    """Of one tier, and of nobody out of turn, anybody who could have been served then and still waits stood behind."""
    for turn in Turn.objects.filter(id__gt=after_turn).select_related("application"):
        served = turn.application
        moved = JournalEntry.objects.filter(
            act__in=["end_passing_over", "confirm_benefit", "lapse_benefit", "drop_benefit"], at__gte=turn.offered_at
        ).values("application_id")
        ahead = Application.objects.filter(
            territory=served.territory_id,
            birth_year=served.birth_year,
            correction=served.correction,
            state=State.WAITING,
            reached_state_at__lt=turn.offered_at,
            passed_over_until__isnull=True,
        ).exclude(id__in=moved)
        for other in ahead:
            before = (other.original_at, other.id) < (served.original_at, served.id)
            first = other.tier == Tier.OUT_OF_TURN and turn.slot is not None
            if (
                other.tier == served.tier
                and before
                and served.id not in set(moved.values_list("application_id", flat=True))
            ) or first:
                yield f"{served.number} has a turn before {other.number}"


def _acts_after_archive(entries):
    archived = set()
    for entry in entries:
        if entry.application_id in archived:
            yield f"{entry.act} of {entry.application_id} after the archive"
        if entry.facts.get("to") == State.ARCHIVED:
            archived.add(entry.application_id)


def _lapses_without_warning(entries):
    """The family was told this very moment before it came."""
    told = {
        (fact.application_id, datetime.fromisoformat(fact.facts["due_at"]))
        for fact in OutboxFact.objects.filter(facts__has_key="due_at", application_id__isnull=False)
        if fact.facts["due_at"] and fact.at < datetime.fromisoformat(fact.facts["due_at"])
    }
    for entry in entries:
        if entry.act in LAPSES and (entry.application_id, entry.at) not in told:
            yield f"{entry.act} of {entry.application_id} at {entry.at}, of which nobody warned"


def _misses(entries):
    """Each lapse of a referral is one miss, and the second removes."""
    counted = Counter(entry.application_id for entry in entries if entry.act in MISSES)
    for row in Application.objects.all():
        if row.misses != counted[row.id] or row.misses > MOST_MISSES:
            yield f"{row.number} has {row.misses} misses and lapsed {counted[row.id]} times"
        removed = row.reason == Reason.TWO_MISSED
        if removed != (row.misses >= MOST_MISSES):
            yield f"{row.number} with {row.misses} misses is {row.state}"
