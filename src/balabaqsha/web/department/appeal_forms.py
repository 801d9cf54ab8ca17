"""The form by which an appeal is decided."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from balabaqsha.law.grounds import AppealGround, AppealRejection

_OF = {"grant": AppealGround, "reject": AppealRejection}


class VerdictForm(forms.Form):
    """Grant or reject, a reason of the list of each, and words for the family."""

    verdict = forms.ChoiceField(
        label="appeals.verdict",
        choices=[("grant", "appeals.grant"), ("reject", "appeals.reject")],
        widget=forms.RadioSelect,
    )
    because = forms.ChoiceField(
        label="appeals.because",
        help_text="appeals.because-hint",
        choices=[
            ("", "appeals.choose"),
            *((one.value, f"appeal-reason.{one.value}") for one in (*AppealGround, *AppealRejection)),
        ],
    )
    note = forms.CharField(
        label="appeals.note",
        help_text="appeals.note-hint",
        min_length=10,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        verdict, because = typed.get("verdict"), typed.get("because")
        if verdict and because and because not in _OF[verdict].__members__:
            self.add_error("because", ValidationError("appeals.of-the-other"))
        return typed
