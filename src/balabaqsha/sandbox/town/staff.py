"""Who signs in to the town: an officer, a head and families, with their accounts, roles and open passwords."""

from dataclasses import replace
from datetime import datetime

from balabaqsha.accounts import passwords, policy
from balabaqsha.accounts.models import Account, ConsentGiven, DemonstrationNewcomer, DemonstrationPerson, RoleGrant
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.kernel.iin import Sex
from balabaqsha.sandbox.town.families import Family, Human
from balabaqsha.sandbox.town.rows import Row
from balabaqsha.sandbox.town.world import World

PASSWORD = "Balabaqsha-2026"  # noqa: S105 - told to everybody: the persons are made up


class Staff:
    """Opens accounts."""

    def __init__(self, world: World, *, opened_at: datetime) -> None:
        self.world, self.opened_at = world, opened_at
        self._hash = passwords.hashed(PASSWORD)

    def officer(self, key: str = "officer", *, position: int | None = None) -> None:
        """The officer of the department, in whose name everything is carried over, checked and distributed.

        Without a position nobody is invited to sign in as her.
        """
        human = self.world.town.grown_up(sex=Sex.FEMALE)
        account_id = self._account(human, Role.OFFICER, territory_id=self.world.territory)
        self.world.officer = replace(self.world.officer, account_id=account_id, person_id=human.id)
        if position is not None:
            self._demonstrate(key, account_id, position=position)

    def in_office(self, key: str, role: Role, *, position: int | None = None, territory: str = "") -> Actor:
        """Somebody who decides for a territory; without a position nobody is invited to sign in as them."""
        human = self.world.town.grown_up(sex=Sex.FEMALE)
        within = territory or self.world.territory
        account_id = self._account(human, role, territory_id=within)
        if position is not None:
            self._demonstrate(key, account_id, position=position)
        return Actor(role=role, account_id=account_id, person_id=human.id, territory_code=within)

    def ministry(self, key: str, *, position: int) -> int:
        """Somebody of the ministry, bound to no territory; returns the account."""
        human = self.world.town.grown_up(sex=Sex.FEMALE)
        account_id = self._account(human, Role.MINISTRY)
        self._demonstrate(key, account_id, position=position)
        return account_id

    def head(self, garden: Row, key: str = "head", *, position: int = 4) -> Human:
        """The head of the kindergarten whose choices the demonstration shows."""
        human = self.world.town.grown_up(sex=Sex.FEMALE)
        account_id = self._account(human, Role.KINDERGARTEN_HEAD, kindergarten_id=garden["id"])
        garden["head_name"] = f"{human.name.surname} {human.name.given_name[0]}. {human.name.patronymic[0]}."
        self._demonstrate(key, account_id, position=position)
        return human

    def other_head(self, garden: Row) -> Human:
        """The head of another kindergarten: signs, but nobody is invited to sign in as her."""
        human = self.world.town.grown_up(sex=Sex.FEMALE)
        garden["head_name"] = f"{human.name.surname} {human.name.given_name[0]}. {human.name.patronymic[0]}."
        return human

    def mother(self, human: Human, key: str, *, position: int) -> None:
        """A mother with an account, who may be signed in as."""
        account_id = self._account(human, Role.PARENT)
        self.world.rows.add(ConsentGiven, account_id=account_id, policy_version=policy.VERSION, given_at=self.opened_at)
        self._demonstrate(key, account_id, position=position)

    def newcomer(self, family: Family) -> None:
        """A mother whom only the registers know, to register as."""
        mother, child = family.mother, family.children[0]
        self.world.rows.add(
            DemonstrationNewcomer,
            position=1,
            name=f"{mother.name.surname} {mother.name.given_name}",
            iin=mother.iin,
            phone=mother.phone,
            child_name=f"{child.name.surname} {child.name.given_name}",
            child_iin=child.iin,
        )

    def _account(self, human: Human, role: Role, **bounds: object) -> int:
        person_id = self.world.town.enter(human, now=self.opened_at)
        language = "kk" if human.kazakh else "ru"
        account = self.world.rows.add(
            Account, person_id=person_id, password=self._hash, language=language, created_at=self.opened_at
        )
        self.world.rows.add(
            RoleGrant,
            account_id=account["id"],
            role=role.value,
            granted_from=self.opened_at,
            reason="registered" if role is Role.PARENT else "demonstration",
            **bounds,
        )
        return int(account["id"])

    def _demonstrate(self, key: str, account_id: int, *, position: int) -> None:
        self.world.rows.add(DemonstrationPerson, position=position, key=key, account_id=account_id, password=PASSWORD)
