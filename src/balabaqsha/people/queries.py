"""What others read of people. Callers get dataclasses; names and contacts leave this app by no other way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from balabaqsha.kernel.time import localdate
from balabaqsha.people import rules
from balabaqsha.people.models import Kinship, Person, Phone, StatedPhone, Trust


@dataclass(frozen=True)
class PersonCard:
    """One person as pages show them. `address` is the register's or, where it has none, the one the family told."""

    id: int
    iin: str
    surname: str
    given_name: str
    patronymic: str
    born_on: date
    sex: str
    nationality_kk: str
    nationality_ru: str
    address_kk: str
    address_ru: str
    stated_address: str
    territory_code: str
    email: str
    email_confirmed: bool
    photo_sha256: str
    asked_at: datetime | None

    @property
    def full_name(self) -> str:
        """Surname, given name and patronymic in the order of the identity document."""
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    @property
    def short_name(self) -> str:
        """Surname and given name."""
        return f"{self.surname} {self.given_name}"

    def address(self, language: str) -> str:
        """The address in the language, or the one that there is."""
        return (self.address_ru if language == "ru" else "") or self.address_kk or self.stated_address

    def nationality(self, language: str) -> str:
        """The nationality in the language, or nothing."""
        return (self.nationality_ru if language == "ru" else "") or self.nationality_kk


@dataclass(frozen=True)
class ChildCard:
    """A child of a representative; `token` stands in the addresses of its card, `last_day` is a guardian's."""

    token: UUID
    relation: str
    person: PersonCard
    last_day: date | None = None


@dataclass(frozen=True)
class Contacts:
    """How a person is reached: the main proven telephone (E.164) and the e-mail address; empty where there is none."""

    phone: str
    email: str


def person_card(person_id: int) -> PersonCard:
    """The card of a person that exists. One query."""
    return card(Person.objects.get(pk=person_id))


def person_cards(ids: Iterable[int]) -> dict[int, PersonCard]:
    """The cards of these persons by id. One query, none for nobody."""
    wanted = set(ids)
    return {person.id: card(person) for person in Person.objects.filter(pk__in=wanted)} if wanted else {}


@dataclass(frozen=True)
class TrustNames:
    """Who trusted whom with which child until which day, in words."""

    giver_id: int
    giver: str
    trusted: str
    child: PersonCard
    last_day: date


def trust(trust_id: int) -> TrustNames:
    """The names of a trust; before it is accepted the trusted person is called as the parent wrote. One query."""
    row = Trust.objects.select_related("giver", "trusted", "child").get(pk=trust_id)
    return TrustNames(
        giver_id=row.giver_id,
        giver=card(row.giver).full_name,
        trusted=card(row.trusted).full_name if row.trusted else row.trusted_surname,
        child=card(row.child),
        last_day=_last_day(row.ends_at),
    )


def person_id_of(iin: str) -> int | None:
    """The person of this IIN, if one has been kept."""
    return Person.objects.filter(iin=iin).values_list("id", flat=True).first()


def iin_of(person_id: int) -> str:
    """The IIN of a person that exists."""
    return Person.objects.values_list("iin", flat=True).get(pk=person_id)


def contacts(person_id: int) -> Contacts:
    """Where messages to the person go."""
    email = Person.objects.filter(pk=person_id).values_list("email", flat=True).first()
    return Contacts(phone=main_phone(person_id), email=email or "")


def stated_phone(person_id: int) -> str:
    """The telephone that an application of an earlier system names, E.164, or nothing."""
    return StatedPhone.objects.filter(person_id=person_id).values_list("number", flat=True).first() or ""


def phone_number(phone_id: int) -> str:
    """The number of a telephone that was proven once, E.164."""
    return Phone.objects.values_list("number", flat=True).get(pk=phone_id)


def main_phone(person_id: int) -> str:
    """The main proven number, E.164, or nothing."""
    numbers = Phone.objects.filter(person_id=person_id, is_main=True, ended_at=None)
    return numbers.values_list("number", flat=True).first() or ""


@dataclass(frozen=True)
class FurtherPhone:
    """A proven number beside the main one, E.164."""

    id: int
    number: str


def further_phones(person_id: int) -> list[FurtherPhone]:
    """The proven numbers beside the main one, oldest first. One query."""
    rows = Phone.objects.filter(person_id=person_id, is_main=False, ended_at=None).order_by("confirmed_at", "id")
    return [FurtherPhone(*row) for row in rows.values_list("id", "number")]


