"""What a check yields: one row, or one kind of work, that breaks its promise."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class Found:
    """One promise broken. `subject` names the row, by kind and number: the next night finds it under the same name.

    Without a territory it concerns the portal as a whole. `facts` hold ids, codes and numbers, never names or IINs.
    """

    subject: str
    territory_code: str | None = None
    application_id: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)


# A check is asked at a moment and yields what breaks its promise, in a fixed order.
Check = Callable[[datetime], Iterable[Found]]


def applications(rows: QuerySet[Any], *columns: str) -> Iterator[Found]:
    """These applications, each with the named columns among its facts. One query."""
    for row in rows.order_by("id").values("id", "number", "territory_id", *columns).distinct():
        facts = {name: row[name] for name in ("number", *columns)}
        yield Found(f"application {row['number']}", row["territory_id"], row["id"], facts)


def of_application(rows: QuerySet[Any], *columns: str, path: str = "application") -> Iterator[Found]:
    """Rows that belong to an application by this path, told as findings of the application. One query."""
    names = {key: f"{path}__{key}" for key in ("id", "number", "territory_id")}
    for row in rows.order_by("id").values("id", *names.values(), *columns):
        number = row[names["number"]]
        facts = {"number": number} | {name: row[name] for name in columns}
        kind = rows.model._meta.model_name  # noqa: SLF001 - a documented name
        subject = f"application {number} {kind} {row['id']}"
        yield Found(subject, row[names["territory_id"]], row[names["id"]], facts)
