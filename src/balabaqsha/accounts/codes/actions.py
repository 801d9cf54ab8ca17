"""Codes of sign-in. The page does the same work for every name; only the worker knows whether there is somebody to send to."""

import secrets
from datetime import datetime

from django.db import transaction

from balabaqsha.accounts import actions, digests, queries, rules
from balabaqsha.accounts.models import Code, Purpose
from balabaqsha.kernel.actor import ANONYMOUS
from balabaqsha.law.terms import Term
from balabaqsha.record import actions as record


@transaction.atomic(durable=True)
def reserve_code(
    *,
    subject: bytes,
    account_id: int | None,
    person_id: int | None,
    life: Term,
    resend_after: Term,
    now: datetime,
    real_now: datetime,
) -> int:
    """Note that a code was asked for by this name; returns its id.

    It lets the account in, or the person register; where there is neither, it can never be given back right.

    The terms count real time. Raises CodeTooSoon.
    """
    # Rival: the same form sent twice. The subject's own row of tries makes them take turns.
    actions.lock_window(kind="codes-turn", subject=subject, real_now=real_now)

    queries.refuse_too_soon(subject=subject, purpose=Purpose.SIGN_IN, resend_after=resend_after, real_now=real_now)
    live = Code.objects.filter(subject=subject, purpose=Purpose.SIGN_IN, used_at=None, spent_at=None)
    live.update(spent_at=real_now)
    code = Code.objects.create(
        purpose=Purpose.SIGN_IN,
        subject=subject,
        account_id=account_id,
        person_id=person_id,
        digest=b"",
        sent_at=real_now,
        expires_at=rules.after(real_now, life),
        life_term=life.identity,
    )
    facts = {"code": code.id, "purpose": Purpose.SIGN_IN.value, "term": life.identity, "account": account_id}
    record.record("code-issued", actor=ANONYMOUS, now=now, facts=facts)
    return code.id


@transaction.atomic(durable=True)
def write_code(*, code_id: int, base_reference: str, real_now: datetime) -> str | None:
    """Make up the digits of a reserved code; a text made before stops counting. None where it has ended meanwhile."""
    code = Code.objects.select_for_update().get(pk=code_id)
    if code.used_at is not None or code.spent_at is not None or real_now >= code.expires_at:
        return None
    text = f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}}"
    code.digest = digests.code(text, bytes(code.subject))
    code.base_reference = base_reference
    code.save(update_fields=["digest", "base_reference"])
    return text


@transaction.atomic(durable=True)
def spend_code(*, code_id: int, real_now: datetime) -> None:
    """Use up a code that was given back right, once; raises ProofSpent."""
    code = Code.objects.select_for_update().get(pk=code_id)
    if code.used_at is None or code.spent_at is not None:
        raise actions.ProofSpent
    code.spent_at = real_now
    code.save(update_fields=["spent_at"])
