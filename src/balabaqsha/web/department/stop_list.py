"""The stop list: who stands on it, since when and until when, why, and how the family gets out."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, department_reader
from balabaqsha.applications.models import Application
from balabaqsha.law import queries as law
from balabaqsha.locale import written
from balabaqsha.referrals import queries as referrals
from balabaqsha.referrals.models import Referral
from balabaqsha.territories.regimes import Regime
from balabaqsha.web.department import pages
from balabaqsha.web.kit import due, texts, worklists
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 50


@access(department_reader)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Whoever leaves it first stands first; names stay masked until a case is opened."""
    found = pages.stop_listed(request)
    total = found.count()
    shown = pager(request, page=page_of(request), total=total, size=SIZE)
    start = (shown.page - 1) * SIZE
    rows = list(found.select_related("child").order_by("due_at", "id")[start : start + SIZE])
    lapsed = referrals.latest_lapsed(row.id for row in rows)
    keys = ("department.number", "kg.child", "stop-list.since", "stop-list.why", "stop-list.way-out")
    context = {
        "total": total,
        "pager": shown,
        "columns": [texts.say(key) for key in keys],
        "rows": [_row(row, lapsed.get(row.id), request) for row in rows],
        "linear": bool(pages.linear_territories(request)),
    }
    return pages.page(request, "stop_list", "officer.stop-list", **context)


def _row(application: Application, referral: Referral | None, request: HttpRequest) -> dict[str, Any]:
    linear = application.regime == Regime.LINEAR
    cells = [
        worklists.masked(application.child),
        written.moment(application.reached_state_at),
        _why(application, referral) if linear else texts.say("stop-list.voucher-why"),
        texts.say("stop-list.linear-out" if linear else "stop-list.voucher-out"),
    ]
    standing = due.standing(application.due_at, now=request.now, calendar=law.calendar())
    return worklists.work(application.number, pages.case_url(application), cells, standing)


def _why(application: Application, referral: Referral | None) -> str:
    key = "stop-list.not-signed" if referral and referral.registered_at else "stop-list.not-come"
    return f"{texts.say(key)}. {texts.say('turns.misses', n=application.misses)}"
