"""Everything that waits for an officer as one list: narrowed, taken, given to a colleague, taken away as a table."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from balabaqsha.accounts import queries as accounts
from balabaqsha.accounts.access import access, department_officer
from balabaqsha.applications.models import Application
from balabaqsha.desk import actions, kinds, queries
from balabaqsha.desk.queries import Desk, Key
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law import queries as law
from balabaqsha.notifications import actions as notifications
from balabaqsha.web.department import pages, work_words
from balabaqsha.web.department.work_forms import ColleagueForm, WorkForm
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import texts
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 50
# What the list is narrowed by, as addresses carry it.
_ASKED = ("kind", "due", "holder", "territory", "number", "sort", "page")
_BULK = ("take", "give", "give-back", "told")


def desk(request: HttpRequest) -> Desk:
    """The desk of the officer as it stands now."""
    return Desk(request.actor, now=request.now, calendar=law.calendar())


def form_of(request: HttpRequest) -> WorkForm:
    """What the address asks for."""
    return WorkForm(request.GET, territories=pages.own_territories(request))


@access(department_officer)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """The work of the territory and below; names stay masked until a case is opened."""
    form, found = form_of(request), desk(request)
    asked, latest = form.asked(), request.GET.get("sort") == "-due"
    total = found.count(asked)
    shown = pager(request, page=page_of(request), total=total, size=SIZE)
    tasks = found.page(asked, first=(shown.page - 1) * SIZE, size=SIZE, latest=latest)
    several = "territory" in form.fields
    context = {
        "form": form,
        "total": total,
        "more": total == queries.MOST,
        "pager": shown,
        "sorts": [_sort(request, name, latest=latest) for name in ("due", "-due")],
        "columns": columns(several=several),
        "rows": [
            work_words.row(one, several=several)
            for one in work_words.lines(tasks, now=request.now, calendar=law.calendar())
        ],
        "bulk": [{"text": texts.say(f"work.{act}"), "value": act} for act in _BULK],
        "chosen": sum(1 for name in form.fields if request.GET.get(name)),
        "query": _query(request).urlencode(),
    }
    return pages.page(request, "work", "officer.work", **context)


def columns(*, several: bool) -> list[str]:
    """The labels beside `work_words.row`."""
    return [texts.say(key) for key in work_words.COLUMNS if several or key != "department.territory"]


def _sort(request: HttpRequest, name: str, *, latest: bool) -> dict[str, Any]:
    query = _query(request)
    query.pop("page", None)
    query["sort"] = name
    current = latest == (name == "-due")
    return {
        "text": texts.say(f"work.sort-{name.lstrip('-')}{'-last' if name[0] == '-' else ''}"),
        "url": f"?{query.urlencode()}",
        "current": current,
        "count": None,
    }


def _query(request: HttpRequest) -> QueryDict:
    query = request.GET.copy()
    for name in set(query) - set(_ASKED):
        del query[name]
    return query


@access(department_officer)
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """One act on the chosen rows: take them, give them to a colleague, give them back, note that the families were told."""
    keys = _keys(request)
    asked = request.POST.get("act", "")
    if not keys:
        messages.warning(request, texts.say("work.nothing-chosen"))
    elif asked == "give":
        return _give(request, keys)
    elif asked == "take":
        _tell(request, actions.take(keys=keys, actor=request.actor, now=request.now), "work.taken")
    elif asked == "give-back":
        _tell(request, actions.give_back(keys=keys, actor=request.actor, now=request.now), "work.given-back")
    elif asked == "told":
        _told(request, keys)
    return _back(request)


def _keys(request: HttpRequest) -> list[Key]:
    known = (queries.key(text) for text in request.POST.getlist("row"))
    return list(dict.fromkeys(one for one in known if one is not None))[:SIZE]


def _give(request: HttpRequest, keys: list[Key]) -> HttpResponse:
    """First to whom, then the act itself."""
    asked = "colleague" in request.POST
    colleagues = queries.colleagues(request.actor, now=request.now)
    form = ColleagueForm(request.POST if asked else None, colleagues=colleagues)
    if asked and form.is_valid():
        account_id = int(form.cleaned_data["colleague"])
        try:
            outcome = actions.give(keys=keys, account_id=account_id, actor=request.actor, now=request.now)
        except Refusal as refusal:
            kit.blame(form, refusal, "colleague")
        else:
            _tell(request, outcome, "work.given")
            return _back(request)
    tasks = list(desk(request).find(keys).values())
    rows = work_words.lines(tasks, now=request.now, calendar=law.calendar())
    context = {
        "form": form,
        "keys": [one.text for one in keys],
        "rows": [{"text": f"{one.cells[1]}: {one.cells[0]}", "held": one.cells[-1]} for one in rows],
        "heading": texts.say("work.give"),
        "back_url": _back_url(request),
    }
    return pages.page(request, "work_give", "officer.work", trail=("officer.work",), **context)


def _tell(request: HttpRequest, outcome: actions.Outcome, key: str) -> None:
    """What was done, what a colleague has already, what waits no more: each in its sentence."""
    if outcome.done:
        messages.success(request, texts.say(key, n=outcome.done))
    names = accounts.names_of(set(outcome.held.values())) if outcome.held else {}
    for account_id, count in Counter(outcome.held.values()).items():
        messages.warning(request, texts.say("work.held", n=count, name=names[account_id]))
    if outcome.gone:
        messages.info(request, texts.say("work.gone", n=outcome.gone))
    if outcome.foreign:
        messages.warning(request, texts.say("work.foreign", n=outcome.foreign))


def _told(request: HttpRequest, keys: list[Key]) -> None:
    """Families that know nothing of their term were told by telephone; other kinds of work are not settled by that."""
    found = desk(request).find(keys)
    families = [one for one in found.values() if kinds.BY_CODE[one.kind].by_phone and one.application_id]
    for one in families:
        notifications.note_told(application_id=one.application_id or 0, actor=request.actor, now=request.now)
    if families:
        messages.success(request, texts.say("work.told-done", n=len(families)))
    if len(families) < len(keys):
        messages.info(request, texts.say("work.not-by-phone", n=len(keys) - len(families)))


def _back(request: HttpRequest) -> HttpResponse:
    return redirect(_back_url(request))


def _back_url(request: HttpRequest) -> str:
    """The case the act was done on, else the list as it was narrowed."""
    number = request.POST.get("case", "")
    if number and pages.cases(request).filter(number=number).exists():
        return reverse("officer.case", args=[number])
    query = _query(request).urlencode()
    return reverse("officer.work") + (f"?{query}" if query else "")


def of_case(request: HttpRequest, application: Application) -> list[dict[str, Any]]:
    """What waits for an officer in one case, with who looks after it."""
    tasks = desk(request).of_application(application.id)
    return [
        {
            "key": one.task.key.text,
            "kind": one.cells[1],
            "detail": one.cells[3],
            "left": one.standing.left,
            "tone": one.standing.tone,
            "holder": one.cells[-1] if one.held_by else "",
            "mine": one.held_by == request.actor.account_id,
        }
        for one in work_words.lines(tasks, now=request.now, calendar=law.calendar())
    ]


def next_url(request: HttpRequest, kind: str, *, but: Iterable[str] = ()) -> str:
    """Whoever works through the list is led to the next of its kind that is theirs or nobody's; "" for whoever does not.

    `but`: numbers of cases that are to be passed over.
    """
    if request.GET.get("from") != "work":
        return ""
    passed, found = set(but), desk(request)
    for holder in queries.HOLDERS:
        for one in found.page(queries.Asked(kinds=(kind,), holder=holder), first=0, size=SIZE):
            if one.number not in passed:
                return work_words.url(one)
    return reverse("officer.work")
