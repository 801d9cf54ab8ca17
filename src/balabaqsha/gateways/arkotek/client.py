"""The client of Arkotek: JSON over HTTP; the IIN goes in the body, where no log of addresses keeps it."""

import json
from datetime import date, datetime
from typing import Any

from balabaqsha.gateways import jsonfields
from balabaqsha.gateways.arkotek.port import ConclusionRecord, Conclusions
from balabaqsha.gateways.channel import Answer, Channel, Nonsense
from balabaqsha.kernel.iin import Iin
from balabaqsha.law.lists import CorrectionType

_OK = 200
MOST_CONCLUSIONS = 50


class ArkotekClient:
    """Asks POST <url>/conclusions; the token goes in the Authorization header."""

    def __init__(self, *, channel: Channel, url: str, token: str) -> None:
        self._channel = channel
        self._url = f"{url.rstrip('/')}/conclusions"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def conclusions(self, child: Iin, *, now: datetime) -> Conclusions:
        """See the port."""
        reference = self._channel.runtime.new_id()
        question = {"messageId": reference, "iin": child.text, "consentConfirmed": True}
        records = self._channel.ask(
            "POST",
            self._url,
            read=lambda answer: _read(answer, child, reference),
            # A question changes nothing there, however often it is asked.
            repeatable=True,
            content=json.dumps(question).encode(),
            headers=self._headers,
        )
        return Conclusions(records=records, reference=reference, asked_at=now)


def _read(answer: Answer, child: Iin, reference: str) -> tuple[ConclusionRecord, ...]:
    if answer.status != _OK:
        raise Nonsense(f"HTTP status {answer.status}")
    fields = jsonfields.parse(answer.body)
    if jsonfields.must_text(fields, "messageId") != reference:
        raise Nonsense("an answer to another question")
    found = fields.get("conclusions")
    if not isinstance(found, list) or len(found) > MOST_CONCLUSIONS or not all(isinstance(one, dict) for one in found):
        raise Nonsense("no list of conclusions")
    records = [_record(one, child) for one in found]
    return tuple(sorted(records, key=lambda one: (one.issued_on, one.number), reverse=True))


def _record(fields: dict[str, Any], child: Iin) -> ConclusionRecord:
    if jsonfields.must_text(fields, "iin") != child.text:
        raise Nonsense("another child")
    try:
        correction = CorrectionType(jsonfields.must_text(fields, "correction"))
    except ValueError:
        raise Nonsense("correction has an unknown code") from None
    issued_on, last_day = _day(fields, "issuedOn"), fields.get("validUntil")
    last = None if last_day is None else _day(fields, "validUntil")
    if last is not None and last < issued_on:
        raise Nonsense("it ends before it begins")
    return ConclusionRecord(
        number=_short(fields, "number", 40),
        child_iin=child.text,
        correction=correction,
        issued_on=issued_on,
        last_day=last,
        issued_by_kk=jsonfields.must_text(_part(fields, "issuedBy"), "kk"),
        issued_by_ru=jsonfields.must_text(_part(fields, "issuedBy"), "ru"),
        advice_kk=jsonfields.must_text(_part(fields, "advice"), "kk"),
        advice_ru=jsonfields.must_text(_part(fields, "advice"), "ru"),
    )


def _short(fields: dict[str, Any], name: str, longest: int) -> str:
    text = jsonfields.must_text(fields, name)
    if len(text) > longest:
        raise Nonsense(f"{name} is too long")
    return text


def _part(fields: dict[str, Any], name: str) -> dict[str, Any]:
    part = fields.get(name)
    if not isinstance(part, dict):
        raise Nonsense(f"{name} has no fields")
    return part


def _day(fields: dict[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(jsonfields.must_text(fields, name))
    except ValueError:
        raise Nonsense(f"{name} is no day") from None
