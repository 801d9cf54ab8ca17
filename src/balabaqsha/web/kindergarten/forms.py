"""Forms of a kindergarten's workplace."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from balabaqsha.kernel.time import localdate
from balabaqsha.law import lists
from balabaqsha.law.rules import max_age_moment
from balabaqsha.web.kit.forms import DayField, MoneyField
from balabaqsha.web.kit.garden_forms import DEAREST_FEE

# A contract for a place begins within a year, or the place would stand empty too long.
LATEST_START = timedelta(days=366)


class VisitForm(forms.Form):
    """Which papers of the closed list the family had with it; nothing else may be asked (004)."""

    brought = forms.MultipleChoiceField(
        label="kg.brought",
        help_text="kg.brought-hint",
        required=False,
        choices=[(one.kind.value, f"paper.{one.kind.value}") for one in lists.admission_papers(lists.Regime.LINEAR)],
        widget=forms.CheckboxSelectMultiple,
    )


class ContractForm(forms.Form):
    """What the kindergarten fills into the contract; the family cannot change it."""

    start_on = DayField(label="kg.start-on", help_text="kg.start-on-hint")
    ends_on = DayField(label="kg.ends-on", help_text="kg.ends-on-hint")
    stay_hours = forms.FloatField(
        label="kg.stay-hours",
        min_value=1,
        max_value=24,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "data-width": "iin"}),
    )
    parent_fee = MoneyField(label="kg.parent-fee", max_value=DEAREST_FEE)

    def __init__(self, *args: Any, today: date, opens_on: date | None, born_on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        self._first = max(today, opens_on or today)
        self._last_day = last_day(born_on)

    def clean_start_on(self) -> date:
        day: date = self.cleaned_data["start_on"]
        if not self._first <= day <= self._today + LATEST_START:
            raise ValidationError("day-out-of-range", params={"first": self._first, "last": self._today + LATEST_START})
        return day

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        start, end = typed.get("start_on"), typed.get("ends_on")
        if start and end and not start < end <= self._last_day:
            first = start + timedelta(days=1)
            self.add_error(
                "ends_on", ValidationError("day-out-of-range", params={"first": first, "last": self._last_day})
            )
        return typed


def last_day(born_on: date) -> date:
    """The last day of the service: 31 August of the year in which the child turns six."""
    return localdate(max_age_moment(born_on)) - timedelta(days=1)


class ReturnForm(forms.Form):
    """Why papers are returned, and what the family shall mend."""

    reason = forms.ChoiceField(
        label="kg.return-reason", choices=[(one.value, f"return.{one.value}") for one in lists.ReturnReason]
    )
    note = forms.CharField(
        label="kg.return-note",
        help_text="kg.return-note-hint",
        min_length=5,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RefuseForm(forms.Form):
    """On which ground admission is refused, and the fact behind it."""

    ground = forms.ChoiceField(
        label="kg.refuse-ground",
        choices=[(one.value, f"refusal-ground.{one.value}") for one in lists.RefusalGround],
        widget=forms.RadioSelect,
    )
    fact = forms.CharField(
        label="kg.refuse-fact",
        help_text="kg.refuse-fact-hint",
        min_length=10,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ChildrenForm(forms.Form):
    """Which of the enrolled children are shown."""

    group = forms.TypedChoiceField(label="places.group", required=False, coerce=int, empty_value=None)
    name = forms.CharField(label="kg.child-name", required=False, max_length=60)

    def __init__(self, *args: Any, groups: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [("", "kg.all-groups"), *groups]
