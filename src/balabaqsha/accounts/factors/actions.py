"""Every change to second factors: set, tried, ended; recovery codes made and used."""

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest

from balabaqsha.accounts import actions, digests, rules
from balabaqsha.accounts.factors import sealing, totp
from balabaqsha.accounts.models import Account, RecoveryCode, SecondFactor
from balabaqsha.kernel.actor import ANONYMOUS, Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.record import actions as record

RECOVERY_CODES = 10
# Without letters and digits that look alike.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_HALF = 5


class SecondWrong(Refusal, code="code-wrong", detail="second-wrong"):
    """The code is not that of the application now, or was taken before."""


class FactorSetAlready(Refusal, code="already-sent", detail="changed-meanwhile"):
    """The account has a second factor by now."""


def new_secret() -> bytes:
    """A secret for an application that is not set yet."""
    return secrets.token_bytes(totp.SECRET_BYTES)


@transaction.atomic(durable=True)
def set_factor(*, account_id: int, secret: bytes, typed: str, now: datetime, real_now: datetime) -> list[str]:
    """Take an application into use whose code proves that it holds the secret; returns the recovery codes, shown once.

    Raises SecondWrong, FactorSetAlready.
    """
    # The account's row makes two tabs take turns.
    account = Account.objects.select_for_update(no_key=True).get(pk=account_id)
    if SecondFactor.objects.filter(account_id=account_id, ended_at=None).exists():
        raise FactorSetAlready
    step = totp.matching_step(secret, typed, moment=real_now, after=0)
    if step is None:
        raise SecondWrong
    factor = SecondFactor.objects.create(
        account=account, secret=sealing.seal(secret, owner=_owner(account_id)), set_at=now, last_step=step
    )
    texts = _make_codes(factor, now=now)
    actor = Actor(role=ANONYMOUS.role, account_id=account_id, person_id=account.person_id)
    record.record("second-factor-set", actor=actor, now=now, facts={"factor": factor.id})
    record.tell("second-factor-set", now=now, person_id=account.person_id, facts={"due_at": now.isoformat()})
    return texts


def take(*, account_id: int, typed: str, address: str, now: datetime, real_now: datetime) -> None:
    """Take a code of the application, or a recovery code; wrong ones are counted and soon close the door.

    Raises TooManyAttempts, SecondWrong.
    """
    tries = tries_of(account_id, address)
    actions.count_tries(tries=tries, real_now=real_now)
    plain = "".join(typed.lower().replace("-", "").split())
    if not (_take_code(account_id, plain, real_now) or _take_recovery(account_id, plain, now=now)):
        actions.note_failed_sign_in(account_id=account_id, now=now)
        raise SecondWrong
    actions.forgive_tries(tries=tries)


@transaction.atomic(durable=True)
def end_factor(*, actor: Actor, now: datetime) -> bool:
    """Let the actor's application go, its recovery codes with it; staff set another at their next sign-in."""
    live = SecondFactor.objects.filter(account_id=actor.account_id or 0, ended_at=None)
    ended = live.update(ended_at=Greatest("set_at", Value(now)))
    if ended:
        record.record("second-factor-ended", actor=actor, now=now, facts={})
        record.tell("second-factor-ended", now=now, person_id=actor.person_id, facts={"due_at": now.isoformat()})
    return bool(ended)


def tries_of(account_id: int, address: str) -> list[tuple[rules.Limit, bytes]]:
    """What is counted when a second code is tried."""
    return [
        (rules.SECONDS_OF_ACCOUNT, digests.subject("account", f"{account_id}")),
        (rules.LOGINS_OF_ADDRESS, digests.subject("address", address)),
    ]


@transaction.atomic(durable=True)
def _take_code(account_id: int, typed: str, real_now: datetime) -> bool:
    # Rival: the same code in another tab. The row makes them take turns, and the second finds its period taken.
    factor = SecondFactor.objects.select_for_update().filter(account_id=account_id, ended_at=None).first()
    secret = sealing.unseal(bytes(factor.secret), owner=_owner(account_id)) if factor else None
    if factor is None or secret is None:
        return False
    step = totp.matching_step(secret, typed, moment=real_now, after=factor.last_step)
    if step is None:
        return False
    factor.last_step = step
    factor.save(update_fields=["last_step"])
    return True


@transaction.atomic(durable=True)
def _take_recovery(account_id: int, typed: str, *, now: datetime) -> bool:
    live = RecoveryCode.objects.filter(factor__account_id=account_id, factor__ended_at=None, used_at=None)
    # One statement: of two that type the same code one finds it used.
    used = live.filter(digest=_digest(account_id, typed)).update(used_at=now)
    if used:
        account = Account.objects.get(pk=account_id)
        actor = Actor(role=ANONYMOUS.role, account_id=account_id, person_id=account.person_id)
        record.record("recovery-code-used", actor=actor, now=now, facts={"left": live.count()})
    return bool(used)


def _make_codes(factor: SecondFactor, *, now: datetime) -> list[str]:
    texts = ["".join(secrets.choice(_ALPHABET) for _ in range(2 * _HALF)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(factor=factor, digest=_digest(factor.account_id, text), made_at=now) for text in texts
    )
    return [f"{text[:_HALF]}-{text[_HALF:]}" for text in texts]


def _digest(account_id: int, text: str) -> bytes:
    return digests.subject("recovery-code", f"{account_id}", text)


def _owner(account_id: int) -> str:
    return f"account {account_id}"
