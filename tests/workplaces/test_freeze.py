"""The department's page of the yearly freeze, and the protocol that everybody may read."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from balabaqsha.accounts import clock
from balabaqsha.applications.models import Application
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.kernel.time import NATIONAL
from balabaqsha.kindergartens import actions as kindergartens
from balabaqsha.kindergartens.models import Group
from balabaqsha.record.models import JournalEntry
from balabaqsha.transparency.moving_up import ACT
from tests.workplaces import world
from tests.workplaces.test_referrals import town  # noqa: F401 - the town in the linear regime

AUGUST = datetime(2027, 8, 4, 10, tzinfo=NATIONAL)


@pytest.fixture
def district(town):  # noqa: F811
    """A family waits, and a group of 2021 goes to school in 2027."""
    town.applies(given_name="АЙАРУ")
    new = kindergartens.NewGroup(name="Құлыншақ", birth_year=2021, language="kk", capacity=3)
    kindergartens.open_group(kindergarten=town.group.kindergarten, group=new, actor=SYSTEM, now=world.NOW)
    return town


def look(town, monkeypatch, moment):  # noqa: F811
    monkeypatch.setattr(clock, "real_now", lambda: moment)
    return world.client_of(town.officer, moment=moment)


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


class TestThePageOfTheFreeze:
    def test_shows_before_august_what_would_happen_and_has_no_button(self, district, monkeypatch):
        page = text(look(district, monkeypatch, world.NOW).get(reverse("officer.freeze")))

        assert "топтарды тек тамызда көтеруге болады" in page
        assert "Құлыншақ" in page
        assert 'name="seen"' not in page

    def test_moves_the_groups_up_once(self, district, monkeypatch):
        client = look(district, monkeypatch, AUGUST)
        page = text(client.get(reverse("officer.freeze")))
        assert "2025 жылы туғандарға" in page
        sent = {"territory": world.CITY, "seen": "0"}

        first = text(client.post(reverse("officer.freeze"), sent, follow=True))
        second = text(client.post(reverse("officer.freeze"), sent, follow=True))

        assert "Топтар көтерілді, мектепке шыққан бала саны: 0" in first
        assert "2027 жылы көтерілген" in second
        assert JournalEntry.objects.filter(act=ACT).count() == 1
        assert Group.objects.get(name="Құлыншақ (2025)").kindergarten == district.group.kindergarten

    @pytest.mark.parametrize("seen", ["7", "", "-1", "көп"])
    def test_asks_to_look_again_when_it_is_not_what_was_shown(self, district, monkeypatch, seen):
        client = look(district, monkeypatch, AUGUST)

        page = text(client.post(reverse("officer.freeze"), {"territory": world.CITY, "seen": seen}, follow=True))

        assert "Осы уақытта деректер өзгерді" in page
        assert not JournalEntry.objects.filter(act=ACT).exists()

    def test_is_of_the_officers_own_territories(self, district, monkeypatch):
        client = look(district, monkeypatch, AUGUST)

        assert client.get(reverse("officer.freeze"), {"territory": world.OTHER_CITY}).status_code == 404


class TestThePublicProtocol:
    def test_says_what_became_of_each_group_and_names_nobody(self, district, monkeypatch):
        client = look(district, monkeypatch, AUGUST)
        client.post(reverse("officer.freeze"), {"territory": world.CITY, "seen": "0"})

        page = text(Client().get(reverse("public.moving-up", args=[world.CITY, 2027])))

        assert "Құлыншақ (2025)" in page
        assert Application.objects.get().child.surname.title() not in page

    def test_is_not_there_before(self, district):
        assert Client().get(reverse("public.moving-up", args=[world.CITY, 2027])).status_code == 404


class TestThePageOfAnApplicationByItsNumber:
    def test_tells_the_list_and_its_order_in_a_linear_line(self, town, monkeypatch):  # noqa: F811
        while not Application.objects.filter(state="WAITING").exists():
            town.applies(given_name="АЙАРУ")
        monkeypatch.setattr(clock, "real_now", lambda: world.NOW)
        turn, waiting = (Application.objects.filter(state=state)[0] for state in ("TURN_OFFERED", "WAITING"))

        page = text(Client().get(reverse("public.application", args=[waiting.number])))
        assert "Жалпы тізімдегі орын" in page
        assert "өтінішіңіз кезекке қойылды" in page
        assert "содан кейін 3 орын жалпы тізімге" in page
        assert "Бос орынды таңдау мерзімі" in text(Client().get(reverse("public.application", args=[turn.number])))
