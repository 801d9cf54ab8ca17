"""Questions of parents as their editors see them: drafts and published, each with its earlier versions."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts import queries as accounts
from balabaqsha.accounts.access import access, get_or_404, question_editor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.locale import written
from balabaqsha.notices import actions, queries
from balabaqsha.notices.models import Question, QuestionVersion, Section
from balabaqsha.territories import queries as territories
from balabaqsha.web.department import notices, pages
from balabaqsha.web.department.notice_forms import QuestionForm
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import plain, texts

_WORDS = ("question_kk", "question_ru", "question_en", "answer_kk", "answer_ru", "answer_en")


@access(question_editor)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Every question that the actor may change, by section, drafts marked."""
    rows = list(queries.in_order(question_editor.scope(request.actor, Question.objects.all())))
    names = territories.spoken_names({row.territory_id for row in rows if row.territory_id}, texts.language())
    shown = [
        {
            "title": plain.in_language(row, "question")[0],
            "section": texts.say(f"faq-section.{row.section}"),
            "territory": names.get(row.territory_id or "", "") or texts.say("report.country"),
            "state": texts.say("faq.is-published" if row.published else "faq.is-draft"),
            "url": reverse("officer.question", args=[row.token]),
        }
        for row in rows
    ]
    return pages.page(request, "questions", "officer.questions", rows=shown)


@access(question_editor)
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Write a new question."""
    form = QuestionForm(
        request.POST or None, places=notices.places(request), initial={"position": 0, "section": Section.LINE}
    )
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["territory"] or None
        try:
            kept = actions.ask_question(answer=_answer(form), territory_code=code, actor=request.actor, now=request.now)
        except Refusal as refusal:
            kit.blame(form, refusal, refusal.facts.get("field"))
        else:
            messages.success(request, texts.say("faq.kept"))
            return redirect("officer.question", token=kept.token)
    return pages.page(request, "question", "officer.question-write", trail=("officer.questions",), form=form)


@access(question_editor)
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, token: UUID) -> HttpResponse:
    """One question: change it, see it as everybody does, and what it said before."""
    found: Question = get_or_404(question_editor, request.actor, Question.objects.all(), token=token)
    initial = {name: getattr(found, name) for name in (*_WORDS, "section", "position", "published")}
    form = QuestionForm(request.POST or None, places=None, initial=initial)
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("version", "")
        try:
            actions.change_question(
                token=found.token,
                seen=int(seen) if seen.isascii() and seen.isdecimal() else 0,
                answer=_answer(form),
                actor=request.actor,
                now=request.now,
            )
        except Refusal as refusal:
            kit.blame(form, refusal, refusal.facts.get("field"))
        else:
            messages.success(request, texts.say("faq.kept"))
            return redirect("officer.question", token=found.token)
    today = localdate(request.now)
    shown = plain.answer(found, law.rulebook(found.territory_id), on=today)
    context = {
        "form": form,
        "question": found,
        "shown": shown,
        "heading": shown.title,
        "versions": _versions(found, request),
    }
    return pages.page(request, "question", "officer.question", trail=("officer.questions",), **context)


def _answer(form: QuestionForm) -> actions.Answer:
    typed = form.cleaned_data
    words = {name: typed[name].strip() for name in _WORDS}
    return actions.Answer(
        section=Section(typed["section"]), position=typed["position"], published=typed["published"], **words
    )


def _versions(found: Question, request: HttpRequest) -> list[dict[str, Any]]:
    rows = queries.versions(found)
    names = accounts.names_of({row.changed_by_account_id for row in rows if row.changed_by_account_id})
    return [_version(row, names, request) for row in rows]


def _version(row: QuestionVersion, names: dict[int, str], request: HttpRequest) -> dict[str, Any]:
    title, language = plain.in_language(row, "question")
    text, _ = plain.in_language(row, "answer")
    return {
        "number": row.number,
        "when": written.moment(row.changed_at),
        "who": names.get(row.changed_by_account_id or 0, "") or texts.say("faq.came-with-portal"),
        "state": texts.say("faq.is-published" if row.published else "faq.is-draft"),
        "title": title,
        "language": language,
        "html": plain.html(text, law.rulebook(None), on=localdate(request.now)),
    }
