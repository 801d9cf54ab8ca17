"""A lost telephone replaced by two officers: one saw the identity document, another one approves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from balabaqsha.accounts.models import Account, RoleGrant, Visit
from balabaqsha.accounts.proof import PhoneNotInBase
from balabaqsha.accounts.roles.actions import NobodyToGiveTo
from balabaqsha.accounts.trust.rules import is_surname
from balabaqsha.gateways import registry
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.kernel.iin import Iin
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.people import _steps as people
from balabaqsha.people import registers
from balabaqsha.people import rules as people_rules
from balabaqsha.people.models import PhoneReturn
from balabaqsha.people.states import RETURN_LIFECYCLE, ReturnState
from balabaqsha.record import actions as record

# The second officer is a colleague in the house: what waits longer was forgotten and is proposed anew.
LIFE = timedelta(hours=24)


class OwnPhone(Refusal, code="not-allowed", detail="own-phone"):
    """Nobody returns their own telephone."""


class SecondOfficerNeeded(Refusal, code="not-allowed", detail="own-proposal"):
    """Neither whoever proposed it approves it, nor whom they have made an officer."""


class ReturnWaits(Refusal, code="already-sent", detail="return-waits"):
    """A telephone of this person waits for the second officer already."""


class ReturnExpired(Refusal, code="not-allowed", detail="return-expired"):
    """Nobody approved it in time."""


class NoSuchReturn(Refusal, code="not-allowed", detail="page-not-found"):
    """There is no such proposal."""


@dataclass(frozen=True)
class Proposal:
    """What the first officer read in the document: IIN, surname, its number; and the new telephone, E.164."""

    iin: str
    surname: str
    document_number: str
    number: str


def ask_base(*, proposal: Proposal, now: datetime) -> str:
    """Whether the new number is the person's, asked on the officer's duty, never inside a transaction; the answer's reference.

    Of somebody without an account nothing is asked. Raises IinNotValid, PhoneNotValid, NobodyToGiveTo, PhoneNotInBase,
    SilentNow.
    """
    iin: Iin = people_rules.parse_iin(proposal.iin)
    number = people_rules.mobile_number(proposal.number)
    _account(proposal)
    with registers.while_they_wait():
        answer = registry.phones().owner(iin, number, now=now)
    if not answer.belongs:
        raise PhoneNotInBase
    return answer.reference


@transaction.atomic(durable=True)
def propose(*, proposal: Proposal, base_reference: str, actor: Actor, now: datetime) -> PhoneReturn:
    """Write down that the actor saw the identity document; nothing changes before a second officer approves.

    `base_reference` is that of `ask_base`. Raises NobodyToGiveTo, OwnPhone, ReturnWaits.
    """
    found = _account(proposal)
    if found.id == actor.account_id:
        raise OwnPhone
    # The account's row makes two officers who propose for one person take turns.
    account = Account.objects.select_for_update(no_key=True).get(pk=found.id)
    waiting = PhoneReturn.objects.filter(person_id=account.person_id, state=ReturnState.PROPOSED)
    if waiting.filter(expires_at__gt=now).exists():
        raise ReturnWaits
    # One that nobody approved in time makes room.
    waiting.update(state=ReturnState.REJECTED, decided_at=now, decided_by_account_id=actor.account_id)
    made = PhoneReturn.objects.create(
        person_id=account.person_id,
        number=people_rules.mobile_number(proposal.number),
        document_number=proposal.document_number,
        base_reference=base_reference,
        territory_id=actor.territory_code,
        proposed_by_account_id=actor.account_id or 0,
        proposed_at=now,
        expires_at=now + LIFE,
    )
    facts = {"return": made.id, "account": account.id, "phone_base": base_reference}
    record.record("phone-return-proposed", actor=actor, now=now, territory_code=made.territory_id, facts=facts)
    # Whoever still has the old telephone reads it and can object before the second officer decides.
    record.tell("phone-return-proposed", now=now, person_id=account.person_id, facts={})
    return made


@transaction.atomic(durable=True)
def approve(*, token: UUID, actor: Actor, now: datetime, real_now: datetime) -> None:
    """Make the new number the person's only one; every session ends and the old telephone is told.

    Raises NoSuchReturn, NotInThisState, ReturnExpired, SecondOfficerNeeded, OwnPhone.
    """
    row = _locked(token)
    state = RETURN_LIFECYCLE.after("approve", state=row.state)
    if row.expires_at <= now:
        raise ReturnExpired
    if row.proposed_by_account_id == actor.account_id or _owes_the_role(actor, row):
        raise SecondOfficerNeeded
    if row.person_id == actor.person_id:
        raise OwnPhone
    account = Account.objects.select_for_update(no_key=True).get(person_id=row.person_id)
    phone, before = people.replace_phones(person_id=row.person_id, number=row.number, now=now)
    Account.objects.filter(pk=account.id).update(session_number=F("session_number") + 1)
    Visit.objects.filter(account_id=account.id, ended_at=None).update(ended_at=real_now)
    _decide(row, state, actor, now)
    facts = {"return": row.id, "account": account.id, "phone": phone.id, "proposed_by": row.proposed_by_account_id}
    record.record("phone-returned", actor=actor, now=now, territory_code=row.territory_id, facts=facts)
    told = {"phone": phone.id} | ({"old_phone": before.id} if before else {})
    record.tell("phone-changed", now=now, person_id=row.person_id, facts=told)


def _owes_the_role(actor: Actor, row: PhoneReturn) -> bool:
    """Whether the actor is an officer only by the proposer's own grant, or by one given since it was proposed."""
    grants = RoleGrant.objects.filter(account_id=actor.account_id, role=Role.OFFICER.value, ended_at=None)
    own = grants.filter(granted_from__lte=row.proposed_at).exclude(granted_by_id=row.proposed_by_account_id)
    return not own.exists()


@transaction.atomic(durable=True)
def reject(*, token: UUID, actor: Actor, now: datetime) -> None:
    """Leave everything as it is; whoever proposed it may take it back too. Raises NoSuchReturn, NotInThisState."""
    row = _locked(token)
    _decide(row, RETURN_LIFECYCLE.after("reject", state=row.state), actor, now)
    facts = {"return": row.id, "proposed_by": row.proposed_by_account_id}
    record.record("phone-return-rejected", actor=actor, now=now, territory_code=row.territory_id, facts=facts)


def _account(proposal: Proposal) -> Account:
    found = Account.objects.filter(person__iin=proposal.iin, closed_at=None).select_related("person").first()
    if found is None or not is_surname(proposal.surname, found.person.surname):
        raise NobodyToGiveTo
    return found


def _locked(token: UUID) -> PhoneReturn:
    # Rival: a third officer who decides at the same time.
    row = PhoneReturn.objects.select_for_update(no_key=True).filter(token=token).first()
    if row is None:
        raise NoSuchReturn
    return row


def _decide(row: PhoneReturn, state: str, actor: Actor, now: datetime) -> None:
    row.state, row.decided_by_account_id, row.decided_at = state, actor.account_id, now
    row.save(update_fields=["state", "decided_by_account_id", "decided_at"])
