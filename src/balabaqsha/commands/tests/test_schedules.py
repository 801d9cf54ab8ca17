"""The schedules when workers die: their jobs are taken up, and never stand in the way of the next ones."""

import asyncio

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from balabaqsha.commands import schedules
from balabaqsha.web.department import tasks

pytestmark = pytest.mark.usefixtures("fresh_database")


def worker_of(silent_seconds: float) -> int:
    """A worker that has told of itself so many seconds ago."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [silent_seconds],
        )
        return cursor.fetchone()[0]


def doing(task: str, worker: int | None) -> int:
    """A job of this task that the worker has taken."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status, worker_id)"
            " VALUES ('default', %s, %s, %s, '{}', 'doing', %s) RETURNING id",
            [task, task, task, worker],
        )
        return cursor.fetchone()[0]


def resume() -> None:
    async def run() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as direct:
            async with direct.open_async():
                await schedules.resume_interrupted_jobs.func(timestamp=0)

    asyncio.run(run())


def states() -> dict[int, str]:
    return dict(ProcrastinateJob.objects.values_list("id", "status"))


def test_the_job_of_a_silent_worker_is_taken_up():
    job = doing(tasks.PERFORM, worker_of(schedules.SILENT_SECONDS + 5))

    resume()

    assert states() == {job: "todo"}


def test_the_job_of_a_worker_that_is_gone_is_taken_up_at_once():
    job = doing(tasks.PERFORM, None)

    resume()

    assert states() == {job: "todo"}


def test_the_job_of_a_living_worker_is_left_alone():
    job = doing(tasks.PERFORM, worker_of(1))

    resume()

    assert states() == {job: "doing"}


def test_a_job_ordered_again_meanwhile_takes_the_place_of_the_dead_one():
    """The dead job holds the lock that the new one waits for, and the new one its place in the queue."""
    dead = worker_of(schedules.SILENT_SECONDS + 5)
    doing("tell_and_deliver", dead)
    run = doing(tasks.PERFORM, dead)
    schedules.tell_and_deliver.defer(timestamp=0)
    again = ProcrastinateJob.objects.get(status="todo").id

    resume()

    assert states() == {again: "todo", run: "todo"}
