"""Dated rules under two persons: terms, categories and the calendar are proposed, looked at, answered by another one."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from balabaqsha.applications.models import Application
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.law.models import CalendarChange, CategoryTable, TerritorialTerm
from balabaqsha.line import queries as lines
from balabaqsha.people.tests.family import made_up_iin
from balabaqsha.record.models import JournalEntry
from tests.workplaces import world
from tests.workplaces.test_department import stranger, text

TODAY = localdate(world.NOW)
TOMORROW = TODAY + timedelta(days=1)
SOURCE = "Павлодар қаласы әкімдігінің 18.11.2026 № 9 қаулысы, 2-тармақ"
CODE = "voucher.confirm"
TURNED = {f"n{place}": place + 2 if place % 2 == 0 else place for place in range(20)}


def colleague(role: Role = Role.OFFICER, serial: int = 71) -> Actor:
    bound = {"territory_code": world.CITY} if role is Role.OFFICER else {}
    return world.staff(made_up_iin(date(1983, 4, 4), serial=serial), role, **bound)


@pytest.fixture
def second(town) -> Client:
    return world.client_of(colleague())


def proposes(client, value="3", day=TOMORROW, source=SOURCE, step="propose", code=CODE):
    typed = {"territory": world.CITY, "value": value, "day": f"{day:%d.%m.%Y}", "source": source, "step": step}
    return client.post(reverse("officer.term", args=[code]), typed, follow=True)


def answers(client, name, row, verdict="approve", because=""):
    typed = {"step": "answer", "verdict": verdict, "because": because}
    return client.post(reverse(name, args=[row.id]), typed, follow=True)


class TestATerm:
    def test_is_looked_at_proposed_and_approved_by_another(self, town, second):
        case = town.applies()
        town.run()
        told = Application.objects.get().due_at

        looked = text(proposes(town.as_officer(), step="look"))
        assert "Бұл нені білдіреді" in looked
        assert not TerritorialTerm.objects.exists()
        proposes(town.as_officer())
        row = TerritorialTerm.objects.get()
        address = reverse("officer.term-proposal", args=[row.id])
        assert address in text(second.get(reverse("officer.rulebook") + f"?territory={world.CITY}"))
        assert SOURCE in text(second.get(address))
        answers(second, "officer.term-proposal", row)

        assert law.rulebook(world.CITY).term(CODE, on=TODAY).value == 2
        assert law.rulebook(world.CITY).term(CODE, on=TOMORROW).value == 3
        assert Application.objects.get(id=case.id).due_at == told
        assert "3 жұмыс күні" in text(town.as_officer().get(reverse("officer.rulebook") + f"?territory={world.CITY}"))
        assert JournalEntry.objects.filter(act="term-approved").count() == 1

    def test_is_not_approved_by_who_proposed_it(self, town):
        proposes(town.as_officer())
        row = TerritorialTerm.objects.get()

        page = text(answers(town.as_officer(), "officer.term-proposal", row))

        assert "Өз ұсынысыңызды" in page
        row.refresh_from_db()
        assert row.is_open
        with pytest.raises(IntegrityError), transaction.atomic():
            TerritorialTerm.objects.update(approved_by=row.proposed_by, approved_at=world.NOW)

    def test_is_refused_with_a_reason_and_may_come_anew(self, town, second):
        proposes(town.as_officer())
        row = TerritorialTerm.objects.get()

        assert "бір сөйлеммен" in text(answers(second, "officer.term-proposal", row, "refuse"))
        answers(second, "officer.term-proposal", row, "refuse", "Қаулыда үш күн емес, екі күн")
        proposes(town.as_officer())

        row.refresh_from_db()
        assert row.refused_because == "Қаулыда үш күн емес, екі күн"
        assert TerritorialTerm.objects.count() == 2
        assert "екі күн" in text(second.get(reverse("officer.term", args=[CODE]) + f"?territory={world.CITY}"))

    @pytest.mark.parametrize(
        "changes",
        [
            {"day": TODAY},
            {"day": TODAY - timedelta(days=400)},
            {"value": "-1"},
            {"value": "10001"},
            {"value": "екі"},
            {"value": ""},
            {"source": "жоқ"},
            {"code": "bulletin.hour", "value": "24"},
            {"code": "line.freeze", "value": "09-01..09-30"},
        ],
    )
    @pytest.mark.parametrize("step", ["look", "propose"])
    def test_refuses_beside_the_field_and_keeps_what_was_typed(self, town, changes, step):
        page = text(proposes(town.as_officer(), step=step, **changes))

        assert 'class="errors"' in page
        assert changes.get("source", SOURCE) in page
        assert not TerritorialTerm.objects.exists()

    def test_of_the_country_or_the_portal_has_no_page(self, town):
        for code in ("service.max_age", "login.remembered", "password.length", "x"):
            assert town.as_officer().get(reverse("officer.term", args=[code])).status_code == 404

    def test_of_a_foreign_territory_is_not_there(self, town):
        proposes(town.as_officer())
        row = TerritorialTerm.objects.get()
        client = stranger()

        assert client.get(reverse("officer.term-proposal", args=[row.id])).status_code == 404
        assert answers(client, "officer.term-proposal", row).status_code == 404
        assert client.get(reverse("officer.rulebook") + f"?territory={world.CITY}").status_code == 404
        assert proposes(client).status_code == 404


class TestTheCategories:
    def proposes(self, client, step="propose", day=TOMORROW, **changes):
        typed = TURNED | {"territory": world.CITY, "day": f"{day:%d.%m.%Y}", "source": SOURCE, "step": step} | changes
        return client.post(reverse("officer.categories"), typed, follow=True)

    def test_are_looked_at_proposed_approved_and_told_to_everybody(self, town, second, edge):
        for born_on in (date(2021, 3, 9), world.BORN, world.BORN):
            town.applies(born_on=born_on)
        before = lines.all_places(world.CITY)

        looked = text(self.proposes(town.as_officer(), "look"))
        assert "Бұл нені білдіреді" in looked
        assert not CategoryTable.objects.exists()
        self.proposes(town.as_officer())
        row = CategoryTable.objects.get()
        assert "Өз ұсынысыңызды" in text(answers(town.as_officer(), "officer.category-table", row))
        file = second.get(reverse("officer.category-places", args=[row.id])).content.decode()
        answers(second, "officer.category-table", row)
        public = text(Client().get(reverse("public.categories", args=[world.CITY])))
        assert SOURCE in public
        assert lines.all_places(world.CITY) == before

        edge.moment = world.NOW + timedelta(days=2)
        shown = text(Client().get(reverse("nav.voucher-queue") + f"?line={world.CITY}"))

        after = lines.all_places(world.CITY)
        numbers = dict(Application.objects.values_list("id", "number"))
        assert {number: after[key] for key, number in numbers.items() if number in file} == {
            number: int(line.rsplit(",", 1)[1])
            for number in numbers.values()
            for line in file.splitlines()
            if line.startswith(number)
        }
        assert after != before
        assert reverse("public.categories", args=[world.CITY]) in shown

    @pytest.mark.parametrize(
        "changes",
        [{"n0": 20}, {"n0": "0"}, {"n0": ""}, {"day": TODAY}, {"source": "x"}, {f"n{i}": i + 1 for i in range(20)}],
    )
    def test_refuse_what_is_no_table_and_keep_what_was_typed(self, town, changes):
        page = text(self.proposes(town.as_officer(), **changes))

        assert 'class="errors"' in page or "errors" in page
        assert not CategoryTable.objects.exists()

    def test_of_a_foreign_territory_are_not_there(self, town):
        self.proposes(town.as_officer())
        row = CategoryTable.objects.get()
        client = stranger()

        assert client.get(reverse("officer.category-table", args=[row.id])).status_code == 404
        assert client.get(reverse("officer.category-places", args=[row.id])).status_code == 404
        assert self.proposes(client).status_code == 404

    def test_cost_as_many_queries_for_many_as_for_few(self, town, second, django_assert_max_num_queries):
        town.applies()
        self.proposes(town.as_officer())
        url = reverse("officer.category-table", args=[CategoryTable.objects.get().id])
        second.get(url)
        with django_assert_max_num_queries(60) as few:
            second.get(url)
        for _ in range(4):
            town.applies()
        with django_assert_max_num_queries(len(few)):
            second.get(url)


class TestTheCalendar:
    @pytest.fixture
    def ministry(self, town):
        people = colleague(Role.MINISTRY, 81), colleague(Role.MINISTRY, 91)
        return tuple(world.client_of(one) for one in people)

    def proposes(self, client, step="propose", **changes):
        typed = {
            "day": f"{TOMORROW:%d.%m.%Y}",
            "working": "off",
            "name_kk": "Ауысқан демалыс",
            "name_ru": "Перенесённый выходной",
            "name_en": "Moved day off",
            "source": SOURCE,
            "step": step,
        }
        return client.post(reverse("ministry.calendar"), typed | changes, follow=True)

    def test_has_the_day_once_another_approved_it_and_no_told_deadline_moves(self, town, ministry):
        first, other = ministry
        town.applies()
        town.run()
        told = Application.objects.get().due_at

        looked = text(self.proposes(first, "look"))
        assert "Осы күнді қамтитын мерзім" in looked
        self.proposes(first)
        row = CalendarChange.objects.get()
        assert "Өз ұсынысыңызды" in text(answers(first, "ministry.calendar-change", row))
        assert law.calendar().is_working(TOMORROW)
        answers(other, "ministry.calendar-change", row)

        assert not law.calendar().is_working(TOMORROW)
        assert Application.objects.get().due_at == told
        assert "Ауысқан демалыс" in text(first.get(reverse("ministry.calendar")))
        assert "Ауысқан демалыс" in text(first.get(reverse("ministry.home")))

    def test_is_refused_with_a_reason(self, ministry):
        first, other = ministry
        self.proposes(first)
        row = CalendarChange.objects.get()

        answers(other, "ministry.calendar-change", row, "refuse", "Үкімет қаулысы шыққан жоқ")

        assert law.calendar().is_working(TOMORROW)
        row.refresh_from_db()
        assert row.refused_because == "Үкімет қаулысы шыққан жоқ"

    @pytest.mark.parametrize(
        "changes",
        [
            {"day": f"{TODAY:%d.%m.%Y}"},
            {"day": "31.02.2027"},
            {"working": "on"},
            {"working": ""},
            {"name_kk": " "},
            {"source": ""},
        ],
    )
    @pytest.mark.parametrize("step", ["look", "propose"])
    def test_refuses_beside_the_field(self, ministry, changes, step):
        assert 'class="errors"' in text(self.proposes(ministry[0], step, **changes))
        assert not CalendarChange.objects.exists()

    def test_a_day_has_one_open_change(self, ministry):
        self.proposes(ministry[0])

        assert "жауап күтіп тұр" in text(self.proposes(ministry[1]))
        assert CalendarChange.objects.count() == 1

    def test_is_the_ministry_s_alone(self, town, second):
        assert second.get(reverse("ministry.calendar")).status_code == 404
        assert self.proposes(second).status_code == 404

    def test_every_year_is_shown_and_nonsense_is_this_one(self, ministry):
        for year in ("2027", "1", "99999", "x"):
            assert ministry[0].get(reverse("ministry.calendar"), {"year": year}).status_code == 200


class TestTheRights:
    def test_are_the_same_for_everybody_and_for_the_department(self, town):
        public = text(Client().get(reverse("public.benefits")))
        own = text(town.as_officer().get(reverse("officer.rights")))

        for said in ("№ 561-IV", "Педагогтердің балалары", "1 ай"):
            assert said in public
            assert said in own

    @pytest.mark.usefixtures("town")
    def test_stand_beside_the_rules_of_the_territory(self):
        page = text(Client().get(reverse("nav.rules")))

        assert reverse("public.benefits") in page
        assert "Ваучерге қызығушылықты растау мерзімі" in page
