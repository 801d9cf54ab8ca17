"""The register of kindergartens as the department and the head use it, and as everybody reads it."""

import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from python_calamine import load_workbook

from balabaqsha.gateways import registry
from balabaqsha.gateways.addresses.fake import ESTAI_101, InMemoryAddresses
from balabaqsha.journeys import publishing
from balabaqsha.kernel.actor import Role
from balabaqsha.kernel.iin import check_digit
from balabaqsha.kindergartens.models import Group, Kindergarten, KindergartenPhoto, Place
from balabaqsha.record.models import JournalEntry
from tests.workplaces import world
from tests.workplaces.world import CITY, NOW


def bin_of(serial):
    first = f"1203400{serial:04d}"
    return f"{first}{check_digit(first)}"


NEW = {
    "bin": bin_of(77),
    "territory": CITY,
    "name_kk": "«Шаттық» балабақшасы",
    "name_ru": "Детский сад «Шаттык»",
    "ownership": "PRIVATE",
    "type": "KINDERGARTEN",
    "licence_number": "KZ77LAA0001",
    "licence_on": "01.09.2026",
    "settlement": CITY,
    "register_address": "",
    "address_kk": "Естай көшесі, 1",
    "address_ru": "ул. Естая, 1",
    "latitude": "52,28",
    "longitude": "76,95",
    "phone": "+7 718 232 00 00",
    "email": "shattyq@example.kz",
    "head_name": "Сынақ Адам",
    "stay_hours": "10,5",
    "opens_on": "",
}


def text(answer):
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def photo(colour="green"):
    content = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(content, "JPEG")
    content.seek(0)
    content.name = "photo.jpg"
    return content


@pytest.fixture
def officer(town):
    return town.as_officer()


@pytest.fixture
def garden(town):
    return town.kindergarten


@pytest.fixture
def foreign(town):
    """A kindergarten of another city."""
    return world.kindergarten_of("juldyz", "120340001299", "Жұлдыз", territory=world.OTHER_CITY)[0]


def url(name, *arguments):
    return reverse(f"officer.kindergarten{name}", args=arguments)


