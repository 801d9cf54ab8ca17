"""The ministry's first page: the regions with their regimes, and the national terms."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, ministry
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.locale import written
from balabaqsha.territories import queries as territories
from balabaqsha.web.kit import rulebook as rules
from balabaqsha.web.kit import texts
from balabaqsha.web.ministry import pages

_MOST_DAYS = 10


@access(ministry)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Every region, and every territory with a regime of its own below it; the next days that differ from their weekday."""
    today = localdate(request.now)
    coming = law.named_days(since=today)[:_MOST_DAYS]
    language = texts.language()
    rows = [
        {
            "cells": [
                region.name(language),
                ", ".join(f"{place.name(language)}: {texts.say(f'regime.{regime}')}" for place, regime in own)
                or texts.say("regime.NONE"),
            ]
        }
        for region, own in territories.regimes_by_region(today)
    ]
    return pages.page(
        request,
        "home",
        "ministry.home",
        columns=[{"label": texts.say(f"ministry.{key}")} for key in ("region", "regime")],
        rows=rows,
        waiting=law.open_days().count(),
        days=[f"{written.day(one.day)}: {day_name(one)}" for one in coming],
    )


@access(ministry)
@require_GET
def terms(request: HttpRequest) -> HttpResponse:
    """The terms that hold for the whole country."""
    book = law.rulebook(None).all(on=localdate(request.now))
    return pages.page(request, "terms", "ministry.terms", columns=rules.term_columns(), rows=rules.term_rows(book))


def day_name(one: law.DayName) -> str:
    """What the day is called, in the language of the page."""
    return {"ru": one.ru, "en": one.en}.get(texts.language(), one.kk)
