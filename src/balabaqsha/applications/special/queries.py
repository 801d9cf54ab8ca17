"""Reads of conclusions, checks and opinions."""

from datetime import date, timedelta

from django.db.models import QuerySet

from balabaqsha.applications.models import (
    Application,
    ArkotekAnswer,
    Conclusion,
    DocumentsCheck,
    KeptBeside,
    SecondOpinion,
)
from balabaqsha.applications.states import BEFORE_FAMILY_SIGNED, HOLDS_A_PLACE, State
from balabaqsha.documents import queries as documents


def last_answer(*, child_id: int, person_id: int) -> ArkotekAnswer | None:
    """The newest answer of Arkotek about the child that the person asked for. One query."""
    rows = ArkotekAnswer.objects.filter(child_id=child_id, asked_by_id=person_id)
    return rows.order_by("-asked_at", "-id").first()


def told(answer: ArkotekAnswer) -> list[Conclusion]:
    """The conclusions of the answer, the newest first. One query."""
    return list(Conclusion.objects.filter(answer=answer).order_by("-issued_on", "-id"))


def conclusion(conclusion_id: int | None) -> Conclusion | None:
    """The conclusion of this id, or None. One query."""
    return Conclusion.objects.filter(id=conclusion_id).first() if conclusion_id is not None else None


def is_of(conclusion: Conclusion, person_id: int | None) -> bool:
    """Whether the person asked Arkotek for the conclusion or attached its paper. One query."""
    if conclusion.answer is not None:
        return conclusion.answer.asked_by_id == person_id
    paper = documents.uploads_by_id([conclusion.upload_id or 0]).get(conclusion.upload_id or 0)
    return paper is not None and paper.owner_person_id == person_id


def last_good_day(conclusion: Conclusion) -> date | None:
    """The last day on which the conclusion is good; None where it has no end."""
    return conclusion.valid_until - timedelta(days=1) if conclusion.valid_until else None


def check_of(application_id: int) -> DocumentsCheck | None:
    """The check of a special application with its conclusion. One query."""
    return DocumentsCheck.objects.filter(application_id=application_id).select_related("conclusion").first()


def to_decide(rows: QuerySet[DocumentsCheck]) -> QuerySet[DocumentsCheck]:
    """Those of the checks that wait for a decision, the soonest due first."""
    waiting = rows.filter(decided_at=None, application__state=State.DOCUMENTS_CHECK)
    return waiting.order_by("due_at", "id")


def opinions(check: DocumentsCheck) -> list[SecondOpinion]:
    """What colleagues were asked about a case, oldest first. One query."""
    return list(SecondOpinion.objects.filter(check_asked_about=check).order_by("id"))


def other_line(application: Application) -> Application | None:
    """The child's application in the other line that its family may still withdraw and has not decided to keep.

    None while this one holds no place. Two queries at most.
    """
    if application.state not in HOLDS_A_PLACE:
        return None
    live = Application.objects.filter(child_id=application.child_id, state__in=BEFORE_FAMILY_SIGNED)
    other = live.exclude(kind=application.kind).order_by("id").first()
    if other is None or KeptBeside.objects.filter(placed=application, other=other).exists():
        return None
    return other
