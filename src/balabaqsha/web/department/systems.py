"""State systems as the department sees them: which answers, which does not and why, and what waits for it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, department_officer
from balabaqsha.checks import systems
from balabaqsha.checks.systems import Health, Look, Waiting
from balabaqsha.locale import written
from balabaqsha.web.department import pages
from balabaqsha.web.kit import texts

_TONES = {Look.ANSWERS: "ok", Look.FAILS: "bad", Look.RESTS: "warn", Look.NEVER: "off"}
_ICONS = {Look.ANSWERS: "circle-check", Look.FAILS: "wifi-off", Look.RESTS: "hourglass", Look.NEVER: "minus"}


@access(department_officer)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Every system, then what is sent and asked by itself as soon as one answers again."""
    found = systems.health(real_now=request.real_now)
    context = {
        "troubled": sum(one.look in {Look.FAILS, Look.RESTS} for one in found),
        "system_columns": [{"label": texts.say(f"systems.{key}")} for key in ("name", "look", "answered", "failed")],
        "system_rows": [_row(one) for one in found],
        "waiting_columns": [
            {"label": texts.say("systems.waits")},
            {"label": texts.say("systems.count"), "number": True},
            {"label": texts.say("systems.since")},
        ],
        "waiting_rows": [_waits(one) for one in systems.waiting(now=request.now)],
    }
    return pages.page(request, "systems", "officer.systems", **context)


def _row(one: Health) -> dict[str, Any]:
    failed = _moment(one.failed_at)
    if one.reason:
        failed = f"{failed}: {texts.say(f'systems.reason-{one.reason}')}"
    look = {"badge": texts.say(f"systems.{one.look}"), "tone": _TONES[one.look], "icon": _ICONS[one.look]}
    return {"cells": [texts.say(f"system.{one.system}"), look, _moment(one.answered_at), failed]}


def _waits(one: Waiting) -> dict[str, Any]:
    return {"cells": [texts.say(f"systems.waits-{one.what}"), str(one.count), _moment(one.since)]}


def _moment(moment: datetime | None) -> str:
    return written.moment(moment) if moment else "–"
