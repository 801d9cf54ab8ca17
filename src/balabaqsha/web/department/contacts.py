"""The contacts of a family: masked in a case until an officer opens them for a reason, which the family reads."""

from dataclasses import replace
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from balabaqsha.accounts.access import access, department_officer
from balabaqsha.applications.models import Application
from balabaqsha.desk import actions
from balabaqsha.law.lists import ContactReason
from balabaqsha.locale import written
from balabaqsha.record import queries as record
from balabaqsha.transparency.card import Card
from balabaqsha.web.department import pages
from balabaqsha.web.department.work_forms import ContactsForm
from balabaqsha.web.kit import texts

# How long they stay open to whoever opened them: docs/decisions/desk.md.
OPEN_FOR = timedelta(minutes=30)


@access(department_officer)
@require_http_methods(["GET", "POST"])
def opening(request: HttpRequest, number: str) -> HttpResponse:
    """Choose why; the contacts then stand in the case for a while."""
    application = pages.case(request, number)
    form = ContactsForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        because = ContactReason(form.cleaned_data["because"])
        actions.open_contacts(application=application, because=because, actor=request.actor, now=request.now)
        return redirect("officer.case", number=number)
    context = {
        "application": application,
        "form": form,
        "heading": texts.say("contacts.heading", number=number),
        "back_url": reverse("officer.case", args=[number]),
    }
    return pages.page(request, "contacts_open", "officer.contacts-open", trail=("officer.journal",), **context)


def are_open(request: HttpRequest, application: Application) -> bool:
    """Whether the reader has opened the contacts of the family a short while ago."""
    account_id, after = request.actor.account_id or 0, request.now - OPEN_FOR
    return record.opened_since(application.id, account_id=account_id, after=after)


def masked(card: Card) -> Card:
    """The card with its contacts so that nobody can be reached by them."""
    applicant = replace(
        card.applicant,
        email=written.email_masked(card.applicant.email) if card.applicant.email else "",
        **{name: "***" for name in ("address_kk", "address_ru", "stated_address") if getattr(card.applicant, name)},
    )
    return replace(
        card,
        applicant=applicant,
        phone=written.phone_masked(card.phone) if card.phone else "",
        second_phone=written.phone_masked(card.second_phone) if card.second_phone else "",
        second_email=written.email_masked(card.second_email) if card.second_email else "",
    )
