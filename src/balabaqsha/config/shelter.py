"""A folder that PostgreSQL's user can reach, tied to one data folder: for the socket, and for what closed parents hide.

PostgreSQL never runs as root. Started by root it runs as another user, to whom a clone or a data folder below a closed
folder is out of reach; and a socket's name may not be longer than 107 bytes. So each town has a short folder of its own.
"""

import os
import pwd
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from balabaqsha.config import data_folder

_PREFIX = "balabaqsha-"
_TIED_TO = "tied-to"
_OWN_ONLY = 0o700


class NotOurs(Exception):
    """Somebody else made the folder that belongs to this town."""


@dataclass(frozen=True)
class Owner:
    """The user that PostgreSQL runs as; `switch` where that is not the user of this process."""

    uid: int
    gid: int
    switch: bool

    def popen(self) -> dict[str, object]:
        """How to start a process as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}

    def take(self, path: Path) -> None:
        """Give the path to this user alone."""
        if self.switch:
            os.chown(path, self.uid, self.gid)
        path.chmod(_OWN_ONLY)


def owner() -> Owner:
    """Who PostgreSQL runs as here: this user, or for root the system's `postgres`, else `nobody`."""
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid(), switch=False)
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return Owner(entry.pw_uid, entry.pw_gid, switch=True)


def may_pass(path: Path, user: Owner) -> bool:
    """Whether the user may enter each folder down to this path and use the path itself."""
    resolved = path.resolve()
    return all(_open_to(step, user) for step in [*reversed(resolved.parents), resolved] if step.exists())


def _open_to(step: Path, user: Owner) -> bool:
    status = step.stat()
    if not user.switch and user.uid == 0:
        return True
    if status.st_uid == user.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == user.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)


def of(kept: dict[str, str]) -> Path:
    """The folder's place, from the settings kept in the data folder."""
    return _root() / f"{_PREFIX}{kept[data_folder.CLUSTER]}"


def open_for(data: Path, kept: dict[str, str], user: Owner) -> Path:
    """Make the folder of this data folder, for PostgreSQL's user alone; raises NotOurs where another user has it."""
    _sweep(user)
    folder = of(kept)
    if not folder.exists():
        folder.mkdir(mode=_OWN_ONLY)
        user.take(folder)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != user.uid or status.st_mode & 0o077:
        raise NotOurs(f"{folder} belongs to somebody else: remove it and start again")
    _tie(folder, str(data.resolve()))
    return folder


def _tie(folder: Path, to: str) -> None:
    """Note whose folder it is, whole or not at all: a note cut short by a full disk would give the folder up to the sweep."""
    tie = folder / _TIED_TO
    if tie.exists() and tie.read_text(encoding="utf-8") == to:
        return
    draft = tie.with_suffix(".new")
    draft.write_text(to, encoding="utf-8")
    draft.replace(tie)


def _root() -> Path:
    # Survives a restart of the machine, which the usual temporary folder may not.
    lasting = Path("/var/tmp")  # noqa: S108 - made with a random name, for one user, and checked
    return lasting if lasting.is_dir() and os.access(lasting, os.W_OK) else Path(tempfile.gettempdir())


def _sweep(user: Owner) -> None:
    """Remove the folders of towns whose data folder is gone."""
    for folder in _root().glob(f"{_PREFIX}*"):
        tie = folder / _TIED_TO
        if not os.access(folder, os.R_OK) or folder.lstat().st_uid != user.uid or not tie.exists():
            continue
        told = tie.read_text(encoding="utf-8")
        kept = data_folder.kept(Path(told))
        if told and folder.name != f"{_PREFIX}{kept.get(data_folder.CLUSTER)}":
            shutil.rmtree(folder, ignore_errors=True)
