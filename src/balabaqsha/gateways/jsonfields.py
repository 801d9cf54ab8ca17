"""JSON from outside: one object with fields of the expected kinds."""

import json
from typing import Any

from balabaqsha.gateways.channel import Nonsense

LONGEST_FIELD = 500


def parse(content: bytes) -> dict[str, Any]:
    """The object. Raises Nonsense for anything else."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        raise Nonsense("not JSON") from None
    if not isinstance(value, dict):
        raise Nonsense("JSON without fields")
    return value


def must_text(fields: dict[str, Any], name: str) -> str:
    """The non-empty text of the field. Raises Nonsense."""
    value = fields.get(name)
    if not isinstance(value, str) or not value or len(value) > LONGEST_FIELD:
        raise Nonsense(f"{name} is no text")
    return value
