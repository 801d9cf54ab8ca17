"""The reports of a department and of the ministry: their list, one on screen, as a workbook, and as a job with progress."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from balabaqsha.accounts.access import access, get_or_404, report_reader
from balabaqsha.documents import http, store
from balabaqsha.insight import actions
from balabaqsha.insight.models import ReportOrder
from balabaqsha.insight.reports import work
from balabaqsha.insight.reports.asked import Asked
from balabaqsha.kernel.actor import Role
from balabaqsha.locale import written
from balabaqsha.web.department import pages
from balabaqsha.web.department.reports import forms, jobs, sheets, vocabulary
from balabaqsha.web.department.reports.catalogue import REPORTS, Report
from balabaqsha.web.department.reports.forms import ReportForm
from balabaqsha.web.kit import charts, texts
from balabaqsha.web.kit.pages import page_of, pager

SIZE, _BARS, _ORDERS = 50, 24, 20
COUNTRY, ALL = "", "all"


@access(report_reader)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Every report with the question it answers, the files ordered lately, and the form that orders all of them."""
    orders = report_reader.scope(request.actor, ReportOrder.objects.all()).order_by("-id")[:_ORDERS]
    context = {
        "reports": [_named(report) for report in REPORTS.values()],
        "orders": [_ordered(one) for one in orders],
        "form": _form(request, None),
    }
    return pages.page(request, "reports", "officer.reports", **context)


@access(report_reader)
@require_GET
def report(request: HttpRequest, key: str) -> HttpResponse:
    """One report as the filters ask for it: a chart where it has one, and the table; what is wrong stands beside the field."""
    found = _report(key)
    form = _form(request, found)
    context: dict[str, Any] = {"report": found, "form": form, "heading": texts.say(f"report.{key}")}
    context |= {"question_key": f"report.{key}-question", "how_key": f"report.{key}-how"}
    if form.is_valid():
        asked = _asked(request, form)
        rows = vocabulary.in_words(found, found.rows(asked))
        shown = pager(request, page=page_of(request), total=len(rows), size=SIZE)
        first = (shown.page - 1) * SIZE
        context |= {
            "described": sheets.describe(found, asked, place=jobs.place_name(asked.top)),
            "columns": [
                {"label": text, "number": not column.words}
                for text, column in zip(vocabulary.headings(found), found.columns, strict=True)
            ],
            "rows": [{"cells": [vocabulary.written_cell(cell) for cell in row]} for row in rows[first : first + SIZE]],
            "pager": shown,
            "bars": _bars(found, rows),
            "query": request.GET.urlencode(),
            "hidden": {**forms.question(form), "territory": form.cleaned_data.get("territory") or ""},
            "parts": found.split and len(work.parts(asked.codes, top=asked.top)) > 1,
        }
    return pages.page(request, "report", "officer.report", trail=("officer.reports",), **context)


