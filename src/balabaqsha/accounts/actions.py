"""Every change to accounts: codes, registration, signing in, passwords, roles, the demonstration's clock."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest

from balabaqsha.accounts import clock, digests, queries, rules
from balabaqsha.accounts.models import Account, ClockShift, Code, ConsentGiven, Purpose, RateLimit, RoleGrant, Visit
from balabaqsha.accounts.roles import _steps as roles
from balabaqsha.kernel.actor import ANONYMOUS, Actor, Role
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law.terms import Term
from balabaqsha.people import _steps as people
from balabaqsha.people import queries as people_queries
from balabaqsha.record import actions as record


class AccountExists(Refusal, code="already-sent", detail="account-exists"):
    """The person has an account already."""


class NoAccount(Refusal, code="not-allowed", detail="no-account"):
    """The person has no account; told only after the telephone was proven."""


class SignInFailed(Refusal, code="sign-in-failed"):
    """No such account, or not its password: nobody is told which."""


class ProofSpent(Refusal, code="code-expired", detail="proof-spent"):
    """What the code proved was used up, or too long ago."""


class ClockNotHere(Refusal, code="clock-not-here"):
    """Only the demonstration has a clock that can be moved."""


class ClockOnlyForward(Refusal, code="clock-only-forward"):
    """The demonstration's clock never goes back."""


def lock_window(*, kind: str, subject: bytes, real_now: datetime) -> RateLimit:
    """Make all who try as this subject take turns; the row is made where there is none."""
    fresh = RateLimit(kind=kind, subject=subject, window_began_at=real_now, count=0)
    RateLimit.objects.bulk_create([fresh], ignore_conflicts=True)
    return RateLimit.objects.select_for_update().get(kind=kind, subject=subject)


@transaction.atomic(durable=True)
def count_tries(*, tries: list[tuple[rules.Limit, bytes]], real_now: datetime) -> None:
    """Count one try by each subject; raises the refusal of the first limit that was passed already.

    The count is kept only if every limit lets the try pass: whoever waits is not punished for asking early.
    """
    # Kinds and subjects in one order, so that two requests never wait for each other in a ring.
    for limit, subject in sorted(tries, key=lambda pair: (pair[0].kind, pair[1])):
        row = lock_window(kind=limit.kind, subject=subject, real_now=real_now)
        if row.window_began_at + limit.window <= real_now:
            row.window_began_at, row.count = real_now, 0
        row.count += 1
        rules.check_limit(limit, count=row.count, window_began_at=row.window_began_at, real_now=real_now)
        row.save(update_fields=["window_began_at", "count"])


@transaction.atomic(durable=True)
def forgive_tries(*, tries: list[tuple[rules.Limit, bytes]]) -> None:
    """Forget what was counted for a try that was right in the end.

    A person starts anew; an address, which thousands share, gets back this one try only.
    """
    for limit, subject in sorted(tries, key=lambda pair: (pair[0].kind, pair[1])):
        left = Greatest(F("count") - 1, 0) if limit.shared else 0
        RateLimit.objects.filter(kind=limit.kind, subject=subject).update(count=left)


@transaction.atomic(durable=True)
def clear_limits(*, real_now: datetime) -> int:
    """Delete windows that ended long ago; returns how many. For a daily job."""
    longest = max(limit.window for limit in rules.LIMITS)
    deleted, _ = RateLimit.objects.filter(window_began_at__lt=real_now - longest).delete()
    return deleted


@dataclass(frozen=True)
class IssuedCode:
    """A code to be sent at once; the text exists nowhere else."""

    id: int
    text: str
    reference: str


@transaction.atomic(durable=True)
def issue_code(
    *,
    subject: bytes,
    purpose: Purpose,
    life: Term,
    resend_after: Term,
    base_reference: str,
    actor: Actor,
    now: datetime,
    real_now: datetime,
) -> IssuedCode:
    """Make a new code for the subject (a telephone with an IIN); earlier ones of the purpose stop counting.

    The terms count real time. Raises CodeTooSoon.
    """
    # Rival: the same form sent twice. The subject's own row of tries makes them take turns.
    lock_window(kind="codes-turn", subject=subject, real_now=real_now)

    queries.refuse_too_soon(subject=subject, purpose=purpose, resend_after=resend_after, real_now=real_now)
    live = Code.objects.filter(subject=subject, purpose=purpose, used_at=None, spent_at=None)
    live.update(spent_at=real_now)
    text = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}}"
    code = Code.objects.create(
        purpose=purpose,
        subject=subject,
        digest=digests.code(text, subject),
        sent_at=real_now,
        expires_at=rules.after(real_now, life),
        life_term=life.identity,
        base_reference=base_reference,
    )
    record.record(
        "code-issued",
        actor=actor,
        now=now,
        facts={"code": code.id, "purpose": purpose.value, "term": life.identity, "phone_base": base_reference},
    )
    return IssuedCode(id=code.id, text=text, reference=f"code-{secrets.token_hex(12)}")


