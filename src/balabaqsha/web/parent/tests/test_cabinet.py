"""Profile and children as a browser sees them."""

import base64
import re
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from balabaqsha.accounts import actions, clock, queries
from balabaqsha.accounts.factors import totp
from balabaqsha.accounts.models import RoleGrant
from balabaqsha.accounts.tests.doors import PASSWORD, account_of, world
from balabaqsha.kernel.actor import SYSTEM, Role
from balabaqsha.people import queries as people
from balabaqsha.people.models import Kinship
from balabaqsha.people.tests.family import CHILD, FOREIGN_CHILD, MOTHER, NOW, PHONE, STRANGER
from balabaqsha.web.kit import menus
from balabaqsha.web.parent import menu

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    with world() as found:
        yield found


def signed_in(iin=MOTHER, *, account=True):
    if account:
        account_of(iin)
    client = Client()
    client.post(reverse("header.sign-in"), {"who": iin.text, "password": PASSWORD})
    return client


def shows_second_factor(client):
    """Set the application of staff, as they do at their first sign-in."""
    page = client.get(reverse("signin.second-set")).content.decode()
    secret = base64.b32decode(re.search(r'<b class="num">([A-Z2-7 ]+)</b>', page)[1].replace(" ", ""))
    client.post(reverse("signin.second-set"), {"code": totp.code(secret, totp.step_at(clock.real_now()))})


def says(response, text):
    return text in response.content.decode()


def add(client, iin=CHILD.text, **more):
    return client.post(reverse("children.add"), {"iin": iin} | more)


def saved(client):
    return add(client, checked=CHILD.text)


def picture(kind="PNG"):
    kept = BytesIO()
    Image.new("RGB", (30, 40), "white").save(kept, kind)
    return kept.getvalue()


class TestChildren:
    def test_are_checked_shown_and_saved(self, here):
        client = signed_in()
        assert says(client.get(reverse("parent.children")), "Тізімде бала жоқ")

        page = add(client)
        assert says(page, "Смар")
        assert Kinship.objects.count() == 0

        card = saved(client)
        assert client.get(card.url).status_code == 200
        assert says(client.get(reverse("parent.children")), "Үлгібаева Смар")

    @pytest.mark.parametrize(
        ("iin", "said"),
        [
            ("12", "ЖСН дұрыс емес"),
            ("210220550812", "ЖСН дұрыс емес"),
            (STRANGER.text, "ересек адамның ЖСН-і"),
            (FOREIGN_CHILD.text, "базада расталмады"),
        ],
    )
    def test_answer_bad_input_and_keep_it(self, here, iin, said):
        page = add(signed_in(), iin)

        assert says(page, said)
        assert says(page, f'value="{iin}"')
        assert not says(page, "22-")

    def test_are_refused_a_second_time(self, here):
        client = signed_in()
        saved(client)

        assert says(add(client), "тізіміңізде бар")
        assert says(saved(client), "тізіміңізде бар")
        assert Kinship.objects.count() == 1

    def test_save_nothing_that_was_not_shown(self, here):
        client = signed_in()

        page = add(client, checked=FOREIGN_CHILD.text)

        assert page.status_code == 200
        assert Kinship.objects.count() == 0

    def test_lead_back_into_the_wizard(self, here):
        client = signed_in()

        assert add(client, checked=CHILD.text, next="/cabinet/profile/").url == "/cabinet/profile/"
        assert not says(add(client, next="https://evil.example/"), "evil")

    def test_keep_what_was_typed_when_a_register_is_silent(self, here):
        client = signed_in()
        here.births.silent = True

        page = add(client)

        assert says(page, "қазір жауап бермейді")
        assert says(page, f'value="{CHILD.text}"')

    def test_are_not_guessed_at(self, here):
        client = signed_in()
        for _ in range(15):
            add(client, FOREIGN_CHILD.text)

        assert says(add(client), "Тым көп әрекет жасалды")

    def test_answer_404_alike_to_strangers(self, here):
        token = saved(signed_in()).url.rstrip("/").rsplit("/", 1)[1]
        stranger = signed_in(STRANGER)

        for name in ("children.card", "children.photo"):
            assert stranger.get(reverse(name, args=[token])).status_code == 404
            assert stranger.get(reverse(name, args=[uuid4()])).status_code == 404
        assert stranger.post(reverse("children.card", args=[token])).status_code == 404


class TestPhoto:
    def send(self, client, url, content, name="photo.png"):
        return client.post(url, {"photo": SimpleUploadedFile(name, content)})

    def test_is_kept_and_shown_to_the_family_only(self, here):
        client = signed_in()
        card = saved(client).url

        assert self.send(client, card, picture()).status_code == 302
        shown = client.get(f"{card}photo/")
        assert shown.headers["Content-Type"] in {"image/png", "image/jpeg"}
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
        assert signed_in(STRANGER).get(f"{card}photo/").status_code == 404

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"", "Файл ашылмайды"),
            (b"<html><script>alert(1)</script>", "Файлдың түрі сәйкес емес"),
            (picture()[:60], "Файл ашылмайды"),
            (b"\x89PNG\r\n\x1a\n" + b"0" * (5 * 1024 * 1024 + 1), "Файл тым үлкен"),
        ],
    )
    def test_refuses_what_is_no_photo(self, here, content, said):
        client = signed_in()

        page = self.send(client, saved(client).url, content)

        assert page.status_code == 200
        assert says(page, said)

    def test_asks_for_a_file_where_none_was_chosen(self, here):
        client = signed_in()

        assert says(client.post(saved(client).url, {}), "Бұл өрісті толтырыңыз")


