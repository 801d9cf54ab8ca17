"""The digital health system, from its side: the forms that the persons of the population file have, drawn as papers."""

import base64
import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from balabaqsha import documents
from balabaqsha.sandbox.http import Request, Response, as_json
from balabaqsha.sandbox.modes import Systems
from balabaqsha.sandbox.population import Form, Person, Population

_SIZE = (620, 440)
TITLES = {"FORM_027": "027/у", "FORM_052_2": "052-2/у", "FORM_065": "065/у"}


class Medical:
    """POST /medical/forms"""

    def __init__(self, *, population: Population, systems: Systems) -> None:
        self._population = population
        self._systems = systems

    def forms(self, request: Request) -> Response:
        """The newest form of one kind about one child, for whoever has its representative's consent."""
        return self._systems.behave("medical", lambda: self._answer(request))

    def _answer(self, request: Request) -> Response:
        if not re.fullmatch(r"Bearer \S+", request.headers.get("authorization", "")):
            return as_json(401, {"error": "no token"})
        try:
            question = json.loads(request.body)
            message, iin, kind = (str(question[name]) for name in ("messageId", "iin", "form"))
        except (ValueError, KeyError, TypeError):
            return as_json(400, {"error": "messageId, iin, form and consentConfirmed are wanted"})
        if question.get("consentConfirmed") is not True:
            return as_json(400, {"error": "nothing is said without consent"})
        child = self._population.person(iin)
        found = [one for one in (child.forms if child else ()) if one.code == kind]
        newest = max(found, key=lambda one: one.issued_on) if found else None
        told = _written(child, newest) if child and newest else None
        return as_json(200, {"messageId": message, "found": told})


def _written(child: Person, form: Form) -> dict[str, Any]:
    return {
        "number": form.number,
        "iin": child.iin,
        "form": form.code,
        "issuedOn": form.issued_on.isoformat(),
        "validUntil": form.last_day.isoformat() if form.last_day else None,
        "issuedBy": {"kk": "№ 4 емхана, Павлодар қаласы", "ru": "Поликлиника № 4, город Павлодар"},
        "content": base64.b64encode(_drawn(child, form)).decode(),
    }


def _drawn(child: Person, form: Form) -> bytes:
    folder = Path(documents.__file__).parent / "fonts"
    font = ImageFont.truetype(min(folder.glob("*.ttf")), 22)
    image = Image.new("RGB", _SIZE, "white")
    draw = ImageDraw.Draw(image)
    lines = (
        f"№ {TITLES.get(form.code, form.code)} нысаны / форма",
        f"№ {form.number}   {form.issued_on:%d.%m.%Y}",
        f"{child.surname} {child.given_name}",
        "Ойдан шығарылған құжат / Документ вымышлен",
    )
    for row, text in enumerate(lines):
        draw.text((40, 50 + row * 60), text, font=font, fill="black")
    content = BytesIO()
    image.save(content, "JPEG", quality=80)
    return content.getvalue()