@access(report_reader)
@require_GET
def workbook(request: HttpRequest, key: str) -> HttpResponse:
    """The report as the page shows it, as a workbook."""
    found = _report(key)
    form = _form(request, found)
    if not form.is_valid():
        return redirect(f"{reverse('officer.report', args=[key])}?{request.GET.urlencode()}")
    asked = _asked(request, form)
    content = sheets.workbook([found], asked, by_territory=False, place=jobs.place_name(asked.top))
    answer = HttpResponse(content, content_type=sheets.MEDIA_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{key}-{asked.until.isoformat()}.xlsx"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@access(report_reader)
@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Order one report territory by territory, or all reports, as a file that the worker makes."""
    key = request.POST.get("report", ALL)
    wanted = list(REPORTS) if key == ALL else [_report(key).key]
    form = _form(request, None if key == ALL else _report(key), typed=request.POST)
    if not form.is_valid():
        context = {"reports": [_named(one) for one in REPORTS.values()], "orders": [], "form": form}
        return pages.page(request, "reports", "officer.reports", **context)
    by_territory = request.POST.get("by_territory") == "on"
    ordering = actions.Ordering(
        reports=wanted,
        territory_code=_top(request, form),
        asked=forms.question(form) | {"by_territory": by_territory},
        language=texts.language(),
    )
    kept = actions.order_report(ordering=ordering, actor=request.actor, now=request.now)
    jobs.order(kept.id)
    return redirect("officer.report-order", token=kept.token)


@access(report_reader)
@require_GET
def ordered(request: HttpRequest, token: UUID) -> HttpResponse:
    """How far the worker is with an order, and the file when it is made."""
    found = _order(request, token)
    context = {"order": found, "heading": _title(found), "one": _ordered(found), "working": _is_working(found)}
    return pages.page(request, "report_order", "officer.report-order", trail=("officer.reports",), **context)


@access(report_reader)
@require_GET
def progress(request: HttpRequest, token: UUID) -> HttpResponse:
    """The part of the page that asks again; once the worker is done the whole page is loaded anew."""
    found = _order(request, token)
    if not _is_working(found):
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer
    return render(request, "department/_report_progress.html", {"order": found})


@access(report_reader)
@require_GET
def file(request: HttpRequest, token: UUID) -> HttpResponse:
    """The file of an order."""
    found = _order(request, token)
    if not found.sha256:
        raise Http404
    name = f"reports-{found.ordered_at:%Y-%m-%d}.xlsx"
    return http.response(opened=store.path(found.sha256).open("rb"), media_type=sheets.MEDIA_TYPE, name=name)


def _report(key: str) -> Report:
    found = REPORTS.get(key)
    if found is None:
        raise Http404
    return found


def _order(request: HttpRequest, token: UUID) -> ReportOrder:
    found: ReportOrder = get_or_404(report_reader, request.actor, ReportOrder.objects.all(), token=token)
    return found


def _form(request: HttpRequest, found: Report | None, *, typed: Any = None) -> ReportForm:
    today = forms.today_of(request.now)
    return ReportForm(request.GET if typed is None else typed, report=found, places=_places(request), today=today)


def _places(request: HttpRequest) -> list[tuple[str, str]]:
    """The actor's own territory (the ministry's is the country) and what lies below it and is in use; asked once."""
    found: list[tuple[str, str]] | None = getattr(request, "report_places", None)
    if found is None:
        top = _own(request)
        codes = forms.asked(top=top, typed=_NO_PERIOD, now=request.now).codes
        below = pages.named([code for code in work.parts(codes, top=top) if code != top])
        found = request.report_places = [(COUNTRY, jobs.place_name(top)), *below]
    return found


_NO_PERIOD = {"since": "2000-01-01", "until": "2000-01-01"}


def _own(request: HttpRequest) -> str | None:
    return None if request.actor.role is Role.MINISTRY else request.actor.territory_code or ""


def _top(request: HttpRequest, form: ReportForm) -> str | None:
    return form.cleaned_data.get("territory") or _own(request)


def _asked(request: HttpRequest, form: ReportForm) -> Asked:
    return forms.asked(top=_top(request, form), typed=forms.question(form), now=request.now)


def _named(found: Report) -> dict[str, str]:
    return {
        "name": texts.say(f"report.{found.key}"),
        "question": texts.say(f"report.{found.key}-question"),
        "url": reverse("officer.report", args=[found.key]),
    }


def _bars(found: Report, rows: list[list[Any]]) -> charts.BarChart | None:
    """The chart of the first rows, None where there is nothing to draw."""
    names = [column.name for column in found.columns]
    if not found.bars or not rows:
        return None
    place = names.index(found.bars)
    labels = [number for number, column in enumerate(found.columns) if column.words]
    return charts.bar_chart(
        title=texts.say(f"report.{found.key}"),
        axis=texts.say(f"report-column.{names[0]}"),
        unit=texts.say(f"report-column.{found.bars}"),
        values=[(", ".join(str(row[label]) for label in labels), row[place]) for row in rows[:_BARS]],
    )


def _is_working(found: ReportOrder) -> bool:
    return found.finished_at is None and found.failed_at is None


def _title(found: ReportOrder) -> str:
    return texts.say("report.all") if len(found.reports) > 1 else texts.say(f"report.{found.reports[0]}")


def _ordered(found: ReportOrder) -> dict[str, str]:
    state = "working" if _is_working(found) else "made" if found.sha256 else "failed"
    return {
        "name": _title(found),
        "about": f"{jobs.place_name(found.territory_id)}, {written.moment(found.ordered_at)}",
        "state": texts.say(f"report-order.{state}"),
        "url": reverse("officer.report-order", args=[found.token]),
        "file": reverse("officer.report-file", args=[found.token]) if found.sha256 else "",
    }
