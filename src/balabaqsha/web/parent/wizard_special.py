"""The questions that only a special application asks: the type of correction, and the conclusion it stands on."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from balabaqsha.applications.models import Conclusion, Draft
from balabaqsha.applications.special import actions, queries
from balabaqsha.journeys import special
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law import corrections
from balabaqsha.law import queries as law
from balabaqsha.law.lists import CORRECTION_FROM_YEARS, CaseCheck, CorrectionType, DocumentKind
from balabaqsha.people.registers import SilentNow
from balabaqsha.web.kit import texts
from balabaqsha.web.kit.forms import DayField
from balabaqsha.web.parent import frame, papers
from balabaqsha.web.parent.wizard_forms import proof_field

Answers = dict[str, Any]
# What may stand where a conclusion of Arkotek is chosen: a paper of the family's own, or none at all.
PAPER, NONE = "PAPER", "NONE"
ASKED, SILENT = "asked", "silent"


class CorrectionForm(forms.Form):
    """Which kind of group the child needs."""

    correction = forms.ChoiceField(
        label="application.correction",
        choices=[(one.value, f"correction.{one.value}") for one in CorrectionType],
        widget=forms.RadioSelect,
    )


class AnyConclusion(forms.ChoiceField):
    """A choice that takes the number of any conclusion: what stands against another child's is said in words."""

    def valid_value(self, value: Any) -> bool:
        """Whether it can be told what is chosen."""
        return super().valid_value(value) or (str(value).isascii() and str(value).isdigit() and len(str(value)) < 19)  # noqa: PLR2004 - digits of an id


class ConsentForm(forms.Form):
    """The family lets the portal ask Arkotek about the child."""

    consent = forms.BooleanField(label="conclusion.consent")


