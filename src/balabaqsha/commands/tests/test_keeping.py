"""Keeping processes alive: named when they end, started again after a pause that grows and shrinks again."""

from balabaqsha.commands import keeping
from balabaqsha.config.cluster import ClusterFailed


class Stage:
    """One process that ends when it is told to, a clock, and what was said."""

    def __init__(self):
        self.how = None
        self.fails = 0
        self.begun = []
        self.said = []
        self.now = 1000.0
        life = keeping.Life("worker", lambda: self.how, lambda: "last words", self.begin)
        self.keeper = keeping.Keeper(life, now=self.now, say=self.said.append)

    def begin(self):
        if self.fails:
            self.fails -= 1
            raise ClusterFailed("no room")
        self.how = None
        self.begun.append(self.now)

    def passes(self, seconds):
        for _ in range(int(seconds * 4)):
            self.now += 0.25
            self.keeper.look(now=self.now)


def test_what_runs_is_left_alone():
    stage = Stage()

    stage.passes(10)

    assert (stage.begun, stage.said) == ([], [])


def test_what_ends_is_named_with_its_last_words_and_started_again():
    stage = Stage()
    stage.how = "by signal SIGKILL"

    stage.passes(2)

    assert len(stage.begun) == 1
    assert stage.said[0].startswith("worker ended (by signal SIGKILL); it is started again in 0.5 s.")
    assert stage.said[0].endswith("last words")
    assert stage.said[1:] == ["worker started again"]


def test_what_keeps_ending_is_started_ever_more_slowly_but_never_given_up():
    stage = Stage()
    for _ in range(100):
        stage.how = "with status 1"
        stage.passes(1)

    pauses = [later - earlier for earlier, later in zip(stage.begun, stage.begun[1:], strict=False)]
    assert pauses == sorted(pauses)
    assert 8 <= pauses[-1] <= 9


def test_what_has_lived_well_is_started_quickly_again():
    stage = Stage()
    for _ in range(30):
        stage.how = "with status 1"
        stage.passes(1)
    stage.passes(70)
    began = stage.now
    stage.how = "with status 1"

    stage.passes(2)

    assert stage.begun[-1] - began <= 1


def test_what_does_not_start_is_tried_again():
    stage = Stage()
    stage.fails = 2
    stage.how = "with status 1"

    stage.passes(6)

    assert len(stage.begun) == 1
    assert [line.split(";")[0] for line in stage.said if "did not" in line] == ["worker did not start"] * 2
