"""The counter: a family came in person; the officer checks its document and then works at the family's own pages."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from balabaqsha.accounts import sessions
from balabaqsha.accounts.access import access, department_officer, parent_desk
from balabaqsha.accounts.counter import actions
from balabaqsha.kernel.iin import Iin
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law.grounds import CounterReason, IdentityDocument
from balabaqsha.people import registers
from balabaqsha.web.department import pages
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import texts
from balabaqsha.web.kit.forms import IinField

_BESIDE = {"counter-surname": "surname"}


class CounterForm(forms.Form):
    """Who stands at the counter, by which document, why, and that the consent on paper is signed."""

    iin = IinField(label="counter.iin", help_text="counter.iin-hint")
    surname = forms.CharField(
        label="person.surname", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    document = forms.ChoiceField(
        label="counter.document",
        choices=[(one.value, f"identity-document.{one.value}") for one in IdentityDocument],
        widget=forms.RadioSelect,
    )
    number = forms.RegexField(
        r"^[A-Za-z0-9]{5,20}$",
        label="counter.number",
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-width": "iin"}),
        error_messages={"invalid": "counter.number-wrong"},
    )
    reason = forms.ChoiceField(
        label="counter.reason",
        choices=[(one.value, f"counter-reason.{one.value}") for one in CounterReason],
        widget=forms.RadioSelect,
    )
    consent = forms.BooleanField(label="counter.consent")


@access(department_officer)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """What the officer reads in the document; what follows is said before."""
    if request.session.pop(sessions.COUNTER_OVER, False):
        messages.info(request, texts.say("counter.over"))
    form = CounterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _open(request, form.cleaned_data)
        except Refusal as refusal:
            kit.blame(form, refusal, _BESIDE.get(refusal.detail or "", "iin"))
        else:
            return redirect("parent.applications")
    return pages.page(request, "counter", "officer.counter", form=form)


def _open(request: HttpRequest, typed: dict[str, Any]) -> None:
    opening = actions.Opening(
        iin=typed["iin"],
        surname=typed["surname"],
        document=IdentityDocument(typed["document"]),
        document_number=typed["number"],
        reason=CounterReason(typed["reason"]),
    )
    # On the officer's duty, with the consent that was signed on paper.
    answer = registers.find_person(iin=Iin.parse(typed["iin"]), now=request.now)
    row = actions.open_counter(
        opening=opening, answer=answer, actor=request.actor, now=request.now, real_now=request.real_now
    )
    actions.enter(request.session, row)


@access(parent_desk)
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """The family leaves the counter; the officer is back at the department's pages."""
    if request.actor.counter is None:
        raise Http404
    actions.close_counter(actor=request.actor, now=request.now, real_now=request.real_now)
    request.session.pop(sessions.COUNTER, None)
    messages.success(request, texts.say("counter.ended"))
    return redirect("officer.counter")
