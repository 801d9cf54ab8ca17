"""Who acts. Made at the edge from a login, a job or a command; passed down to every action."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    PARENT = "PARENT"
    TRUSTED_PERSON = "TRUSTED_PERSON"
    KINDERGARTEN_HEAD = "KINDERGARTEN_HEAD"
    EDUCATOR = "EDUCATOR"
    OFFICER = "OFFICER"
    MINISTRY = "MINISTRY"
    DOCTOR = "DOCTOR"
    PMPK_OFFICER = "PMPK_OFFICER"
    INSPECTOR = "INSPECTOR"
    SUPPORT = "SUPPORT"
    SYSTEM = "SYSTEM"
    ANONYMOUS = "ANONYMOUS"


# Who decides special applications: the phthisiatrician and the officer of the PMPK.
DECIDERS = frozenset({Role.DOCTOR, Role.PMPK_OFFICER})


class Power(StrEnum):
    """What a parent may let a trusted person do for a child; to sign, to apply and to give up stay the parent's."""

    SEE = "SEE"
    ANSWER = "ANSWER"
    CHOOSE = "CHOOSE"


@dataclass(frozen=True)
class Trusted:
    """On whose behalf a trusted person acts: the trust, who gave it, for which child, and what it lets them do."""

    trust_id: int
    giver_id: int
    child_id: int
    powers: frozenset[Power]


@dataclass(frozen=True)
class Counter:
    """That an officer acts for a person who stands at the counter: the session, the officer, whose families it may touch."""

    session_id: int
    officer_id: int
    territory_code: str


@dataclass(frozen=True)
class Actor:
    """One role of one person at one time; what it may touch is bound by `kindergarten_id`, `territory_code`, `trusted`."""

    role: Role
    account_id: int | None = None
    person_id: int | None = None
    kindergarten_id: int | None = None
    territory_code: str | None = None
    trusted: Trusted | None = None
    counter: Counter | None = None

    def as_facts(self) -> dict[str, int | str]:
        """What the journal keeps of the actor: the role and ids, never names."""
        facts: dict[str, int | str] = {"role": self.role.value}
        if self.account_id is not None:
            facts["account"] = self.account_id
        if self.person_id is not None:
            facts["person"] = self.person_id
        if self.kindergarten_id is not None:
            facts["kindergarten"] = self.kindergarten_id
        if self.trusted is not None:
            # Both are named: who did it, and on whose behalf.
            facts |= {"for": self.trusted.giver_id, "trust": self.trusted.trust_id}
        if self.counter is not None:
            facts |= {"officer": self.counter.officer_id, "counter": self.counter.session_id}
        return facts


SYSTEM = Actor(role=Role.SYSTEM)
ANONYMOUS = Actor(role=Role.ANONYMOUS)
