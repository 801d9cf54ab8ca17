"""The distribution run: what there is to give, the preview, performing it, and what came out."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts.access import access, department_officer, get_or_404
from balabaqsha.journeys import distribution
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.territories import queries as territories
from balabaqsha.transparency import runs as protocols
from balabaqsha.transparency.runs import Protocol
from balabaqsha.vouchers.models import DistributionRun, RunState
from balabaqsha.web.department import pages, tasks
from balabaqsha.web.department.forms import LimitForm
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import menus, texts
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 50
# The page of everybody; it is linked as soon as the portal has one.
PUBLIC_PAGE = "public.run"
STEPS = ("preview", "confirm", "perform", "protocol")


@access(department_officer)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Places and claims by birth year; from here a preview is made."""
    territory = pages.territory(request)
    form = LimitForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and territory:
        try:
            run = distribution.preview(
                territory_code=territory, limit=form.cleaned_data["limit"], actor=request.actor, now=request.now
            )
        except Refusal as refusal:
            kit.blame(form, refusal)
        else:
            return redirect("officer.run", number=run.number)
    supply = distribution.supply(territory, now=request.now) if territory else []
    stats = [
        ("runs.places", sum(row.free for row in supply)),
        ("runs.vouchers-out", sum(row.vouchers for row in supply)),
        ("runs.supply", sum(row.supply for row in supply)),
        ("runs.waiting", sum(row.waiting for row in supply)),
    ]
    context = {
        "form": form,
        "territory": territory,
        "territories": pages.voucher_lines(request),
        "supply": supply,
        "stats": [{"label": texts.say(key), "value": value, "note": ""} for key, value in stats],
        "past": protocols.performed(territory_code=territory) if territory else [],
        "stages": _stages("preview"),
    }
    return pages.page(request, "runs", "officer.runs", **context)


@access(department_officer)
@require_GET
def run(request: HttpRequest, number: int) -> HttpResponse:
    """A run as it stands: previewed, being performed, or performed."""
    found = _run(request, number)
    order = tasks.standing(number) if found.state == RunState.PREVIEWED else None
    if order is not None and order.waits:
        return _page(request, "run_progress", found, stages=_stages("perform"), given=found.given)
    report = protocols.read(found)
    performed = found.state == RunState.PERFORMED
    tab = "passed" if request.GET.get("list") == "passed" else "served"
    total, read = (report.passed, protocols.passed_over) if tab == "passed" else (report.given, protocols.served)
    shown = pager(request, page=page_of(request), total=total, size=SIZE)
    first = (shown.page - 1) * SIZE
    rows = read(number, start=first, size=SIZE)
    context = {
        "report": report,
        "performed": performed,
        "failed": order is not None and order.failed,
        "stages": _stages("protocol" if performed else "confirm"),
        "stats": _stats(report),
        "reasons": report.passed_by_reason.items(),
        "rows": [{"position": position, "row": row} for position, row in enumerate(rows, start=first + 1)],
        "tab": tab,
        "tabs": _tabs(report, tab),
        "pager": shown,
        "public_url": _public_url(number) if performed else "",
    }
    return _page(request, "run", found, **context)


@access(department_officer)
@require_http_methods(["GET", "POST"])
def perform(request: HttpRequest, number: int) -> HttpResponse:
    """Say what has changed since the preview and what will follow; then order the run."""
    found = _run(request, number)
    order = tasks.standing(number)
    if found.state == RunState.PERFORMED or (order is not None and order.waits):
        messages.info(request, texts.say("runs.ordered-already"))
        return redirect("officer.run", number=number)
    if request.method == "POST":
        tasks.order(run_number=found.number, actor=request.actor)
        return redirect("officer.run", number=number)
    since = distribution.since_preview(found, now=request.now)
    now_given = found.given + len(since.joined) - len(since.left)
    return _page(request, "run_perform", found, since=since, now_given=now_given, stages=_stages("confirm"))


@access(department_officer)
@require_GET
def progress(request: HttpRequest, number: int) -> HttpResponse:
    """The part of the progress page that asks again; once the worker is done the whole page is loaded anew."""
    found = _run(request, number)
    order = tasks.standing(number)
    if found.state == RunState.PERFORMED or order is None or not order.waits:
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    return render(request, "department/_progress.html", {"run": found})


def _run(request: HttpRequest, number: int) -> DistributionRun:
    # Input and result hold the whole line; pages read rows of it.
    rows = DistributionRun.objects.select_related("territory").defer("input", "result")
    found: DistributionRun = get_or_404(department_officer, request.actor, rows, number=number)
    return found


def _stats(report: Protocol) -> list[dict[str, Any]]:
    given = "runs.given" if report.performed_at else "runs.to-give"
    stats = [
        ("runs.supply", report.places),
        ("runs.waiting", report.waiting),
        (given, report.given),
        ("runs.left", sum(row.left for row in report.supply)),
    ]
    return [{"label": texts.say(key), "value": value, "note": ""} for key, value in stats]


def _tabs(report: Protocol, current: str) -> list[dict[str, Any]]:
    counts = {"served": report.given, "passed": report.passed}
    return [
        {"text": texts.say(f"runs.tab-{name}"), "url": f"?list={name}", "current": name == current, "count": count}
        for name, count in counts.items()
    ]


def _stages(now: str) -> list[dict[str, str]]:
    here = STEPS.index(now)
    steps = []
    for place, name in enumerate(STEPS):
        step = "done" if place < here or now == "protocol" else "now" if place == here else "next"
        steps.append({"text": texts.say(f"runs.step-{name}"), "step": step, "note": ""})
    return steps


def _public_url(number: int) -> str:
    return menus.address(PUBLIC_PAGE, number)


def _page(request: HttpRequest, name: str, found: DistributionRun, **context: Any) -> HttpResponse:
    heading = texts.say("runs.heading", number=found.number)
    territory = territories.spoken_name(found.territory_id, texts.language())
    shared = {"run": found, "heading": heading, "territory_name": territory, "back_url": reverse("officer.runs")}
    return pages.page(request, name, "officer.run", trail=("officer.runs",), **shared, **context)
