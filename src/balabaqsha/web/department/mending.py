"""What an officer may do to mend a case: correct it, make its term longer, bring it back, join it with a duplicate."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from balabaqsha.accounts.access import access, department_officer
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import State
from balabaqsha.journeys import mending
from balabaqsha.kernel.iin import Iin
from balabaqsha.kernel.time import NATIONAL
from balabaqsha.law.grounds import CorrectionReason, ErrorOfAuthority, LengtheningReason
from balabaqsha.people import registers
from balabaqsha.web.department import decisions, pages
from balabaqsha.web.department.mending_forms import (
    BringBackForm,
    CorrectDateForm,
    CorrectNameForm,
    CorrectWishForm,
    LengthenForm,
    MergeForm,
)

# The acts by the name of their page, each with whether the state of a case permits it.
PERMITTED: dict[str, Callable[[Application], bool]] = {
    "lengthen": lambda case: case.state in mending.MAY_BE_LENGTHENED,
    "correct-date": lambda case: case.state in mending.MAY_BE_CORRECTED,
    "correct-wish": lambda case: case.state in mending.MAY_BE_CORRECTED,
    "merge": lambda case: case.state in mending.MAY_BE_CORRECTED,
    "correct-name": lambda case: case.state != State.ARCHIVED,
    "bring-back": lambda case: case.state == State.ARCHIVED and case.reason in mending.MAY_BE_BROUGHT_BACK,
}


def _case(request: HttpRequest, number: str, key: str) -> Application:
    """The case, while it permits the act; a post is refused by the act itself, in words."""
    application = pages.case(request, number)
    if request.method == "GET" and not PERMITTED[key](application):
        raise _Past
    return application


class _Past(Exception):
    """The case has gone on: its page shows how it stands."""


def _page(request: HttpRequest, number: str, key: str, form: Callable[..., forms.Form], act: Callable[..., Any]) -> Any:
    try:
        application = _case(request, number, key)
    except _Past:
        return redirect("officer.case", number=number)
    made = form(request.POST if request.method == "POST" else None, application)

    def decide(typed: dict[str, Any]) -> None:
        act(application, typed, {"application_id": application.id, "actor": request.actor, "now": request.now})

    return decisions.decide(request, application, key, made, decide, field=_BESIDE.get(key))


# Beside which field the refusal of an act is said.
_BESIDE = {"correct-date": "day", "correct-wish": "languages", "lengthen": "days", "merge": "number"}


@access(department_officer)
@require_http_methods(["GET", "POST"])
def correct_date(request: HttpRequest, number: str) -> HttpResponse:
    """Put the day of the application right."""

    def form(posted: Any, application: Application) -> forms.Form:
        day = application.original_at.astimezone(NATIONAL).date()
        return CorrectDateForm(posted, initial={"day": day})

    def act(_: Application, typed: dict[str, Any], shared: dict[str, Any]) -> None:
        mending.correct_date(
            day=typed["day"], because=CorrectionReason(typed["because"]), note=typed["note"].strip(), **shared
        )

    return _page(request, number, "correct-date", form, act)


@access(department_officer)
@require_http_methods(["GET", "POST"])
def correct_wish(request: HttpRequest, number: str) -> HttpResponse:
    """Put the wished languages right."""

    def form(posted: Any, application: Application) -> forms.Form:
        return CorrectWishForm(posted, initial={"languages": application.languages})

    def act(_: Application, typed: dict[str, Any], shared: dict[str, Any]) -> None:
        mending.correct_wish(
            languages=tuple(typed["languages"]),
            because=CorrectionReason(typed["because"]),
            note=typed["note"].strip(),
            **shared,
        )

    return _page(request, number, "correct-wish", form, act)


@access(department_officer)
@require_http_methods(["GET", "POST"])
def correct_name(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the register anew for the names of the child and its parent."""

    def form(posted: Any, _: Application) -> forms.Form:
        return CorrectNameForm(posted)

    def act(application: Application, typed: dict[str, Any], shared: dict[str, Any]) -> None:
        # Asked before the act: no lock waits for a register.
        persons = (application.child, application.applicant)
        answers = [registers.find_person(iin=Iin.parse(one.iin), now=request.now) for one in persons]
        because = CorrectionReason(typed["because"])
        mending.correct_name(answers=answers, because=because, note=typed["note"].strip(), **shared)

    return _page(request, number, "correct-name", form, act)


@access(department_officer)
@require_http_methods(["GET", "POST"])
def lengthen(request: HttpRequest, number: str) -> HttpResponse:
    """Make the family's running term longer by working days."""

    def form(posted: Any, _: Application) -> forms.Form:
        return LengthenForm(posted)

    def act(_: Application, typed: dict[str, Any], shared: dict[str, Any]) -> None:
        mending.lengthen(
            days=typed["days"], because=LengtheningReason(typed["because"]), note=typed["note"].strip(), **shared
        )

    return _page(request, number, "lengthen", form, act)


@access(department_officer)
@require_http_methods(["GET", "POST"])
def bring_back(request: HttpRequest, number: str) -> HttpResponse:
    """Bring an application archived by error back to its place."""

    def form(posted: Any, _: Application) -> forms.Form:
        return BringBackForm(posted)

    def act(_: Application, typed: dict[str, Any], shared: dict[str, Any]) -> None:
        mending.bring_back(because=ErrorOfAuthority(typed["because"]), note=typed["note"].strip(), **shared)

    return _page(request, number, "bring-back", form, act)


@access(department_officer)
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, number: str) -> HttpResponse:
    """Join the case with its duplicate: the earlier date stays."""

    def form(posted: Any, _: Application) -> forms.Form:
        return MergeForm(posted)

    def act(_: Application, typed: dict[str, Any], shared: dict[str, Any]) -> None:
        mending.merge(number=typed["number"], note=typed["note"].strip(), **shared)

    return _page(request, number, "merge", form, act)
