"""How messages of visitors were answered, as pages of the public and of the department print it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from balabaqsha.kernel.time import localdate, start_of
from balabaqsha.territories import queries as territories
from balabaqsha.transparency import answers
from balabaqsha.transparency.answers import Tally
from balabaqsha.web.kit import texts

COLUMNS = ("asked", "in_time", "late", "closed", "waiting", "overdue")


@dataclass(frozen=True)
class Counted:
    """The counts of the twelve months that end with this one."""

    since: date
    total: Tally
    by_topic: Sequence[tuple[str, Tally]]
    by_territory: Sequence[tuple[str, Tally]]
    by_month: Sequence[tuple[date, Tally]]


def count(*, codes: Sequence[str] | None, now: datetime) -> Counted:
    """Count the messages to these territories, or to all. Four queries."""
    today = localdate(now)
    since = date(today.year - (today.month < 12), today.month % 12 + 1, 1)  # noqa: PLR2004 - months of a year
    rows = answers.sent_between(start_of(since), now, codes=codes)
    return Counted(
        since=since,
        total=answers.total(rows, now=now),
        by_topic=answers.by_topic(rows, now=now),
        by_territory=answers.by_territory(rows, now=now),
        by_month=answers.by_month(rows, now=now),
    )


def context(found: Counted) -> dict[str, Any]:
    """What ui/answers.html prints."""
    in_time = found.total.per_cent_in_time
    names = territories.spoken_names({code for code, _ in found.by_territory}, texts.language())
    tables = [
        ("topic", [(texts.say(f"feedback.topic.{topic}"), tally) for topic, tally in found.by_topic]),
        ("month", [(f"{month:%m.%Y}", tally) for month, tally in found.by_month]),
        ("territory", [(names.get(code, code), tally) for code, tally in found.by_territory]),
    ]
    return {
        "since": found.since,
        "stats": [
            {"label": texts.say("answers.asked"), "value": found.total.asked},
            {"label": texts.say("answers.in_time"), "value": found.total.in_time, "note": _share(in_time)},
            {"label": texts.say("answers.overdue"), "value": found.total.overdue},
        ],
        "columns": [texts.say(f"answers.{name}") for name in COLUMNS],
        "tables": [
            {
                "key": key,
                "name": texts.say(f"answers.by-{key}"),
                "rows": [(name, [getattr(tally, column) for column in COLUMNS]) for name, tally in rows],
            }
            for key, rows in tables
            if key != "territory" or len(rows) > 1
        ],
    }


def _share(in_time: int | None) -> str:
    return "" if in_time is None else texts.say("answers.share", n=in_time)
