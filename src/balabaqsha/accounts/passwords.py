"""Hashing of passwords by argon2id, and the list of those that everybody uses."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from django.contrib.auth.password_validation import CommonPasswordValidator

from balabaqsha.accounts import rules

# The OWASP minimum: 19 MiB and two passes cost about 30 ms, so that a rush of log-ins stays affordable.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """The PHC string to keep. Costs tens of milliseconds: never under a lock."""
    return _HASHER.hash(_normal(password))


def matches(password: str, kept: str | None) -> bool:
    """Whether the password is the one behind the kept string.

    With nothing kept the same work is done in vain, so that time does not tell which log-ins exist.
    """
    try:
        return _HASHER.verify(kept or _nobodys(), _normal(password)) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether the string was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


def check_new(password: str, repeated: str, *, known: tuple[str, ...]) -> None:
    """Let a new password pass; `known` are the person's own IIN, number and names.

    Raises PasswordLength, PasswordWeak, PasswordMismatch.
    """
    rules.password_shape(password)
    if rules.is_guessable(password, known=known) or password.lower().strip() in _common():
        raise rules.PasswordWeak
    if password != repeated:
        raise rules.PasswordMismatch


def _normal(password: str) -> str:
    # One keyboard writes й as one sign and another as two: both are the same password.
    return unicodedata.normalize("NFC", password)


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody's password")


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)
