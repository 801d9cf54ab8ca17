"""Other implementations agree: OpenSSL and pyHanko accept what is made here, and what OpenSSL makes is accepted."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from balabaqsha.signatures import verifier
from tests.signatures.making import DER, MOTHER, NOW, message, town

CONTENT = "Шарт № 17: бала күтімі.".encode() * 200

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="the program openssl is not installed")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    key = town().keys["mother"]
    pem = serialization.Encoding.PEM
    (tmp_path / "content").write_bytes(CONTENT)
    (tmp_path / "signer.pem").write_bytes(key.certificate.public_bytes(pem))
    (tmp_path / "signer.key").write_bytes(
        key.private.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    chain = (town().root.certificate.public_bytes(pem), town().issuing.certificate.public_bytes(pem))
    (tmp_path / "chain.pem").write_bytes(b"".join(chain))
    return tmp_path


def openssl(folder: Path, command: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)


@needs_openssl
class TestOpenssl:
    @pytest.mark.parametrize(
        "form", ["", "-nodetach", "-nodetach -stream"], ids=["detached", "attached", "indefinite-length"]
    )
    def test_its_signatures_are_accepted(self, folder, form):
        openssl(
            folder,
            "cms -sign -binary -in content -signer signer.pem -inkey signer.key -outform DER -out made -md sha256 "
            f"{form}",
        )

        verified = verifier.verify(
            (folder / "made").read_bytes(), CONTENT, purpose=verifier.SIGN, moment=NOW, trust=town().trust()
        )

        assert verified.holder.iin == MOTHER.iin

    def test_it_accepts_ours(self, folder):
        (folder / "made").write_bytes(message(CONTENT).dump())

        done = openssl(
            folder,
            "cms -verify -inform DER -in made -content content -binary -CAfile chain.pem -purpose any -out out "
            f"-attime {int(NOW.timestamp())}",
        )

        assert b"successful" in done.stderr


class TestPyhanko:
    def test_it_finds_the_same_message_whole(self):
        data = message(CONTENT)["content"]
        certificate = x509.Certificate.load(town().keys["mother"].certificate.public_bytes(DER))

        intact, valid = validate_sig_integrity(
            data["signer_infos"][0], certificate, "data", hashlib.sha256(CONTENT).digest()
        )

        assert (intact, valid) == (True, True)
