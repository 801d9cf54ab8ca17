"""Reads of applications."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from balabaqsha.applications.models import Application, BenefitClaim, ClaimState, Draft
from balabaqsha.applications.states import LIVE, State
from balabaqsha.territories import queries as territories


def undecided_claim(application_id: int) -> BenefitClaim | None:
    """The claim that waits for an officer, if any. One query."""
    return BenefitClaim.objects.filter(application_id=application_id, state=ClaimState.UNDECIDED).first()


def live_of_child(child_id: int) -> list[Application]:
    """The child's applications that are not in the archive, oldest first. One query."""
    return list(Application.objects.filter(child_id=child_id, state__in=LIVE).order_by("id"))


def others_of_child(application_id: int) -> list[int]:
    """Ids of the child's other applications that its enrolment may end, oldest first. One query.

    Live ones of the same kind, which there are only beside a private place; and the one by which it goes to a
    kindergarten from the other line.
    """
    same = Application.objects.filter(id=application_id)
    of_child = Application.objects.filter(child__in=same.values("child")).exclude(id=application_id)
    rows = of_child.filter(Q(kind__in=same.values("kind"), state__in=LIVE) | Q(state=State.ENROLLED))
    return list(rows.order_by("id").values_list("id", flat=True))


def by_number(number: str) -> Application | None:
    """The application of this number, or None. One query."""
    return Application.objects.filter(number=number).first()


def has_term_ending(whose: Q, *, since: datetime, until: datetime) -> bool:
    """Whether a term of one of these applications ends in this time, both moments included. One query."""
    return Application.objects.filter(whose, due_at__range=(since, until)).exists()


def open_drafts(person_id: int) -> list[Draft]:
    """What the person has begun and not sent, the latest first. One query."""
    return list(Draft.objects.filter(applicant_id=person_id, sent_application=None).order_by("-updated_at", "-id"))


def draft(person_id: int, token: UUID) -> Draft | None:
    """The person's own draft under this token, sent or not; a foreign and an unknown token answer None alike."""
    rows = Draft.objects.select_related("sent_application")
    return rows.filter(applicant_id=person_id, token=token).first()


def live_claims(application_id: int) -> QuerySet[BenefitClaim]:
    """The claim that counts and the one that waits for its check, as far as there are."""
    return BenefitClaim.objects.filter(
        application_id=application_id, state__in=[ClaimState.CONFIRMED, ClaimState.UNDECIDED]
    ).order_by("id")


def attached_to(application_id: int) -> list[int]:
    """Ids of the papers that the family attached to its claims, oldest first, each once. One query."""
    claims = BenefitClaim.objects.filter(application_id=application_id).order_by("id")
    return list(dict.fromkeys(one for ids in claims.values_list("upload_ids", flat=True) for one in ids))


def latest_claim(application_id: int) -> BenefitClaim | None:
    """The benefit that was claimed last, whatever became of it. One query."""
    return BenefitClaim.objects.filter(application_id=application_id).order_by("-id").first()


def running_by_term(code: str, territory_code: str, *, now: datetime) -> int:
    """How many deadlines counted by a term run on after a moment in a territory and below. Two queries."""
    within = Q(territory__in=territories.subtree(territory_code))
    if code == "benefit.proof_check":
        undecided = BenefitClaim.objects.filter(state=ClaimState.UNDECIDED, check_due_at__gte=now)
        return undecided.filter(application__in=Application.objects.filter(within)).count()
    return Application.objects.filter(within, due_term__startswith=f"{code}@", due_at__gte=now).count()


def waiting_in(territory_code: str) -> int:
    """How many wait in the lines of a territory and below. Two queries."""
    return Application.objects.filter(state=State.WAITING, territory__in=territories.subtree(territory_code)).count()
