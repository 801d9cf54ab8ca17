"""What every page of the workplace shares: the cases that are the reader's, and the frame."""

from contextlib import suppress
from typing import Any

from django.db import OperationalError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from balabaqsha.accounts.access import Policy, asked_check, special_check
from balabaqsha.applications.models import DocumentsCheck
from balabaqsha.applications.special import queries
from balabaqsha.journeys import sweep
from balabaqsha.territories import queries as territories
from balabaqsha.web.kit import texts


def checks(request: HttpRequest, policy: Policy = special_check) -> QuerySet[DocumentsCheck]:
    """The checks that the reader decides, or is asked about."""
    rows = DocumentsCheck.objects.select_related("application__child", "application__applicant", "conclusion")
    found: QuerySet[DocumentsCheck] = policy.scope(request.actor, rows)
    return found


def waiting(request: HttpRequest) -> QuerySet[DocumentsCheck]:
    """Those that wait for the reader's decision, the soonest due first."""
    return queries.to_decide(checks(request))


def check(request: HttpRequest, number: str, *policies: Policy) -> DocumentsCheck:
    """The check of this application, if one of the policies opens it to the reader; else 404. What fell due has happened."""
    for policy in policies:
        found = checks(request, policy).filter(application__number=number).first()
        if found is not None:
            with suppress(OperationalError):
                # Somebody else holds the locks, so the same lapse is being performed there; the page shows what stands.
                if sweep.catch_up(now=request.now, application_id=found.application_id):
                    found.application.refresh_from_db()
            return found
    raise Http404


def page(request: HttpRequest, name: str, title: str, *, trail: tuple[str, ...] = (), **context: Any) -> HttpResponse:
    """A page in the frame of the workplace; `trail` names the pages above this one."""
    request.menu_counts = {
        "doctor.cases": waiting(request).count(),
        "doctor.opinions": checks(request, asked_check).count(),
    }
    crumbs = [{"text": texts.say(key), "url": reverse(key)} for key in trail]
    shared = {
        "page_title": title,
        "cabinet_title": territories.spoken_name(request.actor.territory_code or "", texts.language()),
        "crumbs": [*crumbs, {"text": context.get("heading") or texts.say(title), "url": ""}] if crumbs else [],
    }
    return render(request, f"doctor/{name}.html", shared | context)
