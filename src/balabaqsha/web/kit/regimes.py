"""The regimes of a territory in words: by date, and what was done to them."""

from datetime import date
from typing import Any

from balabaqsha.territories import queries as territories
from balabaqsha.transparency import regimes as protocols
from balabaqsha.web.kit import texts


def told(territory_code: str, *, today: date) -> dict[str, Any]:
    """What ui/regime_periods.html and ui/regime_protocol.html print. Two queries."""
    periods = [
        {
            "regime": texts.say(f"regime.{one.regime}"),
            "since": one.in_force_from,
            "coming": one.in_force_from > today,
            "source": texts.source(one.source),
        }
        for one in territories.regime_periods(territory_code)
    ]
    return {"periods": periods, "protocol": [_entry(one) for one in protocols.protocol(territory_code)]}


def _entry(one: protocols.Entry) -> dict[str, Any]:
    regime = texts.say(f"regime.{one.regime}")
    if one.in_force_from is not None:
        said = texts.say("regime-change.was-set", date=one.in_force_from, regime=regime)
        return {"at": one.at, "title": said, "note": texts.source(one.source)}
    said = texts.say("regime-change.was-carried", n=one.moved, regime=regime)
    counts = {"ahead": one.ahead, "behind": one.behind, "same": one.same, "other": one.other}
    return {"at": one.at, "title": said, "note": texts.say("regime-change.compared", **counts)}
