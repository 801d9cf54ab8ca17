"""What the house asks the servers of revocation lists."""

from typing import Protocol


class RevocationSource(Protocol):
    """The port. A list dates and numbers itself, so its bytes are the whole answer; `signatures` judges them."""

    def fetch(self, address: str) -> bytes:
        """The list at this address, one of those that the settings allow. Raises NotAnswering."""
