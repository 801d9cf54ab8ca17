"""What every page of the department's workplace shares: its territory, its cases, its frame."""

from contextlib import suppress
from typing import Any

from django.db import OperationalError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from balabaqsha.accounts.access import department_admission, department_claim, department_officer, get_or_404
from balabaqsha.admissions import queries as admissions
from balabaqsha.admissions.models import Admission
from balabaqsha.applications.models import Application, BenefitClaim, ClaimState
from balabaqsha.applications.states import Kind, State
from balabaqsha.documents.rules import initials
from balabaqsha.journeys import sweep
from balabaqsha.line.models import Line
from balabaqsha.people.models import Person
from balabaqsha.territories import queries as territories
from balabaqsha.transparency import feedback
from balabaqsha.transparency.models import Feedback
from balabaqsha.web.kit import texts


def cases(request: HttpRequest) -> QuerySet[Application]:
    """Applications of the officer's territory and below."""
    return department_officer.scope(request.actor, Application.objects.all())


def case(request: HttpRequest, number: str) -> Application:
    """One of them with its persons as it stands at this moment, what fell due included; else 404."""
    rows = Application.objects.select_related("child", "applicant", "territory")
    found: Application = get_or_404(department_officer, request.actor, rows, number=number)
    with suppress(OperationalError):
        # Somebody else holds the locks, so the same lapse is being performed there; the page shows what stands so far.
        sweep.catch_up(now=request.now, application_id=found.id)
    found.refresh_from_db()
    return found


def claims(request: HttpRequest) -> QuerySet[BenefitClaim]:
    """Claims that wait for a decision; a special case is decided as a whole before its benefit."""
    rows = department_claim.scope(request.actor, BenefitClaim.objects.filter(state=ClaimState.UNDECIDED))
    return rows.exclude(application__state__in=[State.ARCHIVED, State.DOCUMENTS_CHECK])


def kept_contracts(request: HttpRequest) -> QuerySet[Admission]:
    """Contracts of the territory's families that a kindergarten has kept past its term, the longest first."""
    rows = department_admission.scope(request.actor, Admission.objects.all())
    return admissions.kept_too_long(rows, now=request.now)


def messages_of_visitors(request: HttpRequest) -> QuerySet[Feedback]:
    """What visitors wrote to the staff of the officer's territory and below."""
    found: QuerySet[Feedback] = department_officer.scope(request.actor, Feedback.objects.all())
    return found


def voucher_lines(request: HttpRequest) -> list[tuple[str, str]]:
    """Code and name of each territory of the officer that has a line."""
    return [(code, territories.spoken_name(code, texts.language())) for code in _with_line(request)]


def _with_line(request: HttpRequest) -> list[str]:
    rows = department_officer.scope(request.actor, Line.objects.filter(kind=Kind.GENERAL, birth_year=None))
    return list(rows.order_by("territory_id").values_list("territory_id", flat=True))


def territory(request: HttpRequest) -> str:
    """The territory that the address asks for, the first where it asks for none; 404 for a foreign one, "" for none."""
    known = _with_line(request)
    asked = request.POST.get("territory") or request.GET.get("territory") or (known[0] if known else "")
    if asked and asked not in known:
        raise Http404
    return str(asked)


def masked(person: Person) -> str:
    """A name as lists show it before the case is opened, unbroken in a narrow column."""
    return initials(surname=person.surname, given_name=person.given_name).replace(" ", "\N{NO-BREAK SPACE}")


def page(request: HttpRequest, name: str, title: str, *, trail: tuple[str, ...] = (), **context: Any) -> HttpResponse:
    """A page in the frame of the workplace; `trail` names the pages above this one."""
    request.menu_counts = {
        "officer.checks": claims(request).count(),
        "officer.contracts": kept_contracts(request).count(),
        "officer.feedback": feedback.to_settle(messages_of_visitors(request)).count(),
    }
    crumbs = [{"text": texts.say(key), "url": reverse(key)} for key in trail]
    shared = {
        "page_title": title,
        "cabinet_title": territories.spoken_name(request.actor.territory_code or "", texts.language()),
        "crumbs": [*crumbs, {"text": context.get("heading") or texts.say(title), "url": ""}] if crumbs else [],
    }
    return render(request, f"department/{name}.html", shared | context)
