"""The worker's job: the reports of an order become a file."""

from contextlib import suppress

from django.db import InterfaceError, OperationalError
from django.utils import translation
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from balabaqsha.accounts import clock
from balabaqsha.documents import store
from balabaqsha.insight import actions
from balabaqsha.insight.models import ReportOrder
from balabaqsha.territories import queries as territories
from balabaqsha.web.department.reports import forms, sheets
from balabaqsha.web.department.reports.catalogue import REPORTS
from balabaqsha.web.kit import texts

MAKE = "department.make_report"
_ATTEMPTS = 5
_WAITS = ("todo", "doing")
_AGAIN = RetryStrategy(max_attempts=_ATTEMPTS, wait=5, retry_exceptions={OperationalError, InterfaceError})


@app.task(name=MAKE, retry=_AGAIN, pass_context=True)
def make_report(context: JobContext, *, order_id: int) -> None:
    """Make the file of an order; a second time it finds the file made."""
    try:
        make(order_id=order_id)
    except Exception as error:
        lasting = not isinstance(error, OperationalError | InterfaceError)
        if lasting or (context.job and context.job.attempts >= _ATTEMPTS - 1):
            actions.fail(order_id=order_id, now=clock.now())
        raise


def make(*, order_id: int) -> None:
    """Make the file of an order in its language, telling after each step how far it is; a file that is made stays."""
    order = ReportOrder.objects.get(id=order_id)
    reports = [REPORTS[key] for key in order.reports if key in REPORTS]
    by_territory = bool(order.asked.get("by_territory"))
    # As of the moment at which it was ordered for what it says of a period, and of the present of the worker.
    asked = forms.asked(top=order.territory_id, typed=order.asked, now=clock.now())
    if not actions.begin(order_id=order_id, steps=sheets.steps(reports, asked, by_territory=by_territory)):
        return
    with translation.override(order.language):
        content = sheets.workbook(
            reports,
            asked,
            by_territory=by_territory,
            place=place_name(order.territory_id),
            progress=lambda done: actions.advance(order_id=order_id, done=done),
        )
    actions.finish(order_id=order_id, sha256=store.put(content), now=clock.now())


def order(order_id: int) -> None:
    """Ask the worker to make the file; asked twice, it is made once. Rival: a double click, which finds the job queued."""
    if ProcrastinateJob.objects.filter(task_name=MAKE, args__order_id=order_id, status__in=_WAITS).exists():
        return
    with suppress(AlreadyEnqueued):
        make_report.configure(queueing_lock=f"{MAKE}.{order_id}", lock="department.reports").defer(order_id=order_id)


def place_name(code: str | None) -> str:
    """The territory of a report in words: without a code the whole country."""
    return texts.say("report.country") if code is None else territories.spoken_name(code, texts.language())
