"""Reads of turns, referrals and wishes."""

from collections import Counter

from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import Coalesce

from balabaqsha.applications.models import Application
from balabaqsha.documents.models import MadeDocument
from balabaqsha.law.lists import DocumentKind
from balabaqsha.line import linear
from balabaqsha.line.linear import LineKey
from balabaqsha.line.models import Line
from balabaqsha.referrals.models import Referral, SealedWish, TogetherWish, Turn
from balabaqsha.referrals.states import LIVE, ReferralState, TurnState


def live_turn(application_id: int) -> Turn | None:
    """The turn that the application has now, if any. One query."""
    return Turn.objects.filter(application_id=application_id, state=TurnState.OFFERED).first()


def live_turns(line: Line) -> int:
    """How many turns of the line are out. One query."""
    return Turn.objects.filter(line=line, state=TurnState.OFFERED).count()


def live_turns_by_line(territory_code: str) -> Counter[int]:
    """How many turns of each line of a territory are out, by id of the line. One query."""
    rows = Turn.objects.filter(line__territory_id=territory_code, state=TurnState.OFFERED).values_list("line_id")
    return Counter(dict(rows.annotate(out=Count("id"))))


def live_referral(application_id: int) -> Referral | None:
    """The referral that leads the application to its place, if any. One query."""
    return Referral.objects.filter(application_id=application_id, state__in=sorted(LIVE)).first()


def latest_referral(application_id: int) -> Referral | None:
    """The last referral that the application was given, whatever became of it. One query."""
    return Referral.objects.filter(application_id=application_id).order_by("-id").first()


def without_paper(application_id: int | None = None) -> list[int]:
    """Applications whose issued referral has no paper in force that says its term as it stands, oldest first. One query.

    `application_id` asks for that one only.
    """
    papers = MadeDocument.objects.filter(
        application_id=OuterRef("application_id"),
        kind=DocumentKind.REFERRAL,
        superseded_at__isnull=True,
        void_at__isnull=True,
        made_at__gte=Coalesce(OuterRef("extended_at"), OuterRef("issued_at")),
    )
    rows = Referral.objects.filter(~Exists(papers), state=ReferralState.ISSUED).order_by("id")
    if application_id is not None:
        rows = rows.filter(application_id=application_id)
    return list(rows.values_list("application_id", flat=True))


def live_wish(application_id: int) -> SealedWish | None:
    """What the application wishes in the sealed round that runs, if anything. One query."""
    return SealedWish.objects.select_related("group").filter(application_id=application_id, ended_at=None).first()


def wishes_of_round(line: Line) -> list[SealedWish]:
    """Every wish of the line's sealed round. One query."""
    return list(SealedWish.objects.select_related("signature").filter(line=line, ended_at__isnull=True).order_by("id"))


def siblings_in(key: LineKey) -> dict[int, Application]:
    """For each application of the line that is to be served together with a sibling's, the sibling's. One query.

    Only wishes that both recorded bind, and only while both wait.
    """
    mutual = TogetherWish.objects.filter(
        application=OuterRef("sibling"), sibling=OuterRef("application"), ended_at__isnull=True
    )
    wishes = TogetherWish.objects.select_related("sibling").filter(
        Exists(mutual),
        application__in=linear.waiting(key),
        sibling__in=linear.waiting(key),
        ended_at__isnull=True,
    )
    return {wish.application_id: wish.sibling for wish in wishes}
