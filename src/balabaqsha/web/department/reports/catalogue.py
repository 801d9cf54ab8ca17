"""The table of reports. A new report is one entry here, its texts `report.<key>…` and its query.

A column with `words` holds codes of that vocabulary (`vocabulary.py`), one without holds numbers or days.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from balabaqsha.insight.reports import terms, waiting, work
from balabaqsha.insight.reports.asked import Asked, Row
from balabaqsha.transparency import answers
from balabaqsha.transparency.answers import Tally


@dataclass(frozen=True)
class Column:
    """One column: its heading is the text `report-column.<name>`."""

    name: str
    words: str = ""


@dataclass(frozen=True)
class Report:
    """One report: its name is `report.<key>`, the question it answers `report.<key>-question`, how it is reckoned `…-how`.

    `bars` names the column whose values are drawn, "" for none; `filters` the filters that change it; `of_now` says that
    it tells of the present and not of a period; `split` that it can be told territory by territory.
    """

    key: str
    rows: Callable[[Asked], list[Row]]
    columns: tuple[Column, ...]
    bars: str = ""
    filters: frozenset[str] = frozenset({"regime", "birth_year"})
    of_now: bool = False
    split: bool = True


def _columns(*names: str, **words: str) -> tuple[Column, ...]:
    return (*(Column(name, vocabulary) for name, vocabulary in words.items()), *(Column(name) for name in names))


def _line(key: str, words: str) -> Report:
    columns = _columns("waiting", "general", "special", "out-of-turn", "priority", "ordinary", "first", **{key: words})
    return Report(f"line-{key}", waiting.LINE[key], columns, bars="waiting", of_now=True)


def _time(key: str, words: str) -> Report:
    columns = _columns("admitted", "lower", "median", "upper", "most", **{key: words})
    return Report(f"time-{key}", waiting.TIME[key], columns, bars="median")


def _answers(key: str, words: str) -> Report:
    columns = _columns("asked", "in-time", "late", "closed", "in-term", "overdue", **{key: words})
    rows = partial(_answered, {"topic": answers.by_topic, "month": answers.by_month}[key])
    return Report(f"answers-{key}", rows, columns, bars="asked", filters=frozenset())


def _answered(count: Callable[..., list[tuple[object, Tally]]], asked: Asked) -> list[Row]:
    sent = answers.sent_between(asked.begins_at, min(asked.now, asked.before), codes=asked.codes)
    return [
        (key, one.asked, one.in_time, one.late, one.closed, one.waiting, one.overdue)
        for key, one in count(sent, now=asked.now)
    ]


_MET = ("met", "missed", "share")

REPORTS: dict[str, Report] = {
    report.key: report
    for report in (
        Report(
            "territories",
            work.territories,
            _columns("waiting", "free", "vouchers", "referrals", "admitted", territory="territory"),
            bars="waiting",
            split=False,
        ),
        _line("category", "category"),
        _line("birth-year", "year"),
        _line("language", "language"),
        _line("settlement", "territory"),
        Report(
            "demand",
            waiting.demand,
            _columns(
                "waiting",
                "coming",
                "enrolled",
                "places",
                "balance",
                **{"school-year": "school-year", "age": "age", "birth-year": "year"},
            ),
            bars="waiting",
            of_now=True,
        ),
        Report("terms", terms.by_kind, _columns(*_MET, term="term"), bars="missed"),
        Report("terms-kindergartens", terms.by_kindergarten, _columns(*_MET, kindergarten="kindergarten"), split=False),
        Report("terms-officers", terms.by_officer, _columns(*_MET, officer="officer"), split=False),
        Report("lapses", terms.lapses, _columns("lapses", "cases", lapse="event", came="state"), bars="lapses"),
        Report("acts", work.acts, _columns("times", "last", officer="officer", act="event"), split=False),
        Report(
            "stop-list",
            work.stop_list,
            _columns("now", "came-on", "back", "lost", **{"birth-year": "year"}),
            bars="now",
        ),
        Report(
            "benefits",
            work.benefits,
            _columns(
                "claims", "confirmed", "rejected", "undecided", "lapsed", "dropped", benefit="benefit", source="source"
            ),
            bars="claims",
        ),
        _time("category", "category"),
        _time("birth-year", "year"),
        _answers("topic", "topic"),
        _answers("month", "month"),
    )
}
