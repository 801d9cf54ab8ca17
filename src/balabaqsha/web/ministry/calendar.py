"""The national calendar of working days: a year of it, a change proposed, and the second person's answer."""

import calendar as months
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from balabaqsha.accounts.access import access, get_or_404, ministry
from balabaqsha.journeys import changing_calendar
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law import actions
from balabaqsha.law import queries as law
from balabaqsha.law.actions import DayChange, DayNames
from balabaqsha.law.models import CalendarChange
from balabaqsha.locale import written
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import proposals, texts
from balabaqsha.web.kit import rulebook as rules
from balabaqsha.web.kit.forms import DayField
from balabaqsha.web.ministry import pages
from balabaqsha.web.ministry.home import day_name

_MOST_HISTORY = 100
_YEARS = {str(one): one for one in range(2020, 2100)}


class DayForm(forms.Form):
    """A day off, or a working one, with its name in three languages and the act."""

    day = DayField(label="calendar.day", help_text="calendar.day-hint")
    working = forms.ChoiceField(
        label="calendar.becomes", choices=[("off", "calendar.off"), ("on", "calendar.on")], widget=forms.RadioSelect
    )
    name_kk = forms.CharField(label="calendar.name-kk", max_length=120)
    name_ru = forms.CharField(label="calendar.name-ru", max_length=120)
    name_en = forms.CharField(label="calendar.name-en", max_length=120)
    source = proposals.source_field()

    def as_change(self) -> DayChange:
        """The change that was typed."""
        typed = self.cleaned_data
        names = DayNames(typed["name_kk"], typed["name_ru"], typed["name_en"])
        return DayChange(typed["day"], typed["working"] == "on", names, typed["source"].strip())


@access(ministry)
@require_http_methods(["GET", "POST"])
def year(request: HttpRequest) -> HttpResponse:
    """The days of a year that differ from their weekday, how many working days each month has, and a new change."""
    today = localdate(request.now)
    shown = _YEARS.get(request.GET.get("year", ""), today.year)
    form = DayForm(request.POST if request.method == "POST" else None)
    preview: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        change = form.as_change()
        try:
            if request.POST.get("step") == "propose":
                row = actions.propose_day(change=change, actor=request.actor, now=request.now)
                return redirect("ministry.calendar-change", row.id)
            actions.check_day(change=change, now=request.now)
        except Refusal as refusal:
            kit.blame(form, refusal, "day")
        else:
            preview = _preview(request, change.day)
    history = CalendarChange.objects.order_by("-proposed_at")[:_MOST_HISTORY]
    return pages.page(
        request,
        "calendar",
        "ministry.calendar",
        year=shown,
        years=[(one, f"{reverse('ministry.calendar')}?year={one}") for one in (shown - 1, shown, shown + 1)],
        form=form,
        preview=preview,
        waiting=[
            {"text": said(row), "note": rules.state_of(row), "url": reverse("ministry.calendar-change", args=[row.id])}
            for row in law.open_days()
        ],
        events=rules.history((row, said(row)) for row in history),
        **_tables(shown),
    )


@access(ministry)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, change_id: int) -> HttpResponse:
    """One proposed day: what it means, and the second person's answer."""
    row: CalendarChange = get_or_404(ministry, request.actor, CalendarChange.objects.all(), pk=change_id)
    form, taken = proposals.AnswerForm(), False
    if request.method == "POST":
        form, taken = proposals.answer(
            request,
            approve=lambda: changing_calendar.approve(change_id=row.id, actor=request.actor, now=request.now),
            refuse=lambda because: actions.refuse_day(
                change_id=row.id, because=because, actor=request.actor, now=request.now
            ),
        )
    if taken:
        return redirect("ministry.calendar")
    row.refresh_from_db()
    return pages.page(
        request,
        "calendar_change",
        "ministry.calendar-change",
        trail=("ministry.calendar",),
        heading=said(row),
        form=form,
        proposal=row,
        state=rules.state_of(row),
        own=proposals.is_own(request, row),
        preview=_preview(request, row.day),
    )


def said(row: CalendarChange) -> str:
    """What a change says of its day."""
    name = {"ru": row.name_ru, "en": row.name_en}.get(texts.language(), row.name_kk)
    return texts.say(f"calendar.said-{'on' if row.working else 'off'}", date=row.day, name=name)


def _preview(request: HttpRequest, day: date) -> list[dict[str, Any]]:
    found = changing_calendar.preview(day=day, now=request.now)
    return [
        {"label": texts.say("calendar.spanning"), "value": found.spanning, "note": texts.say("calendar.spanning-note")},
        {"label": texts.say("calendar.ending"), "value": found.ending, "note": texts.say("calendar.ending-note")},
    ]


def _tables(shown: int) -> dict[str, Any]:
    working = law.calendar()
    named = law.day_names(date(shown, 1, 1), date(shown, 12, 31))
    counted = []
    for month in range(1, 13):
        days = [date(shown, month, day) for day in range(1, months.monthrange(shown, month)[1] + 1)]
        counted.append([f"{month:02d}.{shown}", sum(working.is_working(day) for day in days), len(days)])
    return {
        "columns": [{"label": texts.say(f"calendar.{key}")} for key in ("day", "becomes", "name", "source")],
        "rows": [
            {
                "cells": [
                    written.day(one.day),
                    texts.say("calendar.on" if one.working else "calendar.off"),
                    day_name(one),
                    texts.source(one.source),
                ]
            }
            for one in named.values()
        ],
        "month_columns": [
            {"label": texts.say(f"calendar.{key}"), "number": place > 0}
            for place, key in enumerate(("month", "working-days", "days"))
        ],
        "month_rows": [{"cells": cells} for cells in counted],
    }
