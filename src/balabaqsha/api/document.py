"""The document of the interface, written by hand."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from balabaqsha.api.door import programs

FILE = Path(__file__).with_name("openapi.json")


@programs("GET")
def document(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the same for everybody
    """What may be asked, how, and what is answered (OpenAPI 3.1)."""
    return JsonResponse(written(), json_dumps_params={"ensure_ascii": False})


@cache
def written() -> dict[str, Any]:
    """The document as it stands in the file."""
    read: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return read
