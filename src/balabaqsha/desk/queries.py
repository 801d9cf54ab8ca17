"""Reads of the desk: the work that waits as one list, its numbers, who looks after what."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import (
    BigIntegerField,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from balabaqsha.accounts import queries as accounts
from balabaqsha.accounts.models import RoleGrant
from balabaqsha.desk import kinds
from balabaqsha.desk.kinds import Kind
from balabaqsha.desk.models import Assignment
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.kernel.time import localdate, start_of
from balabaqsha.law.rules import WorkingCalendar
from balabaqsha.people.queries import card
from balabaqsha.territories import queries as territories

# A list shows no more than this: whoever has more than forty pages before them narrows it or takes it away.
MOST = 2_000
_CHUNK = 2_000
_COLUMNS = (
    "task_kind",
    "task_id",
    "task_due",
    "task_since",
    "task_territory",
    "task_application",
    "task_person",
    "task_ref",
    "task_number",
    "task_detail",
)
DUES = ("over", "today", "soon", "later", "none")
HOLDERS = ("me", "nobody")


@dataclass(frozen=True)
class Key:
    """Which piece of work: the code of its kind and the id of the row that waits."""

    kind: str
    id: int

    @property
    def text(self) -> str:
        """The key as pages carry it."""
        return f"{self.kind}-{self.id}"


@dataclass(frozen=True)
class Task:
    """One piece of work as lists show it; `ref` is the argument of its page, `detail` a code, `person_id` whom it is about."""

    kind: str
    id: int
    due_at: datetime | None
    since: datetime
    territory_code: str | None
    application_id: int | None
    person_id: int | None
    ref: str
    number: str
    detail: str

    @property
    def key(self) -> Key:
        """Which piece of work it is."""
        return Key(self.kind, self.id)


@dataclass(frozen=True)
class Asked:
    """What a list is narrowed by: codes of kinds (none: all), when due (one of DUES), whose (one of HOLDERS), a number's beginning."""

    kinds: tuple[str, ...] = ()
    due: str = ""
    holder: str = ""
    number: str = ""
    territory_code: str = ""


@dataclass(frozen=True)
class Tally:
    """How much work of one kind waits in one territory, and how much of it is over, due today, due soon."""

    kind: str
    territory_code: str | None
    waiting: int
    over: int
    today: int
    soon: int


def key(text: str) -> Key | None:
    """The key that a page carried, or None where it is none."""
    kind, _, number = text.partition("-")
    known = kind in kinds.BY_CODE and number.isascii() and number.isdigit() and len(number) < 19  # noqa: PLR2004 - more digits than any id has
    return Key(kind, int(number)) if known else None


