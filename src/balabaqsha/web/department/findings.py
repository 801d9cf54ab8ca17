"""What the nightly checks found in an officer's territory, each with what it means and what to do."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from balabaqsha.accounts.access import department_finding
from balabaqsha.checks import queries, words
from balabaqsha.checks.models import Finding
from balabaqsha.kindergartens.models import Group
from balabaqsha.web.kit import texts

# Of one check; the others are counted.
SHOWN = 20


def section(request: HttpRequest) -> dict[str, Any]:
    """The findings of the first page by check, with the moment at which they were last looked for."""
    found = queries.by_check(department_finding.scope(request.actor, queries.open_findings()))
    names = _groups(finding for _, rows in found for finding in rows[:SHOWN])
    return {
        "findings": [_told(code, rows, names) for code, rows in found],
        "checked_at": queries.last_checked_at(),
    }


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
