"""What must be right with the pinned authorities before a process starts."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error


def authorities_are_pinned(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every authority is pinned, none is a development authority outside the demonstration, and production has some."""
    # Django loads this module in every process; the verifier behind the pins is heavy, and few processes check.
    from balabaqsha.signatures import pins  # noqa: PLC0415 - the verifier is heavy, and most commands verify nothing

    folder = getattr(settings, "SIGNATURE_AUTHORITIES", None)
    if folder is None:
        return [Error("SIGNATURE_AUTHORITIES names no folder", id="signatures.E001")]
    found = pins.pinned(folder, pins=settings.SIGNATURE_AUTHORITY_PINS, mode=settings.MODE)
    messages: list[CheckMessage] = [Error(problem, id="signatures.E002") for problem in found.problems]
    if not found.authorities and settings.MODE != pins.DEMONSTRATION:
        messages.append(Error(f"{folder} holds no certificate of a signature authority", id="signatures.E003"))
    return messages
