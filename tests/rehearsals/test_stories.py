"""Every story of both regimes is told exactly as expected."""

import json
from pathlib import Path

import pytest

from balabaqsha.commands import rehearse
from balabaqsha.commands.rehearsal import play, story

STORIES = Path(__file__).parent / "stories"
NAMES = sorted(path.stem for path in STORIES.glob("*.json") if not path.name.endswith(".expected.json"))


@pytest.mark.parametrize("name", NAMES)
def test_a_story_is_told_exactly(name, fresh_database):
    told = play.play(story.read(STORIES / f"{name}.json"))

    expected = json.loads((STORIES / f"{name}.expected.json").read_text(encoding="utf-8"))
    for number, (step, wanted) in enumerate(zip(told["steps"], expected["steps"], strict=True)):
        assert step == wanted, f"step {number}: {step['at']} {step['do']}"
    assert told == expected


def test_there_are_stories():
    assert len(NAMES) == 18


@pytest.mark.parametrize("name", NAMES)
def test_an_outcome_is_written_as_its_file_is(name):
    expected = (STORIES / f"{name}.expected.json").read_text(encoding="utf-8")

    assert rehearse.as_text(json.loads(expected)) + "\n" == expected


def test_a_story_without_steps_has_an_outcome_without_steps():
    assert rehearse.as_text({"steps": []}) == '{"steps": []}'
