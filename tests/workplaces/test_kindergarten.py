"""The head's errands: each from its page to its effect on the family's case, and nothing for strangers."""

import base64
import io
import zipfile
from datetime import date, timedelta

import pytest
from django.urls import reverse

from balabaqsha.admissions import queries as admissions
from balabaqsha.admissions.models import Contract
from balabaqsha.journeys import choosing
from balabaqsha.kernel.actor import Role
from balabaqsha.kernel.iin import Sex
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.kindergartens.models import Group
from balabaqsha.law.lists import DocumentKind
from balabaqsha.people.tests.family import made_up_iin
from balabaqsha.record.models import JournalEntry, OutboxFact
from balabaqsha.sandbox.authority import signing
from tests.workplaces import world
from tests.workplaces.world import NOW, Town


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def chosen(town: Town, **child):
    case = town.applies(**child)
    town.run()
    return case.chooses()


def signed(town: Town, **papers):
    return chosen(town).is_sent().signs(**papers)


class TestToday:
    def test_shows_four_numbers_and_what_is_due_first(self, town):
        case, other = town.applies(given_name="АЙАРУ"), town.applies(given_name="ТИМУР")
        town.run()
        case.chooses()
        other.chooses().is_sent().signs()

        page = text(town.as_head().get(reverse("kg.home")))

        assert page.index("Айару") > 0
        assert reverse("kg.request", args=[case.number]) in page
        assert reverse("kg.contract", args=[other.number]) in page
        # Of four published places in two groups two are chosen.
        assert "<dd>2</dd>" in page

    def test_is_not_for_other_roles(self, town):
        assert town.as_officer().get(reverse("kg.home")).status_code == 404

    def test_leads_a_visitor_to_sign_in(self, town, client):
        assert client.get(reverse("kg.home")).status_code == 302


