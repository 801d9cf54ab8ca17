"""Forms of the department's workplace."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from balabaqsha.applications.models import LINK_ENDED_BY_OFFICER
from balabaqsha.applications.states import Kind, State
from balabaqsha.kernel import number
from balabaqsha.kernel.actor import Role
from balabaqsha.law import lists
from balabaqsha.legacy.columns import Field
from balabaqsha.territories.regimes import Regime
from balabaqsha.transparency.rules import TEXT_LONGEST
from balabaqsha.web.kit import years as school_year
from balabaqsha.web.kit.forms import DayField, IinField, PhoneField

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


class GuardianForm(DecisionForm):
    """The same on a decision of the guardianship authority, which may name its last day."""

    last_day = DayField(label="guardian.last-day", help_text="guardian.last-day-hint", required=False)

    field_order = ("verdict", "last_day", "because")


class ReviewForm(forms.Form):
    """An officer's look at an extension: a withdrawal needs a reason of the closed list and words for the family."""

    verdict = forms.ChoiceField(
        label="review.verdict",
        choices=[("accept", "review.accept"), ("withdraw", "review.withdraw")],
        widget=forms.RadioSelect,
    )
    because = forms.ChoiceField(
        label="review.because",
        help_text="review.because-hint",
        required=False,
        choices=[
            ("", "review.choose-reason"),
            *((one.value, f"extension-withdrawal.{one.value}") for one in lists.WithdrawalReason),
        ],
    )
    note = forms.CharField(
        label="review.note",
        help_text="review.note-hint",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("verdict") != "withdraw":
            return typed
        if not typed.get("because") and "because" not in self.errors:
            self.add_error("because", ValidationError("review.because-needed"))
        if len(typed.get("note", "").strip()) < 10:  # noqa: PLR2004 - a sentence
            self.add_error("note", ValidationError("review.note-needed"))
        return typed


class RegimeForm(forms.Form):
    """Another regime for a territory: which, from when, by whose act."""

    regime = forms.ChoiceField(
        label="regime-change.to",
        choices=[(one.value, f"regime.{one.value}") for one in Regime],
        widget=forms.RadioSelect,
    )
    day = DayField(label="regime-change.day", help_text="regime-change.day-hint")
    source = forms.CharField(
        label="regime-change.source",
        help_text="regime-change.source-hint",
        min_length=10,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RemovalForm(forms.Form):
    """Why an officer closes an application, and what the family reads of it."""

    because = forms.ChoiceField(
        label="decision.because",
        help_text="decision.because-hint",
        choices=[(one.value, f"removal.{one.value}") for one in lists.RemovalReason],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="decision.note",
        help_text="decision.note-hint",
        min_length=10,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LinkEndForm(forms.Form):
    """Why the other parent sees the application no longer."""

    because = forms.ChoiceField(
        label="decision.because",
        help_text="decision.because-hint",
        choices=[(one.value, f"link-end.{one.value}") for one in LINK_ENDED_BY_OFFICER],
        widget=forms.RadioSelect,
    )


class TurnsForm(forms.Form):
    """Which turns and referrals are shown."""

    number = forms.CharField(label="department.number", required=False, max_length=12)
    birth_year = forms.TypedChoiceField(label="kg.birth-year", required=False, coerce=int, empty_value=None)
    due = forms.ChoiceField(
        label="turns.due", required=False, choices=[("", "department.all"), ("today", "turns.due-today")]
    )

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["birth_year"].choices = [("", "department.all"), *((year, str(year)) for year in years)]


class PlacesForm(forms.Form):
    """Whose groups are shown."""

    name = forms.CharField(label="department.kindergarten", required=False, max_length=80)
    birth_year = forms.TypedChoiceField(label="kg.birth-year", required=False, coerce=int, empty_value=None)
    school_year = forms.TypedChoiceField(label="school-year.label", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, years: Sequence[int], school_years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["birth_year"].choices = [("", "department.all"), *((year, str(year)) for year in years)]
        said = [(year, school_year.said(year)) for year in school_years]
        self.fields["school_year"].choices = [("", "department.all"), *said]


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


class JournalForm(forms.Form):
    """Which applications of the register are shown."""

    state = forms.ChoiceField(
        label="department.state",
        required=False,
        choices=[("", "department.all"), *((state.value, f"state.{state.value}.officer") for state in State)],
    )
    benefit = forms.ChoiceField(
        label="department.benefit",
        required=False,
        choices=[("", "department.all"), *((one.value, f"benefit.{one.value}") for one in lists.BenefitStatus)],
    )
    birth_year = forms.TypedChoiceField(label="kg.birth-year", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["birth_year"].choices = [("", "department.all"), *((year, str(year)) for year in years)]


class PersonForm(forms.Form):
    """The IIN of a child or of an applicant."""

    iin = IinField(label="journal.iin", help_text="journal.iin-hint")


class NumberForm(forms.Form):
    """The number of a case, with its check digit; or the one that it had in an earlier system."""

    number = forms.CharField(
        label="department.number",
        help_text="journal.number-hint",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_number(self) -> str:
        typed = "".join(self.cleaned_data["number"].split())
        # Numbers of earlier systems are of many shapes («16.УО.2017.32731.1»); only digits alone can be one of ours.
        if typed.isdigit() and not number.is_valid(typed):
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


class TakeRoleForm(forms.Form):
    """Why a role is taken away."""

    reason = forms.CharField(
        label="roles.reason",
        help_text="roles.reason-hint",
        min_length=5,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RoleForm(TakeRoleForm):
    """A role to be given: to whom, which, where, from when until when, why."""

    iin = IinField(label="roles.iin", help_text="roles.iin-hint")
    surname = forms.CharField(
        label="roles.surname", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(label="roles.role", widget=forms.RadioSelect)
    kindergarten = forms.ChoiceField(label="roles.kindergarten", help_text="roles.kindergarten-hint", required=False)
    territory = forms.ChoiceField(label="roles.territory", help_text="roles.territory-hint", required=False)
    first_day = DayField(label="roles.first-day", help_text="roles.first-day-hint", required=False)
    last_day = DayField(label="roles.last-day", help_text="roles.last-day-hint", required=False)

    field_order = ("iin", "surname", "role", "kindergarten", "territory", "first_day", "last_day", "reason")

    def __init__(
        self,
        *arguments: Any,
        roles: Sequence[Role],
        kindergartens: list[tuple[str, str]],
        territories: list[tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self.fields["role"].choices = [(role.value, f"role.{role}") for role in roles]
        for name, choices in (("kindergarten", kindergartens), ("territory", territories)):
            if choices:
                self.fields[name].choices = [("", "roles.choose"), *choices]
            else:
                # A head gives roles in their own kindergarten; the ministry gives none in any.
                del self.fields[name]


class PhoneReturnForm(forms.Form):
    """Whose telephone was lost, by which identity document, and the new number."""

    iin = IinField(label="phones.iin", help_text="phones.iin-hint")
    surname = forms.CharField(
        label="person.surname", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    document = forms.RegexField(
        r"^[0-9]{9}$",
        label="phones.document",
        help_text="phones.document-hint",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-width": "iin"}),
        error_messages={"invalid": "phones.document-wrong"},
    )
    phone = PhoneField(label="phones.number", help_text="phones.number-hint")
    seen = forms.BooleanField(label="phones.seen")
