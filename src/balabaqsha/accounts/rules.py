"""Limits, passwords, life of sessions. Pure; moments here are of real time."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from balabaqsha.kernel.actor import Role
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law import rules as law
from balabaqsha.law.terms import Term

PASSWORD_SHORTEST = 8
PASSWORD_LONGEST = 40
CODE_DIGITS = 6
WRONG_CODES = 5
# Between the right code and the end of what it was asked for: time to read the data and think of a password.
PROOF_LIFE = timedelta(minutes=30)

FAMILY_IDLE = STAFF_IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
STAFF = frozenset(Role) - {Role.PARENT, Role.TRUSTED_PERSON, Role.SYSTEM, Role.ANONYMOUS}


class PasswordLength(Refusal, code="weak-password", detail="password-length"):
    """The password is shorter or longer than allowed."""


class PasswordWeak(Refusal, code="weak-password", detail="password-weak"):
    """The password is easily guessed."""


class PasswordMismatch(Refusal, code="password-mismatch"):
    """The password was not repeated as it was."""


class TooManyAttempts(Refusal, code="too-many-attempts"):
    """Too many tries within the window; facts: minutes."""


class TooManyCodes(Refusal, code="too-many-attempts", detail="code-too-many"):
    """Too many codes were asked for within the window; facts: minutes."""


class TooManyLookups(Refusal, code="too-many-attempts", detail="too-many-lookups"):
    """Too many numbers were looked up within the window; facts: minutes."""


class TooManySearches(Refusal, code="too-many-attempts", detail="too-many-searches"):
    """Too many addresses were looked for within the window; facts: minutes."""


class TooManyMessages(Refusal, code="too-many-attempts", detail="too-many-messages"):
    """Too many messages were sent to the staff within the window; facts: minutes."""


class CodeWrong(Refusal, code="code-wrong"):
    """The code is not the one that was sent; facts: left."""


class CodeExpired(Refusal, code="code-expired"):
    """The code is too old, was used, replaced by a newer one, or was guessed at too often."""


class CodeTooSoon(Refusal, code="code-too-soon"):
    """The next code may not be asked for yet; facts: seconds."""


@dataclass(frozen=True)
class Limit:
    """At most so many tries of a kind by one subject within a window; many people may share a `shared` subject."""

    kind: str
    most: int
    window: timedelta
    refusal: type[Refusal] = TooManyAttempts
    shared: bool = False


# Mobile operators put thousands of families behind one address: its limits are wide.
CODES_OF_PHONE = Limit("codes-phone", 5, timedelta(hours=1), TooManyCodes)
CODES_OF_EMAIL = Limit("codes-email", 5, timedelta(hours=1), TooManyCodes)
CODES_OF_IIN = Limit("codes-iin", 5, timedelta(hours=1), TooManyCodes)
CODES_OF_ACCOUNT = Limit("codes-account", 8, timedelta(hours=1), TooManyCodes)
CODES_OF_NAME = Limit("codes-name", 5, timedelta(hours=1), TooManyCodes)
CODES_OF_ADDRESS = Limit("codes-address", 60, timedelta(hours=1), TooManyCodes, shared=True)
# Five from one place, twenty from everywhere: a stranger elsewhere does not lock a parent out at once.
LOGINS_OF_IIN_THERE = Limit("logins-iin-address", 5, timedelta(minutes=15))
LOGINS_OF_IIN = Limit("logins-iin", 20, timedelta(minutes=15))
# One account has several names. Whoever is over this is answered as for a wrong password: a closed door would tell which
# names are of one account.
LOGINS_OF_ACCOUNT = Limit("logins-account", 40, timedelta(minutes=15))
LOGINS_OF_ADDRESS = Limit("logins-address", 100, timedelta(minutes=15), shared=True)
SECONDS_OF_ACCOUNT = Limit("seconds-account", 5, timedelta(minutes=15))
CHALLENGES_OF_ADDRESS = Limit("challenges-address", 120, timedelta(minutes=15), shared=True)
TRUSTS_GIVEN = Limit("trusts-given", 10, timedelta(days=1))
CHILD_CHECKS = Limit("child-checks", 15, timedelta(hours=1))
REGISTER_ASKED = Limit("register-asked", 5, timedelta(hours=1))
LOOKUPS_OF_ADDRESS = Limit("lookups-address", 600, timedelta(hours=1), TooManyLookups, shared=True)
MESSAGES_OF_ADDRESS = Limit("messages-address", 30, timedelta(hours=1), TooManyMessages, shared=True)
# To check a signature costs up to seconds of the machine's time.
SIGNATURE_CHECKS_OF_ADDRESS = Limit("signature-checks", 60, timedelta(hours=1), shared=True)
# Each letter that is typed may be a search.
SEARCHES_OF_ADDRESS = Limit("searches-address", 2000, timedelta(hours=1), TooManySearches, shared=True)
LIMITS = (
    CODES_OF_PHONE,
    CODES_OF_EMAIL,
    CODES_OF_IIN,
    CODES_OF_ACCOUNT,
    CODES_OF_NAME,
    CODES_OF_ADDRESS,
    LOGINS_OF_IIN_THERE,
    LOGINS_OF_IIN,
    LOGINS_OF_ACCOUNT,
    LOGINS_OF_ADDRESS,
    SECONDS_OF_ACCOUNT,
    CHALLENGES_OF_ADDRESS,
    TRUSTS_GIVEN,
    CHILD_CHECKS,
    REGISTER_ASKED,
    LOOKUPS_OF_ADDRESS,
    MESSAGES_OF_ADDRESS,
    SIGNATURE_CHECKS_OF_ADDRESS,
    SEARCHES_OF_ADDRESS,
)


def check_limit(limit: Limit, *, count: int, window_began_at: datetime, real_now: datetime) -> None:
    """Let the try pass or raise the limit's refusal; `count` includes this try."""
    if count > limit.most:
        left = window_began_at + limit.window - real_now
        raise limit.refusal(minutes=max(1, ceil(left / timedelta(minutes=1))))