class TestGroups:
    def test_shows_places_of_each_group_in_any_order(self, town):
        chosen(town)
        head = town.as_head()

        for sort in ("", "?sort=free", "?sort=-year", "?sort=nonsense"):
            page = text(head.get(reverse("kg.groups") + sort))
            assert "Балдырған" in page
            assert "Солнышко" in page

    def test_publishes_places_to_families(self, town):
        address = reverse("kg.group-publish", args=[town.group.id])
        answer = town.as_head().post(address, {"places": "1", "seen": "1"}, follow=True)

        assert "Жарияланған орын саны: 1" in text(answer)
        assert kindergartens.free_in_group(town.group.id, now=NOW) == 3
        assert JournalEntry.objects.filter(act="publish", facts__group=town.group.id).count() == 1

    def test_serves_the_waiting_list_first(self, town):
        first, second, third = (town.applies() for _ in range(3))
        world.publish(town.group, 1, head=town.head)
        town.run()
        for case in (first, second, third):
            case.chooses()
        late = town.applies()
        group = town.groups[0]
        # Another group of the year has a place, so that the run has something to give.
        from balabaqsha.kindergartens import actions
        from balabaqsha.kindergartens.actions import NewGroup

        more = NewGroup(name="Көбелек", birth_year=2023, language="kk", capacity=2, published=1)
        other = actions.open_group(kindergarten=town.kindergarten, group=more, actor=town.head, now=NOW)
        town.run()
        from balabaqsha.journeys import vouchers

        vouchers.confirm_interest(application_id=late.id, actor=late.parent, now=NOW)
        choosing.join_waiting_list(application_id=late.id, group_id=other.id, actor=late.parent, now=NOW)
        head = town.as_head()
        address = reverse("kg.group-publish", args=[other.id])

        assert "Бұл топтың күту парағында 1 бала тұр" in text(head.get(address))
        head.post(address, {"places": "1", "seen": "1"})

        offer = admissions.open_offer(application_id=late.id, group_id=other.id)
        assert offer is not None
        assert OutboxFact.objects.filter(fact="waiting-list-offer", application_id=late.id).exists()
        assert kindergartens.free_in_group(group.id, now=NOW) == 0

    @pytest.mark.parametrize("places", ["-1", "0", "", "abc", "1.5", "99999999999999999999"])
    def test_refuses_nonsense_beside_the_field(self, town, places):
        address = reverse("kg.group-publish", args=[town.group.id])
        page = text(town.as_head().post(address, {"places": places, "seen": "1"}))

        assert 'data-state="error"' in page
        assert kindergartens.free_in_group(town.group.id, now=NOW) == 2

    def test_refuses_more_than_the_capacity(self, town):
        address = reverse("kg.group-publish", args=[town.group.id])
        page = text(town.as_head().post(address, {"places": "2", "seen": "1"}))

        assert "Топтағы орын саны 3" in page

    def test_takes_a_form_sent_twice_once(self, town):
        address = reverse("kg.group-publish", args=[town.groups[1].id])
        head = town.as_head()
        town.groups[1].capacity = 3
        assert head.post(address, {"places": "1", "seen": "1"}).status_code == 302
        page = text(head.post(address, {"places": "1", "seen": "1"}))

        assert "деректер өзгерді" in page
        assert kindergartens.free_in_group(town.groups[1].id, now=NOW) == 3

    def test_takes_free_places_back_with_a_reason(self, town):
        address = reverse("kg.group-recall", args=[town.group.id])
        answer = town.as_head().post(address, {"places": "1", "seen": "2", "reason": "REPAIR"}, follow=True)

        assert "Кері алынған орын саны: 1" in text(answer)
        assert kindergartens.free_in_group(town.group.id, now=NOW) == 1
        assert JournalEntry.objects.get(act="recall").facts["because"] == "REPAIR"

    def test_cannot_take_back_what_is_held(self, town):
        chosen(town)
        address = reverse("kg.group-recall", args=[town.group.id])
        page = text(town.as_head().post(address, {"places": "2", "seen": "1", "reason": "REPAIR"}))

        assert "мұнша бос орын жоқ" in page

    def test_needs_a_reason_of_the_list(self, town):
        address = reverse("kg.group-recall", args=[town.group.id])
        text(town.as_head().post(address, {"places": "1", "seen": "2", "reason": "BECAUSE"}))

        assert kindergartens.free_in_group(town.group.id, now=NOW) == 2

    def test_opens_a_group(self, town):
        typed = {
            "name": "Жұлдыз",
            "birth_year": "2024",
            "language": "kk",
            "capacity": "20",
            "published": "5",
            "parent_fee": "18000",
        }
        head = town.as_head()
        text(head.get(reverse("kg.group-open")))
        answer = head.post(reverse("kg.group-open"), typed, follow=True)

        assert "«Жұлдыз» тобы ашылды" in text(answer)
        opened = Group.objects.get(name="Жұлдыз")
        assert kindergartens.free_in_group(opened.id, now=NOW) == 5
        assert "Басқа атау енгізіңіз" in text(head.post(reverse("kg.group-open"), typed))

    def test_publishes_no_more_than_it_opens(self, town):
        typed = {
            "name": "Ж",
            "birth_year": "2024",
            "language": "kk",
            "capacity": "2",
            "published": "3",
            "parent_fee": "0",
        }
        page = text(town.as_head().post(reverse("kg.group-open"), typed))

        assert "Топтағы орын саны 2" in page
        assert not Group.objects.filter(name="Ж").exists()

    @pytest.mark.parametrize("name", ["kg.group-publish", "kg.group-recall"])
    def test_groups_of_others_are_not_there(self, town, name):
        _, foreign = world.kindergarten_of("foreign", "120340009999", "Бөтен")

        assert town.as_head().get(reverse(name, args=[foreign[0].id])).status_code == 404
        assert town.as_head().post(reverse(name, args=[foreign[0].id]), {"places": "1", "seen": "1"}).status_code == 404
        assert town.as_head().get(reverse(name, args=[10**12])).status_code == 404


FIELDS = {"start_on": "01.12.2026", "ends_on": "31.08.2029", "stay_hours": "10,5", "parent_fee": "15000"}


