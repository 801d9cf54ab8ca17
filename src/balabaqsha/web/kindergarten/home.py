"""The first page of a head: today in four numbers, and what is due first."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, kindergarten_admission
from balabaqsha.admissions import queries
from balabaqsha.admissions.models import Admission
from balabaqsha.admissions.states import Stage
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.law import queries as law
from balabaqsha.people.queries import card
from balabaqsha.web.kindergarten import pages
from balabaqsha.web.kit import due, texts


@access(kindergarten_admission)
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Today in four numbers; below them everything that waits for the head, the soonest due first."""
    own = pages.admissions(request)
    to_register = list(pages.shown(queries.by_due(own, stage=Stage.REFERRED)))
    to_send = list(queries.by_due(own, stage=Stage.CONTRACT_AWAITED))
    to_sign = list(queries.by_due(own, stage=Stage.CONTRACT_WITH_KINDERGARTEN))
    rows = sorted([*to_register, *to_send, *to_sign], key=lambda one: (one.due is None, one.due, one.id))
    calendar = law.calendar()
    free = sum(kindergartens.free_by_group(pages.groups(request), now=request.now).values())
    offers = queries.open_offers(request.actor.kindergarten_id, now=request.now)
    nearest = due.standing(to_sign[0].due, now=request.now, calendar=calendar).left if to_sign else ""
    stats = [
        {"label": texts.say("kg.stat-free"), "value": free, "note": ""},
        {"label": texts.say("kg.stat-to-send"), "value": len(to_send), "note": ""},
        {"label": texts.say("kg.stat-to-sign"), "value": len(to_sign), "note": nearest},
        {"label": texts.say("kg.stat-offers"), "value": offers, "note": ""},
    ]
    columns = [texts.say(key) for key in ("kg.child", "places.group", "kg.to-do")]
    work = [row(one, standing=due.standing(one.due, now=request.now, calendar=calendar)) for one in rows]
    return pages.page(request, "home", "kg.home", stats=stats, columns=columns, rows=work)


# What the head does with an admission that has no contract to sign yet, and where.
_STEPS = {
    Stage.REFERRED: ("kg.register-short", "kg.referral"),
    Stage.CONTRACT_AWAITED: ("kg.send", "kg.request"),
}


def row(admission: Admission, *, standing: due.Due) -> dict[str, Any]:
    """One admission in a list of what is due, with the step that is the head's."""
    number = admission.application.number
    step, page = _STEPS.get(Stage(admission.stage), ("kg.look-and-sign", "kg.contract"))
    name = card(admission.application.child).full_name
    url = reverse(page, args=[number])
    kind = {"badge": texts.say("kg.transfer"), "tone": "info"} if admission.is_transfer else texts.say("kg.first-place")
    return {
        "id": number,
        "name": name,
        "url": url,
        "cells": [admission.group.name, kind],
        "left": standing.left,
        "tone": standing.tone,
        "action": {
            "text": texts.say(step),
            "url": url,
            "size": "s",
            "kind": "secondary" if Stage(admission.stage) in _STEPS else "",
            "of": name,
        },
    }
