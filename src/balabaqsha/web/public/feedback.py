"""The feedback form, and the page on which its writer finds the answer."""

from contextlib import suppress
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts import rules as limits_of
from balabaqsha.accounts.access import access, public
from balabaqsha.kernel.actor import Role
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.people.rules import PhoneNotValid, mobile_number
from balabaqsha.transparency import actions, feedback
from balabaqsha.transparency.models import Topic
from balabaqsha.transparency.rules import CONTACT_LONGEST, TEXT_LONGEST
from balabaqsha.web.kit import texts
from balabaqsha.web.kit.forms import blame
from balabaqsha.web.public import limits

_SHORTEST = 10


class FeedbackForm(forms.Form):
    """What a visitor writes. `website` is a trap: people do not see it, programs fill it in."""

    topic = forms.ChoiceField(
        label="feedback.topic", choices=[("", "field.choose"), *((t.value, f"feedback.topic.{t.value}") for t in Topic)]
    )
    text = forms.CharField(
        label="feedback.text",
        help_text="feedback.text-hint",
        min_length=_SHORTEST,
        max_length=TEXT_LONGEST,
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    contact = forms.CharField(
        label="feedback.contact", help_text="feedback.contact-hint", required=False, max_length=CONTACT_LONGEST
    )
    website = forms.CharField(required=False)

    def __init__(self, *args: Any, has_inbox: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_inbox:
            del self.fields["contact"]

    def clean_contact(self) -> str:
        """An e-mail address as it is, or a mobile number in one writing: an answer can be sent to nothing else."""
        typed = str(self.cleaned_data["contact"]).strip()
        if not typed:
            return ""
        with suppress(ValidationError):
            validate_email(typed)
            return typed
        with suppress(PhoneNotValid):
            return mobile_number(typed)
        raise ValidationError("feedback.contact-wrong")

    def clean(self) -> None:
        if self.cleaned_data.get("website"):
            raise ValidationError("feedback.refused")


@access(public)
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Ask for a message, or take it; what was typed stays where something is wrong."""
    asked = request.GET.get("topic", "")
    has_inbox = request.actor.role is Role.PARENT
    initial = {"topic": asked if asked in Topic.values else ""}
    form = FeedbackForm(request.POST or None, has_inbox=has_inbox, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            limits.count(request, limits_of.MESSAGES_OF_ADDRESS)
        except Refusal as refusal:
            blame(form, refusal)
        else:
            kept = actions.send_feedback(writing=_writing(request, form), actor=request.actor, now=request.now)
            return redirect("public.feedback", token=kept.token)
    return render(request, "public/feedback.html", {"form": form})


def _writing(request: HttpRequest, form: FeedbackForm) -> actions.Writing:
    typed = form.cleaned_data
    return actions.Writing(
        topic=Topic(typed["topic"]),
        text=typed["text"],
        contact=typed.get("contact", ""),
        language=texts.language(),
        territory_code=request.location.code,
    )


@access(public)
@require_GET
@never_cache
def sent(request: HttpRequest, token: str) -> HttpResponse:
    """A message and what became of it, for whoever holds its address; nobody guesses one."""
    kept = feedback.by_token(token)
    if kept is None:
        raise Http404
    return render(request, "public/feedback_sent.html", {"message": kept})
