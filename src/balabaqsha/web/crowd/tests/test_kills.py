"""Kills: a web process and the database end at any moment, and the order before the door stays."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from balabaqsha.config import cluster

PATIENCE_SECONDS = 90.0

pytestmark = pytest.mark.skipif(
    "BALABAQSHA_KILLS" not in os.environ, reason="kills real processes for many minutes: make kills"
)


@dataclass
class Portal:
    """Web processes before a PostgreSQL of their own; `full` lets nobody in but by the slowest pace."""

    port: int
    own: cluster.Cluster
    environment: dict[str, str]

    @contextmanager
    def served(self) -> Iterator[subprocess.Popen[bytes]]:
        process = subprocess.Popen(
            [sys.executable, "-m", "balabaqsha.commands.main", "web"],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            eventually(lambda: self.get("/check/")[0] == 200)
            yield process
        finally:
            process.kill()
            process.wait()

    def get(self, path: str, ticket: str = "") -> tuple[int, str]:
        """The status of a page and the ticket that came with it, or the one that was shown."""
        cookie = f"turn-{self.port}"
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", headers={"Cookie": f"{cookie}={ticket}"} if ticket else {}
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own server
                return answer.status, _ticket(answer.headers, cookie) or ticket
        except urllib.error.HTTPError as held:
            with held:
                return held.code, _ticket(held.headers, cookie) or ticket

    def line(self) -> tuple[float, int]:
        with psycopg.connect(self.own.url("balabaqsha")) as connection:
            found = connection.execute("SELECT called, last_value FROM crowd_door, crowd_number").fetchone()
        assert found
        return found


def _ticket(headers, cookie: str) -> str:
    found = [value for value in headers.get_all("Set-Cookie") or () if value.startswith(f"{cookie}=")]
    return found[0].partition("=")[2].partition(";")[0].strip('"') if found else ""


def number(ticket: str) -> int:
    return int(ticket.partition(".")[0])


def eventually(holds) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            if holds():
                return
        except OSError:
            pass
        assert time.monotonic() < until, "too late"
        time.sleep(0.2)


@pytest.fixture
def portal() -> Iterator[Portal]:
    with TemporaryDirectory(prefix="balabaqsha-crowd-") as folder, socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
        asked.close()
        environment = {
            **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
            "BALABAQSHA_DATA": folder,
            "BALABAQSHA_PORT": str(port),
            "BALABAQSHA_WORKERS": "2",
            "BALABAQSHA_CROWD_FULL": "1",
            "DJANGO_SETTINGS_MODULE": "balabaqsha.config.settings",
        }
        own = cluster.Cluster(Path(folder))
        try:
            own.start()
            own.ensure_database()
            for command in ("migrate", "collectstatic"):
                subprocess.run(
                    [sys.executable, "-m", "django", command, "--no-input", "-v0"], env=environment, check=True
                )
            yield Portal(port, own, environment)
        finally:
            own.stop()


def test_a_place_outlives_web_processes_and_the_database(portal):
    with portal.served() as process:
        tickets = [held(portal) for _ in range(3)]
        before = portal.line()
        process.kill()
    with portal.served():
        # Nobody's number changed, and newcomers stand behind all of them.
        again = [portal.get("/", ticket) for ticket in tickets]
        assert [number(ticket) for _, ticket in again] == [number(ticket) for ticket in tickets]
        assert number(held(portal)) > max(number(ticket) for ticket in tickets)

        called = portal.line()[0]
        portal.own.process.send_signal(signal.SIGKILL)
        portal.own.process.wait()
        # Without the database too: those who wait are told so, not an error.
        assert portal.get("/", tickets[-1])[0] in {200, 503}
        portal.own = started_again(portal.own)

        assert portal.line()[0] >= called >= before[0]
        late = held(portal)
        assert number(late) > max(number(ticket) for ticket in tickets)
        # All get in, in the order in which they came.
        entered = []
        waiting = {number(ticket): ticket for ticket in (*tickets, late)}

        def all_are_in() -> bool:
            for one, ticket in sorted(waiting.items()):
                status, _ = portal.get("/data-policy/", ticket)
                if status == 200:
                    entered.append(one)
                    del waiting[one]
            return not waiting

        eventually(all_are_in)
        assert entered == sorted(entered)


def started_again(own: cluster.Cluster) -> cluster.Cluster:
    """The database that was killed, as soon as what is left of it lets go."""
    own.stop()
    again = cluster.Cluster(own.data)

    def starts() -> bool:
        try:
            again.start()
        except cluster.ClusterFailed:
            return False
        return True

    eventually(starts)
    return again


def held(portal: Portal) -> str:
    """A newcomer who has to wait; whoever finds room meanwhile is passed over."""
    while True:
        status, ticket = portal.get("/data-policy/")
        if status == 503 and ticket:
            return ticket
