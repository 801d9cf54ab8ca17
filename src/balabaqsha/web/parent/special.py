"""What a family reads of its special application: who checks it and until when, on what, how it came out; the other line."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from balabaqsha.accounts import queries as accounts
from balabaqsha.accounts.access import access, own_application
from balabaqsha.applications.models import Application, DocumentsCheck
from balabaqsha.applications.special import queries
from balabaqsha.applications.states import Kind, State
from balabaqsha.journeys import applying, special
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.web.kit import texts
from balabaqsha.web.parent import frame
from balabaqsha.web.parent.forms import OtherLineForm


def sentences(application: Application) -> list[str]:
    """What the card says of the check: until when it is decided; after a rejection why, by whom, and what to do."""
    if application.kind != Kind.SPECIAL:
        return []
    check = queries.check_of(application.id)
    if check is None:
        return []
    if application.state == State.DOCUMENTS_CHECK:
        decider = texts.say(f"decider.{check.decider}")
        return [texts.say("card.check-until", decider=decider, due=check.due_at)]
    if application.state == State.ARCHIVED and check.confirmed is False:
        return [texts.say("card.check-rejected", reason=_reason(check), employee=_employee(check))]
    return []


def _reason(check: DocumentsCheck) -> str:
    code = f"case-rejection.{check.rejected_because}"
    words = texts.say(code) if check.rejected_because else ""
    return ": ".join(part for part in (words, check.note.rstrip(" .")) if part) or "–"


def _employee(check: DocumentsCheck) -> str:
    account_id = check.decided_by_account_id
    return accounts.names_of({account_id}).get(account_id, "–") if account_id is not None else "–"


def facts(application: Application) -> list[dict[str, str]]:
    """The type, the conclusion and the check, for the page of one application. The type is health data: on no other page."""
    if application.kind != Kind.SPECIAL:
        return []
    check = queries.check_of(application.id)
    said = [("application.correction", texts.say(f"correction.{application.correction}"))]
    if check is not None:
        found = check.conclusion
        said.append(("conclusion.title", _conclusion(check) if found else texts.say("conclusion.have-none")))
        said.append(("card.checked-by", texts.say(f"decider.{check.decider}")))
        if check.decided_at is not None:
            outcome = "doctor.confirmed-word" if check.confirmed else "doctor.rejected-word"
            said.append(
                ("card.checked-at", texts.say("card.outcome", outcome=texts.say(outcome), due=check.decided_at))
            )
            said.append(("card.employee", _employee(check)))
    return [{"label": texts.say(key), "value": value} for key, value in said]


def _conclusion(check: DocumentsCheck) -> str:
    found = check.conclusion
    source = "conclusion.from-paper" if found.answer_id is None else "conclusion.from-arkotek"
    return texts.say(source, number=found.number, issued=texts.say("day.only", date=found.issued_on))


@access(own_application)
@require_http_methods(["GET", "POST"])
def other_line(request: HttpRequest, number: str) -> HttpResponse:
    """The child has a place; what becomes of its application in the other line. Both are kept until it is answered."""
    found = frame.application(request, number)
    other = queries.other_line(found)
    # Only whoever filed both may decide about both.
    if other is None or {found.applicant_id, other.applicant_id} != {request.actor.person_id}:
        messages.info(request, texts.say("other-line.nothing"))
        return redirect("application.page", number=number)
    form = OtherLineForm(frame.posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            _answer(request, found, other, keep=form.cleaned_data["answer"] == "keep")
        except Refusal as refusal:
            return frame.refused(request, found, refusal)
        return redirect("application.page", number=number)
    context = {"form": form, "other": other, "found": found, "back_url": reverse("application.page", args=[number])}
    return frame.page(request, "other_line", texts.say("other-line.title"), *frame.trail_to(found), **context)


def _answer(request: HttpRequest, found: Application, other: Application, *, keep: bool) -> None:
    if keep:
        special.keep_both(application_id=found.id, other_id=other.id, actor=request.actor, now=request.now)
        messages.success(request, texts.say("other-line.kept", number=other.number))
        return
    applying.withdraw(application_id=other.id, actor=request.actor, now=request.now)
    messages.success(request, texts.say("withdraw.done", number=other.number))
