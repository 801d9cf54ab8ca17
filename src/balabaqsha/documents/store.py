"""The folder of files: each content once, under its SHA-256, never under static.

A file appears under its name only when it is whole and on the disk, so a reader never meets half of one
and a crash leaves at most a temporary file. Contents are never changed and never written twice.
"""

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

_SHA256 = re.compile(r"^[0-9a-f]{64}$")


class FileMissing(LookupError):
    """The database knows a file that the folder does not hold: restore it from the copies."""

    def __init__(self, sha256: str) -> None:
        super().__init__(f"file {sha256} is not in the folder of files")
        self.sha256 = sha256


class FileDamaged(LookupError):
    """The folder holds other bytes under this name than were kept: restore the file from the copies."""

    def __init__(self, sha256: str) -> None:
        super().__init__(f"file {sha256} in the folder of files is damaged")
        self.sha256 = sha256


def put(content: bytes) -> str:
    """Keep the content and return its SHA-256 as 64 hexadecimal digits; the same content is stored once."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = _path(sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    return sha256


def path(sha256: str) -> Path:
    """Where the content lies, for readers that need a name; raises FileMissing."""
    found = _path(sha256)
    if not found.exists():
        raise FileMissing(sha256)
    return found


def open(sha256: str) -> BinaryIO:  # noqa: A001 - reads as store.open at the caller
    """The content as a binary file at its beginning; raises FileMissing."""
    try:
        return _path(sha256).open("rb")
    except FileNotFoundError:
        raise FileMissing(sha256) from None


def read(sha256: str) -> bytes:
    """The whole content, proven by its digest; raises FileMissing, FileDamaged."""
    with open(sha256) as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise FileDamaged(sha256)
    return content


def _path(sha256: str) -> Path:
    # A digest is the only way in: nothing that a request says can become a path.
    if not _SHA256.match(sha256):
        message = "a file is named by 64 hexadecimal digits"
        raise ValueError(message)
    return Path(settings.FILES_ROOT) / sha256[:2] / sha256[2:4] / sha256


def _sync_folder(folder: Path) -> None:
    # The new name itself must survive a power cut.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
