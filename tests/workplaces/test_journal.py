"""The register of applications as 003 prints it: nine columns, an order by each, a search, a card in tabs."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from balabaqsha.applications.models import Application
from balabaqsha.documents.models import MadeDocument
from balabaqsha.journeys import applying, publishing
from balabaqsha.kernel.actor import Role
from balabaqsha.legacy.models import CarriedOver, LegacyList
from balabaqsha.line import queries as lines
from balabaqsha.people.models import Person
from balabaqsha.people.tests.family import made_up_iin
from balabaqsha.record.models import JournalEntry
from tests.workplaces import linear, world
from tests.workplaces.linear import extended
from tests.workplaces.test_department import stranger, text
from tests.workplaces.world import NOW

COLUMNS = (
    "Өтініш нөмірі",
    "Баланың аты-жөні",
    "Баланың ЖСН-і",
    "Кезек нөмірі",
    "Өтініш берушінің аты-жөні",
    "Құрастырылған күні",
    "Мәртебесі",
    "Жеңілдік түрі",
    "Туған күні",
)


def numbers(page: str) -> list[str]:
    """Numbers of the cases in the order in which the page lists them."""
    return re.findall(r'<th scope="row"><a class="nowrap" href="[^"]+/(\d+)/"', page)


@pytest.fixture(params=["voucher", "linear"])
def line_of_three(request, town):
    """Three who wait, in either regime: two of one birth year and a teacher's child of another."""
    if request.param == "linear":
        linear.make_linear(town)
        for one in town.groups:
            publishing.recall(group_id=one.id, places=2, reason="REPAIR", actor=town.officer, now=NOW)
    first = town.applies(now=NOW - timedelta(days=3), surname="БАТЫР", given_name="АЛИ")
    second = town.applies(now=NOW - timedelta(days=2), surname="АСАН", given_name="ӘЛІ")
    third = town.applies(
        now=NOW - timedelta(days=1),
        surname="ВАЛИ",
        given_name="ЖАН",
        born_on=date(2022, 2, 2),
        benefit="TEACHER",
        proof=world.picture(),
    )
    applying.check_documents(application_id=third.id, confirm=True, because="", actor=town.officer, now=NOW)
    return town, first, second, third


