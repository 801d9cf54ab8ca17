"""Two acts at once, each in a thread with a connection of its own, and places where they wait for each other."""

import sys
import threading
from contextlib import suppress

from django.db import connection

from balabaqsha.applications import _steps as applications
from balabaqsha.applications.models import Application
from balabaqsha.kindergartens import _steps as places
from balabaqsha.kindergartens.models import Group

# How long, in seconds, an act waits for its rival before it concludes that a lock keeps the rival away.
patience = 0.3


def together(*acts):
    """Perform the acts at once; returns how each ended: "done", or the name of the refusal or error behind it."""
    start = threading.Barrier(len(acts))
    outcomes = [""] * len(acts)

    def perform(position, act):
        try:
            start.wait(10)
            act()
            outcomes[position] = "done"
        except Exception as error:  # noqa: BLE001 - whatever happened is the answer
            outcomes[position] = type(error.__cause__ or error).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=perform, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return outcomes


def elsewhere(act):
    """Perform one act in a thread of its own, to its end; returns how it ended."""
    return together(act)[0]


def in_between(monkeypatch, owner, name, act):
    """Let a rival's whole act happen just before a function is entered, as it can where no lock keeps it away."""
    original, answers = getattr(owner, name), []
    first = threading.Lock()

    def door(*args, **kwargs):
        # Only the first comes to the door: the rival goes through it too.
        if first.acquire(blocking=False):
            answers.append(elsewhere(act))
        return original(*args, **kwargs)

    monkeypatch.setattr(owner, name, door)
    return answers


class Meeting:
    """Rivals that come to one of its doors wait there for the others, each once, but not for ever."""

    def __init__(self, monkeypatch, parties=2):
        self._monkeypatch = monkeypatch
        self._barrier = threading.Barrier(parties)
        self._came = threading.local()

    def before(self, owner, name):
        """Meet on the way into a function."""
        original = getattr(owner, name)

        def door(*args, **kwargs):
            self.wait()
            return original(*args, **kwargs)

        self._monkeypatch.setattr(owner, name, door)
        return self

    def after(self, owner, name):
        """Meet on the way out of a function, with what it read in hand."""
        original = getattr(owner, name)

        def door(*args, **kwargs):
            answer = original(*args, **kwargs)
            self.wait()
            return answer

        self._monkeypatch.setattr(owner, name, door)
        return self

    def wait(self):
        if getattr(self._came, "already", False):
            return
        self._came.already = True
        with suppress(threading.BrokenBarrierError):
            self._barrier.wait(patience)


def unlocked(monkeypatch):
    """For a twin: the rivals do meet, however slow the machine."""
    monkeypatch.setattr(sys.modules[__name__], "patience", 5)


def without_group_locks(monkeypatch):
    unlocked(monkeypatch)
    monkeypatch.setattr(
        places, "lock_groups", lambda ids: {row.id: row for row in Group.objects.filter(id__in=list(ids))}
    )


def without_application_locks(monkeypatch):
    unlocked(monkeypatch)
    monkeypatch.setattr(applications, "lock", lambda application_id: Application.objects.get(id=application_id))
    monkeypatch.setattr(
        applications, "lock_many", lambda ids: list(Application.objects.filter(id__in=list(ids)).order_by("id"))
    )
