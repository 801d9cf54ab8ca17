"""Checks of the record: the journal is whole, and every place in a line follows from it."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import connection
from django.db.models import Count, F, Max, QuerySet, Window
from django.db.models.functions import RowNumber

from balabaqsha.applications.models import Application
from balabaqsha.applications.states import State
from balabaqsha.checks.found import Found
from balabaqsha.kernel.time import localdate
from balabaqsha.line import linear
from balabaqsha.line.models import Line
from balabaqsha.record import queries as record
from balabaqsha.record.models import JournalEntry, JournalSeal
from balabaqsha.territories.regimes import Regime
from balabaqsha.transparency import queries as transparency
from balabaqsha.transparency.ledger import LedgerLine

# So many families of each line have their ledger replayed, each night others.
_SAMPLE = 5

_UNEXPLAINED = """
    WITH last AS (
        SELECT DISTINCT ON (application_id) application_id, facts
          FROM record_journalentry
         WHERE application_id IS NOT NULL AND facts ? 'to'
         ORDER BY application_id, id DESC
    )
    SELECT rows.id, rows.number, rows.territory_id
      FROM applications_application AS rows LEFT JOIN last ON last.application_id = rows.id
     WHERE (rows.state = %(waiting)s) IS DISTINCT FROM coalesce(last.facts->>'to' = %(waiting)s, false)
        OR rows.state = %(waiting)s
           AND ((last.facts->>'category')::int IS DISTINCT FROM rows.category
                OR (last.facts->>'original_at')::timestamptz IS DISTINCT FROM rows.original_at)
     ORDER BY rows.id
"""


def place_without_cause(now: datetime) -> Iterable[Found]:
    """Who stands in a line, and where, is what the journal said last: no place changes without a decision."""
    with connection.cursor() as cursor:
        cursor.execute(_UNEXPLAINED, {"waiting": State.WAITING.value})
        rows = cursor.fetchall()
    for application_id, number, territory_code in rows:
        yield Found(f"application {number}", territory_code, application_id, {"number": number})


def ledger_without_beginning(now: datetime) -> Iterable[Found]:
    """The place of a family, undone act by act, leads back to its own application and never below the first place.

    What moved it adds up to how far it moved. A sample of every line, each day others.
    """
    for line in Line.objects.order_by("territory_id", "kind", "birth_year", "correction"):
        for application in _sample(_waiting(line), now):
            if not _leads_back(application):
                facts = {"number": application.number}
                yield Found(f"application {application.number}", application.territory_id, application.id, facts)


def _waiting(line: Line) -> QuerySet[Application]:
    if line.birth_year is not None:
        return linear.waiting(linear.key_of_line(line))
    regime = Regime.VOUCHER.value
    return Application.objects.filter(
        territory_id=line.territory_id, kind=line.kind, regime=regime, state=State.WAITING
    )


def _sample(waiting: QuerySet[Application], now: datetime) -> Iterator[Application]:
    """Waiting applications at even steps along the line, the first one moving with the day."""
    step = max(1, waiting.count() // _SAMPLE)
    ranked = waiting.annotate(position=Window(RowNumber(), order_by=F("id").asc()))
    ids = [
        id_
        for id_, position in ranked.values_list("id", "position")
        if position % step == localdate(now).toordinal() % step
    ]
    yield from waiting.filter(id__in=ids[:_SAMPLE]).order_by("id")


def _leads_back(application: Application) -> bool:
    told = transparency.ledger_of(application)
    numbers = [number for line in told for number in (line.before, line.after) if number is not None]
    if any(number < 1 for number in numbers) or not all(map(_adds_up, told)):
        return False
    return bool(told and told[-1].before is None) or not transparency.is_whole(application)


def _adds_up(line: LedgerLine) -> bool:
    """Causes tell in linear lines only by how many places."""
    moved = sum(cause.by for cause in line.causes)
    return line.before is None or line.after is None or moved in {0, line.after - line.before}


def journal_gap(now: datetime) -> Iterable[Found]:
    """The positions of the seals run from one without a gap."""
    seals = JournalSeal.objects.aggregate(n=Count("position"), last=Max("position"))
    if seals["n"] != (seals["last"] or 0):
        yield Found("seals", facts={"n": (seals["last"] or 0) - seals["n"]})


def entry_passed_over(now: datetime) -> Iterable[Found]:
    """The chain passes over no decision: what came before the last sealed one is sealed."""
    last = JournalSeal.objects.order_by("-position").values("entry__transaction")[:1]
    rows = JournalEntry.objects.filter(seal__isnull=True, transaction__lt=last).order_by("id")
    for entry_id, territory_code, application_id in rows.values_list("id", "territory_code", "application_id"):
        yield Found(f"entry {entry_id}", territory_code, application_id)


def journal_broken(now: datetime) -> Iterable[Found]:
    """The whole chain, computed anew, has the digests that were kept. Reads the journal to its end."""
    verdict = record.verify()
    if verdict.broken_at is not None:
        yield Found("journal", facts={"position": verdict.broken_at})
