"""Closing a kindergarten: what becomes of each family is shown first, and done with it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from balabaqsha.accounts.access import access, department_officer
from balabaqsha.journeys import closing, sweep
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kindergartens.models import Group, Kindergarten
from balabaqsha.law.lists import ClosingReason
from balabaqsha.web.department import gardens, pages
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import texts


class CloseForm(forms.Form):
    """Why it closes, and that the officer has read what becomes of the families."""

    because = forms.ChoiceField(
        label="garden.close-reason",
        choices=[(one.value, f"closing.{one.value}") for one in ClosingReason],
        widget=forms.RadioSelect,
    )
    sure = forms.BooleanField(label="garden.close-sure")


@access(department_officer)
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, code: str) -> HttpResponse:
    """What closing would do, and the form that does it."""
    garden = gardens.of_officer(request, code)
    if garden.closed_at is not None:
        raise Http404
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _close(request, garden, form)
        except Refusal as refusal:
            kit.blame(form, refusal)
        else:
            messages.success(request, texts.say("garden.closed-done"))
            return redirect("officer.kindergarten", code=garden.code)
    own = Group.objects.filter(kindergarten=garden, closed_at=None).values_list("id", flat=True)
    pages.caught_up(lambda: sweep.catch_up(now=request.now, group_ids=own))
    plan = closing.preview(kindergarten_id=garden.id, now=request.now)
    context = {"form": form, "plan": plan, "rows": _rows(plan)}
    return gardens.page(request, "garden_close", "officer.kindergarten-close", garden=garden, **context)


def _close(request: HttpRequest, garden: Kindergarten, form: CloseForm) -> None:
    closing.close(
        kindergarten_id=garden.id,
        because=ClosingReason(form.cleaned_data["because"]),
        seen=request.POST.get("seen", ""),
        actor=request.actor,
        now=request.now,
    )


def _rows(plan: closing.Plan) -> list[dict[str, Any]]:
    """Whom it touches and what becomes of them, none left out."""
    numbers = {
        "enrolled": plan.enrolled - plan.of_age,
        "of-age": plan.of_age,
        "promised": plan.promised,
        "transfers": plan.transfers,
        "listed": plan.listed,
        "wishes": plan.wishes,
        "free": plan.free,
    }
    return [
        {"who": texts.say(f"garden.close-{name}"), "n": n, "then": texts.say(f"garden.close-{name}-then")}
        for name, n in numbers.items()
    ]
