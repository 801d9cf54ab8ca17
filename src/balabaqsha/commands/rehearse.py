"""`balabaqsha rehearse FILE`: play a story in a scratch database and print what becomes of everybody."""

import json
import sys
from pathlib import Path

from balabaqsha.commands.rehearsal import story
from balabaqsha.commands.rehearsal.reading import MalformedStory

WRONG_USE = 2


def run(file: Path) -> int:
    """Play the story of a file and print its outcome as JSON; status 2 with one line when the file is no story."""
    try:
        told = story.read(file)
    except MalformedStory as wrong:
        print(f"balabaqsha: {wrong}", file=sys.stderr)
        return WRONG_USE
    # Only a story that can be played waits for Django and a database.
    import django  # noqa: PLC0415

    django.setup()
    from balabaqsha.commands.rehearsal import play  # noqa: PLC0415
    from balabaqsha.config import databases  # noqa: PLC0415
    from balabaqsha.config.cluster import ClusterFailed  # noqa: PLC0415

    try:
        with databases.scratch_database():
            outcome = play.play(told)
    except ClusterFailed as failed:
        print(f"balabaqsha: {failed}", file=sys.stderr)
        return 1
    print(json.dumps(outcome, ensure_ascii=False, indent=1))
    return 0