class TestProfile:
    def test_shows_the_register_and_keeps_contacts(self, here):
        client = signed_in()
        page = client.get(reverse("parent.profile"))
        assert says(page, "Үлгібаева Жанар Мысалқызы")
        assert says(page, "Павлодар қ., Сынақ к-сі, 1")

        response = client.post(reverse("parent.profile"), {"email": "a@example.kz", "language": "ru"})

        assert response.url == "/ru/cabinet/profile/"
        person_id = people.person_id_of(MOTHER.text)
        assert people.contacts(person_id).email == "a@example.kz"
        assert queries.language_of(person_id) == "ru"

    def test_keeps_a_wrong_address_in_the_form(self, here):
        page = signed_in().post(reverse("parent.profile"), {"email": "a@", "language": "kk"})

        assert says(page, "Электрондық пошта мекенжайы дұрыс емес")
        assert says(page, 'value="a@"')

    def test_changes_the_telephone_by_a_code(self, here):
        client = signed_in()
        page = client.post(reverse("profile.phone"), {"phone": "+77019999999"})
        assert says(page, "Ұялы азаматтар базасында")

        assert client.post(reverse("profile.phone"), {"phone": PHONE}).url == reverse("profile.phone-code")
        wrong = f"{(int(here.last_code()) + 1) % 1_000_000:06}"
        assert says(client.post(reverse("profile.phone-code"), {"code": wrong}), "Код дұрыс емес")
        assert client.post(reverse("profile.phone-code"), {"code": here.last_code()}).url == reverse("parent.profile")
        assert people.main_phone(people.person_id_of(MOTHER.text)) == PHONE

    def test_changes_the_password_and_ends_other_sessions(self, here):
        client = signed_in()
        elsewhere = signed_in(account=False)
        new = {"password": "басқа сөз 12", "repeated": "басқа сөз 12"}

        assert says(client.post(reverse("profile.password"), {"present": "жоқ"} | new), "Қазіргі құпия сөз дұрыс емес")
        client.post(reverse("profile.password"), {"present": PASSWORD} | new)

        assert client.get(reverse("parent.profile")).status_code == 200
        assert elsewhere.get(reverse("parent.profile")).status_code == 302

    def test_asks_the_register_anew(self, here):
        client = signed_in()

        assert client.post(reverse("profile.refresh")).url == reverse("parent.profile")
        here.population.silent = True
        assert says(client.post(reverse("profile.refresh"), follow=True), "қазір жауап бермейді")


class TestRoles:
    def officer(self, account_id):
        return actions.grant_role(
            account_id=account_id, role=Role.OFFICER, territory_code="551010000", reason="test", actor=SYSTEM, now=NOW
        )

    def test_are_switched_by_choice(self, here):
        grant = self.officer(account_of())
        client = signed_in(account=False)
        shows_second_factor(client)
        assert client.get(reverse("parent.children")).status_code == 404
        family = RoleGrant.objects.exclude(pk=grant).get()

        client.post(reverse("parent.switch-role"), {"role": family.id})

        assert client.get(reverse("parent.children")).status_code == 200

    def test_of_others_cannot_be_taken(self, here):
        theirs = self.officer(account_of(STRANGER))
        client = signed_in()

        assert client.post(reverse("parent.switch-role"), {"role": theirs}).status_code == 404
        assert client.get(reverse("parent.children")).status_code == 200


class TestMenu:
    def test_explains_what_is_still_to_come(self, here):
        client = signed_in()
        for key in ("parent.attendance", "parent.meals", "parent.forecast"):
            assert says(client.get(reverse(key)), "Бұл бөлім әзірге ашылмаған")

    def test_stands_in_the_order_of_the_specification(self, here):
        page = signed_in().get(reverse("parent.profile")).content.decode()
        side = page[page.index('id="cabinet-menu"') :]
        places = [
            side.index(f'href="{menus.address(item.key)}"') for item in menus.PARENT[:-1] if menus.address(item.key)
        ]

        assert len(places) >= len(menu.LATER) + 2
        assert places == sorted(places)

    def test_hides_the_switch_from_whoever_has_one_role(self, here):
        assert not says(signed_in().get(reverse("parent.profile")), "Рөлді ауыстыру")

    @pytest.mark.parametrize("prefix", ["", "/ru", "/en"])
    @pytest.mark.parametrize(
        "page",
        [
            "profile/",
            "profile/phone/",
            "profile/password/",
            "roles/",
            "children/",
            "children/add/",
            "children/entrusted/",
        ],
    )
    def test_every_page_opens_in_every_language(self, here, prefix, page):
        assert signed_in().get(f"{prefix}/cabinet/{page}").status_code == 200
