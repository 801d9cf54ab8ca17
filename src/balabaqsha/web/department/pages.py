"""What every page of the department's workplace shares: its territory, its cases, its frame."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import OperationalError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from balabaqsha.accounts.access import (
    department_admission,
    department_case,
    department_claim,
    department_reader,
    get_or_404,
    visitors_messages,
)
from balabaqsha.admissions import queries as admissions
from balabaqsha.admissions.models import Admission
from balabaqsha.applications.models import Application, BenefitClaim
from balabaqsha.applications.states import Kind, State
from balabaqsha.desk import kinds
from balabaqsha.journeys import sweep
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens.models import Group, Kindergarten
from balabaqsha.line.models import Line
from balabaqsha.referrals import queries as referral_queries
from balabaqsha.referrals.models import Referral, Turn
from balabaqsha.territories import queries as territories
from balabaqsha.territories.regimes import Regime
from balabaqsha.transparency import feedback
from balabaqsha.transparency.models import Feedback
from balabaqsha.web.kit import texts
from balabaqsha.web.kit.menus import MOST_IN_MENU

# An officer without a linear territory has no use for them.
LINEAR_PAGES = frozenset({"officer.turns", "officer.extensions", "officer.free-choice", "officer.places"})
# And one without a line of vouchers has no use for these.
VOUCHER_PAGES = frozenset({"officer.queue", "officer.runs"})


def cases(request: HttpRequest) -> QuerySet[Application]:
    """Applications of the officer's territory and below."""
    return department_reader.scope(request.actor, Application.objects.all())


def case(request: HttpRequest, number: str) -> Application:
    """One of them with its persons as it stands at this moment, what fell due included; else 404."""
    rows = Application.objects.select_related("child", "applicant", "territory")
    found: Application = get_or_404(department_reader, request.actor, rows, number=number)
    caught_up(lambda: sweep.catch_up(now=request.now, application_id=found.id))
    found.refresh_from_db()
    return found


def caught_up(catch_up: Callable[[], bool]) -> None:
    """Let what fell due happen, if nobody is about it."""
    with suppress(OperationalError):
        # Somebody else holds the locks, so the same lapse is being performed there; the page shows what stands so far.
        catch_up()


def claims(request: HttpRequest) -> QuerySet[BenefitClaim]:
    """Claims that wait for a decision; a special case is decided as a whole before its benefit."""
    return kinds.claims_to_decide(department_claim.scope(request.actor, BenefitClaim.objects.all()))


def kept_contracts(request: HttpRequest) -> QuerySet[Admission]:
    """Contracts of the territory's families that a kindergarten has kept past its term, the longest first."""
    rows = department_admission.scope(request.actor, Admission.objects.all())
    return admissions.kept_too_long(rows, now=request.now)


def messages_of_visitors(request: HttpRequest) -> QuerySet[Feedback]:
    """What visitors wrote to the staff of the officer's territory and below."""
    found: QuerySet[Feedback] = visitors_messages.scope(request.actor, Feedback.objects.all())
    return found


def turns(request: HttpRequest) -> QuerySet[Turn]:
    """Turns given in the officer's territory and below."""
    found: QuerySet[Turn] = department_case.scope(request.actor, Turn.objects.all())
    return found


def referrals(request: HttpRequest) -> QuerySet[Referral]:
    """Referrals issued there."""
    found: QuerySet[Referral] = department_case.scope(request.actor, Referral.objects.all())
    return found


def extensions(request: HttpRequest) -> QuerySet[Referral]:
    """Extensions of referrals that an officer has still to look at, the oldest first."""
    return referral_queries.to_review(referrals(request))


def stop_listed(request: HttpRequest) -> QuerySet[Application]:
    """Applications on the stop list, in both regimes."""
    return cases(request).filter(state=State.STOP_LISTED)


def linear_territories(request: HttpRequest) -> list[str]:
    """Territories of the officer with a line in the linear regime; asked once for a request."""
    found: list[str] | None = getattr(request, "linear_territories", None)
    if found is None:
        code, today = request.actor.territory_code or "", localdate(request.now)
        found = request.linear_territories = territories.with_regime(code, Regime.LINEAR, today)
    return found


