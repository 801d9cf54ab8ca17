"""The authority of these tests, pinned in a folder of its own."""

from pathlib import Path

import pytest

from balabaqsha.gateways import registry
from balabaqsha.gateways.status.fake import InMemoryStatus
from tests.signatures.making import DER, town


@pytest.fixture
def authority_folder(tmp_path: Path) -> Path:
    """A folder with the certificates of the root and the issuing authority."""
    for name, issuer in (("root", town().root), ("issuing", town().issuing)):
        (tmp_path / f"{name}.cer").write_bytes(issuer.certificate.public_bytes(DER))
    return tmp_path


@pytest.fixture
def pinned_town(settings, authority_folder):
    """The demonstration with this town's authority; no lists yet, and a status service that is silent."""
    settings.MODE = "demonstration"
    settings.SIGNATURE_AUTHORITIES = authority_folder
    settings.SIGNATURE_AUTHORITY_PINS = frozenset()
    with registry.replaced(status=InMemoryStatus()):
        yield town()
