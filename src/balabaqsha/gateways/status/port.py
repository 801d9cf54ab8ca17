"""What the house asks the status service of the certificate authority."""

from typing import Protocol


class StatusService(Protocol):
    """The port. An answer is signed and dated by itself, so its bytes are the whole answer; `signatures` judges them."""

    def ask(self, request: bytes) -> bytes:
        """The answer (OCSP response, DER) to a request (DER). Raises NotAnswering."""
