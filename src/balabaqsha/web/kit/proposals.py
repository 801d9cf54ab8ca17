"""How a proposal to change the rules is answered on every page of it: approve, or refuse with a reason."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law.models import Proposal
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import texts

_SENTENCE = 10


class AnswerForm(forms.Form):
    """The second person's answer; a refusal says why."""

    verdict = forms.ChoiceField(
        label="rules.verdict",
        choices=[("approve", "rules.approve"), ("refuse", "rules.refuse")],
        widget=forms.RadioSelect,
    )
    because = forms.CharField(
        label="rules.because",
        help_text="rules.because-hint",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("verdict") == "refuse" and len(typed.get("because", "").strip()) < _SENTENCE:
            self.add_error("because", ValidationError("rules.because-needed"))
        return typed


def source_field() -> forms.CharField:
    """By which act the change is made."""
    return forms.CharField(
        label="rules.source",
        help_text="rules.source-hint",
        min_length=_SENTENCE,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def answer(
    request: HttpRequest,
    *,
    approve: Callable[[], Any],
    refuse: Callable[[str], Any],
) -> tuple[AnswerForm, bool]:
    """The form of an answer as it was sent, and whether the answer was taken; a refusal stands beside its field."""
    form = AnswerForm(request.POST if "verdict" in request.POST else None)
    if not form.is_bound:
        # Sent without a choice, it says that one is needed.
        form = AnswerForm(request.POST if request.POST.get("step") == "answer" else None)
    if not (form.is_bound and form.is_valid()):
        return form, False
    approved = form.cleaned_data["verdict"] == "approve"
    try:
        if approved:
            approve()
        else:
            refuse(form.cleaned_data["because"])
    except Refusal as refusal:
        kit.blame(form, refusal, "verdict")
        return form, False
    messages.success(request, texts.say("rules.approved" if approved else "rules.refused"))
    return form, True


def is_own(request: HttpRequest, row: Proposal) -> bool:
    """Whether the reader has proposed it: then somebody else approves."""
    return bool(row.proposed_by == request.actor.account_id)
