"""The embedded PostgreSQL, really started: each test has a cluster of its own."""

import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from balabaqsha.config import binaries, cluster, data_folder, shelter, workshop

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")


@pytest.fixture
def closed_folder():
    """A folder below /tmp that nobody but its owner may enter."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o700)
        yield Path(folder)


@pytest.fixture
def started():
    running = []

    def start(data):
        made = cluster.Cluster(data, hasty=True)
        running.append(made)
        made.start()
        return made

    yield start
    for made in running:
        made.stop()


def ask(made, question):
    with psycopg.connect(made.url("postgres"), autocommit=True) as connection:
        return connection.execute(question).fetchone()[0]


class TestStart:
    def test_works_below_a_closed_folder(self, closed_folder, started):
        made = started(closed_folder / "inner" / "data")

        assert ask(made, "SELECT 1") == 1

    @AS_ROOT
    def test_shelters_what_a_closed_folder_hides(self, closed_folder, started):
        made = started(closed_folder / "data")

        assert ask(made, "SHOW data_directory") == str(shelter.of(made.kept) / "postgres")

    @AS_ROOT
    def test_never_runs_as_root(self, closed_folder, started):
        made = started(closed_folder / "data")

        assert Path(f"/proc/{made.process.pid}").stat().st_uid != 0

    def test_works_in_a_folder_with_a_long_name(self, closed_folder, started):
        made = started(closed_folder / ("long" * 30) / ("name" * 30))

        assert ask(made, "SELECT 1") == 1

    def test_keeps_what_it_was_told(self, closed_folder, started):
        first = started(closed_folder / "data")
        first.ensure_database("kept")
        first.stop()

        second = started(closed_folder / "data")

        assert ask(second, "SELECT count(*) FROM pg_database WHERE datname = 'kept'") == 1

    def test_listens_on_no_network(self, closed_folder, started):
        assert ask(started(closed_folder / "data"), "SHOW listen_addresses") == ""

    def test_asks_for_the_password(self, closed_folder, started):
        made = started(closed_folder / "data")
        password = made.kept[data_folder.CLUSTER_PASSWORD]

        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(made.url("postgres").replace(password, "guessed"))

    def test_closes_the_folder_of_its_socket(self, closed_folder, started):
        made = started(closed_folder / "data")

        assert stat.S_IMODE(shelter.of(made.kept).stat().st_mode) == 0o700

    def test_refuses_a_folder_in_use(self, closed_folder, started):
        started(closed_folder / "data")

        with pytest.raises(cluster.ClusterFailed, match="already in use"):
            started(closed_folder / "data")

    def test_shows_the_last_words_of_a_server_that_ends(self, closed_folder, started):
        made = started(closed_folder / "data")
        made.stop()
        folder = Path(shelter.of(made.kept) / "postgres")
        folder = folder if folder.exists() else closed_folder / "data" / "postgres"
        with (folder / "postgresql.conf").open("a") as settings:
            settings.write("no_such_setting = on\n")

        with pytest.raises(cluster.ClusterFailed, match="no_such_setting"):
            started(closed_folder / "data")

    def test_refuses_a_shelter_that_somebody_else_made(self, closed_folder, started):
        kept = data_folder.ensure(closed_folder / "data")
        shelter.of(kept).mkdir(mode=0o755)
        try:
            with pytest.raises(cluster.ClusterFailed, match="somebody else"):
                started(closed_folder / "data")
        finally:
            shelter.of(kept).rmdir()


class TestTheWheel:
    def test_carries_programs_that_start_in_a_closed_folder(self, closed_folder, started, monkeypatch):
        monkeypatch.setattr(binaries, "_system", list)
        made = started(closed_folder / "data")

        assert ask(made, "SHOW server_version").startswith("18.")


def test_without_programs_it_says_what_to_do(monkeypatch):
    monkeypatch.setattr(binaries, "_system", list)
    monkeypatch.setattr(binaries, "_carried", list)

    with pytest.raises(binaries.NoPostgres, match="DATABASE_URL"):
        binaries.find()


class TestShelters:
    def test_of_lost_data_folders_are_removed(self, closed_folder, started):
        lost = started(closed_folder / "lost")
        lost.stop()
        (closed_folder / "lost" / "settings.env").unlink()

        started(closed_folder / "other")

        assert not shelter.of(lost.kept).exists()

    def test_whose_note_a_full_disk_cut_short_are_kept(self, closed_folder, started):
        """The note names the data folder; without it the next town would have removed the database."""
        alive = started(closed_folder / "alive")
        alive.stop()
        (shelter.of(alive.kept) / "tied-to").write_text("")

        started(closed_folder / "other")

        assert shelter.of(alive.kept).exists()


STARTER = """
import sys, time
from pathlib import Path
from balabaqsha.config.cluster import Cluster
made = Cluster(Path(sys.argv[1]), hasty=True)
made.start()
print(made.process.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a process to its parent")
def test_the_server_ends_with_a_starter_that_is_killed(closed_folder, started):
    starter = subprocess.Popen(
        [sys.executable, "-c", STARTER, closed_folder / "data"], stdout=subprocess.PIPE, text=True
    )
    server = int(starter.stdout.readline())

    starter.send_signal(signal.SIGKILL)
    starter.wait()

    assert _ends(server)
    # The next one need not wait for anybody to clean up.
    assert ask(started(closed_folder / "data"), "SELECT 1") == 1


def test_the_workshop_ends_after_its_last_user(closed_folder):
    with workshop.server(closed_folder) as address, workshop.server(closed_folder) as same:
        assert address == same
        with psycopg.connect(address) as connection:
            server = connection.info.backend_pid
    kept = data_folder.kept(closed_folder / "workshop")

    assert _ends(server)
    assert _eventually(lambda: not (shelter.of(kept) / ".s.PGSQL.5432").exists())
    with workshop.server(closed_folder) as again, psycopg.connect(again) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def _ends(pid):
    return _eventually(lambda: not Path(f"/proc/{pid}").exists() if Path("/proc").exists() else True)


def _eventually(happened, seconds=20):
    until = time.monotonic() + seconds
    while not happened() and time.monotonic() < until:
        time.sleep(0.05)
    return happened()


def test_a_socket_name_is_short_enough(closed_folder):
    kept = data_folder.ensure(closed_folder / ("long" * 40))
    with socket.socket(socket.AF_UNIX):
        assert len(str(shelter.of(kept) / ".s.PGSQL.5432").encode()) < 107
