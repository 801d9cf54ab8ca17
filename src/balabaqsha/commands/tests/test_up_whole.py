"""`balabaqsha up` as a whole, on a database that has its town: it opens, it mends a death, it leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings

from balabaqsha.commands.tests.test_up import three_ports
from balabaqsha.config import addresses, cluster, data_folder, env
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.kindergartens import actions as kindergartens
from balabaqsha.kindergartens.models import Kindergarten, KindergartenType, Ownership

__all__ = ["three_ports"]
SECONDS = 300


@pytest.fixture
def address(fresh_database):
    """The address of a database in which somebody lives already, so that no town is built."""
    row = Kindergarten(
        code="only",
        bin="000000000000",
        name_kk="Жалғыз",
        name_ru="Единственный",
        ownership=Ownership.STATE,
        type=KindergartenType.KINDERGARTEN,
        territory_id="551010000",
    )
    kindergartens.open_kindergarten(kindergarten=row, groups=[], actor=SYSTEM, now=datetime(2026, 4, 6, tzinfo=UTC))
    named = settings.ENVIRONMENT.database_url
    if named:
        return addresses.with_database(named, fresh_database)
    return cluster.url(data_folder.kept(settings.ENVIRONMENT.data / "workshop"), fresh_database)


@pytest.fixture
def opened(address, three_ports, tmp_path):
    """The running portal, when it says that it is open."""
    words = ["up", "--port", str(three_ports), "--data", str(tmp_path / "data")]
    said = (tmp_path / "said").open("w+", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "balabaqsha.commands.main", *words],
        env=env.changed(DATABASE_URL=address),
        stdout=said,
        stderr=said,
        start_new_session=True,
    )
    portal = Portal(process, Path(said.name), three_ports)
    portal.wait_for("Ctrl-C stops everything")
    yield portal
    if process.poll() is None:
        process.kill()
        process.wait()


class Portal:
    def __init__(self, process, said, port):
        self.process = process
        self.said = said
        self.port = port

    def wait_for(self, words):
        until = time.monotonic() + SECONDS
        while words not in self.said.read_text(encoding="utf-8"):
            assert self.process.poll() is None, self.said.read_text(encoding="utf-8")
            assert time.monotonic() < until, self.said.read_text(encoding="utf-8")
            time.sleep(0.1)

    def children(self):
        """The processes that it started, by the word of their command."""
        listed = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True).stdout
        rows = [line.split(None, 2) for line in listed.splitlines()]
        return {int(pid): args for pid, parent, args in rows if int(parent) == self.process.pid}

    def answers(self):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            return opener.open(f"http://127.0.0.1:{self.port}/", timeout=30).status
        except OSError:
            return None


def _end(pids):
    until = time.monotonic() + SECONDS
    while any(_lives(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.1)
    return not any(_lives(pid) for pid in pids)


def _lives(pid):
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    # One that has ended and waits to be collected by whoever inherited it does nothing any more.
    return stat.rsplit(")", 1)[1].split()[0] != "Z"


def test_it_opens_and_ctrl_c_stops_everything(opened):
    children = opened.children()
    assert len(children) == 3
    assert opened.answers() == 200

    opened.process.send_signal(signal.SIGINT)

    assert opened.process.wait(SECONDS) == 0
    assert opened.said.read_text(encoding="utf-8").endswith("\nstopping\n")
    assert _end(children)
    assert opened.answers() is None


def test_whatever_dies_is_named_and_started_again(opened):
    before = opened.children()
    assert len(before) == 3

    for name in ("worker", "web", "sandbox"):
        (killed,) = [pid for pid, words in before.items() if name in words]
        os.kill(killed, signal.SIGKILL)
        opened.wait_for(f"{name} ended (by signal SIGKILL); it is started again")
        opened.wait_for(f"{name} started again")

    assert len(opened.children()) == 3
    assert not before.keys() & opened.children().keys()
    assert _comes_true(lambda: opened.answers() == 200)


def _comes_true(condition):
    until = time.monotonic() + SECONDS
    while not condition() and time.monotonic() < until:
        time.sleep(0.1)
    return condition()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a process to its parent")
def test_nothing_survives_a_supervisor_that_is_killed(opened):
    children = opened.children()

    opened.process.kill()
    opened.process.wait()

    assert _end(children)
