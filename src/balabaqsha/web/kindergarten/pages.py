"""What every page of a kindergarten's workplace shares: its kindergarten, its admissions, its frame."""

from contextlib import suppress
from typing import Any

from django.db import OperationalError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from balabaqsha.accounts.access import (
    get_or_404,
    kindergarten_groups,
    kindergarten_roll,
    kindergarten_staff,
)
from balabaqsha.admissions.models import Admission
from balabaqsha.admissions.states import HOLDING_A_PLACE, OPEN, Stage
from balabaqsha.applications.models import BenefitClaim, ClaimState
from balabaqsha.journeys import sweep
from balabaqsha.kindergartens.models import Group, Kindergarten
from balabaqsha.law.lists import OUT_OF_TURN
from balabaqsha.web.kit import texts


def kindergarten(request: HttpRequest) -> Kindergarten:
    """The kindergarten whose head is signed in."""
    return Kindergarten.objects.select_related("territory").get(id=request.actor.kindergarten_id)


def _catch_up(request: HttpRequest) -> None:
    """Let what fell due around its groups happen, once for a request: nobody works on a case that has lapsed."""
    if getattr(request, "groups_caught_up", False):
        return
    request.groups_caught_up = True
    own = Group.objects.filter(kindergarten_id=request.actor.kindergarten_id, closed_at__isnull=True)
    with suppress(OperationalError):
        # Somebody else holds the locks, so the same lapse is being performed there; the page shows what stands so far.
        sweep.catch_up(now=request.now, group_ids=own.values_list("id", flat=True))


def groups(request: HttpRequest) -> QuerySet[Group]:
    """Its open groups."""
    _catch_up(request)
    return kindergarten_groups.scope(request.actor, Group.objects.filter(closed_at__isnull=True))


def group(request: HttpRequest, group_id: int) -> Group:
    """One of its open groups, else 404."""
    rows = Group.objects.filter(closed_at__isnull=True).select_related("kindergarten")
    found: Group = get_or_404(kindergarten_staff, request.actor, rows, id=group_id)
    return found


def admissions(request: HttpRequest) -> QuerySet[Admission]:
    """Admissions to its groups, as they stand at this moment."""
    _catch_up(request)
    return kindergarten_roll.scope(request.actor, Admission.objects.all())


def shown(admissions: QuerySet[Admission]) -> QuerySet[Admission]:
    """Those whose right out of turn, if one is claimed, an officer has decided (rules, section 6.7)."""
    undecided = BenefitClaim.objects.filter(
        application=OuterRef("application"),
        state=ClaimState.UNDECIDED,
        benefit__in=sorted(status.value for status in OUT_OF_TURN),
    )
    return admissions.filter(~Exists(undecided))


def admission(request: HttpRequest, number: str) -> Admission:
    """The admission of this application to one of its groups: the one in progress, else the enrolment; else 404."""
    rows = admissions(request).filter(application__number=number, stage__in=HOLDING_A_PLACE)
    found = list(rows.select_related("application__child", "application__applicant", "group__kindergarten"))
    if not found:
        raise Http404
    return min(found, key=lambda one: one.stage not in OPEN)


def page(request: HttpRequest, name: str, title: str, *, trail: tuple[str, ...] = (), **context: Any) -> HttpResponse:
    """A page in the frame of the workplace; `trail` names the pages between the start and this one."""
    own = kindergarten(request)
    waiting = shown(admissions(request)).filter(
        stage__in=[Stage.REFERRED, Stage.CONTRACT_AWAITED, Stage.CONTRACT_WITH_KINDERGARTEN]
    )
    stages = list(waiting.values_list("stage", flat=True))
    request.menu_counts = {
        "kg.referrals": stages.count(Stage.REFERRED),
        "kg.requests": stages.count(Stage.CONTRACT_AWAITED),
        "kg.contracts": stages.count(Stage.CONTRACT_WITH_KINDERGARTEN),
    }
    crumbs = [{"text": texts.say(key), "url": reverse(key)} for key in trail]
    shared = {
        "page_title": title,
        "cabinet_title": own.name_ru if texts.language() == "ru" else own.name_kk,
        "crumbs": [*crumbs, {"text": texts.say(title), "url": ""}] if crumbs else [],
    }
    return render(request, f"kindergarten/{name}.html", shared | context)
