"""The portal as it is run in production, for a load over HTTP: the demonstration's town in a PostgreSQL of its own, two web
processes."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import city
import production

WORKERS = 2
_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Family:
    """A signed-in family: its session and the number of an application that may choose a kindergarten."""

    session: str
    number: str


@dataclass(frozen=True)
class Portal:
    """Where the portal answers, and what its cookies are called."""

    port: int
    session_cookie: str
    crowd_cookie: str
    families: list[Family]


@contextmanager
def portal(*, vouchers: int, families: int) -> Iterator[Portal]:
    """A town of the usual size in which so many families are signed in, the first of them with a voucher to use."""
    with ExitStack() as stack:
        data = Path(stack.enter_context(TemporaryDirectory(prefix="balabaqsha-crowd-")))
        port = _free_port()
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "balabaqsha.config.settings",
            "BALABAQSHA_DATA": str(data),
            "BALABAQSHA_PORT": str(port),
            "BALABAQSHA_WORKERS": str(WORKERS),
            "BALABAQSHA_LOG_LEVEL": "ERROR",
            "BALABAQSHA_SECRET_KEY": production.SECRET_KEY,
        }
        os.environ.pop("DATABASE_URL", None)
        from balabaqsha.config import cluster, processes

        own = cluster.Cluster(data)
        stack.callback(own.stop)
        own.start()
        own.ensure_database()
        signed_in = _town(vouchers, families)
        served = subprocess.Popen(
            [sys.executable, "-m", "balabaqsha.commands.main", "web"],
            env=os.environ | production.environment(data) | {"DATABASE_URL": own.url(cluster.ROLE)},
            # A benchmark that is killed takes its portal with it.
            preexec_fn=processes.tied(),  # noqa: PLW1509 - runs before any thread of the child
        )
        stack.callback(_end, served)
        _wait(port)
        yield Portal(port, "sessionid", "turn", signed_in)


def _town(vouchers: int, families: int) -> list[Family]:
    import django

    django.setup()
    from balabaqsha.commands import demo, preparing

    preparing.compile_texts()
    demo.migrate()
    preparing.collect_static()
    for line in demo.build(seed=demo.USUAL_SEED):
        city.say(line)
    found = _signed_in(vouchers, families)
    from django.db import connection, connections

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connections.close_all()
    city.say(f"{len(found)} families are signed in, {vouchers} of them with a voucher")
    return found


def _signed_in(vouchers: int, families: int) -> list[Family]:
    from django.db import connection

    from balabaqsha.accounts import clock, sessions
    from balabaqsha.accounts.visits.actions import open_visit
    from balabaqsha.accounts.visits.devices import device
    from balabaqsha.kernel.actor import Role

    real = clock.real_now()
    with connection.cursor() as cursor:
        for statement in _FAMILIES:
            cursor.execute(statement, {"vouchers": vouchers, "families": families, "now": clock.now()})
        cursor.execute(_WHO, [families])
        rows = cursor.fetchall()
    from balabaqsha.accounts.session_store import SessionStore

    found = []
    for account_id, grant_id, number in rows:
        session = SessionStore()
        sessions.begin(
            session,
            account_id=account_id,
            grant_id=grant_id,
            session_number=1,
            role=Role.PARENT,
            visit_id=open_visit(
                account_id=account_id,
                device=device(mark="", agent="", address=""),
                way="PASSWORD",
                remembered_until=None,
                quiet=True,
                now=real,
                real_now=real,
            ),
            whole=True,
            remembered_until=real + timedelta(days=1),
            real_now=real,
        )
        session.save()
        found.append(Family(session.session_key, number))
    return found


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _wait(port: int) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/check/", timeout=10).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the portal does not answer")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait()


# Those who wait longest get the vouchers of this publication; enrolled families look where they could move to.
_FAMILIES = (
    # Production does not start beside them: their passwords are public.
    "DELETE FROM accounts_demonstrationperson",
    "DELETE FROM accounts_demonstrationnewcomer",
    """
    CREATE TEMP TABLE given AS SELECT DISTINCT ON (applicant_id) id, applicant_id, territory_id
    FROM applications_application WHERE state = 'WAITING' AND kind = 'GENERAL' ORDER BY applicant_id, id LIMIT %(vouchers)s
    """,
    """
    UPDATE applications_application SET state = 'VOUCHER_ACTIVE', reached_state_at = %(now)s, due_from = %(now)s,
        due_at = %(now)s + interval '20 days', due_term = 'voucher.choose_and_sign@' || to_char(%(now)s, 'YYYY-MM-DD')
    WHERE id IN (SELECT id FROM given)
    """,
    """
    INSERT INTO vouchers_voucher (application_id, territory_id, state, offered_at, confirmed_at)
    SELECT id, territory_id, 'ACTIVE', %(now)s, %(now)s FROM given
    """,
    """
    INSERT INTO accounts_account (person_id, password, created_at)
    SELECT applicant_id, '-', %(now)s FROM (
        SELECT applicant_id, min(CASE state WHEN 'VOUCHER_ACTIVE' THEN 0 ELSE 1 END) AS rank
        FROM applications_application WHERE state IN ('VOUCHER_ACTIVE', 'ENROLLED') AND kind = 'GENERAL'
            AND applicant_id NOT IN (SELECT person_id FROM accounts_account)
        GROUP BY applicant_id ORDER BY rank, applicant_id LIMIT %(families)s
    ) AS found
    """,
    """
    INSERT INTO accounts_rolegrant (account_id, role, granted_from, reason)
    SELECT id, 'PARENT', %(now)s - interval '1 minute', 'benchmark' FROM accounts_account WHERE password = '-'
        AND id NOT IN (SELECT account_id FROM accounts_rolegrant)
    """,
)
_WHO = """
SELECT DISTINCT ON (rank, account.id) account.id, role.id, application.number
FROM accounts_account AS account JOIN accounts_rolegrant AS role ON role.account_id = account.id
JOIN applications_application AS application ON application.applicant_id = account.person_id
    AND application.state IN ('VOUCHER_ACTIVE', 'ENROLLED') AND application.kind = 'GENERAL',
LATERAL (SELECT CASE application.state WHEN 'VOUCHER_ACTIVE' THEN 0 ELSE 1 END AS rank) AS r
WHERE account.password = '-' ORDER BY rank, account.id LIMIT %s
"""
