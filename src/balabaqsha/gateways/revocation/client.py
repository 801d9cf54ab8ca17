"""The client of the servers of revocation lists: plain GET from allowed addresses."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from balabaqsha.gateways.channel import Answer, Channel, Limits, Nonsense
from balabaqsha.gateways.port import NotAnswering, Reason, System

# A national list is tens of megabytes.
LIMITS = Limits(connect_seconds=3.0, answer_seconds=60.0, patience_seconds=120.0, answer_bytes=64_000_000)
_BEGINNINGS = (b"\x30", b"-----BEGIN X509 CRL-----")
_OK = 200


class RevocationClient:
    """Fetches only addresses that begin with one of `allowed`: an address may come out of a stranger's certificate."""

    def __init__(self, *, channel: Channel, allowed: Sequence[str]) -> None:
        """Take the allowed beginnings, each with host and path; raises ValueError for one without a path.

        Without the path `http://crl.example` would also allow `http://crl.example.evil/`.
        """
        for beginning in allowed:
            parts = urlsplit(beginning)
            if parts.scheme not in {"http", "https"} or not parts.netloc or not parts.path:
                raise ValueError(f"a revocation address needs scheme, host and path: {beginning}")
        self._channel = channel
        self._allowed = tuple(allowed)

    def fetch(self, address: str) -> bytes:
        """See the port."""
        if not address.startswith(self._allowed):
            raise NotAnswering(system=System.REVOCATION.value, reason=Reason.ADDRESS_NOT_ALLOWED.value)
        return self._channel.ask("GET", address, read=_read, repeatable=True)


def _read(answer: Answer) -> bytes:
    if answer.status != _OK:
        raise Nonsense(f"HTTP status {answer.status}")
    if not answer.body.startswith(_BEGINNINGS):
        raise Nonsense("no revocation list")
    return answer.body
