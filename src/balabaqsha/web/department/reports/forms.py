"""The filters of a report and what they ask for."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from balabaqsha.insight.reports.asked import Asked
from balabaqsha.kernel.time import localdate
from balabaqsha.law import rules as law_rules
from balabaqsha.territories import queries as territories
from balabaqsha.territories.regimes import Regime
from balabaqsha.web.department.reports.catalogue import Report
from balabaqsha.web.kit.forms import DayField

_OLDEST = 8


class ReportForm(forms.Form):
    """Where, when, and of which regime and birth year; what a report does not heed is not asked for."""

    territory = forms.ChoiceField(label="report.territory", required=False)
    since = DayField(label="report.since", required=False)
    until = DayField(label="report.until", required=False)
    regime = forms.ChoiceField(
        label="report.regime",
        required=False,
        choices=[("", "report.any"), *((regime.value, f"regime.{regime.value}") for regime in Regime)],
    )
    birth_year = forms.TypedChoiceField(label="term.birth-year", required=False, coerce=int, empty_value=None)

    def __init__(
        self, *arguments: Any, report: Report | None, places: list[tuple[str, str]], today: date, **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.today = today
        self.fields["territory"].choices = places
        born = [(year, str(year)) for year in range(today.year, today.year - _OLDEST, -1)]
        self.fields["birth_year"].choices = [("", "report.any"), *born]
        heeded = report.filters if report else frozenset({"regime", "birth_year"})
        for name in {"regime", "birth_year"} - heeded:
            del self.fields[name]
        if report is not None and report.of_now:
            del self.fields["since"], self.fields["until"]
        if len(places) < 2:  # noqa: PLR2004 - a choice of one is none
            del self.fields["territory"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        since, until = self.period(typed)
        if until < since:
            self.add_error("until" if typed.get("until") else "since", ValidationError("report.period-backwards"))
        return typed

    def period(self, typed: dict[str, Any]) -> tuple[date, date]:
        """The days that were typed; without them from the beginning of the school year until today."""
        first = law_rules.school_year_begins(law_rules.school_year(self.today))
        return typed.get("since") or min(first, typed.get("until") or first), typed.get("until") or self.today


def asked(*, top: str | None, typed: dict[str, Any], now: Any) -> Asked:
    """The question of a page or of an order: of the territory and everything below it, or (None) of the country. One query."""
    codes = None if top is None else tuple(territories.subtree(top).values_list("code", flat=True))
    return Asked(
        codes=codes,
        since=date.fromisoformat(typed["since"]),
        until=date.fromisoformat(typed["until"]),
        now=now,
        regime=typed.get("regime") or "",
        birth_year=typed.get("birth_year"),
        top=top,
    )


def question(form: ReportForm) -> dict[str, Any]:
    """What the form asks for, as an order keeps it; the form is valid."""
    typed = form.cleaned_data
    since, until = form.period(typed)
    return {
        "since": since.isoformat(),
        "until": until.isoformat(),
        "regime": typed.get("regime") or "",
        "birth_year": typed.get("birth_year"),
    }


def today_of(now: Any) -> date:
    """The national day of the page."""
    return localdate(now)
