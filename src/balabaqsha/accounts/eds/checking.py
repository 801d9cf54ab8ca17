"""Judging the answer to a challenge: whose key of sign-in it was made with."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509

from balabaqsha.accounts import actions, digests, entrance, names, queries, rules
from balabaqsha.accounts.eds import actions as challenges
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.people.rules import name_in_title_case
from balabaqsha.signatures import queries as signatures
from balabaqsha.signatures import verifier


class KeyNotForSignIn(Refusal, code="signature-refused", detail="key-not-for-sign-in"):
    """The key is one of signing, or belongs to no person."""


class AnswerUnusable(Refusal, code="signature-refused", detail="answer-unusable"):
    """The signature cannot be read or is over another text."""


@dataclass(frozen=True)
class Owner:
    """Whose key it is, as the certificate says, and by which certificate (serial in hexadecimal, SHA-256)."""

    iin: str
    name: str
    organisation: str
    serial: str
    thumbprint: str


def check_answer(*, challenge_id: int, session_key: str, posted: str, now: datetime, real_now: datetime) -> Owner:
    """The owner of the key that signed the session's challenge. The challenge is used up, however it ends.

    Raises ChallengeSpent, KeyNotForSignIn, AnswerUnusable and the other refusals of signatures.
    """
    content = challenges.burn_challenge(challenge_id=challenge_id, session_key=session_key, real_now=real_now)
    try:
        cms = verifier.read_posted(posted)
    except verifier.SignatureUnreadable as refused:
        raise AnswerUnusable from refused
    return judge(content=content, cms=cms, now=now)


def judge(*, content: bytes, cms: bytes, now: datetime) -> Owner:
    """The owner of the key of sign-in that signed the one-time text.

    Raises KeyNotForSignIn, AnswerUnusable and the other refusals of signatures.
    """
    try:
        verified = signatures.check(content=content, cms=cms, now=now, purpose=verifier.AUTH)
    except verifier.SignatureWrongPurpose as refused:
        raise KeyNotForSignIn from refused
    except (verifier.SignatureUnreadable, verifier.SignatureTampered) as refused:
        raise AnswerUnusable from refused
    holder = verified.holder
    given = holder.patronymic or ""
    return Owner(
        iin=holder.iin,
        name=name_in_title_case(f"{holder.common_name} {given}".strip()),
        organisation=holder.organisation or "",
        serial=f"{x509.Certificate.load(verified.certificate).serial_number:x}",
        thumbprint=hashlib.sha256(verified.certificate).hexdigest(),
    )


def tries_of(address: str) -> list[tuple[rules.Limit, bytes]]:
    """What is counted when a challenge is asked for from a network address."""
    return [(rules.CHALLENGES_OF_ADDRESS, digests.subject("address", address))]


def account_of(owner: Owner, *, now: datetime) -> queries.LogIn | None:
    """The account of the owner of the key, found by the IIN alone."""
    return queries.log_in_by(names.Name(names.Kind.IIN, owner.iin), now=now)


def enter(owner: Owner, *, now: datetime) -> entrance.Entered:
    """Enter as the owner of a key that has just been checked; raises SignInFailed where there is no account."""
    found = account_of(owner, now=now)
    if found is None:
        raise actions.SignInFailed
    facts = {"serial": owner.serial, "certificate": owner.thumbprint}
    return entrance.enter_account(found, way=entrance.Way.EDS, facts=facts)
