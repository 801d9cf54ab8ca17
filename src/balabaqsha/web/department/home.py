"""The first page of an officer: what waits in the territory, what is due first, what the checks found."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, department_officer
from balabaqsha.accounts.restoring import queries as restoring
from balabaqsha.applications.states import State
from balabaqsha.law import queries as law
from balabaqsha.notifications import arrival
from balabaqsha.people.guardians import queries as guardians
from balabaqsha.people.models import GuardianClaim, PhoneReturn
from balabaqsha.territories.regimes import Regime
from balabaqsha.transparency import feedback
from balabaqsha.web.department import appeals, checks, contracts, findings, pages, turns
from balabaqsha.web.kit import texts

FIRST = 5


@access(department_officer)
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """What waits in numbers that lead to their lists; below them the first rows of each list."""
    claims, kept = pages.claims(request), pages.kept_contracts(request)
    late = claims.filter(check_due_at__lt=request.now).count()
    unanswered = feedback.to_settle(pages.messages_of_visitors(request))
    waiting = pages.cases(request).filter(state=State.WAITING).count()
    stats = [
        _stat("officer.checks", claims.count(), note=texts.say("department.of-them-late", n=late) if late else ""),
        _stat("officer.contracts", kept.count()),
        _stat("officer.feedback", unanswered.count()),
        _stat("officer.appeals", appeals.waiting(request).count()),
        _stat("officer.guardians", guardians.to_decide(_mine(request, GuardianClaim)).count()),
        _stat("officer.phones", restoring.to_decide(_mine(request, PhoneReturn), now=request.now).count()),
        _stat("officer.queue", waiting)
        if pages.has_voucher_line(request)
        else _stat("officer.journal", waiting, label="department.waiting", query="?state=WAITING&sort=place"),
    ]
    # A term that ends while its family knows nothing of it is the department's last chance to help.
    unaware = arrival.unaware(pages.cases(request), now=request.now).count()
    stats += [_stat("officer.undelivered", unaware, label="undelivered.unaware")] if unaware else []
    linear = _linear(request)
    stats += linear
    calendar = law.calendar()
    first = claims.select_related("application__child").order_by("check_due_at", "id")[:FIRST]
    context = {
        **findings.section(request),
        "stats": stats,
        "linear_work": any(stat["value"] for stat in linear),
        "claim_columns": checks.columns(),
        "claims": [checks.row(one, request, calendar) for one in first],
        "contract_columns": contracts.columns(),
        "contracts": [contracts.row(one, request, calendar) for one in kept[:FIRST]],
    }
    return pages.page(request, "home", "officer.home", **context)


def _mine(request: HttpRequest, model: type[GuardianClaim | PhoneReturn]) -> Any:
    return department_officer.scope(request.actor, model.objects.all())


def _linear(request: HttpRequest) -> list[dict[str, object]]:
    """What ends today in the linear lines, and what is to be looked at; nothing where the officer has none."""
    if not pages.linear_territories(request):
        return []
    ending = {
        "turns": turns.ends_today(turns.running_turns(request), request).count(),
        "referrals": turns.ends_today(turns.running_referrals(request), request).count(),
    }
    return [
        *(
            _stat("officer.turns", count, label=f"department.{name}-today", query=f"?list={name}&due=today")
            for name, count in ending.items()
        ),
        _stat("officer.extensions", pages.extensions(request).count()),
        _stat("officer.stop-list", pages.stop_listed(request).filter(regime=Regime.LINEAR).count()),
    ]


def _stat(page: str, value: int, *, note: str = "", label: str = "", query: str = "") -> dict[str, object]:
    """A number with the name of the page it leads to."""
    return {"label": texts.say(label or page), "value": value, "note": note, "url": reverse(page) + query}
