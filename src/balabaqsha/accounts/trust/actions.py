"""Every move of a trust: given, accepted or declined, revoked, given up, lapsed. Both are told of each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from balabaqsha.accounts.models import RoleGrant
from balabaqsha.accounts.roles import _steps as roles
from balabaqsha.accounts.trust import queries, rules
from balabaqsha.kernel.actor import SYSTEM, Actor, Power, Role
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.people import queries as people
from balabaqsha.people.actions import NoSuchChild
from balabaqsha.people.models import Person, Trust
from balabaqsha.people.states import LIFECYCLE, LIVE, TrustState
from balabaqsha.record import actions as record


class AlreadyTrusted(Refusal, code="already-sent", detail="already-trusted"):
    """The parent has trusted this person with this child already; it has to be revoked first."""


class NoSuchTrust(Refusal, code="not-allowed", detail="page-not-found"):
    """The actor has neither given nor been given such a trust."""


@dataclass(frozen=True)
class Giving:
    """What a parent writes: the child's id, whom they trust by IIN and surname, what with, the last day."""

    child_id: int
    iin: str
    surname: str
    powers: Collection[Power]
    last_day: date


@transaction.atomic(durable=True)
def give(*, giving: Giving, actor: Actor, now: datetime) -> Trust:
    """Let somebody act for the actor's child once they accept; to see is part of whatever is let.

    Raises NoSuchChild, IinNotValid, TrustedNotAdult, TrustToOneself, TrustEndsTooSoon, TrustEndsTooLate, AlreadyTrusted.
    """
    # The giver's row makes two tabs take turns.
    giver = Person.objects.select_for_update(no_key=True).get(pk=actor.person_id or 0)
    if not people.represents(giver.id, giving.child_id, now=now):
        raise NoSuchChild
    iin = rules.trusted_iin(giving.iin, giver_iin=giver.iin, today=localdate(now))
    ends_at = rules.end_of(giving.last_day, now=now, months=queries.longest_months(now))
    earlier = queries.of_child(giver_id=giver.id, child_id=giving.child_id).filter(trusted_iin=iin.text)
    for row in earlier.select_for_update(no_key=True).order_by("id"):
        if queries.state_of(row, now=now) is not TrustState.LAPSED:
            raise AlreadyTrusted
        _close(row, "lapse", actor=SYSTEM, now=now)
    trust = Trust.objects.create(
        giver=giver,
        child_id=giving.child_id,
        trusted_iin=iin.text,
        trusted_surname=" ".join(giving.surname.split())[:120],
        powers=sorted({Power.SEE.value, *(power.value for power in giving.powers)}),
        given_at=now,
        ends_at=ends_at,
    )
    facts = {"child": trust.child_id, "powers": trust.powers, "until": ends_at.isoformat()}
    record.record("trust-given", actor=actor, now=now, facts={"trust": trust.id, **facts})
    _tell("trust-given", trust, [giver.id], now=now)
    _tell("trust-offered", trust, [_named(trust)], now=now)
    return trust


@transaction.atomic(durable=True)
def accept(*, token: UUID, actor: Actor, now: datetime) -> int:
    """Take a trust on: from now on the actor may switch to the role of a trusted person; returns the role's grant.

    Raises NoSuchTrust, NotInThisState.
    """
    trust = _offered(token, actor)
    trust.state = LIFECYCLE.after("accept", state=queries.state_of(trust, now=now))
    trust.trusted_id, trust.answered_at = actor.person_id, now
    trust.save(update_fields=["state", "trusted", "answered_at"])
    grant = roles.give(
        account_id=actor.account_id or 0,
        role=Role.TRUSTED_PERSON,
        trust_id=trust.id,
        until=trust.ends_at,
        reason="trust accepted",
        actor=actor,
        now=now,
    )
    record.record("trust-accepted", actor=actor, now=now, facts=_facts(trust) | {"grant": grant.id})
    _tell("trust-accepted", trust, _both(trust), now=now)
    return grant.id


@transaction.atomic(durable=True)
def decline(*, token: UUID, actor: Actor, now: datetime) -> None:
    """Refuse to take a trust on. Raises NoSuchTrust, NotInThisState."""
    trust = _offered(token, actor)
    LIFECYCLE.after("decline", state=queries.state_of(trust, now=now))
    trust.answered_at = now
    _close(trust, "decline", actor=actor, now=now)