class Desk:
    """The work that waits within the territory of one officer at one moment."""

    def __init__(self, actor: Actor, *, now: datetime, calendar: WorkingCalendar) -> None:
        self.actor, self.now = actor, now
        self._own = actor.territory_code or ""
        self._applied_in: dict[str, list[str]] = {}
        self._built: dict[Asked, list[tuple[Kind, QuerySet[Any]]]] = {}
        self._within = {self._own: territories.subtree(self._own).values("code")}
        tomorrow = start_of(localdate(now) + timedelta(days=1))
        after = start_of(calendar.next_working_day(localdate(now)) + timedelta(days=1))
        self._spans: dict[str, tuple[datetime | None, datetime | None]] = {
            "over": (None, now),
            "today": (now, tomorrow),
            "soon": (tomorrow, after),
            "later": (after, None),
        }

    def page(self, asked: Asked, *, first: int, size: int, latest: bool = False) -> list[Task]:
        """Pieces of work of the list from `first` on, the soonest due first (`latest`: last), those without a term at the end."""
        order, branches = _order(latest=latest), self._branches(asked)
        if len(branches) > 1:
            # Each kind gives the beginning of its own list, by its index; only these are put into one order.
            own = ("-task_due", "-task_id") if latest else order
            branches = [rows.order_by(*own)[: first + size] for rows in branches]
        rows = _together(branches)
        return [] if rows is None else [Task(*row) for row in rows.order_by(*order, "task_kind")[first : first + size]]

    def all(self, asked: Asked) -> Iterator[Task]:
        """The whole list, the soonest due first, read row by row."""
        rows = _together(self._branches(asked))
        if rows is not None:
            for row in rows.order_by(*_order(latest=False), "task_kind").iterator(chunk_size=_CHUNK):
                yield Task(*row)

    def count(self, asked: Asked, *, most: int = MOST) -> int:
        """How long the list is; of each kind no more than `most` are counted. One query."""
        # Nothing but the rows themselves: each column would be built, sent and planned for nothing.
        rows = _together([rows.order_by().values_list("pk")[:most] for _, rows in self._of_kinds(asked)])
        return 0 if rows is None else min(most, rows.count())

    def tallies(self, asked: Asked | None = None) -> list[Tally]:
        """The numbers of all work by kind and territory. One query."""
        rows = _together([self._tally(kind, rows) for kind, rows in self._of_kinds(asked or Asked())])
        return [] if rows is None else [Tally(*row) for row in rows]

    def find(self, keys: Iterable[Key]) -> dict[Key, Task]:
        """Those of these pieces of work that wait within the territory. One query."""
        by_kind: dict[str, list[int]] = {}
        for one in keys:
            by_kind.setdefault(one.kind, []).append(one.id)
        chosen = [
            _columns(kind, rows.filter(pk__in=by_kind[kind.code]))
            for kind, rows in self._of_kinds(Asked(kinds=tuple(by_kind)))
            if kind.code in by_kind
        ]
        rows = _together(chosen)
        found = [] if rows is None else [Task(*row) for row in rows]
        return {one.key: one for one in found}

    def of_application(self, application_id: int) -> list[Task]:
        """What waits in one case, the soonest due first. One query."""
        chosen = [
            _columns(kind, rows.filter(**{kind.application: application_id}))
            for kind, rows in self._of_kinds(Asked())
            if kind.application
        ]
        rows = _together(chosen)
        return [] if rows is None else [Task(*row) for row in rows.order_by(*_order(latest=False))]

    def _branches(self, asked: Asked) -> list[QuerySet[Any]]:
        return [_columns(kind, rows) for kind, rows in self._of_kinds(asked)]

    def _of_kinds(self, asked: Asked) -> list[tuple[Kind, QuerySet[Any]]]:
        """The rows of each kind; built once for the list, its length and its numbers, for building takes longer than asking."""
        if asked not in self._built:
            self._built[asked] = list(self._build(asked))
        return self._built[asked]

    def _build(self, asked: Asked) -> Iterator[tuple[Kind, QuerySet[Any]]]:
        for kind in kinds.KINDS:
            if asked.kinds and kind.code not in asked.kinds:
                continue
            narrowed = self._narrowed(kind, asked)
            if narrowed is not None:
                yield kind, kind.waiting(self.now).select_related(None).filter(narrowed)

    def _narrowed(self, kind: Kind, asked: Asked) -> Q | None:
        """What the rows of a kind have to be; None where the kind has none of what is asked for."""
        if (asked.number and not kind.number) or (asked.due in self._spans and not kind.due):
            return None
        code = asked.territory_code
        inside = self._with_applications(code) if kind.of_applications else self._inside(code)
        found = kinds.within(kind, inside, nobodys=not code)
        if asked.number:
            found &= Q(**{f"{kind.number}__startswith": asked.number})
        if asked.due in self._spans:
            found &= self._due(kind, asked.due)
        elif asked.due == "none" and kind.due:
            found &= Q(**{f"{kind.due}__isnull": True})
        if asked.holder:
            found &= self._held(kind, asked.holder)
        return found

    def _inside(self, code: str) -> QuerySet[Any]:
        """Codes of the territory asked for and below, within the officer's own; none of a foreign one."""
        if code and code not in self._within:
            inside = code == self._own or territories.is_within(code, self._own)
            self._within[code] = territories.subtree(code if inside else "").values("code")
        return self._within[code or self._own]

    def _with_applications(self, code: str) -> list[str]:
        """Those of the territories in which anybody has applied, by name: PostgreSQL plans well only what it knows the values of."""
        if code not in self._applied_in:
            within = self._inside(code)
            with connection.cursor() as cursor:
                cursor.execute(_TERRITORIES)
                found = [one for (one,) in cursor.fetchall()]
            self._applied_in[code] = list(within.filter(code__in=found).order_by("code").values_list("code", flat=True))
        return self._applied_in[code]

    def _due(self, kind: Kind, due: str) -> Q:
        since, until = self._spans[due]
        found = Q(**{f"{kind.due}__gte": since}) if since else Q()
        return found & Q(**{f"{kind.due}__lt": until}) if until else found

    def _held(self, kind: Kind, holder: str) -> Q:
        live = Assignment.objects.filter(kind=kind.code, ended_at__isnull=True)
        if holder == "me":
            return Q(pk__in=live.filter(account_id=self.actor.account_id).values("subject_id"))
        return Q(~Exists(live.filter(subject_id=OuterRef("pk"))))

    def _tally(self, kind: Kind, rows: QuerySet[Any]) -> QuerySet[Any]:
        counts = {
            f"task_{due}": Count("pk", filter=self._due(kind, due)) if kind.due else Value(0, IntegerField())
            for due in ("over", "today", "soon")
        }
        named = rows.order_by().annotate(task_kind=Value(kind.code, CharField()), task_territory=F(kind.territory))
        grouped = named.values("task_kind", "task_territory").annotate(task_n=Count("pk"), **counts)
        return grouped.values_list("task_kind", "task_territory", "task_n", "task_over", "task_today", "task_soon")


