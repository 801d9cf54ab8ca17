"""Statistics: waiting, free places, vouchers and enrolments by settlement, birth year, language and month."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from balabaqsha.accounts.access import access, public
from balabaqsha.insight import queries as insight
from balabaqsha.insight.queries import Counts, MonthRow, Row, Scope
from balabaqsha.kernel.time import localdate, start_of
from balabaqsha.locale import written
from balabaqsha.territories import queries as territories
from balabaqsha.web.kit import charts, tables
from balabaqsha.web.kit.texts import language, say
from balabaqsha.web.public import kept, place

PERIODS = ("day", "month", "quarter", "year")
_COLUMNS = ("waiting", "free", "vouchers", "enrolments")
_TWELVE_MONTHS = "months"
_MONTHS = 12


@dataclass(frozen=True)
class Table:
    """One table of the page: `rows` are a name and the four counts; `url` is its CSV file."""

    key: str
    name: str
    rows: Sequence[tuple[str, Sequence[int]]]
    url: str


@access(public)
def statistics(request: HttpRequest) -> HttpResponse:
    """The statistics of the chosen territory; waiting and free are of now, the rest of the period."""
    period = _period(request)
    scope = _scope(request, period)
    (counts, tables_, months), as_of = kept.counted(
        f"statistics:{request.location.code}:{period}", lambda _: _count(request, scope), now=request.now
    )
    found = {key: _named(key, rows) for key, rows in tables_.items()}
    return render(
        request,
        "public/statistics.html",
        {
            "wide_data": True,
            "as_of": as_of,
            "since": localdate(scope.since),
            "periods": [(each, each == period) for each in PERIODS],
            "period": period,
            "columns": [(name, f"stats.{name}") for name in _COLUMNS],
            "stats": [{"label": say(f"stats.{name}"), "value": getattr(counts, name)} for name in _COLUMNS],
            "tables": [Table(key, say(f"stats.by-{key}"), rows, _url(key, period)) for key, rows in found.items()],
            "bars": _bars(found),
            "chart": _chart(months),
            "months_url": _url("month", period),
        },
    )


@access(public)
def table(request: HttpRequest, key: str) -> HttpResponse:
    """One table as CSV; codes stand beside names."""
    code, day = request.location.code, localdate(request.now)
    name = f"balabaqsha-{key}-{code}-{day.isoformat()}"
    if key == "month":
        rows = insight.by_month(_scope(request, _TWELVE_MONTHS))
        head = [say("stats.by-month"), say("stats.vouchers"), say("stats.enrolments")]
        return tables.csv_file(name, head, ([row.month.isoformat()[:7], row.vouchers, row.enrolments] for row in rows))
    if key not in insight.TABLES:
        raise Http404
    found = insight.TABLES[key](_scope(request, _period(request)))
    words = _words(key, found)
    head = [say("stats.code"), say(f"stats.by-{key}"), *(say(f"stats.{column}") for column in _COLUMNS)]
    return tables.csv_file(name, head, ([row.key, words(row), *_counts(row)] for row in found))


def _period(request: HttpRequest) -> str:
    asked = request.GET.get("period", "")
    return asked if asked in PERIODS else "month"


def _scope(request: HttpRequest, period: str) -> Scope:
    codes = tuple(territories.subtree(request.location.code).values_list("code", flat=True))
    return Scope(codes=codes, since=_since(request, period), now=request.now)


def _since(request: HttpRequest, period: str) -> datetime:
    return start_of(_first_day(period, localdate(request.now)))


def _first_day(period: str, today: date) -> date:
    """The day on which the period begins: _TWELVE_MONTHS are those that end with this one."""
    if period == "day":
        return today
    if period == "quarter":
        return today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    if period == "year":
        return today.replace(month=1, day=1)
    if period == _TWELVE_MONTHS:
        back = today.month - _MONTHS
        return date(today.year + back // 12, back % 12 + 1, 1)
    return today.replace(day=1)


def _named(key: str, rows: Sequence[Row]) -> list[tuple[str, Sequence[int]]]:
    words = _words(key, rows)
    named = [(words(row), _counts(row)) for row in rows]
    return sorted(named, key=lambda pair: written.sort_key(pair[0])) if key == "settlement" else named


def _words(key: str, rows: Sequence[Row]) -> Callable[[Row], str]:
    if key == "settlement":
        names = territories.names({row.key for row in rows}, language())
        return lambda row: place.written_name(names.get(row.key, row.key))
    if key == "language":
        return lambda row: say(f"queue.language.{row.key}") if row.key else say("stats.any-language")
    return lambda row: str(row.key)


def _counts(row: Row) -> tuple[int, ...]:
    return tuple(getattr(row.counts, name) for name in _COLUMNS)


def _url(key: str, period: str) -> str:
    return f"{reverse('public.statistics-table', args=[key])}?period={period}"


def _bars(found: dict[str, list[tuple[str, Sequence[int]]]]) -> list[charts.BarChart]:
    return [
        charts.bar_chart(
            title=say("stats.waiting-and-years" if key == "birth-year" else "stats.waiting-and-languages"),
            axis=say(f"stats.by-{key}"),
            unit=say("stats.waiting"),
            values=[(name, counts[0]) for name, counts in found[key]],
        )
        for key in ("birth-year", "language")
    ]


def _count(request: HttpRequest, scope: Scope) -> tuple[Counts, dict[str, list[Row]], list[MonthRow]]:
    """Everything that the page counts: whole territories are read for it."""
    tables_ = {key: rows(scope) for key, rows in insight.TABLES.items()}
    return insight.totals(scope), tables_, insight.by_month(replace(scope, since=_since(request, _TWELVE_MONTHS)))


def _chart(rows: Sequence[MonthRow]) -> charts.LineChart:
    last = rows[-1]
    return charts.line_chart(
        id="months",
        title=say("stats.months-title"),
        description=say("stats.months-description", vouchers=last.vouchers, enrolments=last.enrolments),
        months=[f"{row.month:%m.%Y}" for row in rows],
        series=[
            charts.Series(say("stats.vouchers"), [row.vouchers for row in rows]),
            charts.Series(say("stats.enrolments"), [row.enrolments for row in rows]),
        ],
    )
