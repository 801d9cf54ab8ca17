"""The system tells stories as the rules do: published ones, and random ones that aim at the edges."""

import json
from pathlib import Path

import pytest

from tests.oracle import comparing, simulator, stories

PUBLISHED = Path(__file__).parents[1] / "rehearsals" / "stories"
NAMES = sorted(path.stem for path in PUBLISHED.glob("*.json") if not path.name.endswith(".expected.json"))
SEEDS = range(1, 9)


@pytest.mark.parametrize("name", NAMES)
def test_the_oracle_tells_the_published_stories(name):
    story, expected = (
        json.loads((PUBLISHED / f"{name}{end}").read_text(encoding="utf-8")) for end in (".json", ".expected.json")
    )

    assert simulator.play(story) == expected


@pytest.mark.parametrize("regime", ["voucher", "linear"])
def test_the_system_tells_random_stories_as_the_oracle_does(regime, fresh_database):
    for seed in SEEDS:
        assert comparing.difference(stories.story(seed, regime=regime)) == [], f"seed {seed}"


def test_a_difference_is_found_and_made_short(fresh_database, monkeypatch):
    at = "2024-10-07T10:0{}:00+05:00"
    group = {"id": "K1.a", "birth_year": 2021, "language": "kk", "capacity": 1, "correction": None, "published": 1}
    told = {
        "territory": {"code": "551010000", "regime": "voucher"},
        "terms": {"turn.choose": 1},
        "calendar": {"days_off": [], "working_days": []},
        "kindergartens": [{"id": "K1", "ownership": "state", "groups": [group]}],
        "steps": [
            {"at": at.format(0), "do": "apply", "application": "A1", "born": "2021-02-01", "kind": "general"},
            {"at": at.format(1), "do": "show"},
            {"at": at.format(2), "do": "run_vouchers"},
            {"at": at.format(3), "do": "show"},
        ],
    }
    monkeypatch.setitem(simulator.TERMS, "voucher.confirm", 3)

    short = comparing.shortest(told)

    assert [step["do"] for step in short["steps"]] == ["apply", "run_vouchers"]
    assert short["terms"] == {}
    assert "applications.A1.due" in comparing.difference(short)[1]
