"""A PostgreSQL for tests and rehearsals where no server is named: shared by all who need it, ended after the last of them.

Whoever uses it holds a shared lock on a file. A keeper (this module run as a program) owns the server and ends it as soon
as it can take that lock for itself alone. A killed user lets go of its lock, a killed keeper takes the server with it.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from balabaqsha.config import cluster, data_folder

_FOLDER = "workshop"
_LINGER_SECONDS = 1.0
_PATIENCE_SECONDS = 90

MEMORY = "memory"
"""The tablespace of copies, where the machine has memory for it: a file system slows down with every thousand files removed
from it, and a copy has eight hundred."""
_MEMORY_FOLDER, _MEMORY_PREFIX = Path("/dev/shm"), "balabaqsha-copies-"  # noqa: S108 - made with a random name, for one user
_MEMORY_BYTES = 2 << 30


@contextmanager
def server(data: Path) -> Iterator[str]:
    """The address of the maintenance database of a running server below the data folder, for as long as the block lasts.

    Raises ClusterFailed with what the server said last.
    """
    data_folder.ensure(data)
    folder = data / _FOLDER
    kept = data_folder.ensure(folder)
    with _lock_file(folder).open("a", encoding="utf-8") as using:
        # Waits while a keeper without users is ending its server.
        fcntl.flock(using, fcntl.LOCK_SH)
        address = cluster.url(kept, "postgres")
        _make_sure(folder, address)
        yield address


def _lock_file(folder: Path) -> Path:
    return folder / "users.lock"


def _ready(folder: Path) -> Path:
    """Is there while the server that answers is fit for use."""
    return folder / "ready"


def _make_sure(folder: Path, address: str) -> None:
    if _is_fit(folder, address):
        return
    with (folder / "start.lock").open("a", encoding="utf-8") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        if not _is_fit(folder, address):
            _start_keeper(folder, address)


def _start_keeper(folder: Path, address: str) -> None:
    log = folder / data_folder.LOGS / "keeper.log"
    with log.open("w", encoding="utf-8") as said:
        keeper = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", __name__, str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    until = time.monotonic() + _PATIENCE_SECONDS
    while not _is_fit(folder, address):
        if keeper.poll() is not None or time.monotonic() > until:
            raise cluster.ClusterFailed(log.read_text(encoding="utf-8").strip() or "PostgreSQL does not answer")
        time.sleep(0.02)
    # Its end is nobody's business: the last user goes before it does.
    threading.Thread(target=keeper.wait, daemon=True).start()


def _is_fit(folder: Path, address: str) -> bool:
    try:
        psycopg.connect(address, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    # Looked at afterwards: it goes before a server comes.
    return _ready(folder).exists()


def keep(folder: Path) -> int:
    """Run the server of this folder until nobody uses it; returns the exit status."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    _ready(folder).unlink(missing_ok=True)
    try:
        kept = _started(folder)
    except cluster.ClusterFailed as problem:
        print(problem, file=sys.stderr)
        return 1
    _ready(folder).touch()
    with _lock_file(folder).open("a", encoding="utf-8") as using:
        while not ended.wait(_LINGER_SECONDS) and not _alone(using) and kept.process and kept.process.poll() is None:
            pass
        kept.stop()
    _forget(folder)
    return 0


def _started(folder: Path) -> cluster.Cluster:
    made = cluster.Cluster(folder, hasty=True)
    try:
        made.start()
        _give_memory(made)
    except (cluster.ClusterFailed, psycopg.Error):
        # Without fsync a power cut may leave a broken cluster; nothing in it is missed.
        broken = [folder / "postgres", cluster.shelter.of(made.kept) / "postgres"]
        if not any((path / "postmaster.pid").exists() or (path / "PG_VERSION").exists() for path in broken):
            raise
        made.stop()
        for path in broken:
            shutil.rmtree(path, ignore_errors=True)
        made = cluster.Cluster(folder, hasty=True)
        made.start()
        _give_memory(made)
    return made


def _give_memory(made: cluster.Cluster) -> None:
    """Make the tablespace of copies anew, without what a killed keeper left of the last one."""
    with psycopg.connect(made.url("postgres"), autocommit=True) as connection:
        left = connection.execute(
            "SELECT datname FROM pg_database AS d JOIN pg_tablespace AS t ON t.oid = d.dattablespace WHERE spcname = %s",
            [MEMORY],
        )
        for (name,) in left.fetchall():
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(f"DROP TABLESPACE IF EXISTS {MEMORY}")
        _forget(made.data)
        if not os.access(_MEMORY_FOLDER, os.W_OK) or shutil.disk_usage(_MEMORY_FOLDER).free < _MEMORY_BYTES:
            return
        place = Path(tempfile.mkdtemp(prefix=_MEMORY_PREFIX, dir=_MEMORY_FOLDER))
        (made.data / MEMORY).symlink_to(place)
        made.user.take(place)
        connection.execute(f"CREATE TABLESPACE {MEMORY} LOCATION '{place}'")


def _forget(folder: Path) -> None:
    """Give the memory of the copies back."""
    link = folder / MEMORY
    if link.is_symlink():
        shutil.rmtree(link.readlink(), ignore_errors=True)
        link.unlink()


def _alone(using: IO[str]) -> bool:
    try:
        fcntl.flock(using, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(keep(Path(sys.argv[1])))
