"""What a report is asked for: which territories, which period, which regime and birth year."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from balabaqsha.applications.models import Application
from balabaqsha.kernel.time import start_of
from balabaqsha.record.models import JournalEntry

# One row of a report: codes first, then numbers, in the order of the columns of its table.
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Asked:
    """The whole question: territories by code (None: the country), days from `since` to `until`, both included, and filters.

    What a report says of the present it says of `now`.
    """

    codes: tuple[str, ...] | None
    since: date
    until: date
    now: datetime
    regime: str = ""
    birth_year: int | None = None
    # The territory at whose next level territories stand side by side; None: the country and its regions.
    top: str | None = None

    @property
    def begins_at(self) -> datetime:
        """The first moment of the period."""
        return start_of(self.since)

    @property
    def before(self) -> datetime:
        """The first moment after the period."""
        return start_of(self.until + timedelta(days=1))

    def within(self, rows: QuerySet[Any], field: str = "territory") -> QuerySet[Any]:
        """Those of the rows whose `field` is one of the territories."""
        return rows if self.codes is None else rows.filter(**{f"{field}__in": self.codes})

    def during(self, rows: QuerySet[Any], field: str) -> QuerySet[Any]:
        """Those of the rows whose moment lies in the period."""
        return rows.filter(**{f"{field}__gte": self.begins_at, f"{field}__lt": self.before})

    def applications(self) -> QuerySet[Application]:
        """Applications of the territories that the filters leave."""
        return self.of_cases(Application.objects.all(), "")

    def of_cases(self, rows: QuerySet[Any], path: str) -> QuerySet[Any]:
        """Those of the rows whose application, `path` (with its underscores) from them, the territories and filters leave."""
        wanted = {"regime": self.regime or None, "birth_year": self.birth_year}
        found = rows.filter(**{f"{path}{name}": value for name, value in wanted.items() if value is not None})
        return self.within(found, f"{path}territory")

    def journal(self, *acts: str) -> QuerySet[JournalEntry]:
        """Decisions of these acts about such applications that took effect in the period."""
        rows = self.during(JournalEntry.objects.filter(act__in=acts), "at")
        if self.codes is not None:
            rows = rows.filter(territory_code__in=self.codes)
        if self.regime or self.birth_year is not None:
            rows = rows.filter(application_id__in=self.applications().values("id"))
        return rows
