"""Drafts: what a family fills in step by step before it sends; kept at every step, for any device."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from balabaqsha.applications.models import Draft
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.record import actions as record


class NoSuchDraft(Refusal, code="not-allowed", detail="page-not-found"):
    """There is no such draft, or it is another person's."""


class DraftSent(Refusal, code="already-sent"):
    """The draft has become an application; facts: number."""


@transaction.atomic(durable=True)
def start_draft(*, actor: Actor, step: str, answers: dict[str, Any], now: datetime) -> Draft:
    """Begin a draft of the actor at a step of the wizard; an actor without a person may have none (NoSuchDraft)."""
    if actor.person_id is None:
        raise NoSuchDraft
    draft = Draft.objects.create(
        token=uuid4(), applicant_id=actor.person_id, step=step, answers=answers, updated_at=now
    )
    record.record("draft-started", actor=actor, now=now, facts={"draft": draft.id})
    return draft


@transaction.atomic(durable=True)
def keep_answers(*, token: UUID, answers: dict[str, Any], step: str, actor: Actor, now: datetime) -> Draft:
    """Put answers beside those kept before, and note the step that comes next. Raises NoSuchDraft, DraftSent."""
    draft = _lock_own(token, actor)
    draft.answers = draft.answers | answers
    draft.step = step
    draft.updated_at = now
    draft.save(update_fields=["answers", "step", "updated_at"])
    return draft


@transaction.atomic(durable=True)
def drop_draft(*, token: UUID, actor: Actor, now: datetime) -> None:
    """Throw a draft away; the papers attached in it stay with the child. Raises NoSuchDraft, DraftSent."""
    draft = _lock_own(token, actor)
    record.record("draft-dropped", actor=actor, now=now, facts={"draft": draft.id})
    draft.delete()


def _lock_own(token: UUID, actor: Actor) -> Draft:
    # Rival: the same family on another device, or the second of two clicks.
    rows = Draft.objects.select_for_update(no_key=True, of=("self",)).select_related("sent_application")
    draft = rows.filter(token=token, applicant_id=actor.person_id).first()
    if draft is None:
        raise NoSuchDraft
    if draft.sent_application is not None:
        raise DraftSent(number=draft.sent_application.number)
    return draft
