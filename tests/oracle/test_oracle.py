"""The system tells stories as the rules do: published ones, and random ones that aim at the edges."""

import json
from pathlib import Path

import pytest

from tests.oracle import comparing, simulator, stories

PUBLISHED = Path(__file__).parents[1] / "rehearsals" / "stories"
NAMES = sorted(path.stem for path in PUBLISHED.glob("*.json") if not path.name.endswith(".expected.json"))
SEEDS = range(1, 13)


@pytest.mark.parametrize("name", NAMES)
def test_the_oracle_tells_the_published_stories(name):
    story, expected = (
        json.loads((PUBLISHED / f"{name}{end}").read_text(encoding="utf-8")) for end in (".json", ".expected.json")
    )

    assert simulator.play(story) == expected


@pytest.mark.parametrize("regime", ["voucher"])
def test_the_system_tells_random_stories_as_the_oracle_does(regime, fresh_database):
    for seed in SEEDS:
        assert comparing.difference(stories.story(seed, regime=regime)) == [], f"seed {seed}"


def test_a_difference_is_found_and_made_short(fresh_database, monkeypatch):
    monkeypatch.setitem(simulator.TERMS, "voucher.confirm", 3)
    long = next(story for seed in SEEDS if comparing.difference(story := stories.story(seed, regime="voucher")))

    short = comparing.shortest(long)

    assert [step["do"] for step in short["steps"]] == ["apply", "run_vouchers"]
    assert "voucher.confirm" not in short["terms"]
    assert "due" in comparing.difference(short)[1]
