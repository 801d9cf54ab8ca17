"""Forms of the department's workplace."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from balabaqsha.applications.states import Kind
from balabaqsha.kernel import number
from balabaqsha.law import lists
from balabaqsha.legacy.columns import Field
from balabaqsha.transparency.rules import TEXT_LONGEST

_LANGUAGES = ("kk", "ru", "en")
_CATEGORIES = range(1, 22)
MOST_VOUCHERS = 1_000_000


class ClaimsForm(forms.Form):
    """Which claims are shown."""

    benefit = forms.ChoiceField(
        label="department.benefit",
        required=False,
        choices=[
            ("", "department.all"),
            *((one.value, f"benefit.{one.value}") for one in lists.BenefitStatus if one.needs_proof),
        ],
    )
    number = forms.CharField(label="department.number", required=False, max_length=12)


class DecisionForm(forms.Form):
    """An officer's decision on a claim: a rejection needs words that the family will read."""

    verdict = forms.ChoiceField(
        label="checks.verdict",
        choices=[("confirm", "checks.confirm"), ("reject", "checks.reject")],
        widget=forms.RadioSelect,
    )
    because = forms.CharField(
        label="checks.because",
        help_text="checks.because-hint",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("verdict") == "reject" and len(typed.get("because", "").strip()) < 10:  # noqa: PLR2004 - a sentence
            self.add_error("because", ValidationError("checks.because-needed"))
        return typed


class AnswerForm(forms.Form):
    """What an officer does with a visitor's message: an answer needs words, a message that needs none is closed."""

    verdict = forms.ChoiceField(
        label="feedback.verdict",
        choices=[("answer", "feedback.do-answer"), ("close", "feedback.do-close")],
        initial="answer",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label="feedback.answer-text",
        help_text="feedback.answer-hint",
        required=False,
        max_length=TEXT_LONGEST,
        widget=forms.Textarea(attrs={"rows": 7}),
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("verdict") == "answer" and len(typed.get("answer", "").strip()) < 10:  # noqa: PLR2004 - a sentence
            self.add_error("answer", ValidationError("feedback.answer-needed"))
        return typed


class LimitForm(forms.Form):
    """The most vouchers that a run gives; empty: as many as there are places."""

    limit = forms.IntegerField(
        label="runs.limit",
        help_text="runs.limit-hint",
        required=False,
        min_value=1,
        max_value=MOST_VOUCHERS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "iin"}),
    )


class LineForm(forms.Form):
    """Who of the line is shown."""

    number = forms.CharField(label="department.number", required=False, max_length=12)
    kind = forms.ChoiceField(
        label="department.kind", required=False, choices=[(kind.value, f"kind.{kind.value}") for kind in Kind]
    )
    category = forms.TypedChoiceField(
        label="department.category",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "department.all"), *((number, str(number)) for number in _CATEGORIES)],
    )
    birth_year = forms.TypedChoiceField(label="kg.birth-year", required=False, coerce=int, empty_value=None)
    language = forms.ChoiceField(
        label="application.language",
        required=False,
        choices=[("", "department.all"), *((code, f"language.{code}") for code in _LANGUAGES)],
    )
    tier = forms.ChoiceField(
        label="department.tier",
        required=False,
        choices=[("", "department.all"), *((tier.value, f"tier.{tier.value}") for tier in lists.Tier)],
    )
    settlement = forms.ChoiceField(label="department.settlement", required=False)

    def __init__(self, *args: Any, years: list[int], settlements: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["birth_year"].choices = [("", "department.all"), *((year, str(year)) for year in years)]
        self.fields["settlement"].choices = [("", "department.all"), *settlements]
        if not settlements:
            del self.fields["settlement"]


class NumberForm(forms.Form):
    """The number of a case, with its check digit."""

    number = forms.CharField(
        label="department.number",
        help_text="journal.number-hint",
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_number(self) -> str:
        typed = "".join(self.cleaned_data["number"].split())
        if not number.is_valid(typed):
            raise ValidationError("journal.wrong-number")
        return typed


class ListForm(forms.Form):
    """A list of an earlier system, and whose line it enters."""

    territory = forms.ChoiceField(label="department.territory")
    list = forms.FileField(
        label="lists.file",
        help_text="lists.file-hint",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.xls,.ods,text/csv"}),
    )

    def __init__(self, *args: Any, territories: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territory"].choices = territories


class ColumnsForm(forms.Form):
    """Which column of a list is what, for the fields that its headings do not tell."""

    def __init__(self, *args: Any, headings: Sequence[str], fields: Sequence[Field], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in fields:
            choices = [
                ("", "lists.choose-column"),
                *((heading, heading) for heading in dict.fromkeys(headings) if heading),
            ]
            self.fields[field.value] = forms.ChoiceField(label=f"legacy.field.{field.value}", choices=choices)
