"""The client of the status service: OCSP over HTTP (RFC 6960, appendix A.1)."""

from balabaqsha.gateways.channel import Answer, Channel, Limits, Nonsense

# Somebody waits before the page, and the revocation list is there when the service is not.
LIMITS = Limits(connect_seconds=1.0, answer_seconds=2.0, patience_seconds=3.0, attempts=2, answer_bytes=64_000)
_OK = 200
_SEQUENCE = b"\x30"


class StatusClient:
    """Asks the one address that the settings name: that of a certificate may be a stranger's."""

    def __init__(self, *, channel: Channel, url: str) -> None:
        self._channel = channel
        self._url = url

    def ask(self, request: bytes) -> bytes:
        """See the port."""
        headers = {"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"}
        return self._channel.ask("POST", self._url, read=_read, repeatable=True, content=request, headers=headers)


def _read(answer: Answer) -> bytes:
    if answer.status != _OK:
        raise Nonsense(f"HTTP status {answer.status}")
    if not answer.body.startswith(_SEQUENCE):
        raise Nonsense("no status answer")
    return answer.body