class TestRequests:
    def test_lists_choices_and_sends_the_contract(self, town):
        case = chosen(town)
        head = town.as_head()
        assert reverse("kg.request", args=[case.number]) in text(head.get(reverse("kg.requests")))

        answer = head.post(reverse("kg.request", args=[case.number]), FIELDS, follow=True)

        assert "Шарт жіберілді" in text(answer)
        assert case.state == "CONTRACT_WITH_PARENT"
        terms = case.contract.terms
        assert (terms["start_on"], terms["ends_on"]) == ("2026-12-01", "2029-08-31")
        assert (terms["stay_hours"], terms["parent_fee"]) == (10.5, 15000)
        assert terms["kindergarten"]["bin"] == world.BIN
        assert OutboxFact.objects.filter(fact="contract-sent", application_id=case.id).exists()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"start_on": "17.11.2026"},
            {"start_on": "32.11.2026"},
            {"start_on": "01.12.2029"},
            {"ends_on": "01.12.2026"},
            {"ends_on": "01.09.2029"},
            {"stay_hours": "25"},
            {"stay_hours": "nan"},
            {"stay_hours": "inf"},
            {"parent_fee": "-5"},
            {"parent_fee": ""},
        ],
    )
    def test_keeps_what_was_typed_beside_a_mistake(self, town, wrong):
        case = chosen(town)
        page = text(town.as_head().post(reverse("kg.request", args=[case.number]), FIELDS | wrong))

        assert 'data-state="error"' in page
        assert case.state == "CONTRACT_AWAITED"

    def test_second_sending_finds_the_contract_sent(self, town):
        case = chosen(town)
        head, address = town.as_head(), reverse("kg.request", args=[case.number])
        head.post(address, FIELDS)

        assert head.post(address, FIELDS).status_code == 302
        assert Contract.objects.count() == 1

    def test_cases_of_others_are_not_there(self, town):
        case = chosen(town)
        kindergarten, _ = world.kindergarten_of("foreign", "120340009999", "Бөтен")
        iin = made_up_iin(date(1981, 1, 1), sex=Sex.FEMALE, serial=900)
        stranger = world.client_of(world.staff(iin, Role.KINDERGARTEN_HEAD, kindergarten_id=kindergarten.id))

        for name in (
            "kg.request",
            "kg.contract",
            "kg.contract-document",
            "kg.contract-return",
            "kg.contract-refuse",
            "kg.contract-sign",
        ):
            assert stranger.get(reverse(name, args=[case.number])).status_code == 404, name
        assert town.as_head().get(reverse("kg.request", args=["99999999"])).status_code == 404


class TestContracts:
    def test_shows_the_contract_and_its_papers(self, town):
        case = chosen(town).is_sent()
        parent, child = case.parent, case.application.child
        paper = town.upload(parent, child, DocumentKind.BIRTH_CERTIFICATE, world.picture())
        head = town.as_head()
        case.signs(papers_of={DocumentKind.BIRTH_CERTIFICATE.value: paper})

        page = text(head.get(reverse("kg.contract", args=[case.number])))

        assert "Туу туралы куәлік" in page
        assert page.count("Тіркелмеген") == 5
        document = head.get(reverse("kg.contract-document", args=[case.number]))
        assert b"".join(document.streaming_content) == case.document()
        shown = head.get(reverse("kg.contract-paper", args=[case.number, "BIRTH_CERTIFICATE"]))
        assert shown["Content-Type"] == "image/png"
        assert head.get(reverse("kg.contract-paper", args=[case.number, "FORM_027"])).status_code == 404

    def test_papers_are_the_familys_own_until_it_signs(self, town):
        case = chosen(town).is_sent()

        assert "Шарт отбасында" in text(town.as_head().get(reverse("kg.contract", args=[case.number])))
        assert town.as_head().get(reverse("kg.contract-document", args=[case.number])).status_code == 404

    @pytest.mark.parametrize("tab", ["sign", "family", "done", "nonsense"])
    def test_lists_contracts_by_where_they_are(self, town, tab):
        signed(town)

        text(town.as_head().get(reverse("kg.contracts"), {"tab": tab}))

    def test_returns_papers_with_a_reason(self, town):
        case = signed(town)
        typed = {"reason": "UNREADABLE", "note": "Екпе картасы анық емес"}
        answer = town.as_head().post(reverse("kg.contract-return", args=[case.number]), typed, follow=True)

        assert "түзетуге қайтарылды" in text(answer)
        assert case.state == "CONTRACT_WITH_PARENT"
        told = OutboxFact.objects.get(fact="contract-returned")
        assert told.facts["note"] == typed["note"]

    @pytest.mark.parametrize(
        "typed", [{}, {"reason": "OTHER", "note": "бірдеңе дұрыс емес"}, {"reason": "UNREADABLE", "note": ""}]
    )
    def test_returns_nothing_without_reason_and_words(self, town, typed):
        case = signed(town)
        text(town.as_head().post(reverse("kg.contract-return", args=[case.number]), typed))

        assert case.state == "CONTRACT_WITH_KINDERGARTEN"

    def test_refuses_on_a_ground_with_its_fact(self, town):
        case = signed(town)
        head, address = town.as_head(), reverse("kg.contract-refuse", args=[case.number])
        assert "Бұл әрекетті қайтару мүмкін емес" in text(head.get(address))

        head.post(address, {"ground": "GROUP_CLOSED", "fact": "2026 жылғы 17 қарашадағы № 5 бұйрық"})

        assert case.state == "VOUCHER_ACTIVE"
        assert kindergartens.free_in_group(town.group.id, now=NOW) == 2
        assert head.post(address, {"ground": "GROUP_CLOSED", "fact": "тағы бір рет жіберілді"}).status_code == 404

    @pytest.mark.parametrize(
        "typed", [{"ground": "OTHER", "fact": "ұнамады, сондықтан"}, {"ground": "GROUP_CLOSED", "fact": "жоқ"}]
    )
    def test_refuses_nobody_without_a_ground_of_the_law(self, town, typed):
        case = signed(town)
        text(town.as_head().post(reverse("kg.contract-refuse", args=[case.number]), typed))

        assert case.state == "CONTRACT_WITH_KINDERGARTEN"


