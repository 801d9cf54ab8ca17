"""Jobs of the department: a distribution run gives thousands of vouchers, longer than a page may wait."""

from contextlib import suppress
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from balabaqsha.accounts import clock
from balabaqsha.documents import store
from balabaqsha.journeys import distribution, entering, importing
from balabaqsha.journeys._case import Busy
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.legacy.models import GardenList, LegacyList
from balabaqsha.legacy.reading import ListUnreadable

PERFORM = "department.perform_run"
_WAITS = frozenset({"todo", "doing"})


# None of these is the run's own fault, and an officer who ordered it need not order it again.
_AGAIN = RetryStrategy(wait=5, retry_exceptions={OperationalError, InterfaceError, Busy})


@app.task(name=PERFORM, retry=_AGAIN)
def perform_run(*, run_number: int, account_id: int, person_id: int, territory_code: str) -> None:
    """Perform a previewed run for the officer who asked for it; a second time it finds the run performed."""
    actor = Actor(role=Role.OFFICER, account_id=account_id, person_id=person_id, territory_code=territory_code)
    distribution.perform_previewed(run_number=run_number, actor=actor, now=clock.now())


READ, WRITE = "department.read_list", "department.write_list"


@app.task(name=READ, retry=RetryStrategy(max_attempts=3, wait=5, retry_exceptions={OperationalError}))
def read_list(*, list_id: int) -> None:
    """Read and check an uploaded list; why it cannot be read stands on its page."""
    found = LegacyList.objects.get(id=list_id)
    with suppress(importing.ColumnsMissing, ListUnreadable):
        importing.read(list_id=list_id, file=store.path(found.sha256), now=clock.now())


@app.task(name=WRITE, retry=RetryStrategy(max_attempts=5, wait=5, retry_exceptions={OperationalError, Busy}))
def write_list(*, list_id: int, account_id: int, person_id: int, territory_code: str) -> None:
    """Carry a confirmed list over for the officer who confirmed it; a second time it goes on, or finds it finished."""
    actor = Actor(role=Role.OFFICER, account_id=account_id, person_id=person_id, territory_code=territory_code)
    importing.write(list_id=list_id, actor=actor, now=clock.now())


READ_GARDENS, WRITE_GARDENS = "department.read_gardens", "department.write_gardens"


@app.task(name=READ_GARDENS, retry=RetryStrategy(max_attempts=3, wait=5, retry_exceptions={OperationalError, Busy}))
def read_gardens(*, list_id: int) -> None:
    """Read and check a list of kindergartens; one that is not to be read any more is left alone."""
    found = GardenList.objects.get(id=list_id)
    with suppress(NotInThisState):
        entering.read(list_id=list_id, file=store.path(found.sha256), now=clock.now())


@app.task(name=WRITE_GARDENS, retry=RetryStrategy(max_attempts=5, wait=5, retry_exceptions={OperationalError, Busy}))
def write_gardens(*, list_id: int, account_id: int, person_id: int, territory_code: str) -> None:
    """Enter a confirmed list for the officer who confirmed it; a second time it goes on, or finds it finished."""
    actor = Actor(role=Role.OFFICER, account_id=account_id, person_id=person_id, territory_code=territory_code)
    entering.write(list_id=list_id, actor=actor, now=clock.now())


def order_reading_gardens(*, list_id: int) -> None:
    """Ask the worker to read a list of kindergartens; asked twice, it is read once."""
    with suppress(AlreadyEnqueued):
        job = read_gardens.configure(queueing_lock=f"{READ_GARDENS}.{list_id}", lock="department.gardens")
        job.defer(list_id=list_id)


def order_writing_gardens(*, list_id: int, actor: Actor) -> None:
    """Ask the worker to enter one; asked twice, it is ordered once."""
    with suppress(AlreadyEnqueued):
        job = write_gardens.configure(queueing_lock=f"{WRITE_GARDENS}.{list_id}", lock="department.gardens")
        job.defer(
            list_id=list_id,
            account_id=actor.account_id,
            person_id=actor.person_id,
            territory_code=actor.territory_code,
        )


def order_reading(*, list_id: int) -> None:
    """Ask the worker to read a list; asked twice, it is read once."""
    with suppress(AlreadyEnqueued):
        read_list.configure(queueing_lock=f"{READ}.{list_id}", lock="department.lists").defer(list_id=list_id)


def order_writing(*, list_id: int, actor: Actor) -> None:
    """Ask the worker to carry a list over; asked twice, it is ordered once."""
    with suppress(AlreadyEnqueued):
        write_list.configure(queueing_lock=f"{WRITE}.{list_id}", lock="department.lists").defer(
            list_id=list_id,
            account_id=actor.account_id,
            person_id=actor.person_id,
            territory_code=actor.territory_code,
        )


def order(*, run_number: int, actor: Actor) -> None:
    """Ask the worker to perform a run; asked twice, it is ordered once."""
    try:
        perform_run.configure(queueing_lock=_lock(run_number), lock="department.runs").defer(
            run_number=run_number,
            account_id=actor.account_id,
            person_id=actor.person_id,
            territory_code=actor.territory_code,
        )
    except AlreadyEnqueued:
        return


@dataclass(frozen=True)
class Order:
    """How far the worker is with a run: `waits` while it is to be done or being done, `failed` when it gave up."""

    waits: bool
    failed: bool


def standing(run_number: int) -> Order | None:
    """What became of the last order of a run, None where nobody has ordered it. One query."""
    jobs = ProcrastinateJob.objects.filter(task_name=PERFORM, args__run_number=run_number)
    status = jobs.order_by("-id").values_list("status", flat=True).first()
    return (
        None if status is None else Order(waits=status in _WAITS, failed=status in {"failed", "aborted", "cancelled"})
    )


def _lock(run_number: int) -> str:
    return f"{PERFORM}.{run_number}"
