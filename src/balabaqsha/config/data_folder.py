"""The data folder: one town's secrets, files and database. Everything that survives a restart is in it or tied to it."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SECRETS = "settings.env"
# Others may pass through, so that PostgreSQL's own user reaches its cluster; the folders inside are closed.
_PASSABLE = 0o711
_CLOSED = 0o700
_OWN_ONLY = 0o600
FILES, LOGS, SANDBOX, AUTHORITY = "files", "logs", "sandbox", "authority"

SECRET_KEY = "BALABAQSHA_SECRET_KEY"  # noqa: S105 - the name of a setting
CLUSTER = "BALABAQSHA_CLUSTER"
CLUSTER_PASSWORD = "BALABAQSHA_CLUSTER_PASSWORD"  # noqa: S105 - the name of a setting


class InUse(Exception):
    """Another process runs or rebuilds the town of this data folder."""


def kept(data: Path) -> dict[str, str]:
    """The settings kept in the data folder; empty where it has none yet."""
    try:
        text = (data / SECRETS).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    lines = (line.strip() for line in text.splitlines())
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def ensure(data: Path) -> dict[str, str]:
    """Make the data folder and its secrets where they are missing; returns the kept settings."""
    if not data.exists():
        data.mkdir(parents=True)
        data.chmod(_PASSABLE)
    for name in (FILES, LOGS, SANDBOX, AUTHORITY):
        (data / name).mkdir(mode=_CLOSED, exist_ok=True)
    file = data / SECRETS
    if not file.exists():
        _write_new(file, _new_secrets())
    return kept(data)


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Keep others from running or rebuilding the town of this data folder; raises InUse where somebody already does."""
    with (data / "up.lock").open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse(f"a town is already running from {data}") from None
        yield


def _new_secrets() -> str:
    made = {
        SECRET_KEY: secrets.token_urlsafe(48),
        CLUSTER: secrets.token_hex(6),
        CLUSTER_PASSWORD: secrets.token_urlsafe(24),
    }
    return "".join(f"{name}={value}\n" for name, value in made.items())


def _write_new(file: Path, text: str) -> None:
    """Write the whole file or nothing; whoever comes second keeps what the first wrote."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWN_ONLY)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