class TestSigning:
    def post(self, town: Town, case, signer, content: bytes | None = None):
        cms = signing.sign(content or case.document(), signer, signed_at=NOW)
        data = {"cms": base64.b64encode(cms).decode()}
        return town.as_head().post(reverse("kg.contract-sign", args=[case.number]), data, follow=True)

    def test_enrols_the_child_with_the_organisations_key(self, town):
        case = signed(town)
        page = town.as_head().get(reverse("kg.contract-sign", args=[case.number]))
        assert "data-sign" in text(page)
        assert "wss://127.0.0.1:13579" in page["Content-Security-Policy"]

        answer = self.post(town, case, world.key(world.HEAD.text, world.BIN))

        assert "Бала қабылданды" in text(answer)
        assert case.state == "ENROLLED"
        assert "Бала1" in text(town.as_head().get(reverse("kg.children")))
        assert "Балапан".upper() in text(town.as_head().get(reverse("kg.contract", args=[case.number])))

    def test_refuses_the_key_of_another_organisation(self, town):
        case = signed(town)
        answer = self.post(town, case, world.key(world.HEAD.text, "990340009999"))

        assert "БСН" in text(answer)
        assert case.state == "CONTRACT_WITH_KINDERGARTEN"

    def test_refuses_a_personal_key(self, town):
        case = signed(town)
        self.post(town, case, world.key(world.HEAD.text))

        assert case.state == "CONTRACT_WITH_KINDERGARTEN"

    def test_refuses_other_bytes(self, town):
        case = signed(town)
        answer = self.post(town, case, world.key(world.HEAD.text, world.BIN), content=b"another text")

        assert "сәйкес келмейді" in text(answer)
        assert case.state == "CONTRACT_WITH_KINDERGARTEN"

    @pytest.mark.parametrize("cms", ["", "not base64 !!!", "AAAA"])
    def test_says_what_is_wrong_with_garbage(self, town, cms):
        case = signed(town)
        answer = town.as_head().post(reverse("kg.contract-sign", args=[case.number]), {"cms": cms})

        assert 'data-tone="bad"' in text(answer)

    def test_a_second_signature_finds_the_case_closed(self, town):
        case = signed(town)
        document = case.document()
        signer = world.key(world.HEAD.text, world.BIN)
        self.post(town, case, signer)

        answer = self.post(town, case, signer, content=document)

        assert "Осы уақытта іс өзгерді" in text(answer)
        assert OutboxFact.objects.filter(fact="enrolled").count() == 1

    def test_a_slow_head_costs_the_family_nothing(self, town, edge):
        case = signed(town)
        edge.moment = NOW + timedelta(days=12)
        town.clients.clear()
        head = world.client_of(town.head, moment=edge.moment)

        assert "Мерзімі өткен" in text(head.get(reverse("kg.home")))
        assert case.state == "CONTRACT_WITH_KINDERGARTEN"


