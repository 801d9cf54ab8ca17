"""Reads of findings."""

from datetime import datetime

from django.db.models import QuerySet

from balabaqsha.checks import catalogue
from balabaqsha.checks.models import Finding
from balabaqsha.record.models import JournalEntry


def open_findings() -> QuerySet[Finding]:
    """Everything that was found and is not yet cleared, by check, the oldest first."""
    return Finding.objects.filter(cleared_at__isnull=True).order_by("code", "first_seen_at", "id")


def last_checked_at() -> datetime | None:
    """When the checks were last asked. One query."""
    return JournalEntry.objects.filter(act="rows-checked").order_by("-id").values_list("at", flat=True).first()


def by_check(findings: QuerySet[Finding]) -> list[tuple[str, list[Finding]]]:
    """These findings by the code of their check, in the order of the catalogue. One query."""
    found: dict[str, list[Finding]] = {catalogue.code(check): [] for check in catalogue.ALL}
    for finding in findings:
        found.setdefault(finding.code, []).append(finding)
    return [(code, rows) for code, rows in found.items() if rows]
