"""What is asked of the errands of the telephone, and the secrets behind their addresses."""

from datetime import datetime
from uuid import UUID

from django.utils.crypto import constant_time_compare, salted_hmac

from balabaqsha.signatures.mobile import rules
from balabaqsha.signatures.models import MobileErrand

# 128 bits each: nobody finds one by trying, and the code that carries it stays coarse enough for an old camera.
_HEX_DIGITS = 32


def standing(errand: MobileErrand, *, real_now: datetime) -> rules.Standing:
    """How the errand stands at the moment."""
    times = rules.Times(
        expires_at=errand.expires_at,
        opened=errand.opened_at is not None,
        answered_at=errand.answered_at,
        is_signed=errand.cms is not None,
        is_refused=bool(errand.refusal),
        is_ended=errand.ended_at is not None,
        is_taken=errand.taken_at is not None,
    )
    return rules.standing(times, real_now=real_now)


def of_session(*, token: str, owner: bytes) -> MobileErrand | None:
    """The errand of this token if the session asked for it."""
    try:
        found = UUID(token)
    except ValueError:
        return None
    return MobileErrand.objects.filter(token=found, owner=owner).first()


def of_phone(*, token: UUID, secret: str) -> MobileErrand | None:
    """The errand behind the QR code, for whoever knows its secret."""
    if not constant_time_compare(secret, code_secret(token)):
        return None
    return MobileErrand.objects.filter(token=token).first()


def code_secret(token: UUID) -> str:
    """What only the QR code tells: the database alone opens no errand."""
    return _secret("code", token)


def bearer(token: UUID) -> str:
    """What the first call gives the telephone to show at the second."""
    return _secret("bearer", token)


def _secret(kind: str, token: UUID) -> str:
    salt = f"balabaqsha.signatures.mobile.{kind}"
    return salted_hmac(salt, token.hex, algorithm="sha256").hexdigest()[:_HEX_DIGITS]
