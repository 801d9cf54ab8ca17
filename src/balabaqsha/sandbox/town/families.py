"""The families of the town: persons, telephones and kinship, in the portal's rows and in the state registers."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from balabaqsha.kernel import iin as iins
from balabaqsha.kernel.iin import Sex
from balabaqsha.people.models import Kinship, Person, Phone
from balabaqsha.sandbox import geography, population
from balabaqsha.sandbox.geography import CITY, OF_CODE, Home
from balabaqsha.sandbox.people import PAVLODAR, PAVLODAR_OBLAST
from balabaqsha.sandbox.town import names
from balabaqsha.sandbox.town.names import Name
from balabaqsha.sandbox.town.rows import Rows

_OPERATORS = ("700", "701", "702", "705", "707", "708", "747", "771", "775", "776", "777", "778")
_RUSSIAN = population.Named("010", "орыс", "русский")
_KAZAKH_SHARE = 0.68
_VILLAGE_SHARE = 0.08
_YEAR = 365.25


@dataclass(slots=True)
class Human:
    """One person; `id` is set once the portal knows them."""

    iin: str
    name: Name
    born_on: date
    sex: Sex
    kazakh: bool
    home: Home
    phone: str = ""
    births: list[population.Birth] = field(default_factory=list)
    conclusions: list[population.Conclusion] = field(default_factory=list)
    statuses: list[population.Status] = field(default_factory=list)
    id: int | None = None

    @property
    def is_known(self) -> bool:
        """Whether the portal has a row of this person."""
        return self.id is not None


@dataclass(slots=True)
class Family:
    """A mother and a father, of whom the mother applies, and their children."""

    surname: str
    mother: Human
    father: Human
    children: list[Human] = field(default_factory=list)


class Town:
    """Makes families that never share an IIN or a telephone, and remembers everybody for the registers."""

    def __init__(self, *, random: Random, rows: Rows, today: date) -> None:
        self.random, self.rows, self.today = random, rows, today
        self.people: list[Human] = []
        self._serials: dict[tuple[date, Sex], int] = defaultdict(lambda: 100)
        self._phones = 0
        self._certificates = 0

    def family(self, *, settlement: str | None = None) -> Family:
        """A family without children yet."""
        kazakh = self.random.random() < _KAZAKH_SHARE
        if settlement is None:
            settlement = self.random.choice(geography.VILLAGES).code if self.random.random() < _VILLAGE_SHARE else CITY
        home = geography.home(self.random, OF_CODE[settlement])
        surname = names.surname(self.random, kazakh=kazakh)
        mother, father = (self._grown_up(surname, sex, kazakh, home) for sex in (Sex.FEMALE, Sex.MALE))
        return Family(surname, mother, father)

    def grown_up(self, *, sex: Sex) -> Human:
        """Somebody without a family here: staff."""
        kazakh = self.random.random() < _KAZAKH_SHARE
        home = geography.home(self.random, OF_CODE[CITY])
        return self._grown_up(names.surname(self.random, kazakh=kazakh), sex, kazakh, home)

    def child(self, family: Family, *, born_on: date) -> Human:
        """A child of the family, entered in the register of births for both parents."""
        sex = Sex.MALE if self.random.random() < 0.513 else Sex.FEMALE
        mother = family.mother
        name = names.child(
            self.random, family=family.surname, father=family.father.name.given_name, kazakh=mother.kazakh, sex=sex
        )
        child = self._human(name, born_on, sex, mother.kazakh, mother.home)
        family.children.append(child)
        self._certificates += 1
        number = f"10-551-{born_on:%y}-{self._certificates:07d}"
        registered = min(born_on + timedelta(days=self.random.randint(2, 30)), self.today)
        for parent, role in ((mother, "MOTHER"), (family.father, "FATHER")):
            parent.births.append(population.Birth(child.iin, role, number, registered))
        return child

    def enter(self, human: Human, *, now: datetime) -> int:
        """Give the person a row in the portal, as the population register answered at `now`; returns the id."""
        if human.id is not None:
            return human.id
        settlement = OF_CODE[human.home.settlement]
        row = self.rows.add(
            Person,
            iin=human.iin,
            surname=human.name.surname,
            given_name=human.name.given_name,
            patronymic=human.name.patronymic,
            born_on=human.born_on,
            sex=human.sex.value,
            nationality="қазақ" if human.kazakh else "орыс",
            nationality_ru="казах" if human.kazakh else "русский",
            address=_address(human.home, "kk"),
            address_ru=_address(human.home, "ru"),
            stated_address="",
            address_territory_code=settlement.code,
            email="",
            photo_sha256="",
            register_reference=f"town-{human.iin[-6:]}",
            register_asked_at=now,
        )
        human.id = int(row["id"])
        return human.id

    def enter_family(self, family: Family, child: Human, *, now: datetime) -> tuple[int, int]:
        """Enter the mother with her telephone, the child and their kinship; returns both ids."""
        mother = family.mother
        if not mother.is_known:
            self.enter(mother, now=now)
            self.rows.add(Phone, person_id=mother.id, number=mother.phone, is_main=True, confirmed_at=now)
        if not child.is_known:
            self.enter(child, now=now)
            birth = next(birth for birth in mother.births if birth.child == child.iin)
            self.rows.add(
                Kinship,
                representative_id=mother.id,
                child_id=child.id,
                relation="MOTHER",
                source="BIRTHS",
                reference=birth.number,
                confirmed_at=now,
            )
        return mother.id or 0, child.id or 0

    def registered(self) -> Iterator[population.Person]:
        """Everybody as the state registers know them."""
        for human in self.people:
            settlement = OF_CODE[human.home.settlement]
            yield population.Person(
                iin=human.iin,
                surname=human.name.surname.upper(),
                given_name=human.name.given_name.upper(),
                patronymic=human.name.patronymic.upper(),
                nationality=population.KAZAKH if human.kazakh else _RUSSIAN,
                address=population.Residence(
                    PAVLODAR_OBLAST,
                    PAVLODAR if settlement.code == CITY else _named(settlement),
                    human.home.street_kk,
                    human.home.building,
                    human.home.flat,
                ),
                phones=(human.phone,) if human.phone else (),
                births=tuple(human.births),
                conclusions=tuple(human.conclusions),
                statuses=tuple(human.statuses),
                forms=_forms(human, self.today),
            )

    def _grown_up(self, surname: str, sex: Sex, kazakh: bool, home: Home) -> Human:
        born_on = self.today - timedelta(days=int(self.random.triangular(21, 46, 31) * _YEAR))
        name = names.parent(self.random, family=surname, kazakh=kazakh, sex=sex)
        human = self._human(name, born_on, sex, kazakh, home)
        human.phone = f"+7{_OPERATORS[self._phones % len(_OPERATORS)]}0{self._phones:06d}"
        self._phones += 1
        return human

    def _human(self, name: Name, born_on: date, sex: Sex, kazakh: bool, home: Home) -> Human:
        human = Human(self._iin(born_on, sex), name, born_on, sex, kazakh, home)
        self.people.append(human)
        return human

    def _iin(self, born_on: date, sex: Sex) -> str:
        while True:
            serial = self._serials[born_on, sex]
            self._serials[born_on, sex] = serial + 1
            made = iins.make(born_on=born_on, sex=sex, serial=serial)
            if made is not None:
                return made.text


def _forms(human: Human, today: date) -> tuple[population.Form, ...]:
    """Every second child of preschool age has been at the clinic, which wrote two of the three forms."""
    if today - human.born_on > timedelta(days=7 * _YEAR) or int(human.iin[-1]) % 2:
        return ()
    issued_on = today - timedelta(days=20)
    end = issued_on + timedelta(days=180)
    number = human.iin[-5:]
    return (
        population.Form("FORM_027", f"027-{number}", issued_on, end),
        population.Form("FORM_065", f"065-{number}", issued_on),
    )


def _named(settlement: geography.Settlement) -> population.Named:
    return population.Named(settlement.code, settlement.name_kk, settlement.name_ru)


def _address(home: Home, language: str) -> str:
    """As the population register's client writes it: region, town, street, building, flat."""
    district = PAVLODAR if home.settlement == CITY else _named(OF_CODE[home.settlement])
    # The register keeps streets in Kazakh only.
    parts = [getattr(PAVLODAR_OBLAST, language), getattr(district, language), home.street_kk, home.building, home.flat]
    return ", ".join(part for part in parts if part)
