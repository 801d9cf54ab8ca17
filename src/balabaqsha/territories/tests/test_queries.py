"""Reads of the territories, on the seeded rows."""

from datetime import date

import pytest

from balabaqsha.territories import queries, seed
from balabaqsha.territories.models import RegimePeriod, Territory
from balabaqsha.territories.regimes import Regime

pytestmark = pytest.mark.django_db

START, EVE = date(2026, 4, 1), date(2026, 3, 31)


class TestSeed:
    def test_has_twenty_regions_named_in_three_languages(self):
        regions = queries.regions()

        assert len(regions) == 20
        assert all(region.name_kk and region.name_ru and region.name_en for region in regions)
        assert queries.name("550000000", "kk") == "Павлодар облысы"
        assert queries.name("550000000", "en") == "Pavlodar Region"

    def test_has_the_whole_of_pavlodar_oblast(self):
        assert queries.subtree("550000000").count() == 674
        assert [place.code for place in queries.children("550000000")] == sorted(row.code for row in seed.REGIMES)

    def test_hangs_together(self):
        paths = dict(Territory.objects.values_list("code", "path"))

        for code, parent in Territory.objects.values_list("code", "parent_id"):
            assert paths[code] == (code if parent is None else f"{paths[parent]}/{code}")


class TestRegimeOn:
    @pytest.mark.parametrize(
        ("code", "regime"),
        [
            ("551000000", Regime.VOUCHER),
            ("551010000", Regime.VOUCHER),
            ("551047103", Regime.VOUCHER),
            ("553600000", Regime.LINEAR),
            ("551610000", Regime.LINEAR),
            ("552200000", Regime.LINEAR),
            ("550000000", None),
            ("710000000", None),
            ("999999999", None),
        ],
    )
    def test_is_that_of_the_leaflet_from_april_2026(self, code, regime):
        assert queries.regime_on(code, START) is regime
        assert queries.regime_on(code, EVE) is None

    def test_says_which_regimes_are_assumed(self):
        assumed = RegimePeriod.objects.filter(assumed=True).values_list("territory_id", flat=True)

        assert set(assumed) == {"551600000", "552200000"}

    def test_prefers_the_territory_itself_and_then_the_newest(self):
        RegimePeriod.objects.create(
            territory_id="551010000", regime="LINEAR", in_force_from=date(2020, 1, 1), source="act"
        )
        RegimePeriod.objects.create(
            territory_id="551010000", regime="VOUCHER", in_force_from=date(2027, 1, 1), source="act"
        )

        assert queries.regime_on("551010000", START) is Regime.LINEAR
        assert queries.regime_on("551010000", date(2027, 1, 1)) is Regime.VOUCHER
        assert queries.regime_on("551041100", date(2027, 1, 1)) is Regime.VOUCHER

    def test_costs_one_query(self, django_assert_num_queries):
        with django_assert_num_queries(1):
            queries.regime_on("551047103", START)


class TestSubtree:
    def test_is_the_territory_and_all_below(self):
        codes = set(queries.subtree("551047000").values_list("code", flat=True))

        assert codes == {"551047000", "551047100", "551047103"}

    def test_is_empty_for_an_unknown_code(self):
        assert not queries.subtree("999999999").exists()

    def test_says_whether_one_lies_within_another(self):
        assert queries.is_within("551047103", "550000000")
        assert queries.is_within("551010000", "551010000")
        assert not queries.is_within("551000000", "551010000")
        assert not queries.is_within("553600000", "551000000")


class TestNames:
    def test_fall_back_to_kazakh_where_there_is_no_english(self):
        assert queries.name("551047103", "en") == "Қосшар"

    def test_are_the_code_where_it_is_unknown(self):
        assert queries.name("999999999", "kk") == "999999999"

    def test_come_for_many_in_one_query(self, django_assert_num_queries):
        with django_assert_num_queries(1):
            names = queries.names({"551010000", "553600000", "999999999"}, "ru")

        assert names == {"551010000": "г.Павлодар", "553600000": "Баянаульский район"}
