"""A telephone with eGov Mobile: reads a QR code, fetches the document, signs it with a demonstration key, brings it back."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from balabaqsha.sandbox.authority import signing
from balabaqsha.sandbox.authority.authority import Key

SECONDS = 10.0


@dataclass(frozen=True)
class Reply:
    """What the portal answered."""

    status: int
    body: bytes

    @property
    def fields(self) -> dict[str, Any]:
        """The JSON of the answer; empty where it has none."""
        try:
            return dict(json.loads(self.body))
        except ValueError:
            return {}


Ask = Callable[[str, str, Mapping[str, str], bytes], Reply]


class Refused(Exception):
    """The portal did not give what was asked for; `reply` says why."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.fields.get("message", f"status {reply.status}"))
        self.reply = reply


def over_http(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
    """Ask over the network."""
    answer = httpx.request(method, url, headers=headers, content=body or None, timeout=SECONDS, trust_env=False)
    return Reply(answer.status_code, answer.content)


def address_in(scanned: str) -> str:
    """The address in a QR code or in the link that opens the application on the same telephone."""
    if scanned.startswith("mobileSign:"):
        return scanned.removeprefix("mobileSign:")
    links = parse_qs(urlsplit(scanned).query).get("link")
    return links[0] if links else scanned


@dataclass(frozen=True)
class Phone:
    """One telephone; `ask` carries its questions to the portal."""

    ask: Ask = over_http

    def open(self, scanned: str) -> dict[str, Any]:
        """Call 1: who asks for a signature, and where the document is. Raises Refused."""
        return self._get(address_in(scanned), {})

    def fetch(self, told: Mapping[str, Any]) -> dict[str, Any]:
        """Call 2: the documents. Raises Refused."""
        return self._get(told["document"]["uri"], _shown(told))

    def bring(self, told: Mapping[str, Any], documents: Mapping[str, Any], key: Key, *, signed_at: datetime) -> Reply:
        """Sign every document and send the same form back."""
        signed = json.loads(json.dumps(documents))
        for one in signed["documentsToSign"]:
            content = base64.b64decode(one["document"]["file"]["data"])
            message = signing.sign(content, key, signed_at=signed_at)
            one["document"]["file"]["data"] = base64.b64encode(message).decode()
        headers = _shown(told) | {"Content-Type": "application/json"}
        return self.ask("PUT", told["document"]["uri"], headers, json.dumps(signed).encode())

    def sign(self, scanned: str, key: Key, *, signed_at: datetime) -> Reply:
        """Everything from the camera to the portal's answer. Raises Refused."""
        told = self.open(scanned)
        return self.bring(told, self.fetch(told), key, signed_at=signed_at)

    def _get(self, url: str, headers: Mapping[str, str]) -> dict[str, Any]:
        reply = self.ask("GET", url, headers, b"")
        if reply.status != httpx.codes.OK:
            raise Refused(reply)
        return reply.fields


def _shown(told: Mapping[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {told['document']['auth_token']}"}
