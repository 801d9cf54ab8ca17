"""The client of the digital health system: our own question, since no public format was found."""

import base64
import binascii
import json
from datetime import date, datetime
from typing import Any

from balabaqsha.gateways import jsonfields
from balabaqsha.gateways.channel import Answer, Channel, Nonsense
from balabaqsha.gateways.medical.port import FormAnswer, MedicalForm
from balabaqsha.kernel.iin import Iin
from balabaqsha.law.lists import DocumentKind

_OK = 200
_LONGEST_NUMBER = 40


class MedicalClient:
    """Asks POST {url}/forms; the IIN stands in the body, where no log of addresses keeps it."""

    def __init__(self, *, channel: Channel, url: str, token: str) -> None:
        self._channel = channel
        self._url = f"{url.rstrip('/')}/forms"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def form(self, kind: DocumentKind, child: Iin, *, now: datetime) -> FormAnswer:
        """See the port."""
        reference = self._channel.runtime.new_id()
        question = {"messageId": reference, "iin": child.text, "form": kind.value, "consentConfirmed": True}
        found = self._channel.ask(
            "POST",
            self._url,
            read=lambda answer: _read(answer, kind, child, reference),
            repeatable=True,
            content=json.dumps(question).encode(),
            headers=self._headers,
        )
        return FormAnswer(form=found, reference=reference, asked_at=now)


def _read(answer: Answer, kind: DocumentKind, child: Iin, reference: str) -> MedicalForm | None:
    if answer.status != _OK:
        raise Nonsense(f"HTTP status {answer.status}")
    fields = jsonfields.parse(answer.body)
    if jsonfields.must_text(fields, "messageId") != reference:
        raise Nonsense("an answer to another question")
    if "found" not in fields:
        raise Nonsense("neither a form nor none")
    found = fields["found"]
    if found is None:
        return None
    if not isinstance(found, dict):
        raise Nonsense("no form")
    if (found.get("iin"), found.get("form")) != (child.text, kind.value):
        raise Nonsense("another child or another form")
    return _form(found, kind)


def _form(found: dict[str, Any], kind: DocumentKind) -> MedicalForm:
    issued_on, last_day = (
        _day(found, "issuedOn"),
        None if found.get("validUntil") is None else _day(found, "validUntil"),
    )
    number = jsonfields.must_text(found, "number")
    if len(number) > _LONGEST_NUMBER or (last_day is not None and last_day < issued_on):
        raise Nonsense("number or days of a form")
    by = found.get("issuedBy")
    if not isinstance(by, dict):
        raise Nonsense("issuedBy has no fields")
    return MedicalForm(
        kind=kind,
        number=number,
        issued_on=issued_on,
        last_day=last_day,
        issued_by_kk=jsonfields.must_text(by, "kk"),
        issued_by_ru=jsonfields.must_text(by, "ru"),
        content=_content(found),
    )


def _content(found: dict[str, Any]) -> bytes:
    said = found.get("content")
    try:
        content = base64.b64decode(said, validate=True) if isinstance(said, str) else b""
    except (binascii.Error, ValueError):
        raise Nonsense("content is no base64") from None
    if not content:
        raise Nonsense("no content")
    return content


def _day(fields: dict[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(jsonfields.must_text(fields, name))
    except ValueError:
        raise Nonsense(f"{name} is no day") from None
