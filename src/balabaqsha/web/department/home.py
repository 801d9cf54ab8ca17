"""The first page of an officer: today in four numbers, and what the nightly checks found."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, department_finding
from balabaqsha.applications.states import State
from balabaqsha.checks import queries, words
from balabaqsha.checks.models import Finding
from balabaqsha.kindergartens.models import Group
from balabaqsha.web.department import pages
from balabaqsha.web.kit import texts

# Of one check; the others are counted.
SHOWN = 20


@access(department_finding)
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """What waits for an officer, and below it every finding with what it means and what to do."""
    claims = pages.claims(request)
    overdue = claims.filter(check_due_at__lt=request.now).count()
    findings = queries.by_check(department_finding.scope(request.actor, queries.open_findings()))
    waiting = pages.cases(request).filter(state=State.WAITING).count()
    kept = sum(len(rows) for code, rows in findings if code == "contract-overdue")
    stats = [
        {
            "label": texts.say("today.claims"),
            "value": claims.count(),
            "note": texts.say("today.overdue", n=overdue) if overdue else "",
        },
        {"label": texts.say("today.waiting"), "value": waiting, "note": ""},
        {"label": texts.say("today.contracts-overdue"), "value": kept, "note": ""},
        {"label": texts.say("today.findings"), "value": sum(len(rows) for _, rows in findings), "note": ""},
    ]
    names = _groups(finding for _, rows in findings for finding in rows[:SHOWN])
    told = [_told(code, rows, names) for code, rows in findings]
    checked_at = queries.last_checked_at()
    return pages.page(request, "home", "officer.home", stats=stats, findings=told, checked_at=checked_at)


def _groups(findings: Iterable[Finding]) -> dict[int, str]:
    """Kindergarten and group by id, as people read them."""
    ids = {finding.facts["group_id"] for finding in findings if "group_id" in finding.facts}
    rows = Group.objects.filter(id__in=ids).select_related("kindergarten")
    russian = texts.language() == "ru"
    return {row.id: f"{row.kindergarten.name_ru if russian else row.kindergarten.name_kk}, {row.name}" for row in rows}


def _told(code: str, findings: list[Finding], groups: dict[int, str]) -> dict[str, Any]:
    language = texts.language()
    return {
        "title": words.title(code, language=language),
        "advice": words.advice(code, language=language),
        "more": max(0, len(findings) - SHOWN),
        "rows": [
            {
                "text": words.row(finding, language=language, groups=groups),
                "since": finding.first_seen_at,
                "url": reverse("officer.case", args=[finding.facts["number"]]) if "number" in finding.facts else "",
            }
            for finding in findings[:SHOWN]
        ],
    }
