"""Open sessions, the message about a new device, the log, the telephones: what an owner sees and ends."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from balabaqsha.accounts import actions, clock, queries, rules
from balabaqsha.accounts.contacts import actions as contacts
from balabaqsha.accounts.models import Account, Purpose, Visit
from balabaqsha.accounts.tests.doors import (
    PASSWORD,
    REAL,
    STRANGERS_PHONE,
    account_of,
    actor_of,
    prove,
    visit,
    world,
)
from balabaqsha.accounts.visits import actions as visits
from balabaqsha.accounts.visits import devices
from balabaqsha.gateways import registry
from balabaqsha.gateways.email.fake import InMemoryEmail
from balabaqsha.kernel.actor import SYSTEM, Role
from balabaqsha.notifications import actions as notifications
from balabaqsha.notifications import queries as inbox
from balabaqsha.notifications.models import Delivery
from balabaqsha.people.models import Phone
from balabaqsha.people.tests.family import MOTHER, NOW, PHONE, STRANGER
from balabaqsha.record.models import JournalEntry, OutboxFact

pytestmark = pytest.mark.django_db

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
PHONE_AGENT = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"
NEW_PHONE = "+77010000077"


@pytest.fixture(autouse=True)
def here():
    with world() as found:
        found.phones.owners[NEW_PHONE] = MOTHER.text
        yield found


def signed_in(agent=CHROME, client=None, iin=MOTHER):
    client = client or Client(headers={"user-agent": agent})
    client.post(reverse("header.sign-in"), {"who": iin.text, "password": PASSWORD})
    return client


def is_in(client):
    return client.get(reverse("parent.profile")).status_code == 200


def says(response, text):
    return text in response.content.decode()


def told():
    return list(OutboxFact.objects.filter(fact="new-device").values_list("facts", flat=True))


class TestOpenSessions:
    def test_are_shown_with_where_and_when(self):
        account_of()
        client, _ = signed_in(), signed_in(PHONE_AGENT)

        page = client.get(reverse("profile.safety"))

        assert says(page, "Chrome, Windows")
        assert says(page, "Safari, iPhone")
        assert says(page, "осы құрылғы")
        assert says(page, "127.0.0.1")
        assert says(page, "құпия сөзбен")

    def test_are_ended_one_by_one(self):
        account_of()
        client, other, third = (signed_in() for _ in range(3))
        second = Visit.objects.order_by("id")[1]

        client.post(reverse("safety.end"), {"visit": str(second.id)})

        assert not is_in(other)
        assert is_in(client)
        assert is_in(third)
        assert JournalEntry.objects.get(act="session-ended").facts == {"visit": second.id}

    def test_are_ended_all_but_this_one(self):
        account_of()
        client, other, third = (signed_in() for _ in range(3))

        client.post(reverse("safety.end"), {"visit": "others"})

        assert is_in(client)
        assert not is_in(other)
        assert not is_in(third)
        assert not says(client.get(reverse("profile.safety")), "Басқа сеанстардың бәрін аяқтау")

    def test_of_others_are_not_ended(self):
        account_of()
        account_of(STRANGER)
        mine, theirs = signed_in(), signed_in(iin=STRANGER)
        foreign = Visit.objects.order_by("-id").first()

        page = mine.post(reverse("safety.end"), {"visit": str(foreign.id)}, follow=True)

        assert says(page, "Мұндай ашық сеанс жоқ")
        assert is_in(theirs)

    @pytest.mark.parametrize("nonsense", ["", "-1", "a", "9" * 30, "１"])
    def test_that_are_none_are_not_found(self, nonsense):
        account_of()

        assert signed_in().post(reverse("safety.end"), {"visit": nonsense}).status_code == 404

    def test_that_outlived_themselves_are_left_out(self, monkeypatch):
        account_of()
        signed_in(PHONE_AGENT)
        later = clock.real_now() + rules.FAMILY_IDLE
        monkeypatch.setattr(clock, "real_now", lambda: later)

        assert not says(signed_in().get(reverse("profile.safety")), "iPhone")

    def test_end_with_signing_out_so_that_no_copy_of_the_cookie_serves(self):
        account_of()
        client = signed_in()
        kept = client.cookies[settings.SESSION_COOKIE_NAME].value
        client.post(reverse("site.sign-out"))

        thief = Client()
        thief.cookies[settings.SESSION_COOKIE_NAME] = kept
        assert not is_in(thief)
        assert Visit.objects.get().ended_at is not None

    def test_end_with_a_new_password_but_for_this_one(self):
        account_of()
        client, other = signed_in(), signed_in()
        new = {"present": PASSWORD, "password": "басқа сөз 12", "repeated": "басқа сөз 12"}
        client.post(reverse("profile.password"), new)

        assert is_in(client)
        assert not is_in(other)
        assert Visit.objects.filter(ended_at=None).count() == 1

    def test_show_their_last_use_to_a_minute(self, monkeypatch):
        account_of()
        client = signed_in()
        later = clock.real_now() + timedelta(minutes=5)
        monkeypatch.setattr(clock, "real_now", lambda: later)

        client.get(reverse("parent.profile"), REMOTE_ADDR="10.9.9.9")

        kept = Visit.objects.get()
        assert (kept.seen_at, kept.address) == (later, "10.9.9.9")

    def test_are_forgotten_after_ninety_days(self):
        account_id = account_of()
        visit(account_id)

        assert visits.clear_visits(real_now=REAL + visits.KEPT) == 0
        assert visits.clear_visits(real_now=REAL + visits.KEPT + timedelta(seconds=1)) == 1


class TestANewDevice:
    def test_is_told_about_and_no_more_than_needed(self):
        account_of()
        first = signed_in()
        assert told() == []
        signed_in(client=first)
        assert told() == []

        signed_in(PHONE_AGENT)

        [facts] = told()
        assert facts["device"] == "Safari, iPhone"
        assert set(facts) == {"device", "due_at"}

    def test_reads_in_the_inbox_in_every_language(self):
        account_of()
        signed_in()
        client = signed_in("curl/8")
        notifications.tell_untold(now=NOW)

        assert says(client.get(reverse("parent.messages")), "белгісіз құрылғы")
        for language in ("kk", "ru", "en"):
            entry = inbox.inbox(Account.objects.get().person_id, language=language, base_url="")[0]
            assert "{" not in entry.text

    def test_of_the_demonstrations_bar_is_not(self):
        account_id = account_of()
        visit(account_id)
        device = devices.device(mark="x", agent="", address="")
        when = {"now": NOW, "real_now": REAL}

        visits.open_visit(account_id=account_id, device=device, way="x", remembered_until=None, quiet=True, **when)

        assert told() == []

    @pytest.mark.parametrize("mark", ["", "x", "y" * 500])
    def test_is_known_by_a_mark_of_the_portal_only(self, mark):
        account_of()
        client = Client()
        client.cookies[settings.DEVICE_COOKIE_NAME] = mark
        signed_in(client=client)

        kept = client.cookies[settings.DEVICE_COOKIE_NAME]
        assert len(kept.value) == 32
        assert kept["httponly"]
        assert kept["samesite"] == "Lax"


@pytest.mark.parametrize(
    ("agent", "label"),
    [
        (CHROME, "Chrome, Windows"),
        (PHONE_AGENT, "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox, Linux"),
        (CHROME.replace("Safari", "YaBrowser/24 Safari"), "Yandex, Windows"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36", "Chrome, Android"),
        ("", ""),
        ("<script>" * 500, ""),
    ],
)
def test_a_browser_is_named_in_two_words(agent, label):
    assert devices.device(mark="", agent=agent, address="").label == label


class TestTheLog:
    def test_tells_what_was_done_in_and_to_the_account(self):
        account_id = account_of()
        Client().post(reverse("header.sign-in"), {"who": MOTHER.text, "password": "басқа сөз 5"})
        role = {"role": Role.OFFICER, "territory_code": "551010000", "reason": "t"}
        grant = actions.grant_role(account_id=account_id, actor=SYSTEM, now=NOW, **role)
        actions.end_role(grant_id=grant, reason="t", actor=SYSTEM, now=NOW)

        page = signed_in().get(reverse("messages.log"))

        for words in ("Сәтсіз кіру әрекеті", "Рөл берілді", "Рөл қайтарып алынды", "Жүйеге кіру: құпия сөзбен"):
            assert says(page, words)

    def test_tells_nothing_of_others(self):
        account_of()
        account_of(STRANGER)
        Client().post(reverse("header.sign-in"), {"who": STRANGER.text, "password": "басқа сөз 5"})

        assert not says(signed_in().get(reverse("messages.log")), "Сәтсіз кіру әрекеті")


class TestTelephones:
    def proven(self, here, number=NEW_PHONE):
        return prove(here, phone=number, purpose=Purpose.NEW_PHONE)

    def later(self):
        return {"now": NOW, "real_now": REAL + timedelta(minutes=1)}

    def test_change_and_the_old_one_is_told_too(self, here):
        actor = actor_of(account_of())
        Phone.objects.create(person_id=actor.person_id, number=PHONE, is_main=True, confirmed_at=NOW)

        contacts.change_phone(actor=actor, proof=self.proven(here), **self.later())
        here.sms.sent.clear()
        notifications.tell_untold(now=NOW)
        with registry.replaced(email=InMemoryEmail()):
            notifications.deliver(
                language_of=queries.language_of, reply_to=lambda _: ("", "kk"), base_url="https://x", now=NOW
            )

        assert sorted(sent.phone for sent in here.sms.sent) == [PHONE, NEW_PHONE]
        assert all("***-**-77" in sent.text for sent in here.sms.sent)
        assert Delivery.objects.count() == 2

    def test_of_somebody_else_are_not_taken(self, here):
        account_of()
        client = signed_in()

        page = client.post(reverse("profile.phone"), {"phone": STRANGERS_PHONE})

        assert says(page, "Ұялы азаматтар базасында Сіздің атыңызға тіркелмеген")

    def test_are_added_beside_the_main_one_and_let_go(self, here):
        actor = actor_of(account_of())
        Phone.objects.create(person_id=actor.person_id, number=PHONE, is_main=True, confirmed_at=NOW)
        client = signed_in()
        client.post(reverse("profile.phone"), {"phone": NEW_PHONE, "use": "FURTHER"})
        client.post(reverse("profile.phone-code"), {"code": here.last_code()})

        page = client.get(reverse("parent.profile"))
        assert says(page, "+7 (701) 000-00-77")
        further = Phone.objects.get(number=NEW_PHONE)
        assert not further.is_main

        client.post(reverse("profile.phone-end"), {"phone": str(further.id)})

        assert Phone.objects.get(number=NEW_PHONE).ended_at is not None
        main = Phone.objects.get(number=PHONE)
        client.post(reverse("profile.phone-end"), {"phone": str(main.id)})
        assert Phone.objects.get(number=PHONE).ended_at is None

    def test_that_were_lost_are_replaced_after_a_sign_in_by_key(self, client):
        for page in ("signin.code", "recover.phone"):
            session = client.session
            session["entering.code"] = {"kind": "IIN", "name": MOTHER.text, "code": None, "remember": False, "next": ""}
            session.save()
            answer = client.get(reverse(page))
            assert says(answer, f"{reverse('signin.eds')}?next={reverse('profile.phone')}")


class TestALogIn:
    def choose(self, client, login):
        return client.post(reverse("profile.safety"), {"login": login})

    def test_is_chosen_and_entered_by(self):
        account_of()
        client = signed_in()
        assert self.choose(client, " Zhanar.90 ").url == reverse("profile.safety")

        other = Client()
        other.post(reverse("header.sign-in"), {"who": "zhanar.90", "password": PASSWORD})
        assert is_in(other)
        self.choose(client, "")
        assert Account.objects.get().login is None

    @pytest.mark.parametrize("login", ["abc", "1abc", "a b c d", "жанар", "a@b.kz", "x" * 32 + "y", "taken.name"])
    def test_that_does_not_fit_is_refused_beside_the_field(self, login):
        Account.objects.filter(pk=account_of(STRANGER)).update(login="taken.name")
        account_of()

        page = self.choose(signed_in(), login)

        assert page.status_code == 200
        assert says(page, "aria-invalid")
        assert says(page, login)
