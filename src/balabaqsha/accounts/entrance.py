"""Entering with an IIN and a password. Whether an account exists is told neither by words nor by time."""

from dataclasses import dataclass
from datetime import datetime

from balabaqsha.accounts import actions, digests, passwords, queries, rules
from balabaqsha.kernel.actor import Role


@dataclass(frozen=True)
class Entered:
    """Whose session begins now, and in which role."""

    account_id: int
    grant_id: int
    session_number: int
    role: Role
    language: str


def enter(*, iin: str, password: str, address: str, now: datetime, real_now: datetime) -> Entered:
    """Check an IIN and a password; five wrong tries from one place close that door for a while.

    Raises TooManyAttempts, SignInFailed.
    """
    tries = tries_of(iin, address)
    actions.count_tries(tries=tries, real_now=real_now)
    found = queries.log_in_of(iin)
    right = passwords.matches(password, found.password if found else None)
    if found is None or not right:
        actions.note_failed_sign_in(account_id=found.account_id if found else None, now=now)
        raise actions.SignInFailed
    actions.forgive_tries(tries=tries)
    fresh = passwords.hashed(password) if passwords.is_outdated(found.password) else None
    return enter_account(found, fresh=fresh, now=now)


def enter_account(found: queries.LogIn, *, now: datetime, fresh: str | None = None) -> Entered:
    """Enter as somebody who has just proven who they are; raises SignInFailed for one left without a role."""
    if found.grant_id is None or found.role is None:
        raise actions.SignInFailed
    actions.sign_in(account_id=found.account_id, grant_id=found.grant_id, password=fresh, now=now)
    return Entered(
        account_id=found.account_id,
        grant_id=found.grant_id,
        session_number=found.session_number,
        role=found.role,
        language=found.language,
    )


def check_password(*, actor_iin: str, password: str, address: str, real_now: datetime) -> None:
    """Let a signed-in person prove themselves again; raises TooManyAttempts, SignInFailed."""
    tries = tries_of(actor_iin, address)
    actions.count_tries(tries=tries, real_now=real_now)
    found = queries.log_in_of(actor_iin)
    if not passwords.matches(password, found.password if found else None):
        raise actions.SignInFailed
    actions.forgive_tries(tries=tries)


def tries_of(iin: str, address: str) -> list[tuple[rules.Limit, bytes]]:
    """What is counted when a password is tried for an IIN from a network address."""
    return [
        (rules.LOGINS_OF_IIN_THERE, digests.subject("iin-address", iin, address)),
        (rules.LOGINS_OF_IIN, digests.subject("iin", iin)),
        (rules.LOGINS_OF_ADDRESS, digests.subject("address", address)),
    ]
