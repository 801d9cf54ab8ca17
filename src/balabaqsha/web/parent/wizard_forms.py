"""One form for each question of the application."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from balabaqsha.applications.states import Kind
from balabaqsha.kindergartens.models import Language
from balabaqsha.law.lists import STATUS_ORDER, BenefitStatus
from balabaqsha.web.kit.forms import DayField
from balabaqsha.web.kit.nearby import Whence

MOST_WISHES = 5
Choices = Iterable[tuple[Any, str]]
# Every status but that of having none.
_CLAIMED = STATUS_ORDER[:-1]


class ChildForm(forms.Form):
    """Which of the family's children."""

    child = forms.ChoiceField(label="apply.child", widget=forms.RadioSelect)

    def __init__(self, *args: Any, children: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["child"].choices = list(children)


class KindForm(forms.Form):
    """Which line."""

    kind = forms.ChoiceField(
        label="application.queue-kind",
        choices=[(kind, f"queue-kind.{kind}") for kind in Kind.values],
        widget=forms.RadioSelect,
    )


class RegionForm(forms.Form):
    """In whose line; whether it takes applications is answered by its regime."""

    region = forms.ChoiceField(label="apply.region", help_text="apply.region-hint")

    def __init__(self, *args: Any, regions: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["region"].choices = [("", "field.choose"), *regions]


class SettlementForm(forms.Form):
    """A settlement of the territory, where kindergartens are told apart by it."""

    settlement = forms.ChoiceField(label="term.settlement", help_text="apply.settlement-hint", required=False)

    def __init__(self, *args: Any, settlements: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["settlement"].choices = [("", "apply.settlement-any"), *settlements]


class LanguagesForm(forms.Form):
    """Languages of instruction, several if wished."""

    languages = forms.MultipleChoiceField(
        label="application.language",
        help_text="apply.languages-hint",
        choices=[(code, f"language.{code}") for code in Language.values],
        widget=forms.CheckboxSelectMultiple,
    )


def proof_field(label: str = "apply.proof") -> forms.FileField:
    """A paper attached in the midst of a question."""
    widget = forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"})
    return forms.FileField(label=label, help_text="upload.file-hint", required=False, widget=widget)


def register_field() -> forms.BooleanField:
    """The consent that the register of social statuses is asked, which saves the paper."""
    return forms.BooleanField(label="status.consent", help_text="status.consent-hint", required=False)


class BenefitForm(forms.Form):
    """The social status that the family claims, and its proof."""

    benefit = forms.ChoiceField(
        label="apply.benefit",
        help_text="apply.benefit-hint",
        choices=[(status.value, f"benefit.{status}") for status in (BenefitStatus.NONE, *_CLAIMED)],
    )
    ask_register = register_field()
    paper = proof_field()


class ClaimForm(forms.Form):
    """A status that is claimed after the application was sent; `counts` is the one that counts already, for good."""

    benefit = forms.ChoiceField(label="apply.benefit")
    ask_register = register_field()
    paper = proof_field()

    def __init__(self, *args: Any, counts: str, **options: Any) -> None:
        super().__init__(*args, **options)
        claimed = [(one.value, f"benefit.{one}") for one in _CLAIMED if one.value != counts]
        self.fields["benefit"].choices = [("", "field.choose"), *claimed]


class PapersForm(forms.Form):
    """Nothing to type: papers are attached on pages of their own."""


class WishesForm(forms.Form):
    """Kindergartens that the family would like, most wished first."""

    def __init__(self, *args: Any, kindergartens: Choices, whence: Whence, **options: Any) -> None:
        super().__init__(*args, **options)
        self.whence = whence
        known = [("", "apply.no-wish"), *kindergartens]
        self.is_empty = len(known) == 1
        for rank in range(1, MOST_WISHES + 1):
            self.fields[f"wish{rank}"] = forms.ChoiceField(label=f"apply.wish-{rank}", choices=known, required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse one kindergarten at two ranks."""
        typed: dict[str, Any] = super().clean() or {}
        seen: set[str] = set()
        for name in self.fields:
            wished = typed.get(name, "")
            if wished and wished in seen:
                self.add_error(name, ValidationError("wish-twice"))
            seen.add(wished)
        return typed

    def wishes(self) -> list[int]:
        """Ids of the wished kindergartens, most wished first."""
        return [int(self.cleaned_data[name]) for name in self.fields if self.cleaned_data.get(name)]


class StartForm(forms.Form):
    """From which day the place is wished."""

    start = DayField(label="apply.wished-from", help_text="apply.wished-from-hint", required=False)

    def __init__(self, *args: Any, today: date, last: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self._today, self._last = today, last

    def clean_start(self) -> date | None:
        """A day that is still to come, while the child is of preschool age."""
        day: date | None = self.cleaned_data["start"]
        if day is not None and day < self._today:
            raise ValidationError("start-past")
        if day is not None and day >= self._last:
            raise ValidationError("start-too-late", params={"date": self._last})
        return day


class TermsForm(forms.Form):
    """Consent to the terms and to the use of data."""

    agree = forms.BooleanField(label="apply.agree")


class CheckForm(forms.Form):
    """Nothing to type: everything has been answered."""
