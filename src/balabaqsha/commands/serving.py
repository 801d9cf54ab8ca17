"""The processes that serve: pages, jobs and, in the demonstration, the state systems."""

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

from balabaqsha.commands import starting
from balabaqsha.config import env

_JOBS_AT_ONCE = 2
_KILL_AFTER_SECONDS = 10
# How often a worker tells that it lives; schedules take up the jobs of one that has not told for long.
_HEARTBEAT_SECONDS = 2.0
_CLOCK_LOOKS_SECONDS = 1.0


def web() -> int:
    """Serve the pages at the port of the environment until told to end."""
    starting.set_up()
    starting.refuse_unfit()
    from django.conf import settings
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces

    connections.close_all()
    environment = env.current()
    Granian(
        "balabaqsha.commands.served:application",
        address=environment.address,
        port=environment.port,
        interface=Interfaces.WSGI,
        workers=environment.workers,
        blocking_threads=settings.WEB_THREADS,
        # One that was killed is replaced while the others go on serving.
        respawn_failed_workers=True,
        respawn_interval=0.5,
        # A worker that does not end when asked would outlive everybody who could ask it again.
        workers_kill_timeout=_KILL_AFTER_SECONDS,
        websockets=False,
        # Addresses hold secrets of those who were given them.
        log_access=False,
        process_name="balabaqsha web",
    ).serve()
    return 0


def worker() -> int:
    """Run jobs until told to end, or until the database is lost: then whoever looks after the process starts it anew."""
    starting.set_up()
    starting.refuse_unfit()
    from django.conf import settings
    from procrastinate.contrib.django import app

    from balabaqsha.commands import schedules
    from balabaqsha.config import wiring

    wiring.connect(settings)
    threading.Thread(target=_end_when_the_clock_goes_back, daemon=True).start()
    with app.replace_connector(app.connector.get_worker_connector()) as direct:
        direct.run_worker(
            concurrency=_JOBS_AT_ONCE,
            delete_jobs="successful",
            shutdown_graceful_timeout=20,
            update_heartbeat_interval=_HEARTBEAT_SECONDS,
            stalled_worker_timeout=schedules.SILENT_SECONDS,
            worker_middleware=[_end_with_a_lost_job],
        )
    return 0


async def _end_with_a_lost_job(call_next: Callable[[], Awaitable[Any]], context: Any, worker: Any) -> Any:  # noqa: ARG001 - procrastinate's signature
    """End the worker after a job whose end could not be written: while it lives, its job would count as running."""

    def look(job: "asyncio.Task[Any]") -> None:
        if not job.cancelled() and job.exception() is not None:
            worker.stop()

    current = asyncio.current_task()
    if current is not None:
        current.add_done_callback(look)
    return await call_next()


def _end_when_the_clock_goes_back() -> None:
    """The schedules of a running worker wait until the clock has come again to where it was; those of a new one do not."""
    ahead = time.time() - time.monotonic()
    while time.time() - time.monotonic() > ahead - _CLOCK_LOOKS_SECONDS:
        ahead = time.time() - time.monotonic()
        time.sleep(_CLOCK_LOOKS_SECONDS)
    print("the clock went back: the worker ends, to be started anew", file=sys.stderr, flush=True)
    os.kill(os.getpid(), signal.SIGTERM)


def sandbox() -> int:
    """Serve the state systems of the demonstration, in a program of their own that the portal never imports."""
    environment = env.current()
    if not environment.demonstration:
        raise starting.Stop("the sandbox exists in the demonstration only", starting.NO)
    program = [sys.executable, "-m", "balabaqsha.sandbox"]
    given = ["--port", str(environment.port), "--data", str(environment.data)]
    sys.stdout.flush()
    os.execv(sys.executable, [*program, *given])  # noqa: S606 - our own program takes this process over
    return 0
