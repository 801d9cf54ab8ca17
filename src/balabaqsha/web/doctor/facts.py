"""What a special case says of itself, in words: what is asked, what the conclusion says, what colleagues think."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from balabaqsha.accounts import queries as accounts
from balabaqsha.applications.models import DocumentsCheck
from balabaqsha.applications.special import queries
from balabaqsha.people.queries import card
from balabaqsha.territories import queries as territories
from balabaqsha.web.kit import texts


@dataclass(frozen=True)
class Opinion:
    """What a colleague was asked and said; `advice` is empty while they have not answered."""

    name: str
    question: str
    asked_at: datetime
    advice: str
    answer: str
    answered_at: datetime | None


def correction(code: str | None) -> str:
    """The name of a correction type."""
    return texts.say(f"correction.{code}") if texts.knows(f"correction.{code}") else str(code or "–")


def asked(check: DocumentsCheck) -> list[dict[str, Any]]:
    """What the family asks for, and about whom."""
    application = check.application
    return [
        _fact("application.correction", correction(application.correction)),
        _fact("kg.representative", card(application.applicant).full_name),
        _fact("apply.region", territories.spoken_name(application.territory_id, texts.language())),
        _fact(
            "application.language", ", ".join(texts.say(f"language.{code}") for code in application.languages) or "–"
        ),
        _fact("doctor.filed-at", texts.say("department.moment", due=application.original_at)),
    ]


def of_conclusion(check: DocumentsCheck, *, today: date) -> list[dict[str, Any]]:
    """What the conclusion says, each line with whether it fits; empty where there is none."""
    found = check.conclusion
    if found is None:
        return []
    last = queries.last_good_day(found)
    good = last is None or last >= today
    fits = found.correction == check.application.correction
    said = [
        _fact("application.correction", correction(found.correction), tone="ok" if fits else "bad"),
        _fact("conclusion.number", found.number or "–"),
        _fact("conclusion.issued", texts.say("day.only", date=found.issued_on)),
        _fact(
            "conclusion.until",
            texts.say("day.only", date=last) if last else texts.say("conclusion.endless"),
            tone="ok" if good else "bad",
        ),
    ]
    if found.answer is None:
        return [*said, _fact("conclusion.source", texts.say("conclusion.attached"), tone="warn")]
    russian = texts.language() == "ru"
    told = texts.say("conclusion.told", reference=found.answer.reference, due=found.answer.asked_at)
    return [
        *said,
        _fact("conclusion.by", found.issued_by_ru if russian else found.issued_by_kk),
        _fact("conclusion.advice", found.advice_ru if russian else found.advice_kk),
        _fact("conclusion.source", told, tone="ok"),
    ]


def _fact(key: str, value: str, *, tone: str = "") -> dict[str, str]:
    return {"label": texts.say(key), "value": value, "tone": tone}


def opinions(check: DocumentsCheck) -> list[Opinion]:
    """What colleagues were asked about the case, and answered."""
    rows = queries.opinions(check)
    names = accounts.names_of({row.asked_of_account_id for row in rows})
    return [
        Opinion(
            name=names[row.asked_of_account_id],
            question=row.question,
            asked_at=row.asked_at,
            advice="" if row.confirms is None else texts.say("checks.confirm" if row.confirms else "checks.reject"),
            answer=row.answer,
            answered_at=row.answered_at,
        )
        for row in rows
    ]


def asker(account_id: int) -> str:
    """The name of whoever asks."""
    return accounts.names_of({account_id})[account_id]
