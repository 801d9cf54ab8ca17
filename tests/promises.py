"""What is promised to families, looked up in the rows by the product's own checks: each sentence is a promise broken."""

from functools import cache

from django.db import connection
from django.test.utils import CaptureQueriesContext

from balabaqsha.applications.models import Application
from balabaqsha.applications.states import State
from balabaqsha.checks import catalogue
from balabaqsha.kindergartens.models import Hold, Place
from balabaqsha.line import blocks


def broken():
    """The promises that the rows at hand break; none in a right town. No promise of rows asks for the moment."""
    counted = [f"the blocks of a line count otherwise than its rows: {fault}" for fault in blocks.faults()]
    with connection.cursor() as cursor:
        cursor.execute(_all_in_one())
        if cursor.fetchone() == (False,):
            return counted
    return counted + [
        f"{code}: {found.subject} {found.facts}" for code, found in catalogue.ask(catalogue.OF_ROWS, now=None)
    ]


@cache
def _all_in_one():
    """All promises in one statement, for machines that ask after every step: a row of any check is a promise broken."""
    with CaptureQueriesContext(connection) as captured:
        list(catalogue.ask(catalogue.OF_ROWS, now=None))
    assert len(captured) == len(catalogue.OF_ROWS), "a check of rows is one query: two would see two moments"
    return "SELECT " + " OR ".join(f"EXISTS ({query['sql']})" for query in captured.captured_queries)


def spoken_for():
    """Vouchers out without a place, less free places: above nought somebody was promised what is not there."""
    out = Application.objects.filter(state__in=[State.VOUCHER_OFFERED, State.VOUCHER_ACTIVE]).count()
    free = Place.objects.filter(published=True).exclude(holds__in=Hold.objects.filter(ended_at__isnull=True)).count()
    return out - free
