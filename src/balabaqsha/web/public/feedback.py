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
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.kindergartens.models import Kindergarten
from balabaqsha.law import queries as law
from balabaqsha.people.rules import PhoneNotValid, mobile_number
from balabaqsha.territories import queries as territories
from balabaqsha.transparency import actions, feedback
from balabaqsha.transparency.models import Topic
from balabaqsha.transparency.rules import CONTACT_LONGEST, TEXT_LONGEST
from balabaqsha.web.kit import answers, texts
from balabaqsha.web.kit.forms import blame
from balabaqsha.web.public import kept, limits

_SHORTEST = 10


class FeedbackForm(forms.Form):
    """What a visitor writes. `website` is a trap: people do not see it, programs fill it in."""

    topic = forms.ChoiceField(
        label="feedback.topic", choices=[("", "field.choose"), *((t.value, f"feedback.topic.{t.value}") for t in Topic)]
    )
    kindergarten = forms.ChoiceField(
        label="feedback.kindergarten", help_text="feedback.kindergarten-hint", required=False
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

    def __init__(self, *args: Any, has_inbox: bool, gardens: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kindergarten"].choices = [("", "feedback.no-kindergarten"), *gardens]
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
        about, topic = self.cleaned_data.get("kindergarten"), self.cleaned_data.get("topic")
        if topic == Topic.COMPLAINT and not about and "kindergarten" not in self.errors:
            self.add_error("kindergarten", ValidationError("feedback.kindergarten-needed"))
        if self.cleaned_data.get("website"):
            raise ValidationError("feedback.refused")


@access(public)
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Ask for a message, or take it; what was typed stays where something is wrong."""
    asked = request.GET.get("topic", "")
    has_inbox = request.actor.role is Role.PARENT
    about = request.POST.get("kindergarten") or request.GET.get("kindergarten", "")
    initial = {"topic": asked if asked in Topic.values else "", "kindergarten": about}
    form = FeedbackForm(request.POST or None, has_inbox=has_inbox, gardens=_gardens(request, about), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            limits.count(request, limits_of.MESSAGES_OF_ADDRESS)
        except Refusal as refusal:
            blame(form, refusal)
        else:
            new = actions.send_feedback(writing=_writing(request, form), actor=request.actor, now=request.now)
            return redirect("public.feedback", token=new.token)
    days = law.national_term("feedback.answer", localdate(request.now)).value
    return render(
        request, "public/feedback.html", {"form": form, "days": texts.say_count("count.working-day", int(days))}
    )


def _gardens(request: HttpRequest, about: str) -> list[tuple[str, str]]:
    """Code and name of the kindergartens of the chosen territory, and of the one that the visitor came from."""
    rows = kindergartens.in_territory(request.location.code, and_code=about)
    language = texts.language()
    return sorted(((row.code, _name(row, language)) for row in rows), key=lambda one: one[1])


def _name(row: Kindergarten, language: str) -> str:
    return row.name_ru if language == "ru" else row.name_kk


def _writing(request: HttpRequest, form: FeedbackForm) -> actions.Writing:
    typed = form.cleaned_data
    return actions.Writing(
        topic=Topic(typed["topic"]),
        text=typed["text"],
        contact=typed.get("contact", ""),
        language=texts.language(),
        territory_code=request.location.code,
        kindergarten_code=typed["kindergarten"],
    )


@access(public)
@require_GET
@never_cache
def sent(request: HttpRequest, token: str) -> HttpResponse:
    """A message and what became of it, for whoever holds its address; nobody guesses one."""
    message = feedback.by_token(token)
    if message is None:
        raise Http404
    context = {
        "message": message,
        "garden": _name(message.kindergarten, texts.language()) if message.kindergarten else "",
        "overdue": message.due_at < request.now,
    }
    return render(request, "public/feedback_sent.html", context)


@access(public)
@require_GET
def statistics(request: HttpRequest) -> HttpResponse:
    """How the messages of the chosen territory were answered in the last twelve months, by kind and month."""
    code = request.location.code
    codes = list(territories.subtree(code).values_list("code", flat=True))
    counted, as_of = kept.counted(f"answers:{code}", lambda now: answers.count(codes=codes, now=now), now=request.now)
    context = answers.context(counted) | {"as_of": as_of, "wide_data": True}
    return render(request, "public/feedback_statistics.html", context)
