"""The forms by which an officer mends a case: what is put right, the reason of its list, words for the family."""

from typing import Any

from django import forms

from balabaqsha.kindergartens.models import Language
from balabaqsha.law.grounds import CorrectionReason, ErrorOfAuthority, LengtheningReason
from balabaqsha.web.kit.forms import ApplicationNumberField, DayField


def _because(name: str, reasons: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label="decision.because",
        help_text="decision.because-hint",
        choices=[(one.value, f"{name}.{one.value}") for one in reasons],
        widget=forms.RadioSelect,
    )


def _note() -> forms.CharField:
    return forms.CharField(
        label="decision.note",
        help_text="decision.note-hint",
        min_length=10,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CorrectDateForm(forms.Form):
    """The right day."""

    day = DayField(label="mend.day", help_text="mend.day-hint")
    because = _because("correction-reason", CorrectionReason)
    note = _note()


class CorrectWishForm(forms.Form):
    """The right languages."""

    languages = forms.MultipleChoiceField(
        label="application.language",
        choices=[(code, f"language.{code}") for code in Language.values],
        widget=forms.CheckboxSelectMultiple,
    )
    because = _because("correction-reason", CorrectionReason)
    note = _note()


class CorrectNameForm(forms.Form):
    """Nothing is typed: the register says the names."""

    because = _because("correction-reason", CorrectionReason)
    note = _note()


class LengthenForm(forms.Form):
    """By how many working days."""

    days = forms.IntegerField(
        label="mend.days",
        help_text="mend.days-hint",
        min_value=1,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "iin"}),
    )
    because = _because("lengthening", LengtheningReason)
    note = _note()


class BringBackForm(forms.Form):
    """By which error it went to the archive."""

    because = _because("authority-error", ErrorOfAuthority)
    note = _note()


class MergeForm(forms.Form):
    """Which application is the duplicate."""

    number = ApplicationNumberField(label="mend.number", help_text="mend.number-hint")
    note = _note()
