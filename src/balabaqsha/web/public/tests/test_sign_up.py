"""Registration, recovery, signing in and out as a browser sees them."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from balabaqsha.accounts import actions, clock, rules
from balabaqsha.accounts.models import Account, RoleGrant
from balabaqsha.accounts.tests.doors import PASSWORD, STRANGERS_PHONE, account_of, actor_of, world
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.people.tests.family import CHILD, MOTHER, NOW, PHONE, STRANGER

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    with world() as found:
        yield found


def ask(client, phone=PHONE, iin=MOTHER.text, page="header.sign-up", **more):
    return client.post(reverse(page), {"phone": phone, "iin": iin, "policy": "on"} | more)


def sign_up(client, here, page="header.sign-up"):
    """Up to the page of the password."""
    ask(client, page=page)
    flow = "signup" if page == "header.sign-up" else "recover"
    return client.post(reverse(f"{flow}.code"), {"code": here.last_code()})


def set_password(client, password=PASSWORD, repeated=None, flow="signup"):
    typed = {"password": password, "repeated": password if repeated is None else repeated}
    return client.post(reverse(f"{flow}.password"), typed)


def sign_in(client, password=PASSWORD, iin=MOTHER.text, **more):
    return client.post(reverse("header.sign-in"), {"who": iin, "password": password} | more)


def says(response, text):
    return text in response.content.decode()


class TestRegistration:
    def test_leads_from_the_telephone_to_the_cabinet(self, client, here):
        assert ask(client).url == reverse("signup.code")
        page = client.get(reverse("signup.code"))
        assert says(page, "+7 (701) ***-**-01")
        assert says(page, 'data-timer="80"')
        assert client.post(reverse("signup.code"), {"code": here.last_code()}).url == reverse("signup.password")
        page = client.get(reverse("signup.password"))
        assert says(page, "Үлгібаева")
        assert says(page, "Әйел")
        response = set_password(client)
        assert response.status_code == 302
        assert client.get(response.url, follow=True).status_code == 200
        assert client.get(reverse("parent.profile")).status_code == 200

    def test_says_the_code_in_the_language_of_the_page(self, client, here):
        client.post("/ru/register/", {"phone": PHONE, "iin": MOTHER.text, "policy": "on"})

        assert "код подтверждения Balabaqsha" in here.sms.sent[0].text

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"iin": "123"}, "ЖСН дұрыс емес"),
            ({"iin": "900101400018"}, "ЖСН дұрыс емес"),
            ({"iin": CHILD.text}, "баланың ЖСН-і"),
            ({"phone": "701"}, "Телефон нөмірі толық емес"),
            ({"phone": "+1 202 555 0100"}, "Телефон нөмірі толық емес"),
            ({"phone": STRANGERS_PHONE}, "Ұялы азаматтар базасында Сіздің атыңызға тіркелмеген"),
            ({"policy": ""}, "деректер саясатымен танысып"),
        ],
    )
    def test_answers_bad_input_and_keeps_what_was_typed(self, client, here, typed, said):
        page = ask(client, **typed)

        assert page.status_code == 200
        assert says(page, said)
        assert here.sms.sent == []
        assert says(page, f'value="{typed.get("iin", MOTHER.text)}"')
        assert says(page, typed.get("phone", PHONE))

    def test_goes_on_to_the_code_after_a_double_click(self, client, here):
        ask(client)

        assert ask(client).url == reverse("signup.code")
        assert len(here.sms.sent) == 1
        assert client.post(reverse("signup.code"), {"code": here.last_code()}).status_code == 302

    def test_refuses_a_wrong_code_and_a_reused_one(self, client, here):
        ask(client)
        wrong = f"{(int(here.last_code()) + 1) % 1_000_000:06}"

        assert says(client.post(reverse("signup.code"), {"code": wrong}), "Код дұрыс емес")
        assert says(client.post(reverse("signup.code"), {"code": "12"}), 'value="12"')

    def test_sends_no_second_code_within_eighty_seconds(self, client, here):
        ask(client)

        page = client.post(reverse("signup.again"))

        assert says(page, "секундтан кейін сұрай аласыз")
        assert len(here.sms.sent) == 1

    def test_says_only_after_the_code_that_an_account_exists(self, client, here):
        account_of()
        known = ask(client)
        unknown = ask(Client(), phone=STRANGERS_PHONE, iin=STRANGER.text)
        assert (known.status_code, known.url) == (unknown.status_code, unknown.url)

        client.post(reverse("signup.code"), {"code": here.sms.sent[0].text[:6]})
        page = client.get(reverse("signup.password"))

        assert says(page, "Сізде тіркеулік жазба бар")
        assert client.post(reverse("recover.turn")).url == reverse("recover.password")
        assert set_password(client, "басқа сөз 12", flow="recover").status_code == 302
        assert sign_in(Client(), "басқа сөз 12").status_code == 302

    def test_asks_a_silent_register_again_without_another_code(self, client, here):
        ask(client)
        here.population.silent = True
        page = client.post(reverse("signup.code"), {"code": here.last_code()})
        assert says(page, "қазір жауап бермейді")

        here.population.silent = False
        assert client.post(reverse("signup.code"), {"code": here.last_code()}).url == reverse("signup.password")

    def test_opens_no_later_step_before_the_earlier(self, client, here):
        assert client.get(reverse("signup.code")).url == reverse("header.sign-up")
        ask(client)
        assert client.get(reverse("signup.password")).url == reverse("header.sign-up")
        assert set_password(client).url == reverse("header.sign-up")
        assert client.post(reverse("recover.turn")).url == reverse("recover.phone")
        assert Account.objects.count() == 0

    @pytest.mark.parametrize(
        ("password", "repeated", "said"),
        [
            ("қысқа", None, "8-40 таңбадан тұруы керек"),
            ("а" * 41, None, "8-40 таңбадан тұруы керек"),
            ("12345678", None, "оңай табылады"),
            (PASSWORD, "басқа", "Құпия сөздер бірдей емес"),
        ],
    )
    def test_refuses_a_bad_password(self, client, here, password, repeated, said):
        sign_up(client, here)

        page = set_password(client, password, repeated)

        assert says(page, said)
        assert password not in page.content.decode().replace("8-40", "")
        assert Account.objects.count() == 0

    def test_registers_once_however_often_it_is_sent(self, client, here):
        sign_up(client, here)
        other_tab = Client()
        other_tab.cookies = client.cookies.copy()

        set_password(client)
        set_password(other_tab)

        assert Account.objects.count() == 1

    def test_leaves_the_proof_to_the_browser_that_gave_it(self, client, here):
        ask(client)
        planted = Client()
        planted.cookies = client.cookies.copy()

        client.post(reverse("signup.code"), {"code": here.last_code()})

        assert planted.get(reverse("signup.password")).url == reverse("header.sign-up")
        assert client.get(reverse("signup.password")).status_code == 200

    def test_goes_back_to_the_beginning_with_a_proof_of_long_ago(self, client, here, monkeypatch):
        sign_up(client, here)
        later = clock.real_now() + rules.PROOF_LIFE
        monkeypatch.setattr(clock, "real_now", lambda: later)

        response = set_password(client)

        assert response.url == reverse("header.sign-up")
        assert says(client.get(response.url), "Кодты қайта алыңыз")


class TestRecovery:
    def test_gives_a_new_password_and_ends_other_sessions(self, client, here):
        account_of()
        elsewhere = Client()
        sign_in(elsewhere)
        assert elsewhere.get(reverse("parent.profile")).status_code == 200

        sign_up(client, here, "recover.phone")
        set_password(client, "басқа сөз 12", flow="recover")

        assert client.get(reverse("parent.profile")).status_code == 200
        assert elsewhere.get(reverse("parent.profile")).status_code == 302
        assert says(sign_in(Client()), "Логин немесе құпия сөз дұрыс емес")

    def test_tells_only_after_the_code_that_there_is_no_account(self, client, here):
        assert sign_up(client, here, "recover.phone").url == reverse("recover.password")

        assert says(client.get(reverse("recover.password")), "Тіркеулік жазба табылмады")
        assert client.post(reverse("signup.turn")).url == reverse("signup.password")
        assert set_password(client).status_code == 302
        assert Account.objects.count() == 1


class TestSignIn:
    def test_leads_to_the_cabinet_under_a_new_session_key(self, client):
        account_of()
        client.get(reverse("header.sign-in"))
        session = client.session
        session["planted"] = True
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

        response = sign_in(client)

        assert client.session.session_key != session.session_key
        assert "planted" not in client.session
        assert client.get(response.url, follow=True).status_code == 200

    def test_answers_alike_for_a_wrong_password_and_no_account(self, client):
        account_of()

        wrong = sign_in(client, "басқа сөз 5")
        nobody = sign_in(Client(), "басқа сөз 5", iin=STRANGER.text)

        assert wrong.status_code == nobody.status_code == 200
        assert says(wrong, "Логин немесе құпия сөз дұрыс емес")
        assert says(nobody, "Логин немесе құпия сөз дұрыс емес")
        assert says(wrong, f'value="{MOTHER.text}"')
        assert not says(wrong, "басқа сөз 5")

    def test_closes_the_door_after_five_tries(self, client):
        account_of()
        for _ in range(5):
            sign_in(client, "басқа сөз 5")

        assert says(sign_in(client), "Тым көп әрекет жасалды")

    @pytest.mark.parametrize(
        "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/жоқ/"]
    )
    def test_never_leads_out_of_the_portal(self, client, target):
        account_of()

        assert "evil" not in sign_in(client, next=target).url
        assert "alert" not in client.get(reverse("header.sign-in"), {"next": target}, follow=True).content.decode()

    def test_leads_back_to_where_the_visitor_was_going(self, client):
        account_of()
        asked = client.get(reverse("children.add"))
        assert asked.url == f"{reverse('header.sign-in')}?next=%2Fcabinet%2Fchildren%2Fadd%2F"

        page = client.get(asked.url)
        assert says(page, 'name="next" value="/cabinet/children/add/"')
        assert sign_in(client, next="/cabinet/children/add/").url == "/cabinet/children/add/"

    def test_speaks_the_language_of_the_account(self, client):
        actions.choose_language(
            actor=actor_of(account_of()),
            language="ru",
            now=NOW,
        )

        assert sign_in(client).url.startswith("/ru/")

    def test_remembers_only_who_asked_for_it(self, client):
        account_of()

        sign_in(client)
        assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == ""
        other = Client()
        sign_in(other, remember="on")
        assert other.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 30 * 24 * 3600

    def test_ends_after_half_an_hour_and_says_so(self, client, monkeypatch):
        account_of()
        sign_in(client)
        began = clock.real_now()
        monkeypatch.setattr(clock, "real_now", lambda: began + rules.FAMILY_IDLE)

        response = client.get(reverse("parent.profile"), follow=True)

        assert says(response, "Қауіпсіздік үшін сеанс аяқталды")

    def test_ends_with_the_role(self, client):
        account_of()
        sign_in(client)

        actions.end_role(grant_id=RoleGrant.objects.get().id, reason="test", actor=SYSTEM, now=NOW)

        assert client.get(reverse("parent.profile")).status_code == 302

    def test_ends_by_signing_out_with_post_only(self, client):
        account_of()
        sign_in(client)
        assert client.get(reverse("site.sign-out")).status_code == 405

        client.post(reverse("site.sign-out"))

        assert client.get(reverse("parent.profile")).status_code == 302

    def test_wants_a_token_against_forged_forms(self):
        account_of()

        assert sign_in(Client(enforce_csrf_checks=True)).status_code == 403
