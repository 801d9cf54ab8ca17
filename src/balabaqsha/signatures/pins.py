"""The authorities that a person has pinned: certificate files in a folder, each allowed by its SHA-256."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from balabaqsha.signatures import verifier

SUFFIXES = frozenset({".cer", ".crt", ".pem"})
DEMONSTRATION = "demonstration"


@dataclass(frozen=True)
class Pinned:
    """What the folder holds, and what is wrong with it, in words for the person who runs the portal."""

    authorities: tuple[verifier.Authority, ...]
    problems: tuple[str, ...]


def pinned(folder: Path, *, pins: Collection[str], mode: str) -> Pinned:
    """Read the folder. A development authority counts in the demonstration only, where no pins mean that every file counts.

    `pins` are SHA-256 digests of certificates in hexadecimal. Files that are a problem are left out.
    """
    wanted = frozenset(pin.replace(":", "").lower() for pin in pins)
    problems = [] if wanted or mode == DEMONSTRATION else ["no SHA-256 of any signature authority is pinned"]
    authorities = []
    for path in _files(folder):
        try:
            authority = _read(path, path.stat().st_mtime_ns)
        except (OSError, verifier.UnusableAuthority) as error:
            problems.append(f"{path.name}: {error}")
            continue
        problem = _problem(authority, wanted=wanted, mode=mode)
        if problem:
            problems.append(f"{path.name}: {problem}")
        else:
            authorities.append(authority)
    missing = wanted - {authority.sha256.hex() for authority in authorities}
    problems += [f"no file has the pinned SHA-256 {pin}" for pin in sorted(missing)]
    return Pinned(authorities=tuple(authorities), problems=tuple(problems))


def _problem(authority: verifier.Authority, *, wanted: frozenset[str], mode: str) -> str | None:
    if authority.is_development and mode != DEMONSTRATION:
        return f"the development authority «{authority.name}» is refused outside the demonstration"
    if (wanted or mode != DEMONSTRATION) and authority.sha256.hex() not in wanted:
        return f"SHA-256 {authority.sha256.hex()} is not pinned"
    return None


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES and not path.name.startswith("."))


@lru_cache(maxsize=32)
def _read(path: Path, _changed: int) -> verifier.Authority:
    return verifier.read_authority(path.read_bytes())