class TestEntering:
    def test_enters_and_shows_to_everybody(self, officer):
        officer.get(url("-new"))
        page = text(officer.post(url("-new"), NEW, follow=True))

        row = Kindergarten.objects.get(bin=NEW["bin"])
        assert (row.territory_id, row.licence_on, row.latitude) == (CITY, date(2026, 9, 1), 52.28)
        assert "Тізілімге енгізілді" in page
        public = text(Client().get(reverse("public.kindergarten", args=[row.code])))
        assert "KZ77LAA0001" in public
        assert NEW["bin"] in text(Client().get(reverse("public.kindergarten-passport", args=[row.code])))

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"bin": "120340000001"}, "БСН қате"),
            ({"licence_number": "", "licence_on": ""}, "Жекеменшік МДҰ лицензиямен"),
            ({"licence_on": ""}, "нөмірі мен күнін бірге"),
            ({"longitude": ""}, "Ендік пен бойлықты бірге"),
            ({"opens_on": "01.01.2020"}, "бүгін немесе одан кейін"),
            ({"settlement": world.OTHER_CITY}, "тізім"),
            ({"name_kk": ""}, "өріс"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong_and_keeps_the_rest(self, officer, wrong, said):
        page = text(officer.post(url("-new"), NEW | wrong))

        assert said.casefold() in page.casefold()
        assert "shattyq@example.kz" in page
        assert not Kindergarten.objects.filter(bin=NEW["bin"]).exists()

    def test_a_bin_is_entered_once(self, officer):
        officer.post(url("-new"), NEW)

        assert "Бұл БСН тізілімде бар" in text(officer.post(url("-new"), NEW))
        assert JournalEntry.objects.filter(act="kindergarten-opened", facts__groups=[]).count() == 1

    def test_finds_the_address_in_the_register(self, officer):
        addresses = InMemoryAddresses()
        with registry.replaced(addresses=addresses):
            page = text(officer.post(url("-new"), NEW | {"register_address": "Жоқ көше 7"}))
            assert "деген мекенжай табылмады" in page
            addresses.silent = True
            silent = text(officer.post(url("-new"), NEW | {"register_address": "Естай 101"}))
            assert 'data-state="error"' in silent
            addresses.silent = False
            blank = {"latitude": "", "longitude": "", "address_kk": "", "address_ru": ""}
            text(officer.post(url("-new"), NEW | blank | {"register_address": "Естай 101"}, follow=True))

        made = Kindergarten.objects.get(bin=NEW["bin"])
        assert made.address_kk == ESTAI_101.text_kk
        assert (made.latitude, made.longitude) == (ESTAI_101.latitude, ESTAI_101.longitude)

    def test_is_of_the_officers_own_territories(self, officer):
        officer.post(url("-new"), NEW | {"territory": world.OTHER_CITY})

        assert not Kindergarten.objects.filter(territory=world.OTHER_CITY).exists()


class TestChanging:
    def change(self, client, garden, **more):
        typed = NEW | {"ownership": "STATE", "licence_number": "", "licence_on": ""} | more
        return client.post(url("-edit", garden.code), typed, follow=True)

    def test_is_journalled_with_what_it_was_before(self, officer, garden):
        officer.get(url("-edit", garden.code))
        page = text(self.change(officer, garden, name_ru="Ясли-сад «Балапан 2»"))

        garden.refresh_from_db()
        assert garden.name_ru == "Ясли-сад «Балапан 2»"
        facts = JournalEntry.objects.get(act="kindergarten-changed").facts
        assert facts["changed"]["name_ru"][1] == "Ясли-сад «Балапан 2»"
        assert facts["changed"]["phone"] == []
        assert "+7" not in str(facts)
        assert "Деректері өзгерді" in page

    def test_the_same_again_changes_nothing(self, officer, garden):
        self.change(officer, garden)
        page = text(self.change(officer, garden))

        assert "Ештеңе өзгерген жоқ" in page
        assert JournalEntry.objects.filter(act="kindergarten-changed").count() == 1

    @pytest.mark.parametrize("name", ["", "-edit", "-photos", "-groups", "-staff", "-close", "-group-open"])
    def test_a_foreign_one_is_not_there(self, officer, foreign, name):
        assert officer.get(url(name, foreign.code)).status_code == 404
        assert officer.post(url(name, foreign.code)).status_code in {404, 405}

    def test_the_head_changes_contacts_and_hours_only(self, town, garden):
        client = town.as_head()
        text(client.get(reverse("kg.passport")))
        sent = {"phone": "87182320000", "email": "a@example.kz", "stay_hours": "9", "name_kk": "Басқа"}
        page = text(client.post(reverse("kg.passport-edit"), sent, follow=True))

        garden.refresh_from_db()
        assert (garden.phone, garden.stay_hours) == ("+77182320000", 9)
        assert garden.name_kk == "«Балапан» бөбекжай-бақшасы"
        assert "Деректері өзгерді" in page


class TestPhotos:
    def test_are_shown_to_everybody_until_they_are_removed(self, town, garden):
        client = town.as_head()
        text(client.post(reverse("kg.passport-photos"), {"photo": photo()}, follow=True))
        kept = KindergartenPhoto.objects.get()
        address = reverse("public.kindergarten-photo", args=[garden.code, kept.id])
        assert address in text(Client().get(reverse("public.kindergarten", args=[garden.code])))
        shown = Client().get(address)
        assert shown["Content-Type"] == "image/jpeg"
        assert b"Exif" not in b"".join(shown.streaming_content)

        text(client.post(reverse("kg.passport-photos"), {"remove": str(kept.id)}, follow=True))

        assert Client().get(address).status_code == 404
        acts = JournalEntry.objects.filter(act__startswith="kindergarten-photo").values_list("act", flat=True)
        assert sorted(acts) == ["kindergarten-photo-added", "kindergarten-photo-removed"]

    def test_another_kindergartens_photo_is_not_removed(self, town, foreign):
        other = KindergartenPhoto.objects.create(kindergarten=foreign, file=_stored(town), added_at=NOW)
        town.as_head().post(reverse("kg.passport-photos"), {"remove": str(other.id)})

        other.refresh_from_db()
        assert other.removed_at is None

    @pytest.mark.parametrize("sent", [b"", b"not a photo at all", b"%PDF-1.4 x"])
    def test_what_is_no_photo_is_said(self, town, sent):
        file = io.BytesIO(sent)
        file.name = "photo.jpg"
        page = text(town.as_head().post(reverse("kg.passport-photos"), {"photo": file}))

        assert 'data-state="error"' in page
        assert not KindergartenPhoto.objects.exists()

    def test_no_more_than_ten(self, officer, garden):
        for shade in range(11):
            answer = officer.post(url("-photos", garden.code), {"photo": photo((shade * 20, 9, 9))})

        assert "10 фотосуреттен артық" in text(answer)
        assert KindergartenPhoto.objects.count() == 10


def _stored(town):
    from balabaqsha.documents import actions as documents

    return documents.keep_photo(content=photo("red").read(), now=NOW)


class TestGroups:
    def test_are_shown_by_school_year_with_their_norm(self, officer, garden):
        page = text(officer.get(url("-groups", garden.code)))

        assert "2026/2027 оқу жылының топтары" in page
        assert "Балдырған" in page

    def test_one_over_its_norm_is_refused(self, officer, garden):
        sent = {
            "name": "Үлкен",
            "birth_year": "2022",
            "language": "kk",
            "capacity": "27",
            "published": "0",
            "parent_fee": "0",
        }
        page = text(officer.post(url("-group-open", garden.code), sent))
        assert "ең көбі 26 бала" in page

        text(officer.post(url("-group-open", garden.code), sent | {"capacity": "26"}, follow=True))
        assert Group.objects.get(name="Үлкен").capacity == 26

    def change(self, officer, group, **more):
        sent = {"name": group.name, "language": group.language, "capacity": "3", "parent_fee": "15000"} | more
        return officer.post(url("-group", group.kindergarten.code, group.id), sent, follow=True)

    def test_capacity_grows_by_places_kept_and_shrinks_by_those_alone(self, officer, town):
        group = town.group
        text(officer.get(url("-group", group.kindergarten.code, group.id)))
        text(self.change(officer, group, capacity="5"))
        assert Place.objects.filter(group=group, withdrawn_at=None).count() == 5

        assert "кемінде 2 қалады" in text(self.change(officer, group, capacity="1"))
        text(self.change(officer, group, capacity="2"))
        rows = Place.objects.filter(group=group)
        assert rows.filter(withdrawn_at=None).count() == 2
        assert rows.count() == 5

        text(self.change(officer, group, capacity="4"))
        assert rows.filter(withdrawn_at=None).count() == 4
        assert rows.count() == 5
        publishing.publish(group_id=group.id, places=2, actor=town.head, now=NOW)
        with pytest.raises(publishing.place_steps.CapacityReached):
            publishing.publish(group_id=group.id, places=1, actor=town.head, now=NOW)
        assert "Топ өзгерді" in text(officer.get(url("", group.kindergarten.code)))

    @pytest.mark.parametrize(
        ("more", "said"),
        [({"capacity": "27"}, "ең көбі"), ({"name": "Солнышко"}, "Бұл атаумен топ бар"), ({"capacity": "0"}, "1")],
    )
    def test_refusals_stand_beside_the_field(self, officer, town, more, said):
        page = text(self.change(officer, town.group, **more))

        assert said in page
        assert 'data-state="error"' in page
        town.group.refresh_from_db()
        assert (town.group.name, town.group.capacity) == ("Балдырған", 3)

    def test_an_empty_one_is_closed(self, officer, town):
        group = town.group
        address = url("-group-close", group.kindergarten.code, group.id)
        assert "бос емес немесе жарияланған орын бар: 2" in text(officer.post(address, follow=True))
        publishing.recall(group_id=group.id, places=2, reason="REPAIR", actor=town.officer, now=NOW)

        assert "жабылды" in text(officer.post(address, follow=True))
        assert officer.get(url("-group", group.kindergarten.code, group.id)).status_code == 404


class TestStaff:
    def test_shows_who_works_there_and_who_did(self, officer, garden):
        page = text(officer.get(url("-staff", garden.code)))

        assert "Балабақша басшысы" in page
        assert f"?kindergarten={garden.id}" in page
        assert str(garden.id) in text(officer.get(f"{reverse('officer.role-give')}?kindergarten={garden.id}"))


class TestClosing:
    def test_shows_what_becomes_of_families_and_does_it(self, officer, town, garden):
        case = town.applies()
        town.run()
        case.chooses()
        other, _ = world.kindergarten_of("kunshuaq", "120340001260", "Күншуақ")
        page = text(officer.get(url("-close", garden.code)))
        assert "Орын таңдаған, шарт жасап жатқан отбасылар" in page
        seen = page.split('name="seen" value="')[1].split('"')[0]

        stale = text(officer.post(url("-close", garden.code), {"because": "UNSAFE", "sure": "on", "seen": "0"}))
        assert "Осы уақытта" in stale
        unsure = text(officer.post(url("-close", garden.code), {"because": "UNSAFE", "seen": seen}))
        assert 'data-state="error"' in unsure
        sent = {"because": "UNSAFE", "sure": "on", "seen": seen}
        done = text(officer.post(url("-close", garden.code), sent, follow=True))

        assert "Балабақша жабылды, отбасыларға хабарланды" in done
        assert case.state == "VOUCHER_ACTIVE"
        public = text(Client().get(reverse("public.kindergarten", args=[garden.code])))
        assert "Ғимарат балаларға қауіпті" in public
        acts = Client()
        acts.get(reverse("nav.home"))
        assert officer.get(url("-close", garden.code)).status_code == 404
        assert officer.post(url("-edit", garden.code), NEW).status_code == 200
        assert other.closed_at is None


class TestTheReports:
    def test_norms_count_as_plain_sql_does(self, officer, town):
        page = text(officer.get(reverse("officer.norms")))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), sum(capacity) FROM kindergartens_group WHERE closed_at IS NULL AND territory_id = %s",
                [CITY],
            )
            groups, places = cursor.fetchone()

        assert (groups, places) == (2, 6)
        assert f"<dd>{places}</dd>" in page
        assert len(sheet(officer.get(reverse("officer.norms-xlsx")))) == groups + 1
        under = sheet(officer.get(reverse("officer.norms-xlsx"), {"only": "under"}))
        assert [row[7:9] for row in under[1:]] == [[26, -23], [26, -23]]
        assert len(sheet(officer.get(reverse("officer.norms-xlsx"), {"only": "over"}))) == 1

    def test_withheld_places_count_as_plain_sql_does(self, officer, town):
        later = NOW + timedelta(days=1)
        publishing.recall(group_id=town.group.id, places=1, reason="REPAIR", actor=town.head, now=later)
        text(officer.get(reverse("officer.withheld")))
        rows = sheet(officer.get(reverse("officer.withheld-xlsx")))[1:]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT g.name, p.kept_because, count(*) FROM kindergartens_place p JOIN kindergartens_group g"
                " ON g.id = p.group_id WHERE NOT p.published AND p.withdrawn_at IS NULL AND g.territory_id = %s"
                " AND NOT EXISTS (SELECT FROM kindergartens_hold h WHERE h.place_id = p.id AND h.ended_at IS NULL)"
                " GROUP BY 1, 2",
                [CITY],
            )
            counted = cursor.fetchall()

        assert sorted((row[3], row[5]) for row in rows) == sorted((name, n) for name, _, n in counted)
        assert sum(row[5] for row in rows) == 3
        repair = sheet(officer.get(reverse("officer.withheld-xlsx"), {"because": "REPAIR"}))[1:]
        assert [(row[3], row[5]) for row in repair] == [("Балдырған", 1)]
        assert "Жөндеу" in repair[0][7]

    def test_published_again_a_place_is_no_longer_kept(self, officer, town):
        publishing.publish(group_id=town.group.id, places=1, actor=town.head, now=NOW)

        rows = sheet(officer.get(reverse("officer.withheld-xlsx")))[1:]
        assert [row[3] for row in rows] == ["Солнышко"]

    def test_foreign_territories_are_left_out(self, officer, foreign):
        assert "Жұлдыз" not in text(officer.get(reverse("officer.norms")))
        assert "Жұлдыз" not in text(officer.get(reverse("officer.withheld"), {"territory": world.OTHER_CITY}))
        assert "Жұлдыз" not in text(officer.get(url("s"), {"state": "all"}))

    def test_an_inspector_reads_and_changes_nothing(self, town, garden):
        iin = world.made_up_iin(date(1979, 9, 9), serial=500)
        client = world.client_of(world.staff(iin, Role.INSPECTOR, territory_code=CITY))

        for address in (url("s"), url("", garden.code), url("-groups", garden.code), reverse("officer.norms")):
            assert "-edit" not in text(client.get(address))
        assert client.get(url("-edit", garden.code)).status_code == 404

    @pytest.mark.parametrize("name", ["officer.kindergartens", "officer.norms", "officer.withheld"])
    def test_costs_the_same_however_many_there_are(self, officer, town, name):
        def cost():
            with CaptureQueriesContext(connection) as captured:
                text(officer.get(reverse(name)))
            return len(captured)

        cost()
        before = cost()
        for serial in range(8):
            world.kindergarten_of(f"k{serial}", bin_of(serial + 100), f"Бақша {serial}")

        assert cost() == before


def sheet(answer):
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
