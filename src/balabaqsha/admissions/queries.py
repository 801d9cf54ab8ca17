"""Reads of admissions and waiting lists."""

from balabaqsha.admissions.models import Admission, Contract, WaitingListEntry, WaitingListOffer
from balabaqsha.admissions.states import HOLDING_A_PLACE, OPEN, Stage


def open_admission(application_id: int) -> Admission | None:
    """The admission whose contract is not yet signed by both, if any. One query."""
    return Admission.objects.filter(application_id=application_id, stage__in=OPEN).first()


def enrolment(application_id: int) -> Admission | None:
    """The admission by which the child is enrolled, if any. One query."""
    return Admission.objects.filter(application_id=application_id, stage=Stage.ENROLLED).first()


def holding(application_id: int) -> list[Admission]:
    """Admissions that hold a place: the enrolment, and the open one. One query."""
    return list(Admission.objects.filter(application_id=application_id, stage__in=HOLDING_A_PLACE).order_by("id"))


def live_contract(admission_id: int) -> Contract | None:
    """The version of the contract that counts. One query."""
    return Contract.objects.filter(admission_id=admission_id, ended_at__isnull=True).first()


def entries(application_id: int) -> list[WaitingListEntry]:
    """Waiting lists in which the application stands. One query."""
    return list(WaitingListEntry.objects.filter(application_id=application_id, left_at__isnull=True).order_by("id"))


def open_offer(*, application_id: int, group_id: int) -> WaitingListOffer | None:
    """The offer that waits for the family's answer in this group's list, if any. One query."""
    return (
        WaitingListOffer.objects.select_related("hold")
        .filter(entry__application_id=application_id, entry__group_id=group_id, ended_at__isnull=True)
        .first()
    )


def groups_touched(application_id: int) -> set[int]:
    """Groups in which the application holds a place or stands in the waiting list. Two queries."""
    held = Admission.objects.filter(application_id=application_id, stage__in=HOLDING_A_PLACE)
    listed = WaitingListEntry.objects.filter(application_id=application_id, left_at__isnull=True)
    return set(held.values_list("group_id", flat=True)) | set(listed.values_list("group_id", flat=True))


def next_in_list(group_id: int) -> WaitingListEntry | None:
    """The first of the list who has no open offer, by the moment of joining. One query."""
    without_offer = WaitingListEntry.objects.filter(group_id=group_id, left_at__isnull=True).exclude(
        offers__in=WaitingListOffer.objects.filter(ended_at__isnull=True)
    )
    return without_offer.select_related("application").order_by("joined_at", "id").first()
