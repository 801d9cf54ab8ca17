"""Special applications of the town: conclusions of the made-up PMPK, checks, a question to a colleague."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from balabaqsha.applications.models import ArkotekAnswer, Conclusion, DocumentsCheck, SecondOpinion
from balabaqsha.documents import actions as documents
from balabaqsha.kernel.time import localdate
from balabaqsha.law import corrections
from balabaqsha.law.lists import DocumentKind
from balabaqsha.sandbox import population
from balabaqsha.sandbox.town import papers
from balabaqsha.sandbox.town.families import Human
from balabaqsha.sandbox.town.rows import Row
from balabaqsha.sandbox.town.world import World

if TYPE_CHECKING:
    from balabaqsha.sandbox.town.case_rows import CaseRows

_YEAR = timedelta(days=365)
_BY = ("№ 2 ПМПК, Павлодар қаласы", "ПМПК № 2, город Павлодар")
_ADVICE = ("Түзету тобы ұсынылады", "Рекомендована коррекционная группа")


def order_check(case: "CaseRows", *, told: bool, at: datetime) -> Row:
    """The check of a special application just filed, on a conclusion of Arkotek if one was told."""
    world, correction = case.world, case.application["correction"]
    term = world.term("special.check", since=at)
    decider = corrections.check_of(correction, world.rulebook, on=localdate(at)).decided_by
    return world.rows.add(
        DocumentsCheck,
        application_id=case.id,
        decider=decider.value,
        conclusion_id=_told(case, at=at)["id"] if told else None,
        due_at=term.due_at,
        due_term=term.identity,
        rejected_because="",
        note="",
    )


def _told(case: "CaseRows", *, at: datetime) -> Row:
    """What Arkotek told a quarter of an hour before the application was sent."""
    world, child = case.world, case.child
    issued_on = localdate(at) - timedelta(days=20 + case.id % 90)
    known = conclude(child, case.application["correction"], issued_on=issued_on, last_day=issued_on + _YEAR)
    asked_at = at - timedelta(minutes=15)
    reference = f"town-{known.number}"
    for act, facts in (("conclusion-consent", {}), ("conclusion-told", {"reference": reference, "found": 1})):
        world.journal(act, actor=case.parent, at=asked_at, facts={"child": child.id, **facts})
    answer = world.rows.add(
        ArkotekAnswer,
        child_id=child.id,
        asked_by_id=case.family.mother.id,
        consented_at=asked_at,
        asked_at=asked_at,
        reference=reference,
    )
    return world.rows.add(
        Conclusion,
        child_id=child.id,
        answer_id=answer["id"],
        number=known.number,
        correction=known.correction,
        issued_on=issued_on,
        valid_until=issued_on + _YEAR + timedelta(days=1),
        issued_by_kk=_BY[0],
        issued_by_ru=_BY[1],
        advice_kk=_ADVICE[0],
        advice_ru=_ADVICE[1],
        kept_at=asked_at,
    )


def conclude(child: Human, correction: str, *, issued_on: date, last_day: date | None) -> population.Conclusion:
    """Enter a conclusion about the child in Arkotek."""
    number = f"PMPK-{issued_on:%Y}-{child.iin[-6:]}-{len(child.conclusions) + 1}"
    known = population.Conclusion(number, correction, issued_on, last_day)
    child.conclusions.append(known)
    return known


def try_everything(child: Human, *, today: date) -> None:
    """Conclusions for a family that applies itself: a good one, one of another type, one that has run out."""
    conclude(child, "SPEECH_SEVERE", issued_on=today - timedelta(days=40), last_day=today + _YEAR)
    conclude(child, "LOW_VISION", issued_on=today - timedelta(days=100), last_day=today + _YEAR)
    conclude(child, "SPEECH_SEVERE", issued_on=today - 2 * _YEAR, last_day=today - _YEAR)


def ask(world: World, case: "CaseRows", *, by: int, of: int) -> None:
    """A colleague (account `by`) asks another about a case that waits."""
    check = case.check or {}
    opinion = world.rows.add(
        SecondOpinion,
        check_asked_about_id=check["id"],
        asked_by_account_id=by,
        asked_of_account_id=of,
        question="Қорытынды бойынша логопедиялық топ жеткілікті ме, әлде күрделі бұзылыстар тобы керек пе?",
        asked_at=case.application["original_at"] + timedelta(minutes=50),
        answer="",
    )
    facts = {"opinion": opinion["id"]}
    at = opinion["asked_at"]
    world.journal("ask_opinion", actor=world.deciders["PMPK"], at=at, application_id=case.id, facts=facts)


def attach(case: "CaseRows") -> None:
    """Arkotek was silent when this family applied: it attached the conclusion itself. After the rows were copied."""
    at, child, mother = case.application["original_at"], case.child, case.family.mother
    day = localdate(at) - timedelta(days=12)
    words = (
        (30, "ПМПК ҚОРЫТЫНДЫСЫ / ЗАКЛЮЧЕНИЕ ПМПК"),
        (26, f"№ {day:%m%d}-2   {day:%d.%m.%Y}"),
        (32, f"{child.name.surname} {child.name.given_name}"),
        (24, _ADVICE[0]),
        (24, _ADVICE[1]),
        (22, "Ойдан шығарылған құжат / Документ вымышлен"),
    )
    upload = documents.keep_upload(
        owner_person_id=mother.id or 0,
        child_person_id=child.id,
        kind=DocumentKind.PMPK_CONCLUSION,
        content=papers.drawn(words),
        name="qorytyndy.jpg",
        actor=case.parent,
        now=at,
        issued_on=day,
    )
    kept = Conclusion.objects.create(
        child_id=child.id or 0,
        upload_id=upload.id,
        number=f"{day:%m%d}-2",
        correction=case.application["correction"],
        issued_on=day,
        valid_until=day + _YEAR,
        kept_at=at,
    )
    DocumentsCheck.objects.filter(application_id=case.id).update(conclusion=kept)
