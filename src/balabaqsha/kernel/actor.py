"""Who acts. Made at the edge from a login, a job or a command; passed down to every action."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    PARENT = "PARENT"
    KINDERGARTEN_HEAD = "KINDERGARTEN_HEAD"
    OFFICER = "OFFICER"
    DOCTOR = "DOCTOR"
    PMPK_OFFICER = "PMPK_OFFICER"
    SYSTEM = "SYSTEM"
    ANONYMOUS = "ANONYMOUS"


# Who decides special applications: the phthisiatrician and the officer of the PMPK.
DECIDERS = frozenset({Role.DOCTOR, Role.PMPK_OFFICER})


@dataclass(frozen=True)
class Actor:
    """One role of one person at one time; `kindergarten_id` and `territory_code` bound what it may touch."""

    role: Role
    account_id: int | None = None
    person_id: int | None = None
    kindergarten_id: int | None = None
    territory_code: str | None = None

    def as_facts(self) -> dict[str, int | str]:
        """What the journal keeps of the actor: the role and ids, never names."""
        facts: dict[str, int | str] = {"role": self.role.value}
        if self.account_id is not None:
            facts["account"] = self.account_id
        if self.person_id is not None:
            facts["person"] = self.person_id
        if self.kindergarten_id is not None:
            facts["kindergarten"] = self.kindergarten_id
        return facts


SYSTEM = Actor(role=Role.SYSTEM)
ANONYMOUS = Actor(role=Role.ANONYMOUS)
