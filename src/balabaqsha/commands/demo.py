"""`balabaqsha demo`: the demonstration town in the database of the portal."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from balabaqsha.commands import starting
from balabaqsha.config import cluster, data_folder, env

USUAL_SEED = 1
# What the town makes in the data folder; the authority stays, so that key files that people have saved still sign.
_MADE = (data_folder.FILES, data_folder.SANDBOX)


def run(*, seed: int, fresh: bool) -> int:
    """Build the town; `fresh` throws away what is there.

    Raises Stop where something is there and it is not fresh, InUse while the portal runs: its tables would vanish below it.
    """
    data = env.current().data
    data_folder.ensure(data)
    with data_folder.alone(data), _database():
        starting.set_up_for_demonstration("the demonstration town")
        if fresh:
            throw_away()
        migrate()
        if has_town():
            raise starting.Stop("the town is there already; `balabaqsha demo --fresh` makes a new one", starting.NO)
        for line in build(seed=seed):
            print(line, flush=True)
    return 0


@contextmanager
def _database() -> Iterator[None]:
    """The named server, or the one that runs for the data folder, or else our own for as long as the block lasts."""
    environment = env.current()
    own = cluster.Cluster(environment.data)
    if environment.database_url or own.is_answering():
        yield
        return
    own.start()
    try:
        own.ensure_database()
        yield
    finally:
        own.stop()


def throw_away() -> None:
    """Remove everything that the portal keeps: all tables, all files."""
    from django.conf import settings
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    for name in _MADE:
        shutil.rmtree(settings.ENVIRONMENT.data / name, ignore_errors=True)
    data_folder.ensure(settings.ENVIRONMENT.data)


def migrate() -> None:
    """Bring the schema and its seeds up to date."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def has_town() -> bool:
    """Whether somebody lives in the database already."""
    from balabaqsha.kindergartens.models import Kindergarten

    return Kindergarten.objects.exists()


def build(*, seed: int) -> list[str]:
    """Build the town in an empty database; returns what it consists of and how long that took, for the terminal."""
    from django.conf import settings

    from balabaqsha.accounts import clock
    from balabaqsha.checks import actions as checks
    from balabaqsha.checks import catalogue
    from balabaqsha.kernel.actor import SYSTEM

    # The sandbox is never imported by the rest: only the command that makes its town knows it.
    from balabaqsha.sandbox import town

    now = clock.now()
    report = town.build(seed=seed, now=now, data=settings.ENVIRONMENT.data)
    # The department sees at once that its town is in order; the worker's part begins with the worker.
    checks.perform(actor=SYSTEM, now=now, checks=catalogue.OF_ROWS)
    return report.lines()


def persons() -> list[str]:
    """The persons to sign in as, one line each, in English."""
    from balabaqsha.accounts import queries
    from balabaqsha.locale import texts

    found = queries.demonstration_persons()
    width = max((len(person.name) for person in found), default=0)
    return [
        f"  {person.name:<{width}}  IIN {person.login}  password {person.password}  "
        + texts.say_in("en", f"demo.{person.key}.title")
        for person in found
    ]
