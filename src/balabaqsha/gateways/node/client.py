"""The client of NCANode 3: JSON over HTTP, on the loopback or a closed network, for it asks nobody who they are."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from balabaqsha.gateways import jsonfields
from balabaqsha.gateways.channel import Answer, Channel, Limits, Nonsense
from balabaqsha.gateways.node.port import Report, SignerReport

# It asks OCSP and reads lists itself before it answers.
LIMITS = Limits(connect_seconds=1.0, answer_seconds=6.0, patience_seconds=9.0, attempts=2, answer_bytes=1_000_000)
CHECKS = ("OCSP", "CRL")
_OK = 200
_UNUSABLE = frozenset({400, 422})


class NodeClient:
    """Asks POST {url}/cms/verify."""

    def __init__(self, *, channel: Channel, url: str) -> None:
        self._channel = channel
        self._url = url.rstrip("/")

    def verify(self, cms: bytes, content: bytes) -> Report:
        """See the port."""
        body = {
            "cms": base64.b64encode(cms).decode(),
            "data": base64.b64encode(content).decode(),
            # Nothing is looked up unless it is asked for.
            "revocationCheck": list(CHECKS),
        }
        return self._channel.ask(
            "POST",
            f"{self._url}/cms/verify",
            read=_read,
            repeatable=True,
            content=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )


def _read(answer: Answer) -> Report:
    if answer.status in _UNUSABLE:
        return Report(valid=False, signers=())
    if answer.status != _OK:
        raise Nonsense(f"HTTP status {answer.status}")
    fields = jsonfields.parse(answer.body)
    signers = fields.get("signers")
    if not isinstance(fields.get("valid"), bool) or not isinstance(signers, list):
        raise Nonsense("no verdict")
    return Report(valid=fields["valid"], signers=tuple(one for signer in signers for one in _signer(signer)))


def _signer(signer: Any) -> list[SignerReport]:
    """The certificates of one signer: the description calls the list `signers`, the program `certificates`."""
    if not isinstance(signer, dict):
        raise Nonsense("signer")
    listed = signer.get("certificates", signer.get("signers"))
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise Nonsense("certificates of a signer")
    stamp = signer.get("tsp") or {}
    if not isinstance(stamp, dict):
        raise Nonsense("tsp")
    return [_certificate(one, stamp) for one in listed]


def _certificate(one: Mapping[str, Any], stamp: Mapping[str, Any]) -> SignerReport:
    subject, revocations = one.get("subject"), one.get("revocations", [])
    if not isinstance(subject, dict) or not isinstance(revocations, list) or not isinstance(one.get("valid"), bool):
        raise Nonsense("certificate of a signer")
    try:
        return SignerReport(
            valid=one["valid"],
            serial=int(str(one.get("serialNumber", "")), 16),
            iin=str(subject.get("iin", "")),
            usage=str(one.get("keyUsage", "")),
            revoked={str(found["by"]): bool(found["revoked"]) for found in revocations},
            stamp_hash=str(stamp.get("hash", "")).lower(),
            stamp_algorithm=str(stamp.get("tspHashAlgorithm", "")),
        )
    except (ValueError, TypeError, KeyError):
        raise Nonsense("fields of a certificate") from None
