"""Places open to free choice: by whoever comes first, or in sealed rounds (rules, section 6.3)."""

from datetime import datetime

from balabaqsha.applications import _steps as applications
from balabaqsha.applications.models import Application
from balabaqsha.journeys import _issuing
from balabaqsha.journeys._case import Case
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.law.terms import Rulebook, Term
from balabaqsha.line import _steps as lines
from balabaqsha.line import linear
from balabaqsha.line.models import Line
from balabaqsha.record import actions as record
from balabaqsha.referrals import _steps as referrals
from balabaqsha.referrals import queries as referral_queries
from balabaqsha.referrals.models import SealedWish
from balabaqsha.referrals.states import Origin, WishOutcome


def collecting(rulebook: Rulebook, *, now: datetime) -> Term | None:
    """How long a sealed round collects wishes; None where whoever comes first is served.

    With nothing to collect, a sealed round is the same as coming first.
    """
    on = localdate(now)
    if rulebook.term("free_choice.mode", on=on).value != "sealed":
        return None
    term = rulebook.term("free_choice.collect", on=on)
    return term if term.value else None


def open_places(line: Line, count: int, *, now: datetime) -> None:
    """Open so many places of the locked line to free choice; in sealed mode a round starts where none runs."""
    line.openings += count
    _start_round(line, now=now)
    lines.keep(line)
    _journal(line, "open-free-choice", now=now, opened=count)


def use_place(line: Line, *, now: datetime) -> None:
    """Use up one opening of the locked line."""
    line.openings -= 1
    lines.keep(line)
    _journal(line, "use-free-choice", now=now, opened=-1)


def _journal(line: Line, act: str, *, now: datetime, opened: int) -> None:
    facts = {
        "line": line.id,
        "birth_year": line.birth_year,
        "correction": line.correction,
        "opened": opened,
        "openings": line.openings,
        "round_ends_at": line.round_ends_at.isoformat() if line.round_ends_at else None,
    }
    record.record(act, actor=SYSTEM, now=now, territory_code=line.territory_id, facts=facts)


def _start_round(line: Line, *, now: datetime) -> None:
    if line.round_ends_at is not None or not line.openings:
        return
    term = collecting(law.rulebook(line.territory_id), now=now)
    if term is not None:
        line.round_ends_at = law_rules.deadline(now, term, law.calendar())


def end_round(line: Line, *, now: datetime) -> None:
    """Serve the wishes of the round that ends now, in the order of the line, as far as openings and places last.

    The caller holds the locks of the line, of the wished groups and of the applications. All wishes end; where openings
    are left, a new round starts.
    """
    wishes = {wish.application_id: wish for wish in referral_queries.wishes_of_round(line)}
    places = linear.places_of(linear.key_of_line(line), wishes)
    rows = {row.id: row for row in applications.lock_many(wishes)}
    for application_id in sorted(places, key=lambda one: places[one]):
        if not line.openings:
            break
        if _serve(rows[application_id], wishes[application_id], line, now=now):
            line.openings -= 1
    referrals.end_wishes(application_ids=list(wishes), now=now, outcome=WishOutcome.NOT_SERVED)
    line.round_ends_at = None
    _start_round(line, now=now)
    lines.keep(line)
    _journal(line, "end-sealed-round", now=now, opened=0)


def _serve(application: Application, wish: SealedWish, line: Line, *, now: datetime) -> bool:
    """Issue the referral that was wished, if its group has a free place."""
    if not kindergartens.free_in_group(wish.group_id, now=now):
        return False
    _issuing.issue(
        Case(application, now),
        line=line,
        group_id=wish.group_id,
        origin=Origin.FREE_CHOICE,
        signature=wish.signature,
        actor=SYSTEM,
        now=now,
    )
    return True
