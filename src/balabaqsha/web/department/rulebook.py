"""The rules of a territory: its regime, every term in force with its source, what is coming, and how a term is changed.

One officer proposes, sees what it means, and another one approves; it holds from its day on.
"""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts.access import access, department_officer, department_reader, get_or_404
from balabaqsha.applications import queries as applications
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate, start_of
from balabaqsha.law import actions
from balabaqsha.law import queries as law
from balabaqsha.law.actions import TermChange
from balabaqsha.law.models import TerritorialTerm
from balabaqsha.law.terms import NUMERIC_TERMS, OVERRIDABLE, Unit
from balabaqsha.locale import written
from balabaqsha.territories import queries as territories
from balabaqsha.web.department import pages
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import proposals, regimes, texts
from balabaqsha.web.kit import rulebook as rules
from balabaqsha.web.kit.forms import DayField

_BESIDE = {"term-wrong-value": "value", "term-in-past": "day", "term-already-set": "day"}
_MOST_HISTORY = 50


class TermForm(forms.Form):
    """Another value for a term of a territory: which, from when, by whose act."""

    day = DayField(label="rules.day", help_text="rules.day-hint")
    source = proposals.source_field()

    field_order = ("value", "day", "source")

    def __init__(self, *arguments: Any, code: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        choices = rules.value_choices(code)
        if choices:
            self.fields["value"] = forms.ChoiceField(label="rules.value", choices=choices, widget=forms.RadioSelect)
        else:
            self.fields["value"] = forms.CharField(label="rules.value", help_text="rules.value-hint", max_length=6)
            self.fields["value"].widget.attrs |= {"inputmode": "numeric", "data-width": "otp"}
        self.order_fields(self.field_order)


@access(department_reader)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """The regime, the schedules and every term in force in a territory, and what waits or is coming."""
    known = governed(request)
    territory = asked_territory(request, known)
    today = localdate(request.now)
    rulebook = law.rulebook(territory)
    terms = rulebook.all(on=today)
    may_change = department_officer.admits(request.actor)

    def url_of(code: str) -> str:
        return term_url(code, territory) if may_change else ""

    waiting = law.proposals(territory)
    coming = [term for term in rulebook.overrides if term.in_force_from > today]
    now = territories.regime_on(territory, today)
    return pages.page(
        request,
        "rulebook",
        "officer.rulebook",
        territory=territory,
        territories=known,
        may_change=may_change,
        regime=texts.say(f"regime.{now}" if now else "regime.NONE"),
        columns=rules.term_columns(),
        schedules=rules.term_rows((one for one in terms if one.code in rules.SCHEDULES), url_of=url_of),
        rows=rules.term_rows((one for one in terms if one.code not in rules.SCHEDULES), url_of=url_of),
        waiting=[_waiting(row) for row in waiting] if may_change else [],
        coming=rules.term_rows(sorted(coming, key=lambda one: one.in_force_from)),
        **regimes.told(territory, today=today),
    )


@access(department_officer)
@require_http_methods(["GET", "POST"])
def term(request: HttpRequest, code: str) -> HttpResponse:
    """One term: its value now, what was proposed before, and a new value, looked at before it is proposed."""
    if code not in OVERRIDABLE:
        raise Http404
    known = governed(request)
    territory = asked_territory(request, known)
    form = TermForm(request.POST if request.method == "POST" else None, code=code)
    preview: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        change = TermChange(code, territory, typed["value"].strip(), typed["day"], typed["source"].strip())
        try:
            if request.POST.get("step") == "propose":
                row = actions.propose_term(change=change, actor=request.actor, now=request.now)
                return redirect("officer.term-proposal", row.id)
            actions.check_term(change=change, now=request.now)
        except Refusal as refusal:
            kit.blame(form, refusal, _BESIDE.get(refusal.detail))
        else:
            preview = _preview(request, code, territory, change)
    context = _context(request, code, territory) | {"form": form, "preview": preview, "territory": territory}
    heading = rules.term_name(code)
    return pages.page(
        request, "term", "officer.term", trail=("officer.rulebook",), heading=heading, territories=known, **context
    )


@access(department_officer)
@require_http_methods(["GET", "POST"])
def proposal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """One proposed value: what it means, and the second officer's answer."""
    row: TerritorialTerm = get_or_404(department_officer, request.actor, TerritorialTerm.objects.all(), pk=proposal_id)
    form, taken = proposals.AnswerForm(), False
    if request.method == "POST":
        form, taken = proposals.answer(
            request,
            approve=lambda: actions.approve_term(term_id=row.id, actor=request.actor, now=request.now),
            refuse=lambda because: actions.refuse_term(
                term_id=row.id, because=because, actor=request.actor, now=request.now
            ),
        )
    if taken:
        return redirect(f"{reverse('officer.rulebook')}?territory={row.territory_id}")
    row.refresh_from_db()
    change = TermChange(row.code, row.territory_id, row.value, row.in_force_from, row.source)
    context = _context(request, row.code, row.territory_id) | {
        "form": form,
        "proposal": row,
        "said": _said(row),
        "state": rules.state_of(row),
        "own": proposals.is_own(request, row),
        "preview": _preview(request, row.code, row.territory_id, change),
        "place": territories.spoken_name(row.territory_id, texts.language()),
    }
    return pages.page(
        request, "term_proposal", "officer.term-proposal", trail=("officer.rulebook",), heading=_said(row), **context
    )


def governed(request: HttpRequest) -> list[tuple[str, str]]:
    """The territories whose rules the officer may look at and change: their own, and those below with a regime."""
    own = request.actor.territory_code or ""
    found = [one for one in pages.own_territories(request) if one[0] != own]
    return [*pages.named([own]), *found] if own else found


def asked_territory(request: HttpRequest, known: list[tuple[str, str]]) -> str:
    """The one that the address asks for, else the first; 404 for a foreign one."""
    codes = [code for code, _ in known]
    asked = request.POST.get("territory") or request.GET.get("territory") or next(iter(codes), "")
    if asked not in codes:
        raise Http404
    return asked


def term_url(code: str, territory: str) -> str:
    """Where a term of a territory is changed."""
    return f"{reverse('officer.term', args=[code])}?territory={territory}"


def _waiting(row: TerritorialTerm) -> dict[str, str]:
    return {"text": _said(row), "note": rules.state_of(row), "url": reverse("officer.term-proposal", args=[row.id])}


def _said(row: TerritorialTerm) -> str:
    value: int | str = int(row.value) if row.code in NUMERIC_TERMS else row.value
    said = rules.term_value(value, Unit(row.unit), code=row.code)
    return texts.say("rules.from-day", name=rules.term_name(row.code), value=said, date=row.in_force_from)


def _context(request: HttpRequest, code: str, territory: str) -> dict[str, Any]:
    now = law.rulebook(territory).term(code, on=localdate(request.now))
    rows = TerritorialTerm.objects.filter(code=code, territory_id=territory).order_by("-proposed_at")[:_MOST_HISTORY]
    return {
        "now_value": rules.term_value(now.value, now.unit, code=code),
        "now_since": written.day(now.in_force_from),
        "now_source": rules.source_of(now),
        "events": rules.history((row, _said(row)) for row in rows),
    }


def _preview(request: HttpRequest, code: str, territory: str, change: TermChange) -> list[dict[str, Any]]:
    """What the value means: which deadlines run on as they were told, from when it counts, for how many who wait."""
    running = applications.running_by_term(code, territory, now=request.now)
    return [
        {
            "label": texts.say("rules.counts-from"),
            "value": texts.say("rules.moment", due=start_of(change.in_force_from)),
        },
        {"label": texts.say("rules.running"), "value": running, "note": texts.say("rules.running-note")},
        {
            "label": texts.say("rules.before"),
            "value": applications.running_by_term(code, territory, now=start_of(change.in_force_from)),
            "note": texts.say("rules.before-note"),
        },
        {"label": texts.say("rules.waiting-now"), "value": applications.waiting_in(territory)},
    ]
