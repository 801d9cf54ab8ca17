"""Writing and withdrawing notices, writing and changing questions with their answers."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction

from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law.terms import CODES
from balabaqsha.notices import rules
from balabaqsha.notices.models import Kind, Notice, Question, QuestionVersion, Section
from balabaqsha.record import actions as record


class LinkLeaves(Refusal, code="notice-text", detail="notice-link"):
    """A text has a link that does not lead to a page of the portal; facts: what, field."""


class TermUnknown(Refusal, code="notice-text", detail="notice-term"):
    """A text names a term that the rulebook does not have; facts: what, field."""


class NoticeOver(Refusal, code="notice-days", detail="notice-over"):
    """The last day of the notice has passed already, or lies before its first."""


class ChangedByOther(Refusal, code="question-changed", detail="question-changed"):
    """Somebody else changed the question meanwhile; what was typed is kept on the page."""


@dataclass(frozen=True)
class Told:
    """A notice: its kind, its territory by code (None: the country), its days, both included, and its words."""

    kind: Kind
    territory_code: str | None
    first_day: date
    last_day: date
    title_kk: str
    title_ru: str
    title_en: str
    text_kk: str
    text_ru: str
    text_en: str


@dataclass(frozen=True)
class Answer:
    """A question and its answer in three languages, where it stands, and whether everybody sees it."""

    section: Section
    position: int
    published: bool
    question_kk: str
    question_ru: str
    question_en: str
    answer_kk: str
    answer_ru: str
    answer_en: str


@transaction.atomic(durable=True)
def write_notice(*, told: Told, actor: Actor, now: datetime) -> Notice:
    """Tell a territory and everything below it something; it is shown from its first day on.

    Raises LinkLeaves, TermUnknown, NoticeOver.
    """
    _require_printable({name: getattr(told, name) for name in ("text_kk", "text_ru", "text_en")})
    if told.last_day < max(told.first_day, localdate(now)):
        raise NoticeOver
    words = {name: value for name, value in asdict(told).items() if name not in {"kind", "territory_code"}}
    notice = Notice.objects.create(
        token=uuid4(),
        kind=told.kind,
        territory_id=told.territory_code,
        written_at=now,
        written_by_account_id=actor.account_id,
        **words,
    )
    _record("notice-written", notice, actor=actor, now=now)
    return notice


@transaction.atomic(durable=True)
def withdraw_notice(*, token: UUID, actor: Actor, now: datetime) -> bool:
    """Take a notice from the pages; False where it was withdrawn before. Raises Notice.DoesNotExist."""
    notice = Notice.objects.select_for_update(no_key=True).get(token=token)
    if notice.withdrawn_at is not None:
        return False
    notice.withdrawn_at, notice.withdrawn_by_account_id = now, actor.account_id
    notice.save(update_fields=["withdrawn_at", "withdrawn_by_account_id"])
    _record("notice-withdrawn", notice, actor=actor, now=now)
    return True


def _record(act: str, notice: Notice, *, actor: Actor, now: datetime) -> None:
    facts = {"notice": notice.id, "kind": notice.kind}
    record.record(act, actor=actor, now=now, territory_code=notice.territory_id, facts=facts)


@transaction.atomic(durable=True)
def ask_question(*, answer: Answer, territory_code: str | None, actor: Actor, now: datetime) -> Question:
    """Write a new question of the country (None) or of a territory. Raises LinkLeaves, TermUnknown."""
    _require_answer(answer)
    question = Question.objects.create(
        token=uuid4(),
        territory_id=territory_code,
        changed_at=now,
        changed_by_account_id=actor.account_id,
        **asdict(answer),
    )
    _keep(question, actor=actor, now=now)
    return question


@transaction.atomic(durable=True)
def change_question(*, token: UUID, seen: int, answer: Answer, actor: Actor, now: datetime) -> Question:
    """Change a question; the version that stood is kept. A change that changes nothing is none.

    `seen` is the number of the version that the actor saw. Raises LinkLeaves, TermUnknown, ChangedByOther, Question.DoesNotExist.
    Rival: another editor of the same question, who is told apart by the version.
    """
    _require_answer(answer)
    question = Question.objects.select_for_update(no_key=True).get(token=token)
    words = asdict(answer)
    if all(getattr(question, name) == value for name, value in words.items()):
        return question
    if question.version != seen:
        raise ChangedByOther
    for name, value in words.items():
        setattr(question, name, value)
    question.version += 1
    question.changed_at, question.changed_by_account_id = now, actor.account_id
    question.save(update_fields=[*words, "version", "changed_at", "changed_by_account_id"])
    _keep(question, actor=actor, now=now)
    return question


def _keep(question: Question, *, actor: Actor, now: datetime) -> None:
    """The version as it stands now, and what the journal says of it."""
    words = {name: getattr(question, name) for name in Answer.__dataclass_fields__}
    QuestionVersion.objects.create(
        question=question,
        number=question.version,
        changed_at=question.changed_at,
        changed_by_account_id=question.changed_by_account_id,
        **words,
    )
    facts = {"question": question.id, "version": question.version, "published": question.published}
    record.record("question-changed", actor=actor, now=now, territory_code=question.territory_id, facts=facts)


def _require_answer(answer: Answer) -> None:
    _require_printable({name: getattr(answer, name) for name in ("answer_kk", "answer_ru", "answer_en")})


def _require_printable(texts: dict[str, str]) -> None:
    for field, text in texts.items():
        found = rules.wrong(text, terms=CODES)
        if found is not None:
            raise {"link": LinkLeaves, "term": TermUnknown}[found.why](what=found.what, field=field)
