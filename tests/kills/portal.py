"""The portal as `balabaqsha up` runs it, with the PostgreSQL of its data folder, seen from outside."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg

from balabaqsha.config import cluster, data_folder, env

PROCESSES = ("web", "worker", "sandbox", "postgres")
PATIENCE_SECONDS = 900
# How the words of a process look: those of web are its title once it serves.
_WORDS = {
    "web": r"\bweb\s*$",
    "worker": r"\bmain worker\b",
    "sandbox": r"balabaqsha\.sandbox\b",
    "postgres": r"/postgres\b",
}


@dataclass
class Portal:
    """A running town and the address of its database."""

    process: "subprocess.Popen[bytes]"
    data: Path
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> str:
        return cluster.url(data_folder.kept(self.data), "balabaqsha")

    @property
    def said(self) -> str:
        return (self.data / "said").read_text(encoding="utf-8")

    def pids(self, name: str) -> list[int]:
        """The process of this name and the processes that it has started, itself first; none while it is down."""
        table = _processes()
        own = [
            pid
            for pid, (parent, words) in table.items()
            if parent == self.process.pid and re.search(_WORDS[name], words)
        ]
        return own + [pid for pid, (parent, _) in table.items() if parent in own]

    def kill(self, name: str, which: float) -> int:
        """End one process of this name at once, as soon as there is one; `which` below 0.5 means the first of them."""
        pids = until(lambda: self.pids(name), f"{name} to be there")
        pid = pids[0] if which < 0.5 or len(pids) == 1 else pids[1 + int((which - 0.5) * 2 * (len(pids) - 1))]
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return self.kill(name, which)
        return pid

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a statement finds, asked again while the database is away."""

        def ask() -> list[list[tuple[Any, ...]]]:
            try:
                with psycopg.connect(self.database, connect_timeout=5) as connection:
                    return [connection.execute(statement, values).fetchall()]
            except psycopg.OperationalError:
                return []

        return until(ask, "the database to answer")[0]

    def value(self, statement: str, *values: Any) -> Any:
        return self.rows(statement, *values)[0][0]

    def is_well(self) -> bool:
        """Whether pages and state systems answer, the worker lives and the database works."""
        try:
            pages = httpx.get(f"{self.address}/", timeout=10, trust_env=False).status_code
            systems = httpx.get(f"http://127.0.0.1:{self.port + 1}/health", timeout=10, trust_env=False).status_code
        except httpx.HTTPError:
            return False
        lives = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '5 seconds'"
        return pages == systems == 200 and self.value(lives) > 0

    def messages(self) -> list[dict[str, str]]:
        """Everything that came to the telephones."""
        address = f"http://127.0.0.1:{self.port + 1}/api/messages?limit=100000"
        return list(httpx.get(address, timeout=30, trust_env=False).raise_for_status().json())

    def verify_journal(self) -> tuple[int, str]:
        """The status and the words of `balabaqsha journal verify`."""
        given = env.changed(DATABASE_URL=None, BALABAQSHA_DATA=str(self.data), BALABAQSHA_PORT=str(self.port))
        command = [sys.executable, "-m", "balabaqsha.commands.main", "journal", "verify"]
        done = subprocess.run(command, env=given, capture_output=True, text=True, timeout=300)
        return done.returncode, done.stdout + done.stderr


def chance(*seed: object) -> random.Random:
    """The chance that a seed and what it is for give, always the same."""
    return random.Random(" ".join(map(str, seed)))  # noqa: S311 - to be repeated, not to be secret


def until(condition: Callable[[], Any], what: str, seconds: float = PATIENCE_SECONDS) -> Any:
    """What the condition gives as soon as it gives something; an absolute time only ends what would never end."""
    ends = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < ends, f"waited {seconds:g} s for {what}"
        time.sleep(0.05)
    return found


@contextmanager
def running(data: Path, port: int) -> Iterator[Portal]:
    """The portal over this data folder until the block ends; then everything of it is gone."""
    command = [sys.executable, "-m", "balabaqsha.commands.main", "up", "--port", str(port), "--data", str(data)]
    given = env.changed(DATABASE_URL=None, BALABAQSHA_WORKERS="2", BALABAQSHA_LOG_LEVEL="WARNING")
    with (data / "said").open("wb") as said:
        process = subprocess.Popen(command, env=given, stdout=said, stderr=said, start_new_session=True)
    portal = Portal(process, data, port)
    try:
        until(lambda: "Ctrl-C stops" in portal.said or process.poll() is not None, "the portal to open")
        assert process.poll() is None, portal.said
        until(portal.is_well, "the portal to be well")
        yield portal
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_SECONDS)


def _processes() -> dict[int, tuple[int, str]]:
    """Every living process: its parent and its words."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            state, parent = (folder / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[:2]
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (OSError, ValueError):
            continue
        if state != "Z":
            found[int(folder.name)] = (int(parent), words)
    return found