def after(real_now: datetime, term: Term) -> datetime:
    """The real moment one term later; the terms of this app count no working days, so no calendar matters."""
    return law.deadline(real_now, term, law.WorkingCalendar())


def seconds_to_wait(*, sent_at: datetime, resend_after: Term, real_now: datetime) -> int:
    """How many seconds are left until the next code may be asked for; 0: now."""
    return max(0, ceil((after(sent_at, resend_after) - real_now).total_seconds()))


def judge_code(*, right: bool, failures: int, used: bool, expired: bool) -> Refusal | None:
    """Whether a typed code is taken (None) or why not; `failures` are the wrong ones before this one."""
    if used or expired or failures >= WRONG_CODES:
        return CodeExpired()
    if right:
        return None
    return CodeWrong(left=WRONG_CODES - failures - 1)


@dataclass(frozen=True)
class SessionTimes:
    """When a session began and was last used, until when it is remembered (None: it is not), and the role in it."""

    began_at: datetime
    seen_at: datetime
    remembered_until: datetime | None
    role: Role


def session_lives(times: SessionTimes, *, real_now: datetime) -> bool:
    """Whether the session still holds. Staff are never remembered."""
    staff = times.role in STAFF
    if times.remembered_until is not None and not staff:
        return real_now < times.remembered_until
    idle = STAFF_IDLE if staff else FAMILY_IDLE
    return real_now < times.seen_at + idle and real_now < times.began_at + LONGEST


_CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбю"
_LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
_SAME_KEYS = str.maketrans(_CYRILLIC + "ё", _LATIN_KEYS + "`")
_KAZAKH = str.maketrans("әғқңөұүһі", "агкноуухи")
_PLAIN_WORDS = (
    "balabaqsha",
    "балабакша",
    "казахстан",
    "казакстан",
    "kazakhstan",
    "qazaqstan",
    "павлодар",
    "pavlodar",
    "купиясоз",
)
_RUNS = ("01234567890", "09876543210", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
_FEWEST_KINDS = 4


def password_shape(password: str) -> None:
    """Raise PasswordLength unless the password has 8-40 characters."""
    if not PASSWORD_SHORTEST <= len(password) <= PASSWORD_LONGEST:
        raise PasswordLength


def is_guessable(password: str, *, known: tuple[str, ...]) -> bool:
    """Whether everybody would try this first; `known` are the person's own IIN, number and names."""
    plain = _plain(password)
    keys = plain.translate(_SAME_KEYS)
    if len(set(plain)) < _FEWEST_KINDS or any(keys in run for run in _RUNS):
        return True
    # A word stays guessable with a year or a sign at its end.
    word = re.sub(r"[\W\d_]+$", "", plain)
    own = {_plain(text) for text in known if len(text) >= _FEWEST_KINDS}
    return word in _PLAIN_WORDS or word in own or plain in own


def _plain(text: str) -> str:
    return text.lower().translate(_KAZAKH)
