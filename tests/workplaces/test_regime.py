"""The department's page of a territory's regime: a date for another, who would move where, carrying over, the protocol."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from balabaqsha.accounts import clock
from balabaqsha.applications.models import Application
from balabaqsha.kernel.time import localdate
from balabaqsha.record.models import JournalEntry
from balabaqsha.territories import queries as territories
from balabaqsha.territories.regimes import Regime
from balabaqsha.web.kit import texts
from tests.workplaces import world
from tests.workplaces.test_department import stranger, text

TODAY = localdate(world.NOW)
SOURCE = "Павлодар қаласы әкімдігінің 18.11.2026 № 7 қаулысы"


def sets(town, on=TODAY, *, client=None, **changes):
    typed = {"territory": world.CITY, "regime": "LINEAR", "day": f"{on:%d.%m.%Y}", "source": SOURCE} | changes
    return (client or town.as_officer()).post(reverse("officer.regime"), typed, follow=True)


def looks(town, *, client=None):
    return text((client or town.as_officer()).get(reverse("officer.regime") + f"?territory={world.CITY}&show=1"))


def carries(town, seen):
    return town.as_officer().post(reverse("officer.regime"), {"territory": world.CITY, "seen": seen}, follow=True)


class TestSettingADate:
    def test_is_planned_with_its_source_and_shows_what_would_be(self, town):
        town.applies()
        tomorrow = TODAY + timedelta(days=1)

        page = text(sets(town, tomorrow))

        assert SOURCE in page
        assert "әлі күшіне енген жоқ" in page
        shown = looks(town)
        assert "орындар бүгін көшсе" in shown
        assert 'name="seen"' not in shown
        assert territories.regime_on(world.CITY, TODAY) == Regime.VOUCHER
        assert territories.regime_on(world.CITY, tomorrow) == Regime.LINEAR
        assert Application.objects.get().regime == Regime.VOUCHER

    @pytest.mark.parametrize(
        "changes",
        [
            {"day": "17.11.2026"},
            {"day": "31.02.2027"},
            {"day": ""},
            {"regime": "VOUCHER"},
            {"regime": "OTHER"},
            {"source": "жоқ"},
            {"source": "а" * 301},
        ],
    )
    def test_refuses_beside_the_field_and_keeps_what_was_typed(self, town, changes):
        page = text(sets(town, **changes))

        assert 'class="errors"' in page
        assert changes.get("source", SOURCE) in page
        assert not JournalEntry.objects.filter(act="regime-set").exists()

    def test_a_plan_is_taken_back_by_the_regime_that_stands(self, town):
        tomorrow = TODAY + timedelta(days=1)
        sets(town, tomorrow)

        sets(town, tomorrow, regime="VOUCHER")

        assert territories.regime_on(world.CITY, tomorrow) == Regime.VOUCHER

    def test_strangers_find_nothing(self, town):
        client, places = stranger(), reverse("officer.regime-places")

        assert sets(town, client=client).status_code == 404
        assert client.get(places, {"territory": world.CITY}).status_code == 404
        assert not JournalEntry.objects.filter(act="regime-set").exists()


class TestCarryingOver:
    @pytest.fixture
    def changed(self, town):
        """Two families wait; from today on the city is linear."""
        first, second = town.applies(), town.applies(now=world.NOW + timedelta(seconds=1))
        sets(town)
        return first, second

    def test_shows_who_would_move_where_and_gives_it_as_a_table(self, town, changed):
        page = looks(town)

        assert all(one.number in page for one in changed)
        assert 'name="seen" value="2"' in page
        file = town.as_officer().get(reverse("officer.regime-places"), {"territory": world.CITY})
        rows = file.content.decode("utf-8-sig").splitlines()
        assert rows[1].split(",") == [changed[0].number, "2023", "1", "1", "Жаңа тәртіптің реті"]
        assert len(rows) == 3
        assert set(Application.objects.values_list("regime", flat=True)) == {"VOUCHER"}

    def test_is_done_once_and_everybody_reads_how_places_compare(self, town, changed, monkeypatch):
        done = text(carries(town, "2"))

        assert "Жаңа кезекке көшкен өтініштер: 2" in done
        assert set(Application.objects.values_list("regime", flat=True)) == {"LINEAR"}
        again = text(carries(town, "2"))
        assert "Осы уақытта деректер өзгерді" in again
        public = text(Client().get(reverse("public.regime", args=[world.CITY])))
        assert SOURCE in public
        assert "Көшірілген өтініштер: 2" in public
        assert not any(one.number in public for one in changed)
        assert reverse("public.regime", args=[world.CITY]) in text(Client().get(reverse("nav.protocol")))
        acts = text(Client().get(reverse("public.acts")))
        assert texts.say("public-act.regime-carried-over") in acts

    @pytest.mark.parametrize("seen", ["1", "3", "", "-2", "x", "9" * 30])
    def test_only_what_was_shown_is_done(self, town, changed, seen):
        assert "Осы уақытта деректер өзгерді" in text(carries(town, seen))
        assert set(Application.objects.values_list("regime", flat=True)) == {"VOUCHER"}

    def test_waits_for_vouchers_that_are_out(self, town):
        town.applies()
        town.run()
        town.applies()
        sets(town)

        page = looks(town)

        assert "1 ваучер" in page
        assert 'name="seen"' not in page
        assert "1 ваучер" in text(carries(town, "1"))

    def test_the_button_comes_with_the_day(self, town, monkeypatch):
        town.applies()
        sets(town, TODAY + timedelta(days=1))
        tomorrow = world.NOW + timedelta(days=1)
        monkeypatch.setattr(clock, "real_now", lambda: tomorrow)

        page = looks(town, client=world.client_of(town.officer, moment=tomorrow))

        assert 'name="seen" value="1"' in page


def test_an_unknown_territory_has_no_protocol(db):
    assert Client().get(reverse("public.regime", args=["999999999"])).status_code == 404
