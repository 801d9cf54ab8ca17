"""Reads of appeals."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from balabaqsha.applications.models import Appeal
from balabaqsha.applications.states import AppealState


def open_appeal(application_id: int) -> Appeal | None:
    """The appeal that waits for a decision about the application, if any. One query."""
    return Appeal.objects.filter(application_id=application_id, state=AppealState.OPEN).first()


def latest(application_id: int) -> Appeal | None:
    """The last appeal of the application, however it came out. One query."""
    return Appeal.objects.filter(application_id=application_id).order_by("-id").first()


def with_open_appeal(application_ids: Iterable[int]) -> set[int]:
    """Those of these applications whose appeal waits for a decision. One query."""
    rows = Appeal.objects.filter(application__in=list(application_ids), state=AppealState.OPEN)
    return set(rows.values_list("application_id", flat=True))


def by_token(token: UUID) -> Appeal | None:
    """The appeal of this token. One query."""
    return Appeal.objects.filter(token=token).first()


def to_decide(rows: QuerySet[Appeal]) -> QuerySet[Appeal]:
    """Of these the open ones, the first due first."""
    return rows.select_related("application__child").filter(state=AppealState.OPEN).order_by("due_at", "id")


def papers_of_child(child_id: int) -> set[int]:
    """The uploads that appeals about this child have used. One query."""
    rows = Appeal.objects.filter(application__child=child_id).values_list("upload_ids", flat=True)
    return {upload for uploads in rows for upload in uploads}


def papers_of(application_id: int) -> list[int]:
    """The uploads of all appeals of an application. One query."""
    rows = Appeal.objects.filter(application=application_id).order_by("id").values_list("upload_ids", flat=True)
    return [upload for uploads in rows for upload in uploads]
