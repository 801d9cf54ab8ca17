"""Reads of the register of kindergartens."""

from django.db.models import Count, Q, QuerySet

from balabaqsha.kindergartens.models import Kindergarten, KindergartenPhoto
from balabaqsha.record import queries as record
from balabaqsha.record.queries import Event

# What is told of a kindergarten on its page of history.
ACTS = (
    "group-changed",
    "group-closed",
    "group-opened",
    "kindergarten-changed",
    "kindergarten-closed",
    "kindergarten-opened",
    "kindergarten-photo-added",
    "kindergarten-photo-removed",
)
LAST = 50


def with_numbers(rows: QuerySet[Kindergarten]) -> QuerySet[Kindergarten]:
    """These kindergartens, each with the number of its open groups as `open_groups`."""
    return rows.annotate(open_groups=Count("groups", filter=Q(groups__closed_at=None)))


def photos(kindergarten: Kindergarten) -> list[KindergartenPhoto]:
    """The photos shown of it, in the order in which they came. One query."""
    rows = KindergartenPhoto.objects.filter(kindergarten=kindergarten, removed_at=None)
    return list(rows.select_related("file").order_by("id"))


def photo(kindergarten_code: str, photo_id: int) -> KindergartenPhoto | None:
    """A photo that is shown of the kindergarten, None where there is none. One query."""
    rows = KindergartenPhoto.objects.filter(kindergarten__code=kindergarten_code, id=photo_id, removed_at=None)
    return rows.select_related("file").first()


def history(kindergarten: Kindergarten) -> list[Event]:
    """The last decisions about a kindergarten and its groups, newest first. One query."""
    return record.events_about(
        kindergarten.territory_id, acts=ACTS, facts={"kindergarten": kindergarten.id}, limit=LAST
    )
