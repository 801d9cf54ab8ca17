"""The keys by which the demonstration's portal and its state gateway know each other, made at the first start."""

import fcntl
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.serialization import NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from balabaqsha.gateways.wssecurity import Security
from balabaqsha.sandbox.authority.profile import MARK, new_key

_LIFE = timedelta(days=15 * 365)
_PEM = serialization.Encoding.PEM


@dataclass(frozen=True)
class Identities:
    """The files of both sides in one folder."""

    folder: Path

    @property
    def portal(self) -> Security:
        """What the portal signs with, and whom it believes."""
        return Security(self.folder / "portal.pem", self.folder / "gateway.crt")

    @property
    def gateway(self) -> Security:
        """What the gateway signs with, and whom it believes."""
        return Security(self.folder / "gateway.pem", self.folder / "portal.crt")


def ensure(folder: Path, *, now: datetime) -> Identities:
    """The keys of the folder, made where they are missing; several processes may ask at once."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name in ("portal", "gateway"):
            if not (folder / f"{name}.pem").exists():
                _make(folder, name, now=now)
    return Identities(folder)


def _make(folder: Path, name: str, *, now: datetime) -> None:
    key = new_key()
    title = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} - {MARK}")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(title)
        .issuer_name(title)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LIFE)
        .sign(key, hashes.SHA256())
    )
    shown = certificate.public_bytes(_PEM)
    _write(folder / f"{name}.crt", shown)
    # Written last: whoever finds the key finds its certificate too.
    _write(folder / f"{name}.pem", key.private_bytes(_PEM, PrivateFormat.PKCS8, NoEncryption()) + shown)


def _write(file: Path, content: bytes) -> None:
    part = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
    part.replace(file)
