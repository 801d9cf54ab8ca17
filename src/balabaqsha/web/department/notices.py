"""Announcements and entries of the calendar: the list, writing one, taking one from the pages."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from balabaqsha.accounts.access import access, get_or_404, notice_writer
from balabaqsha.kernel.actor import Role
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.locale import written
from balabaqsha.notices import actions, queries
from balabaqsha.notices.models import Kind, Notice
from balabaqsha.territories import queries as territories
from balabaqsha.web.department import pages
from balabaqsha.web.department.notice_forms import NoticeForm
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import plain, texts
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 30
_WORDS = ("title_kk", "title_ru", "title_en", "text_kk", "text_ru", "text_en")


@access(notice_writer)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Every notice of the actor's territory and below: those in force and to come first, then those over or withdrawn."""
    found = queries.latest_first(notice_writer.scope(request.actor, Notice.objects.all()))
    total = found.count()
    shown = pager(request, page=page_of(request), total=total, size=SIZE)
    start = (shown.page - 1) * SIZE
    rows = list(found[start : start + SIZE])
    names = territories.spoken_names({row.territory_id for row in rows if row.territory_id}, texts.language())
    context = {
        "columns": [texts.say(f"notice.col-{name}") for name in ("title", "kind", "territory", "days", "state")],
        "rows": [_row(row, request, names) for row in rows],
        "pager": shown,
    }
    return pages.page(request, "notices", "officer.notices", **context)


def _row(row: Notice, request: HttpRequest, names: dict[str, str]) -> dict[str, Any]:
    today = localdate(request.now)
    over = row.withdrawn_at is not None or row.last_day < today
    state = "withdrawn" if row.withdrawn_at else "over" if over else "to-come" if row.first_day > today else "shown"
    return {
        "title": plain.in_language(row, "title")[0],
        "kind": texts.say(f"notice-kind.{row.kind}"),
        "territory": names.get(row.territory_id or "", "") or texts.say("report.country"),
        "days": f"{written.day(row.first_day)} – {written.day(row.last_day)}",
        "state": texts.say(f"notice-state.{state}"),
        "again": f"{reverse('officer.notice-write')}?again={row.token}",
        "withdraw": "" if over else reverse("officer.notice-withdraw", args=[row.token]),
    }


@access(notice_writer)
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Write a notice; with ?again= the words of an earlier one stand there. What is wrong stands beside its field."""
    form = NoticeForm(request.POST or None, places=places(request), initial=_again(request))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        words = {name: typed[name].strip() for name in _WORDS}
        told = actions.Told(
            kind=Kind(typed["kind"]),
            territory_code=typed["territory"] or None,
            first_day=typed["first_day"],
            last_day=typed["last_day"],
            **words,
        )
        try:
            actions.write_notice(told=told, actor=request.actor, now=request.now)
        except Refusal as refusal:
            kit.blame(form, refusal, refusal.facts.get("field", "last_day"))
        else:
            messages.success(request, texts.say("notice.written"))
            return redirect("officer.notices")
    return pages.page(request, "notice_write", "officer.notice-write", trail=("officer.notices",), form=form)


@access(notice_writer)
@require_POST
def withdraw(request: HttpRequest, token: UUID) -> HttpResponse:
    """Take a notice from the pages."""
    found: Notice = get_or_404(notice_writer, request.actor, Notice.objects.all(), token=token)
    actions.withdraw_notice(token=found.token, actor=request.actor, now=request.now)
    messages.success(request, texts.say("notice.withdrawn"))
    return redirect("officer.notices")


def places(request: HttpRequest) -> list[tuple[str, str]]:
    """Where the actor may tell something: the own territory and those below with a regime; the ministry the country too."""
    if request.actor.role in {Role.MINISTRY, Role.SUPPORT}:
        regions = [(place.code, place.name(texts.language())) for place in territories.regions()]
        return [("", texts.say("report.country")), *regions]
    own = request.actor.territory_code or ""
    below = [one for one in pages.own_territories(request) if one[0] != own]
    return [(own, territories.spoken_name(own, texts.language())), *below]


def _again(request: HttpRequest) -> dict[str, Any]:
    """The words of the notice that is written anew, if the actor may see it."""
    asked = request.GET.get("again", "")
    rows = notice_writer.scope(request.actor, Notice.objects.all())
    found = rows.filter(token=UUID(asked)).first() if _is_token(asked) else None
    if found is None:
        return {}
    words = {name: getattr(found, name) for name in _WORDS}
    return words | {"kind": found.kind, "territory": found.territory_id or ""}


def _is_token(asked: str) -> bool:
    try:
        UUID(asked)
    except ValueError:
        return False
    return True
