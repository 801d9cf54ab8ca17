"""The development authority on disk: founded once for a data folder; it issues keys, revokes them, publishes lists."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12

from balabaqsha.sandbox.authority import profile
from balabaqsha.sandbox.authority.profile import Holder, Issuer, Usage

# The password of every demonstration key, shown to whoever takes one.
PASSWORD = "Qwerty12"  # noqa: S105 - printed on purpose

# The demonstration's clock goes forward by weeks; keys, authorities and lists outlast it.
BEFORE = timedelta(days=2 * 365)
LEAF_LIFE = timedelta(days=5 * 365)
AUTHORITY_LIFE = timedelta(days=15 * 365)
LIST_LIFE = timedelta(days=3 * 365)

ROOT_TITLE = f"ДЕМО НКО (RSA) - {profile.MARK}"
ISSUING_TITLE = f"ДЕМО ҰКО (RSA) - {profile.MARK}"


@dataclass(frozen=True)
class Key:
    """A private key with its certificate."""

    holder: Holder
    usage: Usage
    private: rsa.RSAPrivateKey
    certificate: x509.Certificate

    def as_p12(self, password: str = PASSWORD) -> bytes:
        """The key file: PBES1 with 3DES and SHA-1, as the national authority makes them, so the browser meets those."""
        protection = (
            PrivateFormat.PKCS12.encryption_builder()
            .kdf_rounds(1024)
            .key_cert_algorithm(pkcs12.PBES.PBESv1SHA1And3KeyTripleDESCBC)
            .hmac_hash(hashes.SHA1())  # noqa: S303 - what the key files of the national authority use
            .build(password.encode())
        )
        name = file_name(self.holder, self.usage).removesuffix(".p12").encode()
        return pkcs12.serialize_key_and_certificates(name, self.private, self.certificate, None, protection)


def file_name(holder: Holder, usage: Usage) -> str:
    """A name in the manner of the national authority."""
    owner = f"{holder.iin}_{holder.bin}" if holder.bin else holder.iin
    return f"RSA256_{owner}.p12" if usage is Usage.SIGN else f"AUTH_RSA256_{owner}.p12"


@dataclass(frozen=True)
class Authority:
    """The authority of one data folder. Make one with `open_or_found`."""

    folder: Path
    root: Issuer
    issuing: Issuer
    founded_at: datetime

    @property
    def trusted(self) -> Path:
        """The folder of its certificates, for the setting that pins authorities."""
        return self.folder / "trusted"

    def issue(self, holder: Holder, usage: Usage) -> Key:
        """A new key for the holder."""
        private = profile.new_key()
        certificate = self.issuing.issue(
            holder,
            usage,
            public_key=private.public_key(),
            valid=(self.founded_at - BEFORE, self.founded_at + LEAF_LIFE),
        )
        return Key(holder=holder, usage=usage, private=private, certificate=certificate)

    def key_file(self, holder: Holder, usage: Usage) -> Path:
        """The .p12 file of this holder, issued at the first asking and again when the name has changed."""
        keys = self.folder / "keys"
        path = keys / file_name(holder, usage)
        if not _is_of(path, holder):
            keys.mkdir(exist_ok=True, mode=0o700)
            _write(path, self.issue(holder, usage).as_p12())
        return path

    def revoke(self, certificate: x509.Certificate, *, now: datetime) -> None:
        """Put the certificate on the next list."""
        with _locked(self.folder):
            revoked = self._revoked()
            revoked.setdefault(certificate.serial_number, now)
            text = json.dumps({str(serial): moment.isoformat() for serial, moment in revoked.items()}, indent=1)
            _write(self.folder / "revoked.json", text.encode())

    def revocation_lists(self, *, now: datetime) -> dict[str, bytes]:
        """The lists by file name, as they stand now; their number is the second at which they were made."""
        number, until = int(now.timestamp()), now + LIST_LIFE
        return {
            "root.crl": self.root.revocation_list({}, number=number, this_update=now, next_update=until),
            "issuing.crl": self.issuing.revocation_list(
                self._revoked(), number=number, this_update=now, next_update=until
            ),
        }

    def status(self, asked: bytes, *, now: datetime) -> bytes:
        """What the status service answers to a request; it counts as long as a list. Raises ValueError."""
        return self.issuing.status(asked, self._revoked(), this_update=now, next_update=now + LIST_LIFE)

    def _revoked(self) -> dict[int, datetime]:
        try:
            text = (self.folder / "revoked.json").read_text()
        except FileNotFoundError:
            return {}
        return {int(serial): datetime.fromisoformat(moment) for serial, moment in json.loads(text).items()}


def _is_of(path: Path, holder: Holder) -> bool:
    if not path.exists():
        return False
    _, certificate, _ = pkcs12.load_key_and_certificates(path.read_bytes(), PASSWORD.encode())
    if certificate is None or certificate.subject != holder.subject():
        return False
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    return {profile.ROLES[role] for role in holder.roles} <= set(usage)


def open_or_found(folder: Path, *, now: datetime, address: str = "") -> Authority:
    """The authority of the folder, founded if there is none. `address`, without a last slash, is where its lists are.

    Several processes may ask at once: one founds, the others wait and open.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(folder):
        if not (folder / "founded").exists():
            _found(folder, now=now.replace(microsecond=0))
    return Authority(
        folder=folder,
        root=_read_issuer(folder, "root", address),
        issuing=_read_issuer(folder, "issuing", address),
        founded_at=datetime.fromisoformat((folder / "founded").read_text()),
    )


def _found(folder: Path, *, now: datetime) -> None:
    # An authority is older than the keys it issues.
    valid = (now - BEFORE - timedelta(days=1), now + AUTHORITY_LIFE)
    root_key, issuing_key = (profile.new_key(profile.AUTHORITY_BITS) for _ in range(2))
    root = Issuer(certificate=profile.authority_certificate(ROOT_TITLE, root_key, valid=valid), key=root_key)
    issuing = profile.authority_certificate(ISSUING_TITLE, issuing_key, valid=valid, parent=root)
    (folder / "trusted").mkdir(exist_ok=True)
    for name, certificate, key in (("root", root.certificate, root_key), ("issuing", issuing, issuing_key)):
        _write(folder / "trusted" / f"{name}.cer", certificate.public_bytes(serialization.Encoding.DER))
        _write(
            folder / f"{name}.key",
            key.private_bytes(serialization.Encoding.DER, PrivateFormat.PKCS8, serialization.NoEncryption()),
        )
    # Written last: a founding that was killed is done again.
    _write(folder / "founded", now.isoformat().encode())


def _read_issuer(folder: Path, name: str, address: str) -> Issuer:
    key = serialization.load_der_private_key((folder / f"{name}.key").read_bytes(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError(f"{name}.key is no RSA key")
    certificate = x509.load_der_x509_certificate((folder / "trusted" / f"{name}.cer").read_bytes())
    return Issuer(certificate=certificate, key=key, address=address)


def _write(path: Path, content: bytes) -> None:
    """Write whole or not at all, readable by the owner only."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    part.replace(path)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
