"""Every change to proven contacts: the person's own e-mail address, their telephones, the name to enter by."""

from datetime import datetime

from django.db import transaction

from balabaqsha.accounts import names, queries, rules
from balabaqsha.accounts.actions import Proof, ProofSpent, spend
from balabaqsha.accounts.models import Account, Code, Purpose
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.people import _steps as people
from balabaqsha.people import queries as people_queries
from balabaqsha.people.models import Person, Phone
from balabaqsha.record import actions as record


class LoginTaken(Refusal, code="login-taken"):
    """Somebody else has this log-in, or it is none."""


class NoSuchPhone(Refusal, code="not-allowed", detail="page-not-found"):
    """The actor has no such further telephone."""


@transaction.atomic(durable=True)
def confirm_email(*, actor: Actor, code_id: int, email: str, now: datetime, real_now: datetime) -> None:
    """Make the address that the actor has just proven theirs: for messages, and to enter by. Raises ProofSpent."""
    person_id = actor.person_id or 0
    subject = queries.email_subject(email=email, iin=people_queries.iin_of(person_id))
    code = Code.objects.select_for_update().filter(pk=code_id, purpose=Purpose.EMAIL, subject=subject).first()
    if code is None or code.used_at is None or code.spent_at is not None or code.used_at + rules.PROOF_LIFE <= real_now:
        raise ProofSpent
    code.spent_at = real_now
    code.save(update_fields=["spent_at"])
    people.confirm_email(person_id=person_id, email=email, now=now)
    record.record("email-confirmed", actor=actor, now=now, facts={"code": code_id})


@transaction.atomic(durable=True)
def change_phone(*, actor: Actor, proof: Proof, now: datetime, real_now: datetime) -> None:
    """Make the number that the actor has just proven their main one; the old one is told too.

    Raises ProofSpent.
    """
    before = Phone.objects.filter(person_id=actor.person_id, is_main=True, ended_at=None).first()
    phone = _proven(actor, proof, real_now=real_now, now=now, main=True)
    record.record("phone-changed", actor=actor, now=now, facts={"phone": phone.id, "code": proof.code_id})
    facts = {"phone": phone.id}
    if before is not None and before.id != phone.id:
        facts["old_phone"] = before.id
    record.tell("phone-changed", now=now, person_id=proof.person_id, facts=facts)


@transaction.atomic(durable=True)
def add_phone(*, actor: Actor, proof: Proof, now: datetime, real_now: datetime) -> None:
    """Keep the number that the actor has just proven beside their main one. Raises ProofSpent."""
    phone = _proven(actor, proof, real_now=real_now, now=now, main=False)
    record.record("phone-added", actor=actor, now=now, facts={"phone": phone.id, "code": proof.code_id})


@transaction.atomic(durable=True)
def end_phone(*, actor: Actor, phone_id: int, now: datetime) -> None:
    """Let a further number of the actor go; the main one stays until another takes its place. Raises NoSuchPhone."""
    mine = Phone.objects.filter(pk=phone_id, person_id=actor.person_id or 0, is_main=False, ended_at=None)
    if not mine.update(ended_at=now):
        raise NoSuchPhone
    record.record("phone-ended", actor=actor, now=now, facts={"phone": phone_id})


@transaction.atomic(durable=True)
def choose_login(*, actor: Actor, login: str, now: datetime) -> bool:
    """Give the actor a name to enter by (empty: none); returns whether it changed. Raises LoginTaken."""
    wanted = login.strip().lower() or None
    if wanted is not None and not names.LOGIN.fullmatch(wanted):
        raise LoginTaken
    account = Account.objects.select_for_update(no_key=True).get(pk=actor.account_id or 0)
    if account.login == wanted:
        return False
    # Rival: somebody who takes the same name; the constraint lets one of them have it.
    if wanted is not None and Account.objects.filter(login=wanted).exists():
        raise LoginTaken
    account.login = wanted
    account.save(update_fields=["login"])
    record.record("login-chosen", actor=actor, now=now, facts={"chosen": wanted is not None})
    return True


def _proven(actor: Actor, proof: Proof, *, main: bool, now: datetime, real_now: datetime) -> Phone:
    if proof.person_id != actor.person_id:
        raise ProofSpent
    spend(proof, {Purpose.NEW_PHONE}, real_now)
    if main:
        return people.confirm_phone(person_id=proof.person_id, number=proof.phone, now=now)
    # The row of the person makes two confirmations take turns.
    Person.objects.select_for_update(no_key=True).get(pk=proof.person_id)
    return people.keep_phone(person_id=proof.person_id, number=proof.phone, now=now)