@transaction.atomic(durable=True)
def revoke(*, token: UUID, actor: Actor, now: datetime) -> None:
    """Take a trust back at once; the trusted person's next request finds it gone. Raises NoSuchTrust, NotInThisState."""
    trust = Trust.objects.select_for_update(no_key=True).filter(token=token, giver_id=actor.person_id).first()
    if trust is None:
        raise NoSuchTrust
    LIFECYCLE.after("revoke", state=queries.state_of(trust, now=now))
    _close(trust, "revoke", actor=actor, now=now)


@transaction.atomic(durable=True)
def give_up(*, token: UUID, actor: Actor, now: datetime) -> None:
    """Lay a trust down that one had accepted. Raises NoSuchTrust, NotInThisState."""
    trust = _offered(token, actor)
    LIFECYCLE.after("give_up", state=queries.state_of(trust, now=now))
    _close(trust, "give_up", actor=actor, now=now)


def lapse(*, now: datetime, limit: int = 100) -> int:
    """Write down trusts whose end, or whose giver's kinship, has passed, so that both are told; returns how many.

    They let nothing be done before.

    Each is a transaction of its own.
    """
    due = queries.lapsed(now=now).order_by("ends_at", "id")
    return sum(_lapse(trust_id, now=now) for trust_id in list(due.values_list("id", flat=True)[:limit]))


@transaction.atomic(durable=True)
def _lapse(trust_id: int, *, now: datetime) -> bool:
    # Rival: another worker, or the parent who revokes it just now.
    trust = Trust.objects.select_for_update(no_key=True).get(pk=trust_id)
    if trust.state not in LIVE or queries.state_of(trust, now=now) != TrustState.LAPSED:
        return False
    _close(trust, "lapse", actor=SYSTEM, now=now)
    return True


_ACTS = {
    "decline": "trust-declined",
    "revoke": "trust-revoked",
    "give_up": "trust-given-up",
    "lapse": "trust-lapsed",
}


def _close(trust: Trust, move: str, *, actor: Actor, now: datetime) -> None:
    """End a trust by the move and with it the role that it gave; the caller has locked its row."""
    trust.state = LIFECYCLE.after(move, state=trust.state)
    # One that ran out ended at its own moment, whenever that is written.
    trust.ended_at = min(now, trust.ends_at)
    trust.save(update_fields=["state", "answered_at", "ended_at"])
    if RoleGrant.objects.filter(trust=trust, ended_at=None).exists():
        roles.end(grants=Q(trust=trust), reason=_ACTS[move], actor=actor, now=now)
    record.record(_ACTS[move], actor=actor, now=now, facts=_facts(trust))
    _tell(_ACTS[move], trust, _both(trust), now=now)


def _offered(token: UUID, actor: Actor) -> Trust:
    """The trust of this token that is the actor's to answer, locked; raises NoSuchTrust."""
    mine = {row.id for row in queries.offered_to(actor.person_id or 0)}
    trust = Trust.objects.select_for_update(no_key=True).filter(token=token).first()
    if trust is None or trust.id not in mine:
        raise NoSuchTrust
    return trust


def _named(trust: Trust) -> int | None:
    """The person whom the parent named, where the portal knows them."""
    if trust.trusted_id is not None:
        return trust.trusted_id
    known = Person.objects.filter(iin=trust.trusted_iin).first()
    return known.id if known and rules.is_surname(trust.trusted_surname, known.surname) else None


def _facts(trust: Trust) -> dict[str, object]:
    return {"trust": trust.id, "child": trust.child_id, "giver": trust.giver_id, "trusted": trust.trusted_id}


def _both(trust: Trust) -> list[int | None]:
    return [trust.giver_id, _named(trust)]


def _tell(fact: str, trust: Trust, people_told: list[int | None], *, now: datetime) -> None:
    """Tell them; somebody whom the portal does not know reads it when they sign in."""
    for person_id in people_told:
        if person_id is not None:
            record.tell(fact, now=now, person_id=person_id, facts={"trust": trust.id})
