"""The interface for tests and programs: modes, messages."""

import json
import math
from dataclasses import asdict

from balabaqsha.sandbox.http import Request, Response, as_json
from balabaqsha.sandbox.messages import Messages, Way
from balabaqsha.sandbox.modes import Kind, Mode, Systems

LONGEST_DELAY_SECONDS = 60.0


class Api:
    """JSON at /api."""

    def __init__(self, *, systems: Systems, messages: Messages) -> None:
        self._systems = systems
        self._messages = messages

    def systems(self, request: Request) -> Response:  # noqa: ARG002 - every route gets the request
        """Every system: mode, seconds, kind, asked."""
        return as_json(200, {name: asdict(behaviour) for name, behaviour in self._systems.all().items()})

    def set_mode(self, request: Request, name: str) -> Response:
        """Take {"mode": ..., "seconds": ..., "kind": ...}; the last two may be missing."""
        if name not in self._systems.all():
            return as_json(404, {"error": "no such system"})
        try:
            fields = json.loads(request.body)
            mode = Mode(fields["mode"])
            seconds = float(fields.get("seconds", 2.0))
            kind = Kind(fields["kind"]) if fields.get("kind") else None
        except (ValueError, KeyError, TypeError, AttributeError):
            return as_json(400, {"error": f"mode: {', '.join(Mode)}; kind: {', '.join(Kind)}; seconds: a number"})
        if not (math.isfinite(seconds) and 0 <= seconds <= LONGEST_DELAY_SECONDS):
            return as_json(400, {"error": f"seconds: 0 to {LONGEST_DELAY_SECONDS:g}"})
        self._systems.set(name, mode=mode, seconds=seconds, kind=kind)
        return as_json(200, asdict(self._systems.all()[name]))

    def messages(self, request: Request) -> Response:
        """The newest messages; `phone` and `email` choose a telephone or an address, `limit` how many."""
        phone, address = request.query.get("phone"), request.query.get("email")
        limit = request.query.get("limit", "200")
        if not limit.isdigit():
            return as_json(400, {"error": "limit: a number"})
        # "+" in a query means a space; a caller that did not escape it means the telephone all the same.
        phone = "+" + phone.strip().lstrip("+") if phone else None
        way = Way.SMS if phone else Way.EMAIL if address else None
        found = self._messages.find(way=way, to=phone or address, limit=int(limit))
        return as_json(200, [asdict(message) for message in found])

    def forget(self, request: Request) -> Response:  # noqa: ARG002 - every route gets the request
        """Forget all messages."""
        self._messages.forget()
        return as_json(200, [])