def linear_lines(request: HttpRequest) -> QuerySet[Line]:
    """The lines of these territories."""
    return Line.objects.filter(territory__in=linear_territories(request), birth_year__isnull=False)


def named(codes: list[str]) -> list[tuple[str, str]]:
    """Codes with the names of their territories, by name. Two queries."""
    names = territories.spoken_names(set(codes), texts.language())
    return sorted(((code, names.get(code, code)) for code in codes), key=lambda one: one[1])


def own_territories(request: HttpRequest) -> list[tuple[str, str]]:
    """Code and name of each territory of the officer that has a regime of its own today, else of each with a line."""
    own = set(territories.subtree(request.actor.territory_code or "").values_list("code", flat=True))
    codes = [place.code for place, _ in territories.own_regimes(localdate(request.now)) if place.code in own]
    return named(codes) if codes else voucher_lines(request)


def voucher_lines(request: HttpRequest) -> list[tuple[str, str]]:
    """Code and name of each territory of the officer that has a line."""
    return named(_with_line(request))


def _with_line(request: HttpRequest) -> list[str]:
    """Asked once for a request."""
    found: list[str] | None = getattr(request, "territories_with_line", None)
    if found is None:
        rows = department_reader.scope(request.actor, Line.objects.filter(kind=Kind.GENERAL, birth_year=None))
        found = list(rows.order_by("territory_id").values_list("territory_id", flat=True))
        request.territories_with_line = found
    return found


def has_voucher_line(request: HttpRequest) -> bool:
    """Whether any territory of the officer gives places by vouchers."""
    return bool(_with_line(request))


def territory(request: HttpRequest) -> str:
    """The territory that the address asks for, the first where it asks for none; 404 for a foreign one, "" for none."""
    known = _with_line(request)
    asked = request.POST.get("territory") or request.GET.get("territory") or (known[0] if known else "")
    if asked and asked not in known:
        raise Http404
    return str(asked)


def kindergarten_name(kindergarten: Kindergarten) -> str:
    """The name in the language of the page."""
    return kindergarten.name_ru if texts.language() == "ru" else kindergarten.name_kk


def group_name(group: Group) -> str:
    """The kindergarten and the group, in words."""
    return f"{kindergarten_name(group.kindergarten)}, {group.name}"


def case_url(application: Application) -> str:
    """Where the case is opened."""
    return reverse("officer.case", args=[application.number])


def _length(rows: QuerySet[Any]) -> int:
    """How many rows there are, as far as a menu tells it: counting all of a hundred thousand would cost every page."""
    return rows.order_by().values("pk")[: MOST_IN_MENU + 1].count()


def page(request: HttpRequest, name: str, title: str, *, trail: tuple[str, ...] = (), **context: Any) -> HttpResponse:
    """A page in the frame of the workplace; `trail` names the pages above this one."""
    crumbs = [{"text": texts.say(key), "url": reverse(key)} for key in trail]
    here = {"text": context.get("heading") or texts.say(title), "url": ""}
    return framed(request, name, title, crumbs=[*crumbs, here] if crumbs else [], **context)


def framed(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    """The same with crumbs of its own."""
    linear = bool(linear_territories(request))
    request.menu_without = frozenset() if linear else LINEAR_PAGES
    if linear and not has_voucher_line(request):
        request.menu_without = VOUCHER_PAGES
    request.menu_counts = {
        "officer.checks": _length(claims(request)),
        "officer.contracts": _length(kept_contracts(request)),
        "officer.feedback": _length(feedback.to_settle(messages_of_visitors(request))),
        "officer.extensions": _length(extensions(request)) if linear else 0,
    }
    shared = {
        "page_title": title,
        "cabinet_title": territories.spoken_name(request.actor.territory_code or "", texts.language()),
    }
    return render(request, f"department/{name}.html", shared | context)
