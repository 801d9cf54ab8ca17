"""Checks of places: each has at most one holder, and each holder is somebody."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from balabaqsha.admissions.models import Admission, WaitingListOffer
from balabaqsha.admissions.states import HOLDING_A_PLACE, Stage
from balabaqsha.applications.models import Appeal
from balabaqsha.applications.states import AppealState
from balabaqsha.checks.found import Found
from balabaqsha.kindergartens.models import Hold, Place, Purpose
from balabaqsha.referrals.models import Referral
from balabaqsha.referrals.states import ReferralState

# Holds that admissions and waiting-list offers answer for.
_OURS = (Purpose.CHOICE, Purpose.REFERRAL, Purpose.OFFER, Purpose.ENROLMENT)


def two_holders(now: datetime) -> Iterable[Found]:
    """A place has at most one live holder."""
    live = Hold.objects.filter(ended_at__isnull=True)
    other = live.filter(place=OuterRef("place")).exclude(id=OuterRef("id"))
    return holds(live.filter(Exists(other)))


def hold_serves_nobody(now: datetime) -> Iterable[Found]:
    """A place held for a choice, a referral, an offer or an enrolment is held for a live admission or an open offer."""
    admitted = Admission.objects.filter(hold=OuterRef("pk"), stage__in=sorted(HOLDING_A_PLACE))
    offered = WaitingListOffer.objects.filter(hold=OuterRef("pk"), ended_at__isnull=True)
    contested = Appeal.objects.filter(hold=OuterRef("pk"), state=AppealState.OPEN)
    unserved = Hold.objects.filter(~Exists(admitted), ~Exists(offered), ended_at__isnull=True)
    return holds(unserved.filter(Q(purpose__in=_OURS) | Q(~Exists(contested), purpose=Purpose.APPEAL)))


def hold_without_its_referral(now: datetime) -> Iterable[Found]:
    """A place held by a referral is that of a referral in force to this very group, and of none registered already."""
    issued = Referral.objects.filter(
        application=OuterRef("application"), group=OuterRef("group"), state=ReferralState.ISSUED
    )
    serving = Admission.objects.filter(Exists(issued), hold=OuterRef("pk"), stage=Stage.REFERRED)
    return holds(Hold.objects.filter(~Exists(serving), ended_at__isnull=True, purpose=Purpose.REFERRAL))


def hidden_place_held(now: datetime) -> Iterable[Found]:
    """A place that is kept from families is held by nobody."""
    held = Hold.objects.filter(place=OuterRef("pk"), ended_at__isnull=True)
    rows = Place.objects.filter(Exists(held), published=False).order_by("id")
    for row in rows.values("id", "number", "group_id", "group__territory_id"):
        facts = {"group_id": row["group_id"], "place": row["number"]}
        yield Found(f"place {row['id']}", row["group__territory_id"], facts=facts)


def holds(rows: QuerySet[Any]) -> Iterator[Found]:
    """These holds, each with its place and group. One query."""
    columns = ("id", "place__number", "place__group_id", "place__group__territory_id", "purpose")
    for row in rows.order_by("id").values(*columns):
        facts = {"group_id": row["place__group_id"], "place": row["place__number"], "purpose": row["purpose"]}
        yield Found(f"hold {row['id']}", row["place__group__territory_id"], facts=facts)
