"""Roles: who may give which, where, from when until when; one at a time; a role not switched to opens nothing."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from balabaqsha.accounts import actions as accounts
from balabaqsha.accounts import clock, queries
from balabaqsha.accounts.models import RoleGrant
from balabaqsha.accounts.roles import actions, rules
from balabaqsha.kernel.actor import SYSTEM, Actor, Role
from balabaqsha.people.models import Person
from balabaqsha.people.tests.family import made_up_iin
from balabaqsha.record.models import JournalEntry, OutboxFact
from tests.workplaces import world
from tests.workplaces.world import CITY, NOW, OTHER_CITY, client_of, staff

pytestmark = pytest.mark.django_db

COLLEAGUE = made_up_iin(date(1987, 7, 7), serial=410)
OBLAST = "550000000"


@pytest.fixture
def town(settings, tmp_path, monkeypatch) -> world.Town:
    settings.FILES_ROOT = tmp_path
    monkeypatch.setattr(clock, "real_now", lambda: NOW)
    return world.build()


@pytest.fixture
def colleague(town) -> Actor:
    """Somebody with an account and no office yet."""
    return staff(COLLEAGUE, Role.PARENT)


def gift(role: Role, **changes: object) -> actions.Gift:
    plain = {"role": role, "iin": COLLEAGUE.text, "surname": "үлгібаева", "reason": "№ 12 бұйрық"}
    return actions.Gift(**(plain | changes))


def givers(town: world.Town) -> dict[str, Actor]:
    return {
        "officer": town.officer,
        "head": town.head,
        "ministry": staff(made_up_iin(date(1970, 1, 1), serial=420), Role.MINISTRY),
        "inspector": staff(made_up_iin(date(1971, 1, 1), serial=430), Role.INSPECTOR, territory_code=CITY),
        "support": staff(made_up_iin(date(1972, 1, 1), serial=440), Role.SUPPORT),
        "parent": town.family()[0],
    }


# Who gives what where: the bounds of the gift and who may.
MAY = [
    (Role.OFFICER, {"territory_code": CITY}, ["ministry", "officer"]),
    (Role.OFFICER, {"territory_code": OTHER_CITY}, ["ministry"]),
    (Role.OFFICER, {"territory_code": OBLAST}, ["ministry"]),
    (Role.INSPECTOR, {"territory_code": CITY}, ["ministry", "officer"]),
    (Role.DOCTOR, {"territory_code": CITY}, ["officer"]),
    (Role.PMPK_OFFICER, {"territory_code": CITY}, ["officer"]),
    (Role.KINDERGARTEN_HEAD, {"kindergarten": "own"}, ["officer"]),
    (Role.KINDERGARTEN_HEAD, {"kindergarten": "far"}, []),
    (Role.EDUCATOR, {"kindergarten": "own"}, ["head", "officer"]),
    (Role.EDUCATOR, {"kindergarten": "far"}, []),
    (Role.SUPPORT, {}, ["ministry"]),
    (Role.MINISTRY, {}, []),
    (Role.PARENT, {}, []),
]


@pytest.mark.parametrize(("role", "bounds", "may"), MAY, ids=str)
def test_each_gives_only_what_and_where_they_may(town, colleague, role, bounds, may):
    bounds = dict(bounds)
    if "kindergarten" in bounds:
        far = world.kindergarten_of("gulder", "120340005678", "Гүлдер", OTHER_CITY)[0]
        which = bounds.pop("kindergarten")
        bounds["kindergarten_id"] = town.kindergarten.id if which == "own" else far.id
    given = set()
    for name, actor in givers(town).items():
        try:
            grant_id = actions.give_role(gift=gift(role, **bounds), actor=actor, now=NOW)
        except rules.MayNotGive:
            continue
        given.add(name)
        actions.take_role(grant_id=grant_id, reason="сынақ бітті", actor=actor, now=NOW)

    assert given == set(may)


class TestGiving:
    def give(self, town, **changes):
        typed = {
            "iin": COLLEAGUE.text,
            "surname": "Үлгібаева",
            "role": "EDUCATOR",
            "kindergarten": town.kindergarten.id,
            "reason": "№ 12 бұйрық, 17.11.2026",
        }
        return town.as_officer().post(reverse("officer.role-give"), typed | changes)

    def test_is_shown_journalled_and_told(self, town, colleague):
        answer = self.give(town)

        assert answer.url == reverse("officer.roles")
        page = town.as_officer().get(answer.url).content.decode()
        assert "№ 12 бұйрық, 17.11.2026" in page
        entry = JournalEntry.objects.filter(act="role-granted").latest("id")
        assert entry.actor["account"] == town.officer.account_id
        assert OutboxFact.objects.get(fact="role-given").person_id == colleague.person_id

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"surname": "Басқа"}, "тіркеулік жазба жоқ"),
            ({"iin": made_up_iin(date(1999, 1, 1), serial=460).text}, "тіркеулік жазба жоқ"),
            ({"iin": "12"}, "ЖСН дұрыс емес"),
            ({"kindergarten": ""}, "Рөл үшін орнын таңдаңыз"),
            ({"role": "OFFICER"}, "Рөл үшін орнын таңдаңыз"),
            ({"role": "MINISTRY"}, "id_role"),
            ({"reason": "а"}, "id_reason"),
            ({"last_day": "01.11.2026"}, "Соңғы күн бірінші күннен ерте"),
        ],
    )
    def test_says_what_is_wrong(self, town, colleague, changes, said):
        answer = self.give(town, **changes)

        assert answer.status_code == 200
        assert said in answer.content.decode()
        assert not RoleGrant.objects.filter(account_id=colleague.account_id).exclude(role="PARENT").exists()

    def test_never_to_oneself(self, town):
        person = Person.objects.get(id=town.officer.person_id)
        mine = {"iin": person.iin, "surname": person.surname, "territory_code": CITY}
        with pytest.raises(actions.RoleToOneself):
            actions.give_role(gift=gift(Role.INSPECTOR, **mine), actor=town.officer, now=NOW)
        with pytest.raises(IntegrityError, match="nobody_gives_themselves_a_role"), transaction.atomic():
            RoleGrant.objects.create(
                account_id=town.officer.account_id,
                role="INSPECTOR",
                territory_id=CITY,
                granted_from=NOW,
                granted_by_id=town.officer.account_id,
                reason="test",
            )

    def test_once_at_a_time_and_anew_after_its_end(self, town, colleague):
        first = gift(Role.INSPECTOR, territory_code=CITY, last_day=NOW.date())
        actions.give_role(gift=first, actor=town.officer, now=NOW)
        with pytest.raises(actions.RoleHeld):
            actions.give_role(gift=first, actor=town.officer, now=NOW + timedelta(hours=1))
        again = gift(Role.INSPECTOR, territory_code=CITY)

        assert actions.give_role(gift=again, actor=town.officer, now=NOW + timedelta(days=1))


class TestHolding:
    def test_begins_and_ends_at_its_moments_without_a_worker(self, town, colleague, monkeypatch):
        span = {"first_day": date(2026, 11, 20), "last_day": date(2026, 11, 21)}
        actions.give_role(gift=gift(Role.OFFICER, territory_code=CITY, **span), actor=town.officer, now=NOW)
        officer = Actor(role=Role.OFFICER, account_id=colleague.account_id, person_id=colleague.person_id)
        held = {}
        for day in range(18, 24):
            moment = NOW.replace(day=day)
            monkeypatch.setattr(clock, "real_now", lambda moment=moment: moment)
            answer = client_of(officer, moment=moment).get(reverse("officer.home"))
            held[day] = answer.status_code
            roles = {one.role for one in queries.roles_of(colleague.account_id, now=moment)}
            assert (Role.OFFICER in roles) == (answer.status_code == 200)

        assert held == {18: 302, 19: 302, 20: 200, 21: 200, 22: 302, 23: 302}

    def test_taken_away_it_ends_with_the_next_request(self, town, colleague):
        grant_id = actions.give_role(gift=gift(Role.OFFICER, territory_code=CITY), actor=town.officer, now=NOW)
        client = client_of(Actor(role=Role.OFFICER, account_id=colleague.account_id))
        assert client.get(reverse("officer.home")).status_code == 200

        town.as_officer().post(reverse("officer.role-take", args=[grant_id]), {"reason": "жұмыстан шықты"})

        assert client.get(reverse("officer.home")).url.startswith("/login/")
        assert OutboxFact.objects.filter(fact="role-taken", person_id=colleague.person_id).exists()

    def test_one_not_switched_to_gives_no_access(self, town, colleague):
        """The same account in each of its roles: only the pages of that role open."""
        bounds = {
            Role.OFFICER: {"territory_code": CITY},
            Role.KINDERGARTEN_HEAD: {"kindergarten_id": town.kindergarten.id},
            Role.INSPECTOR: {"territory_code": CITY},
            Role.SUPPORT: {},
        }
        for role, bound in bounds.items():
            accounts.grant_role(
                account_id=colleague.account_id, role=role, reason="test", actor=SYSTEM, now=NOW, **bound
            )
        homes = {
            "parent.children": {Role.PARENT},
            "officer.home": {Role.OFFICER},
            "officer.journal": {Role.OFFICER, Role.INSPECTOR},
            "officer.feedback": {Role.OFFICER, Role.SUPPORT},
            "officer.roles": {Role.OFFICER, Role.KINDERGARTEN_HEAD},
            "kg.home": {Role.KINDERGARTEN_HEAD},
        }
        client = client_of(colleague)
        for role in (Role.PARENT, *bounds):
            grant = RoleGrant.objects.get(account_id=colleague.account_id, role=role.value)
            if role is not Role.PARENT:
                client.post(reverse("parent.switch-role"), {"role": grant.id})
            opened = {name for name in homes if client.get(reverse(name)).status_code == 200}
            assert opened == {name for name, roles in homes.items() if role in roles}, role
            page = client.get(reverse("profile.safety")).content.decode()
            assert f'href="{reverse("parent.switch-role")}"' in page

    def test_of_staff_needs_the_second_step(self, town, colleague):
        actions.give_role(gift=gift(Role.SUPPORT), actor=givers(town)["ministry"], now=NOW)
        client = client_of(colleague)
        session = client.session
        session["account"] |= {"whole": False}
        session.save()
        grant = RoleGrant.objects.get(account_id=colleague.account_id, role="SUPPORT")

        client.post(reverse("parent.switch-role"), {"role": grant.id})
        assert client.get(reverse("officer.feedback")).status_code == 404


def test_a_foreign_role_is_neither_seen_nor_taken(town, colleague):
    far = staff(made_up_iin(date(1985, 1, 1), serial=470), Role.OFFICER, territory_code=OTHER_CITY)
    grant = RoleGrant.objects.get(account_id=far.account_id)
    client = town.as_officer()

    for method in (client.get, client.post):
        assert method(reverse("officer.role-take", args=[grant.id]), {"reason": "сынақ"}).status_code == 404
        assert method(reverse("officer.role-take", args=[999_999]), {"reason": "сынақ"}).status_code == 404
    with pytest.raises(rules.MayNotGive):
        actions.take_role(grant_id=grant.id, reason="сынақ", actor=town.officer, now=NOW)
