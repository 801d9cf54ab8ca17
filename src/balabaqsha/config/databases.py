"""Copies of a ready database: for rehearsals and for tests.

One template holds the schema and the seeds; its name carries their fingerprint, so a changed migration makes another
template. A copy takes some 50 milliseconds. Whoever has a copy holds an advisory lock on its name: a copy whose lock is free
was left by a kill, and the next one who makes a copy removes it.
"""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from balabaqsha.config import addresses, workshop

SCRATCH = "balabaqsha_scratch_"
TEST = "balabaqsha_test_"
_TEMPLATE = "balabaqsha_template_"
_BUILDING = "balabaqsha_building_"
# One number for every lock of ours on a server, so that no other program's locks are met by chance.
_LOCKS = 0x62_62_71
_TEMPLATES_LOCK = 0
_TEMPLATE_DAYS = 3
_LAST = "postgres"


@contextmanager
def scratch_database(prefix: str = SCRATCH) -> Iterator[str]:
    """Give Django's default connection a fresh copy for as long as the block lasts; yields the name of the database.

    The server is that of DATABASE_URL, whose role must be allowed to create databases; where none is named the
    workshop's own. The first copy on a server builds the template, which takes some seconds. Any number of processes
    may have copies at once; within one process they nest. Rehearsed evidence is possible under the prefix SCRATCH only.
    Raises ClusterFailed or psycopg.OperationalError where there is no server.
    """
    with ExitStack() as stack:
        address = settings.ENVIRONMENT.database_url or stack.enter_context(workshop.server(settings.ENVIRONMENT.data))
        holder = stack.enter_context(_maintenance(address))
        _sweep(holder)
        template = _ensure_template(holder, address)
        name = f"{prefix}{secrets.token_hex(8)}"
        stack.enter_context(_copy(holder, template, name))
        stack.enter_context(connected(address, name))
        yield name


@contextmanager
def connected(address: str, name: str) -> Iterator[None]:
    """Point Django's default connection, in every thread, to this database of the server at the address."""
    default = connections["default"]
    default.close()
    before = dict(default.settings_dict)
    # All threads' connections are made from this one dictionary.
    target = addresses.parts(address)
    options = {**before["OPTIONS"], **target["OPTIONS"]}
    default.settings_dict.update({**target, "NAME": name, "OPTIONS": options})
    try:
        yield
    finally:
        connections["default"].close()
        default.settings_dict.clear()
        default.settings_dict.update(before)


@contextmanager
def _maintenance(address: str) -> Iterator["psycopg.Connection[Any]"]:
    """A connection to a database that is always there, to create and drop others."""
    try:
        connection = psycopg.connect(addresses.with_database(address, _LAST), autocommit=True)
    except psycopg.OperationalError:
        # A server may keep `postgres` from ordinary roles; the database that they are given must then do.
        connection = psycopg.connect(address, autocommit=True)
    with connection:
        yield connection


@contextmanager
def _copy(holder: "psycopg.Connection[Any]", template: str, name: str) -> Iterator[None]:
    holder.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [_LOCKS, name])
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    if holder.execute("SELECT FROM pg_tablespace WHERE spcname = %s", [workshop.MEMORY]).fetchone() is not None:
        # Its server waits for no disk: copying the files takes a tenth of what writing them into its log does.
        create += sql.SQL(" STRATEGY file_copy TABLESPACE {}").format(sql.Identifier(workshop.MEMORY))
    try:
        holder.execute(create)
    finally:
        holder.execute("SELECT pg_advisory_unlock_shared(%s, %s)", [_LOCKS, _TEMPLATES_LOCK])
    try:
        yield
    finally:
        _drop(holder, name)


def _drop(holder: "psycopg.Connection[Any]", name: str) -> None:
    # Forced: threads of a test may still be connected.
    holder.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _ensure_template(holder: "psycopg.Connection[Any]", address: str) -> str:
    """The name of a ready template; the shared lock on templates is held, so that nobody removes it before it is copied."""
    name = f"{_TEMPLATE}{fingerprint()}"
    while True:
        holder.execute("SELECT pg_advisory_lock_shared(%s, %s)", [_LOCKS, _TEMPLATES_LOCK])
        if _exists(holder, name):
            return name
        holder.execute("SELECT pg_advisory_unlock_shared(%s, %s)", [_LOCKS, _TEMPLATES_LOCK])
        _build_alone(holder, address, name)


def _build_alone(holder: "psycopg.Connection[Any]", address: str, name: str) -> None:
    holder.execute("SELECT pg_advisory_lock(%s, %s)", [_LOCKS, _TEMPLATES_LOCK])
    try:
        if not _exists(holder, name):
            _remove_old_templates(holder)
            _build(holder, address, name)
    finally:
        holder.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCKS, _TEMPLATES_LOCK])


def _build(holder: "psycopg.Connection[Any]", address: str, name: str) -> None:
    building = f"{_BUILDING}{fingerprint()}"
    _drop(holder, building)
    holder.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(building)))
    with connected(address, building):
        call_command("migrate", verbosity=0, interactive=False)
    made = holder.execute("SELECT now()::text").fetchone()
    for order in ("COMMENT ON DATABASE {0} IS {2}", "ALTER DATABASE {0} RENAME TO {1}"):
        holder.execute(
            sql.SQL(order).format(sql.Identifier(building), sql.Identifier(name), sql.Literal(made[0] if made else ""))
        )


def _remove_old_templates(holder: "psycopg.Connection[Any]") -> None:
    old = holder.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND datdba = current_user::regrole"
        " AND shobj_description(oid, 'pg_database')::timestamptz < now() - make_interval(days => %s)",
        [_TEMPLATE, _TEMPLATE_DAYS],
    )
    for (name,) in old.fetchall():
        _drop(holder, name)


def _sweep(holder: "psycopg.Connection[Any]") -> None:
    """Drop the copies that nobody holds any more."""
    pattern = f"^({SCRATCH}|{TEST})[0-9a-f]{{16}}$"
    mine = "SELECT datname FROM pg_database WHERE datname ~ %s AND datdba = current_user::regrole"
    for (name,) in holder.execute(mine, [pattern]).fetchall():
        free = holder.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [_LOCKS, name]).fetchone()
        if free and free[0]:
            _drop(holder, name)
            holder.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [_LOCKS, name])


def _exists(holder: "psycopg.Connection[Any]", name: str) -> bool:
    return holder.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def fingerprint() -> str:
    """A digest of everything that a fresh database is made from: migrations, seeds and the versions of their libraries."""
    digest = hashlib.sha256()
    for library in ("django", "procrastinate"):
        digest.update(f"{library}=={version(library)}\n".encode())
    for app in sorted(apps.get_app_configs(), key=lambda config: config.label):
        digest.update(f"{app.label}\n".encode())
        for file in _sources(Path(app.path)):
            digest.update(f"{file.name}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def _sources(app: Path) -> list[Path]:
    if not app.is_relative_to(settings.PACKAGE):
        return []
    migrations = (app / "migrations").glob("*.py")
    return sorted([*migrations, *(path for path in app.glob("*seed*") if path.is_file())])