class TestTheRegister:
    def test_has_exactly_the_nine_columns_of_the_source(self, line_of_three):
        town = line_of_three[0]
        page = text(town.as_officer().get(reverse("officer.journal")))
        heads = re.findall(r'<th scope="col"[^>]*><a[^>]*>([^<]+?) <svg', page)

        assert tuple(heads) == COLUMNS

    def test_masks_names_and_iins(self, line_of_three):
        town, first, *_ = line_of_three
        child = first.application.child
        page = text(town.as_officer().get(reverse("officer.journal")))

        assert child.iin not in page
        assert "Батыр" not in page
        assert "Б.\N{NO-BREAK SPACE}А." in page
        assert f"{child.iin[:4]}******{child.iin[-2:]}" in page

    @pytest.mark.parametrize(
        ("sort", "order"),
        [
            ("created", (0, 1, 2)),
            ("-created", (2, 1, 0)),
            ("number", (0, 1, 2)),
            ("-number", (2, 1, 0)),
            ("child", (1, 0, 2)),
            ("-child", (2, 0, 1)),
            ("nonsense", (2, 1, 0)),
        ],
    )
    def test_is_sorted_by_what_is_asked(self, line_of_three, sort, order):
        town, *cases = line_of_three
        page = text(town.as_officer().get(reverse("officer.journal"), {"sort": sort}))

        assert numbers(page) == [cases[one].number for one in order]

    @pytest.mark.parametrize("sort", ["iin", "applicant", "status", "benefit", "born", "place"])
    def test_every_column_sorts_both_ways(self, line_of_three, sort):
        town = line_of_three[0]
        officer = town.as_officer()
        up = numbers(text(officer.get(reverse("officer.journal"), {"sort": sort})))
        down = numbers(text(officer.get(reverse("officer.journal"), {"sort": f"-{sort}"})))

        assert len(up) == 3
        if sort != "place":
            assert up == down[::-1]

    def test_places_are_those_of_the_line_and_come_first_to_last(self, line_of_three):
        town, *cases = line_of_three
        stands = {one.number: lines.place_in_line(one.application).number for one in cases}
        page = text(town.as_officer().get(reverse("officer.journal"), {"sort": "place"}))
        shown = re.findall(r'data-label="Кезек нөмірі">(\d+)<', page)

        assert [int(one) for one in shown] == sorted(stands.values())
        assert [stands[one] for one in numbers(page)] == sorted(stands.values())
        every = lines.all_places(world.CITY)
        assert {one.number: every[one.id] for one in cases} == stands

    def test_whoever_stands_in_no_line_comes_last_either_way(self, line_of_three):
        town, first, *_ = line_of_three
        applying.withdraw(application_id=first.id, actor=first.parent, now=NOW)
        officer = town.as_officer()

        for sort in ("place", "-place"):
            assert numbers(text(officer.get(reverse("officer.journal"), {"sort": sort})))[-1] == first.number

    def test_filters(self, line_of_three):
        town, first, second, third = line_of_three
        applying.withdraw(application_id=first.id, actor=first.parent, now=NOW)
        officer, address = town.as_officer(), reverse("officer.journal")

        assert numbers(text(officer.get(address, {"state": "ARCHIVED"}))) == [first.number]
        assert numbers(text(officer.get(address, {"benefit": "TEACHER"}))) == [third.number]
        assert numbers(text(officer.get(address, {"birth_year": "2022"}))) == [third.number]
        for nonsense in ({"state": "x"}, {"birth_year": "x"}, {"page": "99"}):
            assert second.number in numbers(text(officer.get(address, nonsense)))

    def test_an_iin_finds_a_child_and_an_applicant_and_stands_in_no_address(self, line_of_three):
        town, first, *_ = line_of_three
        officer, address = town.as_officer(), reverse("officer.journal")
        application = first.application

        for person in (application.child, application.applicant):
            assert numbers(text(officer.post(address, {"iin": person.iin}))) == [first.number]
        assert "errors-title" in text(officer.post(address, {"iin": "123"}))
        assert numbers(text(officer.post(address, {"iin": made_up_iin(date(2020, 1, 1), serial=5).text}))) == []
        assert numbers(text(stranger().post(address, {"iin": application.child.iin}))) == []

    def test_the_number_of_an_earlier_system_leads_to_the_case(self, town):
        case = town.applies()
        source = LegacyList.objects.create(
            territory_id=world.CITY, regime="VOUCHER", file_name="a.csv", sha256="0" * 64, added_at=NOW
        )
        CarriedOver.objects.create(application_id=case.id, source=source, row=1, number="16.УО.2017.32731.1")

        found = town.as_officer().get(reverse("officer.journal"), {"number": "16.УО.2017.32731.1"})

        assert found["Location"] == reverse("officer.case", args=[case.number])
        assert "мұндай өтініш жоқ" in text(stranger().get(reverse("officer.journal"), {"number": "16.УО.2017.32731.1"}))

    def test_of_another_territory_is_not_there(self, line_of_three):
        town, first, *_ = line_of_three
        other = stranger()

        assert other.get(reverse("officer.journal"), {"territory": world.CITY}).status_code == 404
        assert first.number not in text(other.get(reverse("officer.journal")))
        assert town.as_head().get(reverse("officer.journal")).status_code == 404

    @pytest.mark.parametrize("waiting", [2, 9])
    @pytest.mark.parametrize("sort", ["created", "place"])
    def test_costs_the_same_however_many(self, town, waiting, sort, django_assert_max_num_queries):
        for _ in range(waiting):
            town.applies()
        officer = town.as_officer()

        with django_assert_max_num_queries(33):
            officer.get(reverse("officer.journal"), {"sort": sort})


