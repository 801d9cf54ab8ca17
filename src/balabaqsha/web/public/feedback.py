"""The feedback form: a visitor's message that reaches the staff of the chosen territory."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from balabaqsha.accounts import rules as limits_of
from balabaqsha.accounts.access import access, public
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.transparency import actions
from balabaqsha.transparency.models import Topic
from balabaqsha.transparency.rules import CONTACT_LONGEST, TEXT_LONGEST
from balabaqsha.web.kit.forms import blame
from balabaqsha.web.kit.texts import say
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

    def clean(self) -> None:
        if self.cleaned_data.get("website"):
            raise ValidationError("feedback.refused")


@access(public)
@require_http_methods(["GET", "POST"])
def feedback(request: HttpRequest) -> HttpResponse:
    """Ask for a message, or take it; what was typed stays where something is wrong."""
    asked = request.GET.get("topic", "")
    form = FeedbackForm(request.POST or None, initial={"topic": asked if asked in Topic.values else ""})
    if request.method == "POST" and form.is_valid():
        try:
            limits.count(request, limits_of.MESSAGES_OF_ADDRESS)
        except Refusal as refusal:
            blame(form, refusal)
        else:
            kept = actions.send_feedback(
                topic=Topic(form.cleaned_data["topic"]),
                text=form.cleaned_data["text"],
                contact=form.cleaned_data["contact"],
                territory_code=request.location.code,
                actor=request.actor,
                now=request.now,
            )
            messages.success(request, say("feedback.sent", number=kept.number))
            return redirect("nav.feedback")
    return render(request, "public/feedback.html", {"form": form})
