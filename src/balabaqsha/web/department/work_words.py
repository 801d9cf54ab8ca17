"""Work in words: the rows of the work list, and what one piece of work is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from balabaqsha.accounts import queries as accounts
from balabaqsha.checks import words as findings
from balabaqsha.desk import kinds, queries
from balabaqsha.desk.queries import Task
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens.models import Kindergarten
from balabaqsha.law.rules import WorkingCalendar
from balabaqsha.locale import written
from balabaqsha.people.models import Person
from balabaqsha.territories import queries as territories
from balabaqsha.web.department import pages
from balabaqsha.web.kit import due, texts, worklists

COLUMNS = ("work.subject", "work.kind", "work.about", "work.detail", "department.territory", "work.holder")


@dataclass(frozen=True)
class Line:
    """One piece of work in words: `cells` in the order of COLUMNS, its term, and where it is dealt with."""

    task: Task
    cells: tuple[str, ...]
    standing: due.Due
    url: str
    held_by: int | None


def lines(tasks: Sequence[Task], *, now: datetime, calendar: WorkingCalendar) -> list[Line]:
    """These pieces of work in words. Six queries, however many they are."""
    held = queries.holders(task.key for task in tasks)
    named = accounts.names_of(set(held.values())) if held else {}
    people = Person.objects.in_bulk({task.person_id for task in tasks if task.person_id})
    gardens = Kindergarten.objects.in_bulk({int(task.detail) for task in tasks if _is_kindergarten(task)})
    places = territories.spoken_names({task.territory_code for task in tasks if task.territory_code}, texts.language())
    return [
        Line(
            task=task,
            cells=(
                task.number or texts.say("work.no-number"),
                texts.say(f"work.kind.{task.kind}"),
                worklists.masked(people[task.person_id]) if task.person_id in people else "–",
                _detail(task, gardens),
                places.get(task.territory_code or "", "–"),
                named.get(held.get(task.key, 0), "–"),
            ),
            standing=standing(task, now=now, calendar=calendar),
            url=url(task),
            held_by=held.get(task.key),
        )
        for task in tasks
    ]


def standing(task: Task, *, now: datetime, calendar: WorkingCalendar) -> due.Due:
    """How its term stands in working days; of what has none, how long it waits."""
    if task.due_at is None:
        waits = calendar.working_days_between(localdate(task.since), localdate(now))
        return due.Due(left=texts.say_count("count.working-day-waits", waits), tone="off")
    found = due.standing(task.due_at, now=now, calendar=calendar)
    late = calendar.working_days_between(localdate(task.due_at), localdate(now)) if found.overdue else 0
    return due.Due(left=texts.say_count("count.working-day-late", late), tone="bad", overdue=True) if late else found


def url(task: Task) -> str:
    """Where the work is dealt with; whoever comes from the list goes on to the next of it."""
    page, ref = kinds.BY_CODE[task.kind].page, task.ref
    if not ref and task.number:
        page, ref = "officer.case", task.number
    return f"{reverse(page, args=[ref])}?from=work" if ref else f"{reverse(page)}#findings"


def row(line: Line, *, several: bool) -> dict[str, Any]:
    """A row of ui/worklist.html; `several`: with the territory, where the officer has more than one."""
    name, *cells = line.cells
    if not several:
        del cells[3]
    found = worklists.work(name, line.url, cells, line.standing)
    # The number leads there as well: eight columns leave no room for a button.
    return found | {"id": line.task.key.text, "name": name, "action": None}


def _is_kindergarten(task: Task) -> bool:
    return kinds.BY_CODE[task.kind].detail_words == "kindergarten" and task.detail.isdigit()


def _detail(task: Task, gardens: dict[int, Kindergarten]) -> str:
    words = kinds.BY_CODE[task.kind].detail_words
    if words == "finding":
        return findings.title(task.detail, language=texts.language())
    if _is_kindergarten(task):
        found = gardens[int(task.detail)]
        phone = f", {written.phone(found.phone)}" if found.phone else ""
        return f"{pages.kindergarten_name(found)}{phone}"
    key = f"{words}.{task.detail}"
    if words == "state":
        key = f"{key}.officer"
    return texts.say(key) if task.detail and texts.knows(key) else "–"
