"""Decisions of an officer about one case, each with a reason of a closed list: closing it, ending another parent's sight."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from balabaqsha.accounts.access import access, department_officer
from balabaqsha.applications.links import queries as links
from balabaqsha.applications.models import Application, LinkEnd
from balabaqsha.applications.states import MAY_BE_REMOVED
from balabaqsha.journeys import linking, reading, removing
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law.lists import RemovalReason
from balabaqsha.people import queries as people
from balabaqsha.web.department import pages
from balabaqsha.web.department.forms import LinkEndForm, RemovalForm
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import texts


@access(department_officer)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, number: str) -> HttpResponse:
    """Close an application by decision."""
    application = pages.case(request, number)
    if application.state not in MAY_BE_REMOVED and request.method == "GET":
        return redirect("officer.case", number=number)

    def perform(typed: dict[str, Any]) -> None:
        removing.remove(
            application_id=application.id,
            because=RemovalReason(typed["because"]),
            note=typed["note"].strip(),
            actor=request.actor,
            now=request.now,
        )

    return decide(request, application, "remove", RemovalForm(_posted(request)), perform)


@access(department_officer)
@require_http_methods(["GET", "POST"])
def end_link(request: HttpRequest, number: str, link_id: int) -> HttpResponse:
    """End the other parent's sight of an application."""
    application = pages.case(request, number)
    linked = next((one for one in links.linked_to(application.id) if one.id == link_id), None)
    if linked is None:
        raise Http404

    def perform(typed: dict[str, Any]) -> None:
        linking.end_by_officer(
            application_id=application.id,
            link_id=link_id,
            because=LinkEnd(typed["because"]),
            actor=request.actor,
            now=request.now,
        )

    who = people.person_card(linked.person_id).full_name
    return decide(request, application, "link-end", LinkEndForm(_posted(request)), perform, who=who)


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def decide(
    request: HttpRequest,
    application: Application,
    key: str,
    form: forms.Form,
    perform: Callable[[dict[str, Any]], None],
    *,
    who: str = "",
    field: str | None = None,
) -> HttpResponse:
    """The page of a decision, its reason asked; once it is made, back to the case.

    `perform` makes it of what was typed; `field` is the field beside which its refusals are said.
    """
    if request.method == "POST" and form.is_valid():
        try:
            perform(form.cleaned_data)
        except Refusal as refusal:
            kit.blame(form, refusal, field)
        else:
            messages.success(request, texts.say(f"decision.{key}.done", number=application.number))
            return redirect("officer.case", number=application.number)
    reading.open_case(application=application, page=key, actor=request.actor, now=request.now)
    context = {
        "heading": texts.say(f"decision.{key}.title", number=application.number),
        "consequence": texts.say(f"decision.{key}.consequence"),
        "button": texts.say(f"decision.{key}.button"),
        "child": people.card(application.child).full_name,
        "who": who,
        "form": form,
        "back_url": reverse("officer.case", args=[application.number]),
    }
    return pages.page(request, "decision", f"officer.{key}", trail=("officer.journal",), **context)
