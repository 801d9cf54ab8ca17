"""The person's own e-mail address: a code is sent there, and with it the address is theirs."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from balabaqsha.accounts import actions, queries
from balabaqsha.accounts.access import access, signed_in
from balabaqsha.accounts.contacts import actions as contacts
from balabaqsha.accounts.contacts import proving
from balabaqsha.accounts.models import Purpose
from balabaqsha.accounts.rules import CodeTooSoon
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.people import queries as people
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import targets, texts
from balabaqsha.web.parent import frame
from balabaqsha.web.parent.forms import CodeForm, EmailForm

_KEY = "new-email"


@access(signed_in)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Which address; sends the code."""
    target = targets.asked_for(request)
    form = EmailForm(request.POST or None, initial={"email": people.contacts(request.actor.person_id).email})
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].lower()
        try:
            code_id = _send(request, email)
        except CodeTooSoon:
            # The code that was sent still counts, so the page that takes it follows.
            subject = queries.email_subject(email=email, iin=people.iin_of(request.actor.person_id))
            code_id = queries.last_code(subject=subject, purpose=Purpose.EMAIL) or 0
        except Refusal as refusal:
            kit.blame(form, refusal, "email" if refusal.code == "wrong-email" else None)
        if not form.errors:
            request.session[_KEY] = {"email": email, "code": code_id, "next": target}
            return redirect("profile.email-code")
    context = {"form": form, "next": target, "later": target or reverse("parent.home")}
    return frame.page(request, "email", texts.say("profile.email-title"), **context)


@access(signed_in)
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """The code that came to the address."""
    asked = request.session.get(_KEY)
    if asked is None:
        return redirect("profile.email")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _take(request, asked["code"], asked["email"], form.cleaned_data["code"])
        except Refusal as refusal:
            kit.blame(form, refusal, "code")
        else:
            del request.session[_KEY]
            messages.success(request, texts.say("profile.email-confirmed"))
            return redirect(asked["next"] or "parent.home")
    return frame.page(request, "email_code", texts.say("profile.email-title"), form=form, email=asked["email"])


def _send(request: HttpRequest, email: str) -> int:
    return proving.send_code(
        email=email,
        address=request.address,
        write=lambda text: (texts.say("email-code.subject"), texts.say("email-code.text", code=text)),
        actor=request.actor,
        now=request.now,
        real_now=request.real_now,
    )


def _take(request: HttpRequest, code_id: int | None, email: str, text: str) -> None:
    actions.accept_code(code_id=code_id or 0, text=text, real_now=request.real_now)
    contacts.confirm_email(
        actor=request.actor, code_id=code_id or 0, email=email, now=request.now, real_now=request.real_now
    )
