"""What tests of rehearsals share: `tell`, which plays a story of plain words and checks what was seen."""

import pytest

from balabaqsha.commands.rehearsal import play
from balabaqsha.commands.rehearsal import story as stories
from tests.oracle import simulator
from tests.rehearsals import telling


@pytest.fixture
def tell(django_db_setup, django_db_blocker, tmp_path):
    """Play a story in a database of its own, and as the oracle tells it; returns what the rehearsal prints."""
    from balabaqsha.config import databases

    def told(lines, *kindergartens, **more):
        story = telling.story(lines, list(kindergartens), **more)
        file = tmp_path / "story.json"
        file.write_text(telling.written(story), encoding="utf-8")
        with django_db_blocker.unblock(), databases.scratch_database():
            outcome = play.play(stories.read(file))
        telling.check(lines, outcome)
        assert outcome == simulator.play(story)
        return outcome

    return told


@pytest.fixture
def tell_linear(tell):
    """Play a story of a linear territory in a database of its own; returns what the rehearsal prints."""

    def told(lines, *kindergartens, **more):
        return tell(lines, *kindergartens, territory=telling.LINEAR, **more)

    return told
