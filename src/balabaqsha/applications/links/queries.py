"""Reads of links. What a link opens is `accounts.access`'s to say."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from balabaqsha.applications.models import LINK_ENDED_BY_OFFICER, Application, ApplicationLink
from balabaqsha.applications.states import LIVE


@dataclass(frozen=True)
class Linked:
    """Somebody who sees an application beside its applicant, since a moment."""

    id: int
    person_id: int
    surname: str
    given_name: str
    linked_at: datetime


def in_sight(person_id: int | None) -> QuerySet[ApplicationLink]:
    """The links by which the person sees applications now: live ones to children whom they still represent."""
    # One join: the same kinship is theirs, and lives.
    kin = Q(application__child__represented_by__representative_id=person_id) & Q(
        application__child__represented_by__ended_at=None
    )
    return ApplicationLink.objects.filter(kin, person_id=person_id, ended_at=None)


def linked_to(application_id: int) -> list[Linked]:
    """Who sees the application beside its applicant, in the order of linking. One query."""
    kin = Q(person__represents__child=F("application__child")) & Q(person__represents__ended_at=None)
    rows = ApplicationLink.objects.filter(kin, application_id=application_id, ended_at=None).order_by("id")
    columns = ("id", "person_id", "person__surname", "person__given_name", "linked_at")
    return [Linked(*row) for row in rows.values_list(*columns)]


def live_by_number(number: str, *, child_iins: Collection[str]) -> Application | None:
    """The live application of this number, if it is for one of these children. One query."""
    return Application.objects.filter(number=number, state__in=LIVE, child__iin__in=list(child_iins)).first()


def is_barred(*, person_id: int, child_id: int) -> bool:
    """Whether an officer has ended the person's sight of an application of this child. One query."""
    ended = ApplicationLink.objects.filter(person_id=person_id, application__child_id=child_id)
    return ended.filter(ended_because__in=LINK_ENDED_BY_OFFICER).exists()


def to_confirm(*, before: datetime, limit: int) -> dict[int, list[int]]:
    """Live links that the register confirmed last before this moment: their ids by person, the oldest first. One query."""
    live = ApplicationLink.objects.filter(ended_at=None, application__state__in=sorted(LIVE))
    rows = live.filter(confirmed_at__lt=before).order_by("confirmed_at", "id")
    found: dict[int, list[int]] = {}
    for person_id, link_id in rows.values_list("person_id", "id")[:limit]:
        found.setdefault(person_id, []).append(link_id)
    return found
