"""The sender of short messages, from its side: each message goes straight to its telephone."""

import json
import re
from collections.abc import Callable
from datetime import datetime

from balabaqsha.sandbox.http import Request, Response, as_json
from balabaqsha.sandbox.messages import Messages, Way
from balabaqsha.sandbox.modes import Systems

_PHONE = re.compile(r"\+7\d{10}")


class SmsSender:
    """POST /sms/messages and GET /sms/messages/<id>."""

    def __init__(self, *, messages: Messages, systems: Systems, clock: Callable[[], datetime]) -> None:
        self._messages = messages
        self._systems = systems
        self._clock = clock
        self._off: set[str] = set()

    def send(self, request: Request) -> Response:
        """Take one message; the same reference is delivered once."""
        return self._systems.behave("sms", lambda: self._send(request))

    def delivery(self, request: Request, identity: str) -> Response:
        """Say what became of a message."""
        return self._systems.behave("sms", lambda: self._delivery(request, identity))

    def switch(self, request: Request, number: str) -> Response:
        """Switch a telephone off, so that nothing is delivered to it, or on: `{"off": true}`."""
        try:
            off = json.loads(request.body)["off"]
        except (ValueError, KeyError, TypeError):
            return as_json(400, {"error": "off: true or false"})
        if not _PHONE.fullmatch(number) or not isinstance(off, bool):
            return as_json(400, {"error": "off: true or false, for +7 and ten digits"})
        (self._off.add if off else self._off.discard)(number)
        return as_json(200, {"phone": number, "off": off})

    def _send(self, request: Request) -> Response:
        if not _known(request):
            return as_json(401, {"error": "no token"})
        try:
            fields = json.loads(request.body)
            to, text, reference = fields["to"], fields["text"], fields["reference"]
        except (ValueError, KeyError, TypeError):
            return as_json(400, {"error": "to, text and reference are needed"})
        if not all(isinstance(value, str) and value for value in (to, text, reference)):
            return as_json(400, {"error": "to, text and reference are texts"})
        if not _PHONE.fullmatch(to):
            return as_json(422, {"error": "no such number"})
        message = self._messages.keep(
            way=Way.SMS, to=to, sender=str(fields.get("from", "")), text=text, reference=reference, at=self._clock()
        )
        return as_json(202, {"id": message.id, "state": "ACCEPTED"})

    def _delivery(self, request: Request, identity: str) -> Response:
        if not _known(request):
            return as_json(401, {"error": "no token"})
        message = self._messages.get(identity)
        if message is None or message.way is not Way.SMS:
            return as_json(404, {"error": "no such message"})
        state = "FAILED" if message.to in self._off else "DELIVERED"
        return as_json(200, {"id": message.id, "reference": message.reference, "state": state, "at": message.at})


def _known(request: Request) -> bool:
    return re.fullmatch(r"Bearer \S+", request.headers.get("authorization", "")) is not None
