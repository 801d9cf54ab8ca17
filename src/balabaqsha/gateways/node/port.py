"""What the house asks NCANode about a signature. Its words are a second opinion: `signatures` weighs them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class SignerReport:
    """What NCANode says of the certificate of one signer; `serial` is a number, `revoked` by OCSP and CRL if it looked.

    `stamp_hash` is the hexadecimal digest that the time stamp is over, empty without a stamp.
    """

    valid: bool
    serial: int
    iin: str
    usage: str
    revoked: Mapping[str, bool]
    stamp_hash: str = ""
    stamp_algorithm: str = ""


@dataclass(frozen=True)
class Report:
    """What NCANode says of a message as a whole, and of each certificate that it saw."""

    valid: bool
    signers: tuple[SignerReport, ...]


class SignatureNode(Protocol):
    """The port."""

    def verify(self, cms: bytes, content: bytes) -> Report:
        """The report on a message over the content, revocation looked up by OCSP and CRL. Raises NotAnswering."""
