"""The client of the sender of short messages: JSON over HTTP."""

import json
from datetime import datetime
from urllib.parse import quote

from balabaqsha.gateways import jsonfields
from balabaqsha.gateways.channel import Answer, Channel, Nonsense
from balabaqsha.gateways.sms.port import Accepted, Delivery, NumberRefused, State

_OK = 200
_ACCEPTED = 202
_NOT_FOUND = 404
_REFUSED = 422


class SmsClient:
    """Sends by POST <url>/messages and asks GET <url>/messages/<id>; the token goes in the Authorization header."""

    def __init__(self, *, channel: Channel, url: str, token: str, sender: str) -> None:
        self._channel = channel
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._sender = sender

    def send(self, phone: str, text: str, *, reference: str, now: datetime) -> Accepted:
        """See the port. Repeated after a failure: the sender takes one reference once."""
        body = {"reference": reference, "from": self._sender, "to": phone, "text": text}
        identity = self._channel.ask(
            "POST",
            f"{self._url}/messages",
            read=_read_accepted,
            repeatable=True,
            content=json.dumps(body, ensure_ascii=False).encode(),
            headers=self._headers,
        )
        return Accepted(id=identity, reference=reference, asked_at=now)

    def delivery(self, message_id: str, *, now: datetime) -> Delivery | None:
        """See the port."""
        found = self._channel.ask(
            "GET",
            f"{self._url}/messages/{quote(message_id, safe='')}",
            read=lambda answer: _read_delivery(answer, message_id),
            repeatable=True,
            headers=self._headers,
        )
        if found is None:
            return None
        state, reference = found
        return Delivery(id=message_id, state=state, reference=reference, asked_at=now)


def _read_accepted(answer: Answer) -> str:
    if answer.status == _REFUSED:
        raise NumberRefused
    if answer.status not in {_OK, _ACCEPTED}:
        raise Nonsense(f"HTTP status {answer.status}")
    return jsonfields.must_text(jsonfields.parse(answer.body), "id")


def _read_delivery(answer: Answer, message_id: str) -> tuple[State, str] | None:
    if answer.status == _NOT_FOUND:
        return None
    if answer.status != _OK:
        raise Nonsense(f"HTTP status {answer.status}")
    fields = jsonfields.parse(answer.body)
    if jsonfields.must_text(fields, "id") != message_id:
        raise Nonsense("another message")
    state = jsonfields.must_text(fields, "state")
    if state not in set(State):
        raise Nonsense("unknown state")
    return State(state), jsonfields.must_text(fields, "reference")