def second_phone(person_id: int) -> str:
    """The latest proven number beside the main one, E.164, or nothing."""
    numbers = Phone.objects.filter(person_id=person_id, is_main=False, ended_at=None).order_by("-confirmed_at", "-id")
    return numbers.values_list("number", flat=True).first() or ""


def second_email(person_id: int) -> str:
    """The e-mail address that the person told beside the main one, or nothing."""
    return Person.objects.values_list("second_email", flat=True).get(pk=person_id)


def children_of(person_id: int, *, now: datetime) -> list[ChildCard]:
    """The children whom the person represents now, eldest first. One query."""
    rows = _live(person_id, now).select_related("child").order_by("child__born_on", "id")
    return [_child(row) for row in rows]


def child_by_token(person_id: int, token: UUID, *, now: datetime) -> ChildCard | None:
    """The person's own child under this token; a foreign and an unknown token answer None alike."""
    row = _live(person_id, now).filter(token=token).select_related("child").first()
    return _child(row) if row else None


def token_of_child(person_id: int, child_iin: str, *, now: datetime) -> UUID | None:
    """The token of the card if the person has this child already."""
    row = _live(person_id, now).filter(child__iin=child_iin).first()
    return row.token if row else None


def represents(person_id: int | None, child_id: int, *, now: datetime) -> bool:
    """Whether the person is a legal representative of the child now."""
    return person_id is not None and _live(person_id, now).filter(child_id=child_id).exists()


def relation_of(person_id: int, child_id: int) -> str:
    """How the person is bound to the child now, a code of `Relation`; empty where no kinship is kept."""
    rows = Kinship.objects.filter(representative_id=person_id, ended_at=None)
    return rows.filter(child_id=child_id).values_list("relation", flat=True).first() or ""


def lacking(person_id: int, child_id: int | None = None, *, now: datetime) -> list[rules.Lack]:
    """What an application of this person (for this child) still lacks, in the order of filling.

    `Lack.blocks` tells what must be there; without `child_id` only the applicant is looked at.
    """
    person = person_card(person_id)
    child = Person.objects.filter(pk=child_id).first() if child_id is not None else None
    return rules.lacks(
        phone=bool(main_phone(person_id)),
        address=bool(person.address("kk")),
        applicant=person.asked_at is not None,
        child=child_id is None or (child is not None and child.register_asked_at is not None),
        kinship=child_id is None or represents(person_id, child_id, now=now),
        email=bool(person.email),
    )


def card(person: Person) -> PersonCard:
    """The card of a row."""
    return PersonCard(
        id=person.id,
        iin=person.iin,
        surname=person.surname,
        given_name=person.given_name,
        patronymic=person.patronymic,
        born_on=person.born_on,
        sex=person.sex,
        nationality_kk=person.nationality,
        nationality_ru=person.nationality_ru,
        address_kk=person.address,
        address_ru=person.address_ru,
        stated_address=person.stated_address,
        territory_code=person.address_territory_code,
        email=person.email,
        email_confirmed=person.email_confirmed_at is not None,
        photo_sha256=person.photo_sha256,
        asked_at=person.register_asked_at,
    )


def representing(*, now: datetime) -> Q:
    """Of all kinships those by which somebody represents a child now: a guardian until the day of the decision."""
    return Q(ended_at=None) & (Q(ends_at=None) | Q(ends_at__gt=now))


def _live(person_id: int, now: datetime) -> QuerySet[Kinship]:
    return Kinship.objects.filter(representing(now=now), representative_id=person_id)


def _child(row: Kinship) -> ChildCard:
    return ChildCard(
        token=row.token,
        relation=row.relation,
        person=card(row.child),
        last_day=_last_day(row.ends_at) if row.ends_at else None,
    )


def _last_day(ends_at: datetime) -> date:
    """The last day of what ends as the next day begins."""
    return localdate(ends_at - timedelta(seconds=1))


def guardian(kinship_id: int) -> tuple[PersonCard, date | None]:
    """The child of a guardian and the last day. One query."""
    row = Kinship.objects.select_related("child").get(pk=kinship_id)
    return card(row.child), _last_day(row.ends_at) if row.ends_at else None
