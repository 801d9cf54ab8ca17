"""The districts of an oblast beside each other: who waits, what is free, what is due and what is over."""

from collections import Counter
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse

from balabaqsha.applications.models import Application
from balabaqsha.applications.states import State
from balabaqsha.desk.queries import Tally
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.territories import queries as territories
from balabaqsha.web.department import pages
from balabaqsha.web.kit import texts

_COLUMNS = (
    "department.territory",
    "districts.waiting",
    "districts.free",
    "districts.work",
    "districts.today",
    "districts.over",
)


def table(request: HttpRequest, tallies: list[Tally]) -> dict[str, Any] | None:
    """A row for each district with its numbers, each leading to what it counts; None for an officer of one district."""
    own = pages.own_territories(request)
    if len(own) < 2:  # noqa: PLR2004 - one is compared with nothing
        return None
    codes = [code for code, _ in own]
    waiting, free = _waiting(codes), _free(request, codes)
    inside = territories.within_which({one.territory_code for one in tallies if one.territory_code}, codes)
    work, today, over = Counter[str](), Counter[str](), Counter[str]()
    for one in tallies:
        code = inside.get(one.territory_code or "", "")
        work[code] += one.waiting
        today[code] += one.today
        over[code] += one.over
    return {
        "columns": [{"label": texts.say(key), "number": key != _COLUMNS[0]} for key in _COLUMNS],
        "rows": [
            {
                "cells": [
                    {"text": name, "url": _url(code)},
                    waiting[code],
                    free[code],
                    work[code],
                    {"text": str(today[code]), "url": _url(code, due="today")} if today[code] else 0,
                    {"text": str(over[code]), "url": _url(code, due="over")} if over[code] else 0,
                ]
            }
            for code, name in own
        ],
    }


def _url(code: str, **asked: str) -> str:
    return f"{reverse('officer.work')}?{urlencode({'territory': code} | asked)}"


def _waiting(codes: list[str]) -> Counter[str]:
    rows = Application.objects.filter(territory_id__in=codes, state=State.WAITING).order_by()
    return Counter(dict(rows.values_list("territory_id").annotate(n=Count("id"))))


def _free(request: HttpRequest, codes: list[str]) -> Counter[str]:
    rows = kindergartens.free_places(request.now).filter(group__territory_id__in=codes).order_by()
    return Counter(dict(rows.values_list("group__territory_id").annotate(n=Count("id"))))