# From one territory to the next by the index: as many steps as there are territories, however many apply.
_TERRITORIES = """
WITH RECURSIVE one AS (
    (SELECT territory_id AS code FROM applications_application ORDER BY territory_id LIMIT 1)
    UNION ALL
    SELECT (SELECT territory_id FROM applications_application WHERE territory_id > one.code ORDER BY territory_id LIMIT 1)
    FROM one WHERE one.code IS NOT NULL
)
SELECT code FROM one WHERE code IS NOT NULL
"""


def _order(*, latest: bool) -> tuple[Any, ...]:
    due = F("task_due")
    return (due.desc(nulls_last=True), "-task_id") if latest else (due.asc(nulls_last=True), "task_id")


def _together(branches: Sequence[QuerySet[Any]]) -> QuerySet[Any] | None:
    return branches[0].union(*branches[1:], all=True) if branches else None


def _columns(kind: Kind, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows in the columns that every kind has; each has its type, as an empty one says none by itself."""
    text, number, moment = CharField(), BigIntegerField(), DateTimeField()
    return rows.annotate(
        task_kind=Value(kind.code, text),
        task_id=F("pk"),
        task_due=F(kind.due) if kind.due else Cast(Value(None), moment),
        task_since=F(kind.since),
        task_territory=F(kind.territory),
        task_application=F(kind.application) if kind.application else Cast(Value(None), number),
        task_person=F(kind.person) if kind.person else Cast(Value(None), number),
        task_ref=Cast(F(kind.ref), text) if kind.ref else Value("", text),
        task_number=_number(kind),
        task_detail=Cast(F(kind.detail), text) if kind.detail else Value("", text),
    ).values_list(*_COLUMNS)


def _number(kind: Kind) -> Any:
    if not kind.number:
        return Value("", CharField())
    path = KT(kind.number) if "facts__" in kind.number else F(kind.number)
    return Coalesce(path, Value(""), output_field=CharField())


def holders(keys: Iterable[Key]) -> dict[Key, int]:
    """The account that looks after each of these pieces of work, where one does. One query."""
    wanted = set(keys)
    ids = {one.id for one in wanted}
    rows = Assignment.objects.filter(subject_id__in=ids, ended_at__isnull=True) if ids else Assignment.objects.none()
    found = {
        Key(kind, subject): account for kind, subject, account in rows.values_list("kind", "subject_id", "account_id")
    }
    return {one: account for one, account in found.items() if one in wanted}


def colleagues(actor: Actor, *, now: datetime) -> list[tuple[int, str]]:
    """Accounts of officers whose territory is the actor's or lies below it, the actor among them, by name. One query."""
    inside = territories.subtree(actor.territory_code or "").values("code")
    grants = _officers(now).filter(territory__in=inside).select_related("account__person", "territory")
    named = {
        row.account_id: f"{card(row.account.person).full_name} ({row.territory.name_kk})"
        for row in grants
        if row.territory
    }
    return sorted(named.items(), key=lambda one: (one[1], one[0]))


def reach(account_id: int, *, now: datetime) -> set[str]:
    """Codes of all territories of which the account is an officer. One query for each grant, and one."""
    grants = _officers(now).filter(account_id=account_id).values_list("territory_id", flat=True)
    return {code for own in grants for code in territories.subtree(own or "").values_list("code", flat=True)}


def _officers(now: datetime) -> QuerySet[RoleGrant]:
    return RoleGrant.objects.filter(accounts.live_grants(now=now), role=Role.OFFICER.value, account__closed_at=None)
