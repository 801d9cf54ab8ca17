"""Challenges: made for one session, used up by the first answer, whatever it is."""

import json
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from balabaqsha.accounts import digests
from balabaqsha.accounts.models import Account, Challenge
from balabaqsha.kernel.refusal import Refusal

LIFE = timedelta(minutes=2)


class ChallengeSpent(Refusal, code="code-expired", detail="challenge-spent"):
    """The text was answered before, too long ago, or belongs to another session."""


@transaction.atomic(durable=True)
def make_challenge(*, session_key: str, audience: str, real_now: datetime) -> Challenge:
    """A fresh text for the session; `audience` is the portal's address, so that no text serves two portals."""
    expires_at = real_now + LIFE
    return Challenge.objects.create(
        session=_owner(session_key),
        content=text_to_sign(audience=audience, expires_at=expires_at, real_now=real_now),
        made_at=real_now,
        expires_at=expires_at,
    )


def text_to_sign(*, audience: str, expires_at: datetime, real_now: datetime) -> bytes:
    """A fresh one-time text of a sign-in."""
    # «act» parts it from everything else that is ever signed; the key's purpose does the same.
    said = {
        "act": "login",
        "aud": audience,
        "exp": round(expires_at.timestamp()),
        "iat": round(real_now.timestamp()),
        "nonce": secrets.token_urlsafe(32),
        "v": 1,
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


@transaction.atomic(durable=True)
def burn_challenge(*, challenge_id: int, session_key: str, real_now: datetime) -> bytes:
    """Use the challenge up, before anything of the answer is looked at; returns the bytes that were to be signed.

    Raises ChallengeSpent.
    """
    live = Challenge.objects.filter(pk=challenge_id, session=_owner(session_key), used_at=None, expires_at__gt=real_now)
    # One statement: of two answers at the same time one finds the row used.
    if not live.update(used_at=real_now):
        raise ChallengeSpent
    return bytes(Challenge.objects.values_list("content", flat=True).get(pk=challenge_id))


@transaction.atomic(durable=True)
def note_first(*, account_id: int, now: datetime) -> bool:
    """Note that the account was entered with a key; returns whether that was the first time."""
    return bool(Account.objects.filter(pk=account_id, eds_at=None).update(eds_at=now))


@transaction.atomic(durable=True)
def clear_challenges(*, real_now: datetime) -> int:
    """Delete the texts of yesterday; returns how many. For a daily job."""
    deleted, _ = Challenge.objects.filter(expires_at__lt=real_now - timedelta(days=1)).delete()
    return deleted


def _owner(session_key: str) -> bytes:
    return digests.subject("session", session_key)