class TestTheCard:
    def test_has_the_fields_of_figure_six(self, town):
        case = town.applies()
        person = case.application.applicant
        Person.objects.filter(id=person.id).update(
            address="Павлодар, Сынақ көшесі, 5", email="ana@example.kz", second_email="eki@example.kz"
        )
        Application.objects.filter(id=case.id).update(egov_number="P-101", centre_number="002-77")
        officer = town.as_officer()
        officer.post(reverse("officer.contacts-open", args=[case.number]), {"because": "TELL"})
        page = text(officer.get(reverse("officer.case", args=[case.number])))

        for said in (
            case.application.child.iin,
            person.iin,
            "Павлодар, Сынақ көшесі, 5",
            "ana@example.kz",
            "eki@example.kz",
            "P-101",
            "002-77",
            "Соңғы өзгеріс сәті",
            "Кезекте 18.11.2026",
            "Жеңілдік санаты бойынша кезек нөмірі",
        ):
            assert said in page, said

    def test_says_why_a_field_is_empty(self, town):
        case = town.applies()
        page = text(town.as_officer().get(reverse("officer.case", args=[case.number])))

        for said in ("eGov нөмірі жоқ", "ХҚКО нөмірі жоқ", "Қосымша пошта", "Қосымша телефон жоқ"):
            assert said in page, said

    def test_looking_is_no_change(self, town, edge):
        case = town.applies()
        edge.moment = NOW + timedelta(hours=2)
        officer = world.client_of(town.officer, moment=edge.moment)
        officer.get(reverse("officer.case", args=[case.number]))
        page = text(officer.get(reverse("officer.case", args=[case.number])))

        assert "18.11.2026 10:00:00. Кезекте" in page

    @pytest.mark.parametrize("tab", ["", "info", "history", "documents", "x"])
    @pytest.mark.parametrize("prefix", ["", "/ru", "/en"])
    def test_each_tab_speaks_three_languages_and_each_reading_is_recorded(self, town, tab, prefix):
        linear.make_linear(town)
        found = extended(town)
        with translation.override("kk"):
            address = reverse("officer.case", args=[found.number])
        text(town.as_officer().get(prefix + address, {"tab": tab}))

        assert JournalEntry.objects.filter(act="case-opened", application_id=found.id).count() == 1

    def test_common_documents_are_listed_and_saved(self, town):
        case = town.applies()
        town.run()
        case.chooses().is_sent().signs()
        officer = town.as_officer()
        page = text(officer.get(reverse("officer.case", args=[case.number]), {"tab": "documents"}))
        made = MadeDocument.objects.get(application_id=case.id)

        assert "Білім беру қызметтерін көрсету шарты" in page
        address = reverse("officer.case-paper", args=[case.number, made.token])
        assert f'href="{address}?save"' in page
        assert officer.get(f"{address}?save")["Content-Disposition"].startswith("attachment")
        assert officer.get(address)["Content-Disposition"].startswith("inline")

    def test_the_proof_of_an_extension_is_among_the_attachments(self, town):
        linear.make_linear(town)
        found = extended(town)
        officer = town.as_officer()
        page = text(officer.get(reverse("officer.case", args=[found.number]), {"tab": "documents"}))

        assert "Келе алмау себебін растайтын құжат" in page
        assert reverse("officer.extension", args=[found.number]) in page

    def test_an_extension_and_its_review_are_told_in_words(self, town):
        linear.make_linear(town)
        found = extended(town)
        officer = town.as_officer()
        typed = {"verdict": "withdraw", "because": "PROOF_FALSE", "note": "Анықтама расталмады, мөрі жоқ"}
        officer.post(reverse("officer.extension", args=[found.number]), typed)
        page = text(officer.get(reverse("officer.case", args=[found.number]), {"tab": "history"}))

        for said in ("Ауруханада емделу", "Растайтын құжат жалған", "тоқтатылды"):
            assert said in page, said


def test_roles_are_not_mixed_up(town):
    case = town.applies()
    other = world.client_of(
        world.staff(made_up_iin(date(1985, 5, 5), serial=95), Role.OFFICER, territory_code=world.OTHER_CITY)
    )

    for tab in ("info", "history", "documents"):
        assert other.get(reverse("officer.case", args=[case.number]), {"tab": tab}).status_code == 404