class ConclusionForm(forms.Form):
    """One of the conclusions that Arkotek told, or a paper with what it says."""

    conclusion = AnyConclusion(label="conclusion.choose", widget=forms.RadioSelect)
    paper = proof_field("conclusion.paper")
    number = forms.CharField(label="conclusion.number", required=False, max_length=40)
    issued_on = DayField(label="conclusion.issued", required=False)
    last_day = DayField(label="conclusion.until", help_text="conclusion.until-hint", required=False)

    def __init__(self, *args: Any, told: list[tuple[str, str]], by_paper: bool, optional: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.by_paper = by_paper
        choices = [*told, *([(PAPER, "conclusion.by-paper")] if by_paper else [])]
        self.fields["conclusion"].choices = [*choices, *([(NONE, "conclusion.have-none")] if optional else [])]
        if not by_paper:
            for name in ("paper", "number", "issued_on", "last_day"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """A paper is described by whoever attaches it."""
        typed = super().clean() or {}
        if typed.get("conclusion") != PAPER:
            return typed
        for name in ("number", "issued_on"):
            if not typed.get(name) and name not in self.errors:
                self.add_error(name, ValidationError("field-required"))
        issued_on, last_day = typed.get("issued_on"), typed.get("last_day")
        if issued_on and last_day and last_day < issued_on:
            self.add_error("last_day", ValidationError("conclusion.ends-before"))
        return typed


def correction_form(request: HttpRequest, draft: Draft) -> forms.Form:
    """The form of the first question."""
    return CorrectionForm(frame.posted(request), initial=draft.answers)


def hints(request: HttpRequest) -> dict[str, str]:
    """Beside every type: who decides, whether a conclusion is asked, from which age its groups are."""
    rulebook, today = law.rulebook(None), localdate(request.now)
    found = {}
    for one in CorrectionType:
        check = corrections.check_of(one.value, rulebook, on=today)
        key = "correction-hint.required" if check.conclusion_required else "correction-hint.if-any"
        said = texts.say(key, decider=texts.say(f"decider.{check.decided_by}"))
        years = CORRECTION_FROM_YEARS.get(one)
        found[one.value] = f"{said} {texts.say('correction-hint.from-years', years=years)}" if years else said
    return found


def take_correction(request: HttpRequest, draft: Draft, form: Any) -> Answers:  # noqa: ARG001 - one shape for all
    """Another type asks for another conclusion and other kindergartens."""
    chosen = form.cleaned_data["correction"]
    if chosen == draft.answers.get("correction"):
        return {"correction": chosen}
    return {"correction": chosen, "conclusion": None, "wishes": None}


def check_of(draft: Draft, request: HttpRequest) -> CaseCheck:
    """Who will decide the application, and on what."""
    rulebook = law.rulebook(draft.answers.get("region"))
    return corrections.check_of(draft.answers["correction"], rulebook, on=localdate(request.now))


def told(request: HttpRequest, draft: Draft) -> list[Conclusion]:
    """What Arkotek has told this family of the child."""
    answer = queries.last_answer(child_id=draft.answers["child"], person_id=request.actor.person_id)
    return queries.told(answer) if answer else []


def is_asked(request: HttpRequest, draft: Draft) -> bool:
    """Whether Arkotek has been asked for this draft, answered or not, and is not to be asked again now."""
    again = "again" in request.GET and (request.method != "POST" or "fetch" in request.POST)
    return draft.answers.get("arkotek") in {ASKED, SILENT} and not again


def beside(form: Any, refusal: Refusal) -> str:
    """The field that a refusal is said beside: those of a paper at the paper, of its days at the day."""
    if isinstance(form, ConsentForm):
        return "consent"
    if form.cleaned_data.get("conclusion") != PAPER:
        return "conclusion"
    return {"conclusion-expired": "last_day", "conclusion-not-yet": "issued_on"}.get(refusal.detail, "paper")


def _fits(request: HttpRequest, draft: Draft, one: Conclusion) -> bool:
    try:
        _refuse(request, draft, one.id)
    except Refusal:
        return False
    return True


def conclusion_form(request: HttpRequest, draft: Draft) -> forms.Form:
    """The consent while Arkotek has not been asked; then its conclusions, or the family's paper where none fits."""
    if not is_asked(request, draft):
        return ConsentForm(frame.posted(request))
    found = told(request, draft)
    kept = draft.answers.get("conclusion")
    chosen: Any = next((str(one.id) for one in found if one.id == kept), None)
    start = {"conclusion": chosen or (NONE if kept == "" else None)} | (draft.answers.get("described") or {})
    if kept and chosen is None:
        start["conclusion"] = PAPER
    return ConclusionForm(
        frame.posted(request),
        frame.sent_files(request),
        told=[(str(one.id), _name(one)) for one in found],
        by_paper=not any(_fits(request, draft, one) for one in found),
        optional=not check_of(draft, request).conclusion_required,
        initial=start,
    )


def _name(one: Conclusion) -> str:
    return texts.say("conclusion.named", number=one.number, correction=texts.say(f"correction.{one.correction}"))


def conclusion_hints(request: HttpRequest, draft: Draft) -> dict[str, str]:
    """Beside every conclusion: by whom, since when and until when, and what stands against it."""
    found = {str(one.id): _hint(request, draft, one) for one in told(request, draft)}
    return found | {PAPER: "conclusion.by-paper-hint", NONE: "conclusion.have-none-hint"}


def _hint(request: HttpRequest, draft: Draft, one: Conclusion) -> str:
    today, last = localdate(request.now), queries.last_good_day(one)
    until = texts.say("day.only", date=last) if last else texts.say("conclusion.endless")
    by = one.issued_by_ru if texts.language() == "ru" else one.issued_by_kk
    said = texts.say("conclusion.dates", by=by, issued=texts.say("day.only", date=one.issued_on), until=until)
    if last is not None and last < today:
        return f"{said} {texts.say('conclusion.is-over')}"
    if one.correction != draft.answers["correction"]:
        return f"{said} {texts.say('conclusion.is-other')}"
    return said


def take_conclusion(request: HttpRequest, draft: Draft, form: Any) -> Answers:
    """Ask Arkotek, or keep what is chosen. Raises what stands against the choice, and the refusals of files."""
    if isinstance(form, ConsentForm):
        return _fetched(request, draft)
    chosen = form.cleaned_data["conclusion"]
    if chosen == PAPER:
        return _by_paper(request, draft, form.cleaned_data)
    conclusion_id = None if chosen == NONE else int(chosen)
    _refuse(request, draft, conclusion_id)
    return {"conclusion": conclusion_id if conclusion_id is not None else "", "described": None}


def _fetched(request: HttpRequest, draft: Draft) -> Answers:
    try:
        actions.fetch(child_id=draft.answers["child"], actor=request.actor, now=request.now)
    except SilentNow:
        # The family is not held up: the page offers to attach the paper, or to ask again.
        return {"arkotek": SILENT, "conclusion": None}
    return {"arkotek": ASKED, "conclusion": None}


def _by_paper(request: HttpRequest, draft: Draft, typed: dict[str, Any]) -> Answers:
    """The paper that came, or the newest one that the child has, kept with what the family says of it."""
    child_id = draft.answers["child"]
    upload_id = papers.sent_or_kept(request, child_id=child_id, kind=DocumentKind.PMPK_CONCLUSION)
    kept = actions.keep_paper(
        child_id=child_id,
        upload_id=upload_id,
        number=typed["number"].strip(),
        correction=draft.answers["correction"],
        issued_on=typed["issued_on"],
        last_day=typed["last_day"],
        actor=request.actor,
        now=request.now,
    )
    described = {name: typed[name].isoformat() if typed[name] else "" for name in ("issued_on", "last_day")}
    return {"conclusion": kept.id, "described": described | {"number": kept.number}}


def _refuse(request: HttpRequest, draft: Draft, conclusion_id: int | None) -> None:
    special.refuse_conclusion(
        conclusion_id,
        child_id=draft.answers["child"],
        applicant_id=request.actor.person_id,
        correction=CorrectionType(draft.answers["correction"]),
        territory_code=draft.answers.get("region"),
        now=request.now,
    )


def said(answers: Answers) -> str:
    """The chosen conclusion in words."""
    found = queries.conclusion(answers["conclusion"] or None)
    return _name(found) if found else texts.say("conclusion.have-none")


def terms(draft: Draft, request: HttpRequest) -> list[str]:
    """What the family agrees to beside the terms of the region: who checks, how long, and who sees health data."""
    check = check_of(draft, request)
    rulebook = law.rulebook(draft.answers["region"])
    days = rulebook.term("special.check", on=localdate(request.now)).value
    return [
        texts.say("special-terms.check", decider=texts.say(f"decider.{check.decided_by}"), days=days),
        texts.say("special-terms.data"),
    ]
