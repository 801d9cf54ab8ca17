"""Setting a regime."""

from datetime import UTC, date, datetime

import pytest

from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.record.models import JournalEntry
from balabaqsha.territories import actions, queries
from balabaqsha.territories.actions import RegimeChange
from balabaqsha.territories.models import RegimePeriod
from balabaqsha.territories.regimes import Regime

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def set_regime(code: str, regime: Regime, day: date, **options: bool) -> RegimePeriod:
    change = RegimeChange(territory_code=code, regime=regime, in_force_from=day, source="Order 1")
    return actions.set_regime(change=change, actor=SYSTEM, now=NOW, **options)


class TestSetRegime:
    def test_holds_from_its_day_and_is_journalled(self):
        set_regime("710000000", Regime.VOUCHER, date(2026, 9, 1))

        assert queries.regime_on("710000000", date(2026, 8, 31)) is None
        assert queries.regime_on("710000000", date(2026, 9, 1)) is Regime.VOUCHER
        entry = JournalEntry.objects.get(act="regime-set")
        assert entry.territory_code == "710000000"
        assert entry.facts == {
            "regime": "VOUCHER",
            "in_force_from": "2026-09-01",
            "source": "Order 1",
            "withdrawn": [],
        }

    def test_replaces_a_period_of_the_same_day(self):
        set_regime("553600000", Regime.VOUCHER, date(2026, 4, 1))

        assert queries.regime_on("553600000", date(2026, 4, 1)) is Regime.VOUCHER
        assert queries.regime_periods("553600000").count() == 1

    def test_leaves_later_periods_unless_told(self):
        set_regime("553600000", Regime.VOUCHER, date(2020, 1, 1))

        assert queries.regime_on("553600000", date(2026, 4, 1)) is Regime.LINEAR

    def test_takes_back_later_periods_of_the_territory_alone_when_told(self):
        set_regime("553600000", Regime.VOUCHER, date(2020, 1, 1), withdraw_later=True)

        assert queries.regime_on("553600000", date(2026, 4, 1)) is Regime.VOUCHER
        assert queries.regime_on("553200000", date(2026, 4, 1)) is Regime.LINEAR
        assert JournalEntry.objects.get(act="regime-set").facts["withdrawn"] == ["2026-04-01"]

    def test_refuses_an_unknown_territory(self):
        with pytest.raises(actions.UnknownTerritory):
            set_regime("999999999", Regime.LINEAR, date(2026, 9, 1))
