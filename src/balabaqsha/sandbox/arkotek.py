"""Arkotek, from its side: the conclusions that the persons of the population file have."""

import json
import re
from typing import Any

from balabaqsha.sandbox.http import Request, Response, as_json
from balabaqsha.sandbox.modes import Systems
from balabaqsha.sandbox.population import Conclusion, Population


class Arkotek:
    """POST /arkotek/conclusions"""

    def __init__(self, *, population: Population, systems: Systems) -> None:
        self._population = population
        self._systems = systems

    def conclusions(self, request: Request) -> Response:
        """The conclusions about one child, for whoever has its representative's consent."""
        return self._systems.behave("arkotek", lambda: self._answer(request))

    def _answer(self, request: Request) -> Response:
        if not re.fullmatch(r"Bearer \S+", request.headers.get("authorization", "")):
            return as_json(401, {"error": "no token"})
        try:
            question = json.loads(request.body)
            message, iin = str(question["messageId"]), str(question["iin"])
        except (ValueError, KeyError, TypeError):
            return as_json(400, {"error": "messageId, iin and consentConfirmed are wanted"})
        if question.get("consentConfirmed") is not True:
            return as_json(400, {"error": "nothing is said without consent"})
        child = self._population.person(iin)
        found = [_written(iin, one) for one in (child.conclusions if child else ())]
        return as_json(200, {"messageId": message, "conclusions": found})


def _written(iin: str, one: Conclusion) -> dict[str, Any]:
    return {
        "number": one.number,
        "iin": iin,
        "correction": one.correction,
        "issuedOn": one.issued_on.isoformat(),
        "validUntil": one.last_day.isoformat() if one.last_day else None,
        "issuedBy": {"kk": "№ 2 ПМПК, Павлодар қаласы", "ru": "ПМПК № 2, город Павлодар"},
        "advice": {"kk": "Түзету тобы ұсынылады", "ru": "Рекомендована коррекционная группа"},
    }
