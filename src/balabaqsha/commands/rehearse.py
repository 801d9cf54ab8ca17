"""`balabaqsha rehearse FILE`: play a story in a scratch database and print what becomes of everybody."""

import json
import sys
from pathlib import Path
from typing import Any

from balabaqsha.commands import starting
from balabaqsha.commands.rehearsal import story
from balabaqsha.commands.rehearsal.reading import MalformedStory


def run(file: Path) -> int:
    """Play the story of a file and print its outcome as JSON; status 2 with one line when the file is no story."""
    try:
        told = story.read(file)
    except MalformedStory as wrong:
        print(f"balabaqsha: {wrong}", file=sys.stderr)
        return starting.WRONG_USE
    # Only a story that can be played waits for Django and a database.
    starting.set_up("balabaqsha.config.rehearsing")
    from balabaqsha.commands.rehearsal import play
    from balabaqsha.config import databases

    with databases.scratch_database():
        outcome = play.play(told)
    print(as_text(outcome))
    return 0


def as_text(outcome: dict[str, Any]) -> str:
    """The outcome as JSON with one step to a line, as the stories' expected outcomes are written."""
    steps = ",\n ".join(json.dumps(step, ensure_ascii=False) for step in outcome["steps"])
    return f'{{"steps": [\n {steps}\n]}}' if steps else '{"steps": []}'
