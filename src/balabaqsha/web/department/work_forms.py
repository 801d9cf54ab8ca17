"""Forms of the work list: what it is narrowed by, to whom work is given, why contacts are opened."""

from collections.abc import Sequence
from typing import Any

from django import forms

from balabaqsha.desk import kinds, queries
from balabaqsha.law.lists import ContactReason

Choices = Sequence[tuple[str, str]]


class WorkForm(forms.Form):
    """Which work is shown. `territories`: codes and names below the officer's own, none where there is one alone."""

    kind = forms.MultipleChoiceField(
        label="work.kind",
        required=False,
        choices=[(one.code, f"work.kind.{one.code}") for one in kinds.KINDS],
        widget=forms.CheckboxSelectMultiple,
    )
    due = forms.ChoiceField(
        label="worklist.due",
        required=False,
        choices=[("", "department.all"), *((one, f"work.due.{one}") for one in queries.DUES)],
    )
    holder = forms.ChoiceField(
        label="work.holder",
        required=False,
        choices=[("", "department.all"), *((one, f"work.holder.{one}") for one in queries.HOLDERS)],
    )
    territory = forms.ChoiceField(label="department.territory", required=False)
    number = forms.CharField(label="department.number", required=False, max_length=12)

    def __init__(self, *arguments: Any, territories: Choices, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["territory"].choices = [("", "department.all"), *territories]  # type: ignore[attr-defined]
        if len(territories) < 2:  # noqa: PLR2004 - one is no choice
            del self.fields["territory"]

    def asked(self) -> queries.Asked:
        """What is asked for; what the form does not know is not asked for."""
        self.is_valid()
        typed: dict[str, Any] = self.cleaned_data
        return queries.Asked(
            kinds=tuple(typed.get("kind") or ()),
            due=typed.get("due", ""),
            holder=typed.get("holder", ""),
            number=typed.get("number", "").strip(),
            territory_code=typed.get("territory", ""),
        )


class ColleagueForm(forms.Form):
    """Who looks after the chosen work from now on."""

    colleague = forms.ChoiceField(label="work.colleague")

    def __init__(self, *arguments: Any, colleagues: Sequence[tuple[int, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        named_choices = [(str(number), name) for number, name in colleagues]
        self.fields["colleague"].choices = [("", "work.choose-colleague"), *named_choices]  # type: ignore[attr-defined]


class ContactsForm(forms.Form):
    """Why the contacts of a family are opened; it reads the reason."""

    because = forms.ChoiceField(
        label="contacts.because",
        choices=[(one.value, f"contact-reason.{one.value}") for one in ContactReason],
        widget=forms.RadioSelect,
    )