@transaction.atomic(durable=True)
def withdraw_code(*, code_id: int, real_now: datetime) -> None:
    """Take back a code that could not be sent, so that the next may be asked for at once."""
    Code.objects.filter(pk=code_id, used_at=None).update(spent_at=real_now, expires_at=real_now + timedelta(seconds=1))


def accept_code(*, code_id: int, text: str, real_now: datetime) -> None:
    """Take the code that a person typed; wrong ones are counted even though they are refused.

    Raises CodeWrong, CodeExpired.
    """
    outcome = _try_code(code_id=code_id, text=text, real_now=real_now)
    if outcome is not None:
        raise outcome


@transaction.atomic(durable=True)
def _try_code(*, code_id: int, text: str, real_now: datetime) -> Refusal | None:
    code = Code.objects.select_for_update().filter(pk=code_id).first()
    if code is None:
        return rules.CodeExpired()
    right = secrets.compare_digest(bytes(code.digest), digests.code(text, bytes(code.subject)))
    outcome = rules.judge_code(
        right=right,
        failures=code.failures,
        used=code.used_at is not None or code.spent_at is not None,
        expired=real_now >= code.expires_at,
    )
    if outcome is None:
        code.used_at = real_now
    elif isinstance(outcome, rules.CodeWrong):
        code.failures += 1
    code.save(update_fields=["used_at", "failures"])
    return outcome


@dataclass(frozen=True)
class Proof:
    """A telephone proven by a code: `code_id` is the code, `phone` E.164, `person_id` whom the register named."""

    code_id: int
    phone: str
    person_id: int


@transaction.atomic(durable=True)
def register(
    *, proof: Proof, password: str, policy_version: str, language: str, now: datetime, real_now: datetime
) -> int:
    """Open a parent's account for the person who proved the telephone; returns the account's id.

    `password` is the hashed one. Raises ProofSpent, AccountExists.
    """
    spend(proof, {Purpose.SIGN_UP, Purpose.RECOVERY, Purpose.SIGN_IN}, real_now)
    if Account.objects.filter(person_id=proof.person_id).exists():
        raise AccountExists
    account = Account.objects.create(
        person_id=proof.person_id, password=password, language=language, created_at=now, last_seen_at=now
    )
    grant = RoleGrant.objects.create(account=account, role=Role.PARENT.value, granted_from=now, reason="registered")
    ConsentGiven.objects.create(account=account, policy_version=policy_version, given_at=now)
    people.confirm_phone(person_id=proof.person_id, number=proof.phone, now=now)
    actor = Actor(role=Role.PARENT, account_id=account.id, person_id=proof.person_id)
    facts = {"code": proof.code_id, "policy": policy_version, "grant": grant.id}
    record.record("account-registered", actor=actor, now=now, facts=facts)
    return account.id


@transaction.atomic(durable=True)
def recover_password(*, proof: Proof, password: str, now: datetime, real_now: datetime) -> int:
    """Give the person who proved the telephone a new (hashed) password and end all their sessions.

    A code of registration proves as much. Returns the account's id. Raises ProofSpent, NoAccount.
    """
    account = Account.objects.select_for_update(no_key=True).filter(person_id=proof.person_id, closed_at=None).first()
    if account is None:
        raise NoAccount
    spend(proof, {Purpose.RECOVERY, Purpose.SIGN_UP}, real_now)
    _set_password(account, password)
    _end_visits(account.id, real_now)
    people.confirm_phone(person_id=proof.person_id, number=proof.phone, now=now)
    actor = Actor(role=Role.ANONYMOUS, account_id=account.id, person_id=account.person_id)
    record.record("password-recovered", actor=actor, now=now, facts={"code": proof.code_id})
    record.tell("password-changed", now=now, person_id=account.person_id, facts={})
    return account.id


@transaction.atomic(durable=True)
def change_password(*, actor: Actor, password: str, visit_id: int, now: datetime, real_now: datetime) -> int:
    """Replace the actor's own (hashed) password and end their other sessions but `visit_id`; returns the new session number.

    The edge has checked the present password with `check_password`.
    """
    account = Account.objects.select_for_update(no_key=True).get(pk=actor.account_id or 0)
    _set_password(account, password)
    _end_visits(account.id, real_now, but=visit_id)
    record.record("password-changed", actor=actor, now=now, facts={})
    record.tell("password-changed", now=now, person_id=account.person_id, facts={})
    return account.session_number


@transaction.atomic(durable=True)
def sign_in(*, account_id: int, grant_id: int, facts: dict[str, Any], now: datetime) -> None:
    """Note that the account entered, with facts of the way."""
    account = Account.objects.select_for_update(no_key=True).get(pk=account_id)
    account.last_seen_at = now
    account.save(update_fields=["last_seen_at"])
    grant = RoleGrant.objects.get(pk=grant_id, account_id=account_id)
    record.record("signed-in", actor=queries.actor_of(account, grant), now=now, facts={"grant": grant_id, **facts})


@transaction.atomic(durable=True)
def renew_hash(*, account_id: int, password: str) -> None:
    """Keep the same password as a hash of today's cost."""
    Account.objects.filter(pk=account_id).update(password=password)


