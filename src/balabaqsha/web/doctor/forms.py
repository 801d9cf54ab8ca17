"""Forms of the workplace of those who decide special applications."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from balabaqsha.law import lists

_LONGEST = 500
_SENTENCE = 10


class CasesForm(forms.Form):
    """Which cases are shown."""

    correction = forms.ChoiceField(
        label="application.correction",
        required=False,
        choices=[
            ("", "department.all"),
            *((one.value, f"correction.{one.value}") for one in lists.CorrectionType),
        ],
    )
    number = forms.CharField(label="department.number", required=False, max_length=12)


class VerdictForm(forms.Form):
    """The decision on a case: a rejection has a reason of the closed list, and words where they help the family."""

    verdict = forms.ChoiceField(
        label="checks.verdict",
        choices=[("confirm", "checks.confirm"), ("reject", "checks.reject")],
        widget=forms.RadioSelect,
    )
    because = forms.ChoiceField(
        label="doctor.because",
        help_text="doctor.because-hint",
        required=False,
        choices=[
            ("", "review.choose-reason"),
            *((one.value, f"case-rejection.{one.value}") for one in lists.CaseRejection),
        ],
    )
    note = forms.CharField(
        label="doctor.note",
        help_text="doctor.note-hint",
        required=False,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a rejection without its reason."""
        typed = super().clean() or {}
        if typed.get("verdict") == "reject" and not typed.get("because") and "because" not in self.errors:
            self.add_error("because", ValidationError("doctor.because-needed"))
        return typed


class AskForm(forms.Form):
    """Whom to ask what."""

    colleague = forms.TypedChoiceField(label="doctor.colleague", coerce=int)
    question = forms.CharField(
        label="doctor.question",
        help_text="doctor.question-hint",
        min_length=_SENTENCE,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, colleagues: Sequence[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["colleague"].choices = [("", "field.choose"), *colleagues]


class OpinionForm(forms.Form):
    """What a colleague would do, and why."""

    advice = forms.ChoiceField(
        label="doctor.advice",
        choices=[("confirm", "checks.confirm"), ("reject", "checks.reject")],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label="doctor.why",
        help_text="doctor.why-hint",
        min_length=_SENTENCE,
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
