"""Every address as every role: a role opens what its policies say and nothing else; `docs/access.md` says it too."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from balabaqsha.accounts import clock
from balabaqsha.commands import access as page
from balabaqsha.kernel.actor import Power, Role
from balabaqsha.people.tests.family import made_up_iin
from tests.families import home as homes
from tests.workplaces import world
from tests.workplaces.test_forged_addresses import NOBODYS

BOUNDS = {
    Role.OFFICER: "territory_code",
    Role.INSPECTOR: "territory_code",
    Role.DOCTOR: "territory_code",
    Role.PMPK_OFFICER: "territory_code",
    Role.KINDERGARTEN_HEAD: "kindergarten_id",
    Role.EDUCATOR: "kindergarten_id",
}
OTHERS = {"token": NOBODYS["token"], "run": 999_999, "number": NOBODYS["number"], "key": "x", "ticket": "x", "id": 1}


def blank(name: str, kind: str) -> object:
    """Something that fits the blank and is nobody's."""
    if kind == "uuid":
        return NOBODYS["token"]
    return 999_999 if kind == "int" else {**OTHERS, **NOBODYS}.get(name, "x")


@pytest.fixture
def clients(db, settings, tmp_path, monkeypatch) -> dict[Role, Client]:
    """A browser of somebody in each role, a trusted person with every power among them."""
    settings.FILES_ROOT = tmp_path
    home = homes.build()
    monkeypatch.setattr(clock, "real_now", lambda: home.now)
    people = {Role.PARENT: home.mother, Role.TRUSTED_PERSON: homes.trusted(home, home.child.id)}
    known = {"territory_code": world.CITY, "kindergarten_id": home.town.kindergarten.id}
    for serial, role in enumerate(set(Role) - {Role.SYSTEM, Role.ANONYMOUS, *people}):
        bound = BOUNDS.get(role)
        iin = made_up_iin(date(1979, 9, 9), serial=500 + serial * 10)
        people[role] = world.staff(iin, role, **({bound: known[bound]} if bound else {}))
    return {role: world.client_of(actor) for role, actor in people.items()} | {Role.ANONYMOUS: Client()}


def is_right(answer, role: Role, *, admitted: bool, blanks: bool) -> bool:
    """Whether somebody in this role is answered as they should be."""
    led = answer.status_code == 302 and answer.url.startswith("/login/")
    if role is Role.ANONYMOUS:
        return led
    if not admitted:
        return bool(answer.status_code == 404)
    # With a blank that is nobody's the page is not there for whoever may open its like.
    return answer.status_code < 500 and not led and (blanks or answer.status_code != 404)


def test_every_address_as_every_role(clients):
    wrong = {}
    for address, name, policy in page.addresses():
        if not name or policy.roles is None:
            continue
        blanks = re.findall(r"<(\w+):(\w+)>", address)
        url = reverse(name, args=[blank(one, kind) for kind, one in blanks])
        for role, client in clients.items():
            admitted = role in policy.roles
            # What somebody may open is only read here: sent forms have tests of their own.
            for method in (client.get,) if admitted else (client.get, client.post):
                answer = method(url)
                if not is_right(answer, role, admitted=admitted, blanks=bool(blanks)):
                    wrong[name, role.value] = answer.status_code

    assert wrong == {}


def test_the_page_says_what_the_policies_say():
    assert page.PAGE.read_text(encoding="utf-8") == page.render()


def test_the_page_knows_what_a_trusted_person_needs():
    text = page.render()

    assert all(f"with {power}" in text for power in Power)
    assert "| `/cabinet/children/` | `parent.children` |" in text
