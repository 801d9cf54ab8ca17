"""Entering with a name and a password. Whether an account exists is told neither by words nor by time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from balabaqsha.accounts import actions, digests, names, passwords, queries, rules
from balabaqsha.kernel.actor import Role


class Way(StrEnum):
    """By what a person proved who they are; label keys `way.PASSWORD` and so on."""

    PASSWORD = "PASSWORD"  # noqa: S105 - the name of a way, not a password
    CODE = "CODE"
    EDS = "EDS"
    PROVEN = "PROVEN"
    DEMONSTRATION = "DEMONSTRATION"


@dataclass(frozen=True)
class Entered:
    """Whose session begins now, and in which role."""

    account_id: int
    grant_id: int
    session_number: int
    role: Role
    language: str
    way: Way
    facts: dict[str, Any]


def enter(*, name: names.Name, password: str, address: str, now: datetime, real_now: datetime) -> Entered:
    """Check a name and a password; five wrong tries from one place close that door for a while.

    Raises TooManyAttempts, SignInFailed.
    """
    tries = tries_of(name.text, address)
    actions.count_tries(tries=tries, real_now=real_now)
    found = queries.log_in_by(name, now=now)
    everywhere = _of_account(found, name)
    open_door = _is_open(everywhere, real_now=real_now)
    right = passwords.matches(password, found.password if found else None)
    if found is None or not right or not open_door:
        actions.note_failed_sign_in(account_id=found.account_id if found else None, now=now)
        raise actions.SignInFailed
    actions.forgive_tries(tries=[*tries, *everywhere])
    if passwords.is_outdated(found.password):
        actions.renew_hash(account_id=found.account_id, password=passwords.hashed(password))
    return enter_account(found, way=Way.PASSWORD)


def _of_account(found: queries.LogIn | None, name: names.Name) -> list[tuple[rules.Limit, bytes]]:
    subject = f"{found.account_id}" if found else f"nobody {name.text}"
    return [(rules.LOGINS_OF_ACCOUNT, digests.subject("account", subject))]


def _is_open(tries: list[tuple[rules.Limit, bytes]], *, real_now: datetime) -> bool:
    try:
        actions.count_tries(tries=tries, real_now=real_now)
    except rules.TooManyAttempts:
        return False
    return True


def enter_account(found: queries.LogIn, *, way: Way, facts: dict[str, Any] | None = None) -> Entered:
    """Who enters, having just proven who they are; raises SignInFailed for one left without a role.

    `facts` are what the journal keeps of the proof. Nothing is written before the session begins: see `note`.
    """
    if found.grant_id is None or found.role is None:
        raise actions.SignInFailed
    return Entered(
        account_id=found.account_id,
        grant_id=found.grant_id,
        session_number=found.session_number,
        role=found.role,
        language=found.language,
        way=way,
        facts=facts or {},
    )


def note(entered: Entered, *, now: datetime) -> None:
    """Note that the person is in: all steps of their way are done."""
    facts = {"way": entered.way.value, **entered.facts}
    actions.sign_in(account_id=entered.account_id, grant_id=entered.grant_id, facts=facts, now=now)


def check_password(*, actor_iin: str, password: str, address: str, now: datetime, real_now: datetime) -> None:
    """Let a signed-in person prove themselves again; raises TooManyAttempts, SignInFailed."""
    tries = tries_of(actor_iin, address)
    actions.count_tries(tries=tries, real_now=real_now)
    found = queries.log_in_of(actor_iin, now=now)
    if not passwords.matches(password, found.password if found else None):
        raise actions.SignInFailed
    actions.forgive_tries(tries=tries)


def tries_of(name: str, address: str) -> list[tuple[rules.Limit, bytes]]:
    """What is counted when a password is tried for a name from a network address."""
    return [
        (rules.LOGINS_OF_IIN_THERE, digests.subject("iin-address", name, address)),
        (rules.LOGINS_OF_IIN, digests.subject("iin", name)),
        (rules.LOGINS_OF_ADDRESS, digests.subject("address", address)),
    ]
