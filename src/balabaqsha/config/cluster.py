"""The embedded PostgreSQL: one cluster of a data folder, reached through a socket only, ended with its starter.

It speaks over a socket in a folder closed to other users and asks for a password. Started by root it runs as another
user; what that user cannot reach (see `shelter`) is put where it can.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections import deque
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg
from psycopg import sql

from balabaqsha.config import binaries, data_folder, processes, shelter

ROLE = "balabaqsha"
_FOLDER = "postgres"
_LOG_LIMIT = 5_000_000
_PATIENCE_SECONDS = 60
_BUILTIN_LOCALE_SINCE = 17
# For databases that nobody misses after a power cut: tests and rehearsals.
_HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class ClusterFailed(Exception):
    """PostgreSQL cannot be started or has ended; the text says why, with the last lines of its log."""


def url(kept: dict[str, str], database: str) -> str:
    """The address of a database of the cluster whose settings these are."""
    folder = quote(str(shelter.of(kept)), safe="")
    return f"postgresql://{ROLE}:{kept[data_folder.CLUSTER_PASSWORD]}@{folder}/{database}"


class Cluster:
    """The cluster of one data folder. `start` it once; it ends by `stop` or with this process."""

    def __init__(self, data: Path, *, hasty: bool = False) -> None:
        self.data = data.resolve()
        self.hasty = hasty
        self.kept = data_folder.ensure(self.data)
        self.user = shelter.owner()
        self.process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    @property
    def log(self) -> Path:
        """Where the server writes what it has to say."""
        return self.data / data_folder.LOGS / "postgres.log"

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return url(self.kept, database)

    def start(self) -> None:
        """Start the server, made first where it does not exist, and wait until it answers; raises ClusterFailed."""
        self._take_lock()
        try:
            socket_folder = shelter.open_for(self.data, self.kept, self.user)
            folder = self._folder(socket_folder)
            programs = self._programs(folder, socket_folder)
        except (shelter.NotOurs, binaries.NoPostgres) as problem:
            raise ClusterFailed(str(problem)) from None
        if not (folder / "PG_VERSION").exists():
            self._init(folder, programs)
        _wait_for_the_last_one(folder)
        self.process = self._launch(folder, socket_folder, programs)
        self._wait_until_ready()

    def is_answering(self) -> bool:
        """Whether the server runs, whoever started it."""
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def ensure_database(self, name: str = ROLE) -> None:
        """Make the database of this name where it does not exist."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if not there:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def stop(self) -> None:
        """End the server: open transactions are rolled back, everything committed is kept."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(_PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait()
        self.process = None
        if self._lock:
            self._lock.close()

    def last_lines(self, count: int = 12) -> str:
        """The end of the server's log."""
        if not self.log.exists():
            return ""
        with self.log.open(encoding="utf-8", errors="replace") as lines:
            return "".join(deque(lines, maxlen=count)).rstrip()

    def _take_lock(self) -> None:
        self._lock = (self.data / "postgres.lock").open("w", encoding="utf-8")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise ClusterFailed(f"the database in {self.data} is already in use by another process") from None

    def _folder(self, sheltered: Path) -> Path:
        """Where the cluster is: in the data folder, or sheltered where PostgreSQL's user cannot pass to it."""
        inside, outside = self.data / _FOLDER, sheltered / _FOLDER
        if inside.exists() or outside.exists():
            folder = outside if outside.exists() else inside
        else:
            folder = inside if shelter.may_pass(self.data, self.user) else outside
        if folder is inside and not shelter.may_pass(self.data, self.user):
            raise ClusterFailed(f"PostgreSQL's user may no longer pass to {folder}: open its parents or move the data")
        folder.mkdir(exist_ok=True)
        self.user.take(folder)
        return folder

    def _programs(self, folder: Path, sheltered: Path) -> binaries.Binaries:
        version = folder / "PG_VERSION"
        found = binaries.find(int(version.read_text(encoding="ascii")) if version.exists() else None)
        if shelter.may_pass(found.folder / "postgres", self.user):
            return found
        copy = sheltered / found.installation.name
        if not (copy / "bin" / "postgres").exists():
            draft = Path(tempfile.mkdtemp(dir=sheltered))
            shutil.copytree(found.installation, draft / "whole", symlinks=True)
            self._give(draft)
            (draft / "whole").rename(copy)
            draft.rmdir()
        return binaries.Binaries(copy / found.folder.name, found.major, found.carried)

    def _give(self, folder: Path) -> None:
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, self.user.uid, self.user.gid, follow_symlinks=False)

    def _init(self, folder: Path, programs: binaries.Binaries) -> None:
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        locale = builtin if programs.major >= _BUILTIN_LOCALE_SINCE else ["--locale=C.UTF-8"]
        with tempfile.NamedTemporaryFile("w", dir=folder.parent) as password:
            password.write(self.kept[data_folder.CLUSTER_PASSWORD])
            password.flush()
            os.chown(password.name, self.user.uid, self.user.gid)
            self._run_initdb(folder, programs, [*locale, f"--pwfile={password.name}"])

    def _run_initdb(self, folder: Path, programs: binaries.Binaries, more: list[str]) -> None:
        usual = ["-U", ROLE, "--encoding=UTF8", "--auth=scram-sha-256", "--data-checksums"]
        quick = ["--no-sync"] if self.hasty else []
        made = subprocess.run(  # noqa: S603 - our own arguments
            [programs.folder / "initdb", "-D", folder, *usual, *quick, *more],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=_clean_environment(),
            preexec_fn=processes.tied(signal.SIGKILL),
            **self.user.popen(),
        )
        if made.returncode:
            raise ClusterFailed(f"PostgreSQL could not make its cluster in {folder}:\n{made.stderr.strip()}")

    def _launch(self, folder: Path, socket_folder: Path, programs: binaries.Binaries) -> "subprocess.Popen[bytes]":
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(socket_folder),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **(_HASTY if self.hasty else {}),
        }
        given = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own arguments
                [programs.folder / "postgres", "-D", folder, *given],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_clean_environment(),
                # Ctrl-C in the terminal reaches the whole group: the database must be the last to go.
                start_new_session=True,
                preexec_fn=processes.tied(signal.SIGINT),  # noqa: PLW1509 - calls two system calls only
                **self.user.popen(),
            )

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            if self.process is None or self.process.poll() is not None:
                raise ClusterFailed(f"PostgreSQL ended while it started. Its last words:\n{self.last_lines()}")
            if self.is_answering():
                return
            time.sleep(0.02)
        said = self.last_lines()
        self.stop()
        raise ClusterFailed(f"PostgreSQL does not answer. Its last words:\n{said}")


def _wait_for_the_last_one(folder: Path) -> None:
    """A server whose starter was killed ends a moment later: give it that moment."""
    until = time.monotonic() + _PATIENCE_SECONDS / 4
    while time.monotonic() < until:
        try:
            pid = int((folder / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0])
            os.kill(pid, 0)
        except (OSError, ValueError):
            return
        time.sleep(0.05)


def _clean_environment() -> dict[str, str]:
    # PGDATA, PGPORT and their like are meant for other servers.
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