@transaction.atomic(durable=True)
def note_failed_sign_in(*, account_id: int | None, now: datetime) -> None:
    """Write a failed sign-in into the journal; without an account it is written all the same, so time tells nothing."""
    record.record("sign-in-failed", actor=ANONYMOUS, now=now, facts={"account": account_id})


@transaction.atomic(durable=True)
def sign_out(*, actor: Actor, visit_id: int, now: datetime, real_now: datetime) -> None:
    """Note that the actor left; the edge drops the session, of which no copy serves any more."""
    _end_visits(actor.account_id or 0, real_now, only=visit_id)
    record.record("signed-out", actor=actor, now=now, facts={})


@transaction.atomic(durable=True)
def choose_language(*, actor: Actor, language: str, now: datetime) -> bool:
    """Set the language in which the actor is written to; returns whether it changed."""
    changed = Account.objects.filter(pk=actor.account_id or 0).exclude(language=language).update(language=language)
    if changed:
        record.record("language-chosen", actor=actor, now=now, facts={"language": language})
    return bool(changed)


@transaction.atomic(durable=True)
def open_account(*, person_id: int, password: str, language: str, actor: Actor, now: datetime) -> int:
    """Open an account for a person known otherwise (staff), without a role yet; returns its id.

    `password` is the hashed one. Raises AccountExists.
    """
    if Account.objects.filter(person_id=person_id).exists():
        raise AccountExists
    account = Account.objects.create(person_id=person_id, password=password, language=language, created_at=now)
    record.record("account-opened", actor=actor, now=now, facts={"account": account.id, "person": person_id})
    return account.id


@transaction.atomic(durable=True)
def grant_role(
    *,
    account_id: int,
    role: Role,
    reason: str,
    actor: Actor,
    now: datetime,
    kindergarten_id: int | None = None,
    territory_code: str | None = None,
) -> int:
    """Let the account act in a role from now on; returns the grant's id, also of one that was there already.

    For what the portal itself sets up; staff give roles by `roles.actions.give_role`.
    """
    return roles.give(
        account_id=account_id,
        role=role,
        kindergarten_id=kindergarten_id,
        territory_code=territory_code,
        reason=reason,
        actor=actor,
        now=now,
    ).id


@transaction.atomic(durable=True)
def end_role(*, grant_id: int, reason: str, actor: Actor, now: datetime) -> bool:
    """Take a role away from now on; sessions in it end with their next request. Returns whether it was live."""
    return bool(roles.end(grants=Q(pk=grant_id), reason=reason, actor=actor, now=now))


@transaction.atomic(durable=True)
def switch_role(*, actor: Actor, grant_id: int, now: datetime) -> None:
    """Note that the actor goes on in another of their roles; the edge has checked that the grant is live."""
    record.record("role-switched", actor=actor, now=now, facts={"grant": grant_id})


@transaction.atomic(durable=True)
def move_clock(*, by: timedelta, actor: Actor, now: datetime) -> timedelta:
    """Let the demonstration's clock jump ahead; returns the whole shift.

    Raises ClockNotHere in production, ClockOnlyForward.
    """
    if not clock.is_demonstration():
        raise ClockNotHere
    if by < timedelta(0):
        raise ClockOnlyForward
    ClockShift.objects.bulk_create([ClockShift(pk=1, seconds=0)], ignore_conflicts=True)
    row = ClockShift.objects.select_for_update().get(pk=1)
    row.seconds += round(by.total_seconds())
    row.save(update_fields=["seconds"])
    record.record("clock-moved", actor=actor, now=now, facts={"by": round(by.total_seconds()), "shift": row.seconds})
    return timedelta(seconds=row.seconds)


@transaction.atomic(savepoint=False)
def spend(proof: Proof, purposes: set[Purpose], real_now: datetime) -> None:
    """Use up what a telephone was proven for; an inner step. Raises ProofSpent."""
    code = Code.objects.select_for_update().filter(pk=proof.code_id, purpose__in=purposes, spent_at=None).first()
    person = queries.code_subject(phone=proof.phone, iin=people_queries.iin_of(proof.person_id))
    if (
        code is None
        or code.used_at is None
        or not (bytes(code.subject) == person or _is_newcomers(code, proof))
        or code.used_at + rules.PROOF_LIFE <= real_now
    ):
        raise ProofSpent
    code.spent_at = real_now
    code.save(update_fields=["spent_at"])


def _is_newcomers(code: Code, proof: Proof) -> bool:
    """Whether the code went to the telephone on this person's application of an earlier system."""
    return code.person_id == proof.person_id and people_queries.stated_phone(proof.person_id) == proof.phone


def _end_visits(account_id: int, real_now: datetime, *, but: int = 0, only: int | None = None) -> None:
    visits = Visit.objects.filter(account_id=account_id, ended_at=None).exclude(pk=but)
    (visits if only is None else visits.filter(pk=only)).update(ended_at=real_now)


def _set_password(account: Account, password: str) -> None:
    account.password = password
    account.session_number += 1
    account.save(update_fields=["password", "session_number"])
