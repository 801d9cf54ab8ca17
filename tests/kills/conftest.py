"""One town for the tests of a module: built on a PostgreSQL of its own that keeps what it acknowledges, then run by `up`."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connections
from django.test import override_settings

from balabaqsha.commands import demo
from balabaqsha.config import cluster, data_folder, databases
from balabaqsha.gateways.tests.sandbox_process import free_ports
from balabaqsha.sandbox.authority import authority as authorities
from tests.kills import checker, portal, town
from tests.kills.clients import Case, Claim

_DISK = "400m"


@dataclass
class Scene:
    """A portal that runs, its town, and the errands of everybody so far."""

    portal: portal.Portal
    town: town.Town
    cases: list[Case] = field(default_factory=list)

    def claims(self) -> list[Claim]:
        """The families that claim; in each test they go on from where they were."""
        if not any(isinstance(case, Claim) for case in self.cases):
            self.cases += [Claim(self.portal, family) for family in self.town.claimants]
        return [case for case in self.cases if isinstance(case, Claim)]

    def shift(self, seconds: int) -> None:
        """Set how far the portal's clock runs ahead, also to less than it was."""
        statement = "INSERT INTO accounts_clockshift (id, seconds) VALUES (1, {0}) ON CONFLICT (id) DO UPDATE SET seconds = {0} RETURNING id"
        self.portal.rows(statement.format(seconds))

    def more_wait(self, count: int) -> None:
        """So many more families in line, and places for them."""
        portal.until(self.portal.is_well, "the portal to be well")
        connections.close_all()
        self.town.waits_for_a_run(count)
        connections.close_all()

    def comes_to_rest(self) -> None:
        """Everything lives again and has done by itself whatever was begun."""
        portal.until(self.portal.is_well, "the portal to be well")
        for what, statement in _UNDONE.items():
            portal.until(lambda statement=statement: not self.portal.value(statement), what)

    def broken(self, *, messages: bool = False) -> list[str]:
        """The promises broken so far, by the rows and by what everybody was told."""
        connections.close_all()
        found = checker.broken(self.cases, self.portal.messages() if messages else None)
        status, said = self.portal.verify_journal()
        return found if status == 0 else [*found, said]


_UNDONE = {
    "the facts to be told": "SELECT count(*) FROM record_outboxfact WHERE told_at IS NULL",
    "the journal to be sealed": "SELECT count(*) FROM record_journalentry e"
    " LEFT JOIN record_journalseal s ON s.entry_id = e.id WHERE s.position IS NULL",
    "the interrupted jobs to be taken up": "SELECT count(*) FROM procrastinate_jobs j"
    " LEFT JOIN procrastinate_workers w ON w.id = j.worker_id WHERE j.status = 'doing'"
    " AND (w.id IS NULL OR w.last_heartbeat < now() - interval '10 seconds')",
}


@pytest.fixture(scope="module")
def scene(tmp_path_factory, django_db_blocker) -> Iterator[Scene]:
    """The town, open to the public."""
    with django_db_blocker.unblock(), _opened(tmp_path_factory.mktemp("kills") / "data") as made:
        yield made


@pytest.fixture(scope="module")
def small_disk() -> Iterator[Path]:
    """A disk of its own, with room for a town and little more."""
    # Open to the user of PostgreSQL, so that its cluster is on this disk too.
    folder = Path(tempfile.mkdtemp(prefix="balabaqsha-disk-", dir="/tmp"))
    folder.chmod(0o711)
    try:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={_DISK},mode=0711", "tmpfs", folder], capture_output=True, text=True
        )
    except FileNotFoundError:
        mounted = None
    if mounted is None or mounted.returncode:
        folder.rmdir()
        pytest.skip("no small disk to fill: a file system can be mounted by root only, and not in every container")
    yield folder
    subprocess.run(["umount", folder], check=True)
    folder.rmdir()


@pytest.fixture(scope="module")
def cramped(small_disk, django_db_blocker) -> Iterator[Scene]:
    """The same town on the small disk."""
    with django_db_blocker.unblock(), _opened(small_disk / "data") as made:
        yield made


@contextmanager
def _opened(data: Path) -> Iterator[Scene]:
    port = _three_ports()
    own = cluster.Cluster(data)
    own.start()
    try:
        own.ensure_database()
        authority = authorities.open_or_found(
            data / "authority", now=datetime.now(UTC), address=f"http://127.0.0.1:{port + 1}/authority"
        )
        given = override_settings(
            MODE="demonstration",
            SECRET_KEY=own.kept[data_folder.SECRET_KEY],
            FILES_ROOT=data / data_folder.FILES,
            SIGNATURE_AUTHORITIES=authority.trusted,
            SIGNATURE_AUTHORITY_PINS=frozenset(),
        )
        with given, databases.connected(own.url("balabaqsha"), "balabaqsha"):
            demo.migrate()
            made = town.build(authority)
            connections.close_all()
            own.stop()
            with portal.running(data, port) as opened:
                yield Scene(opened, made)
            connections.close_all()
    finally:
        own.stop()


def _three_ports() -> int:
    """The first of three in a row that were free a moment ago."""
    while True:
        (first,) = free_ports(1)
        if first < 65000 and {first + 1, first + 2} <= set(_free_among(first + 1, first + 2)):
            return first


def _free_among(*ports: int) -> Iterator[int]:
    import socket

    for port in ports:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            yield port
