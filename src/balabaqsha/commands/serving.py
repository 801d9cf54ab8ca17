"""The processes that serve: pages, jobs and, in the demonstration, the state systems."""

import os
import sys

from balabaqsha.commands import starting
from balabaqsha.config import env

_JOBS_AT_ONCE = 2
_KILL_AFTER_SECONDS = 10


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
        # A worker that does not end when asked would outlive everybody who could ask it again.
        workers_kill_timeout=_KILL_AFTER_SECONDS,
        websockets=False,
        process_name="balabaqsha web",
    ).serve()
    return 0


def worker() -> int:
    """Run jobs until told to end."""
    starting.set_up()
    starting.refuse_unfit()
    from django.conf import settings
    from procrastinate.contrib.django import app

    from balabaqsha.config import wiring

    wiring.connect(settings)
    with app.replace_connector(app.connector.get_worker_connector()) as direct:
        direct.run_worker(concurrency=_JOBS_AT_ONCE, delete_jobs="successful", shutdown_graceful_timeout=20)
    return 0


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