class TestGroupsOfACorrection:
    def post(self, town, **typed):
        plain = {
            "name": "Логопед",
            "birth_year": "2022",
            "language": "kk",
            "correction": "SPEECH_SEVERE",
            "capacity": "12",
            "published": "0",
            "parent_fee": "0",
        }
        return town.as_head().post(reverse("kg.group-open"), plain | typed)

    def test_are_held_against_the_norm_of_their_type_and_age(self, town):
        assert self.post(town).status_code == 302
        for typed, said in (
            ({"capacity": "13"}, "ең көбі 12 бала"),
            # Two years old: a nursery group.
            ({"birth_year": "2024", "capacity": "11"}, "ең көбі 10 бала"),
            ({"birth_year": "2024", "correction": "INTELLECTUAL", "capacity": "8"}, "үш жасқа дейінгі балаларға"),
        ):
            refused = text(self.post(town, name="Басқа", **typed))
            assert said in refused
            assert 'value="Басқа"' in refused
        assert self.post(town, name="Басқа", correction="", capacity="25").status_code == 302
        assert set(Group.objects.filter(name__in=["Логопед", "Басқа"]).values_list("capacity", flat=True)) == {12, 25}


class TestCombinedGroups:
    post = TestGroupsOfACorrection.post

    def test_hold_together_no_more_than_the_strictest_norm(self, town):
        assert self.post(town, name="Бірінші", capacity="6", correction="LOW_VISION").status_code == 302
        first = Group.objects.get(name="Бірінші")
        refused = text(self.post(town, name="Екінші", capacity="7", combined_with=str(first.id)))
        # Twelve is the norm of speech disorders, fifteen that of low vision.
        assert "ең көбі 12 бала" in refused
        assert self.post(town, name="Екінші", capacity="5", combined_with=str(first.id)).status_code == 302
        second = Group.objects.get(name="Екінші")
        assert second.combined_with == first
        # A third one by way of the second stands in the same room.
        too_many = self.post(town, name="Үшінші", capacity="2", correction="BLIND", combined_with=str(second.id))
        assert "ең көбі 10 бала" in text(too_many)
        assert "Бірінші тобымен біріктірілген" in text(town.as_head().get(reverse("kg.groups")))

    def test_are_of_one_birth_year_and_all_of_a_correction(self, town):
        self.post(town, name="Бірінші", capacity="6")
        first = str(Group.objects.get(name="Бірінші").id)
        for typed in ({"birth_year": "2023"}, {"correction": ""}):
            page = text(self.post(town, **{"name": "Екінші", "capacity": "4", "combined_with": first} | typed))
            assert "ашық топтар ғана біріктіріледі" in page
        assert not Group.objects.filter(name="Екінші").exists()


class TestChildren:
    def enrol(self, town: Town, **child):
        case = chosen(town, **child).is_sent().signs()
        cms = signing.sign(case.document(), world.key(world.HEAD.text, world.BIN), signed_at=NOW)
        data = {"cms": base64.b64encode(cms).decode()}
        town.as_head().post(reverse("kg.contract-sign", args=[case.number]), data)
        assert case.state == "ENROLLED"
        return case

    def test_finds_by_group_and_name(self, town):
        self.enrol(town, surname="ҮЛГІБАЙ", given_name="АЙАРУ")
        self.enrol(town, surname="МЫСАЛОВ", given_name="ТИМУР")
        head = town.as_head()

        page = text(head.get(reverse("kg.children"))).partition("<tbody>")[2]
        # In the Kazakh alphabet Ү stands after М.
        assert page.index("Мысалов") < page.index("Үлгібай")
        assert "Мысалов" not in text(head.get(reverse("kg.children"), {"name": "үлгі"}))
        assert "Мысалов" not in text(head.get(reverse("kg.children"), {"group": town.groups[1].id}))
        text(head.get(reverse("kg.children"), {"group": "forged", "sort": "-born"}))

    def test_a_name_cannot_act_as_a_formula_in_the_sheet(self, town):
        self.enrol(town, surname="=CMD()", given_name="АЙАРУ")
        answer = town.as_head().get(reverse("kg.children-xlsx"))

        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
            strings = book.read("xl/sharedStrings.xml").decode()
        assert "<f>" not in sheet
        assert "=CMD()" in strings.upper()
