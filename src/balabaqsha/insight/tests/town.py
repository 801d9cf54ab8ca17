"""A small voucher town for tests: kindergartens and families, moved by the real acts."""

from datetime import UTC, date, datetime, timedelta

from balabaqsha.applications._steps import Filing
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import Kind
from balabaqsha.journeys import applying, distribution
from balabaqsha.kernel.actor import SYSTEM, Actor, Role
from balabaqsha.kernel.iin import Sex
from balabaqsha.kindergartens import actions as kindergartens
from balabaqsha.kindergartens.actions import NewGroup
from balabaqsha.kindergartens.models import Kindergarten
from balabaqsha.people import actions as people
from balabaqsha.people.tests.family import answer, made_up_iin
from balabaqsha.vouchers.models import DistributionRun

CITY, AREA, VILLAGE = "551010000", "551000000", "551043100"
NOW = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)
OFFICER = Actor(role=Role.OFFICER, account_id=1)
SURNAME = "ҚҰПИЯЕВА"


def open_garden(number: int, **changes: object) -> Kindergarten:
    """A state kindergarten in the city with two general groups (2022 kk, 2023 ru) of three free places each."""
    fields = {
        "code": f"garden-{number}",
        "bin": f"{number:012d}",
        "name_kk": f"№{number} «Балдырған» балабақшасы",
        "name_ru": f"Ясли-сад №{number} «Балдырган»",
        "ownership": "STATE",
        "type": "KINDERGARTEN",
        "territory_id": CITY,
        "settlement_id": CITY,
        "address_kk": "Естай, 1",
        "address_ru": "Естая, 1",
        "latitude": 52.28 + number / 100,
        "longitude": 76.96,
        "phone": "+7 7182 30 00 01",
    }
    garden = Kindergarten(**(fields | changes))
    groups = [
        NewGroup(name="А", birth_year=2022, language="kk", capacity=5, published=3),
        NewGroup(name="Б", birth_year=2023, language="ru", capacity=5, published=3),
    ]
    kindergartens.open_kindergarten(kindergarten=garden, groups=groups, actor=OFFICER, now=NOW - timedelta(days=90))
    return garden


def open_special_group(garden: Kindergarten, *, correction: str, published: int = 1) -> None:
    """A group of a correction for children of 2022."""
    group = NewGroup(
        name=f"С-{correction}", birth_year=2022, language="kk", capacity=5, correction=correction, published=published
    )
    kindergartens.open_group(kindergarten=garden, group=group, actor=OFFICER, now=NOW - timedelta(days=90))


def person(serial: int, born_on: date) -> int:
    """Somebody kept, by a serial of their own; returns the id."""
    found = made_up_iin(born_on, sex=Sex.FEMALE, serial=serial * 7)
    return people.keep_person(answer=answer(found, surname=SURNAME), actor=SYSTEM, now=NOW - timedelta(days=80))


def apply(serial: int, *, year: int = 2022, at: datetime | None = None, **changes: object) -> Application:
    """A family's application for a child of the year; serials make children apart."""
    at = at or NOW - timedelta(days=60) + timedelta(minutes=serial)
    born_on = date(year, 3, 1)
    parent = person(serial, date(1990, 1, 1))
    filing = {
        "child_id": person(serial, born_on),
        "applicant_id": parent,
        "born_on": born_on,
        "kind": Kind.GENERAL,
        "territory_code": CITY,
        "languages": ("kk",),
    }
    return applying.apply(filing=Filing(**(filing | changes)), actor=Actor(role=Role.PARENT, person_id=parent), now=at)


def apply_special(serial: int, *, correction: str, **changes: object) -> Application:
    """A special application whose papers an officer has confirmed."""
    found = apply(serial, kind=Kind.SPECIAL, correction=correction, **changes)
    found.refresh_from_db()
    applying.check_documents(
        application_id=found.id, confirm=True, actor=OFFICER, now=found.original_at + timedelta(hours=1)
    )
    found.refresh_from_db()
    return found


def run(limit: int | None = None, at: datetime | None = None) -> DistributionRun:
    """Perform a run of the city."""
    return distribution.perform(territory_code=CITY, limit=limit, actor=OFFICER, now=at or NOW - timedelta(hours=2))
