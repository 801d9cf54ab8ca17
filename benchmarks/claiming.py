"""Many families, few places, all at once: what `claims` and `hot_group` share."""

import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import city
import production
import rush

_FLOOR = """
CREATE FUNCTION raw_claim(family bigint, wanted bigint) RETURNS bool LANGUAGE plpgsql AS $$
DECLARE chosen bigint;
BEGIN
    PERFORM 1 FROM kindergartens_place AS p WHERE group_id = wanted AND published
        AND NOT EXISTS (SELECT FROM kindergartens_hold WHERE place_id = p.id AND ended_at IS NULL);
    IF NOT FOUND THEN RETURN false; END IF;
    PERFORM 1 FROM kindergartens_group WHERE id = wanted FOR NO KEY UPDATE;
    SELECT id INTO chosen FROM kindergartens_place AS p WHERE group_id = wanted AND published
        AND NOT EXISTS (SELECT FROM kindergartens_hold WHERE place_id = p.id AND ended_at IS NULL) LIMIT 1;
    IF chosen IS NULL THEN RETURN false; END IF;
    INSERT INTO kindergartens_hold (place_id, child_id, purpose, held_at)
        SELECT chosen, child_id, 'CHOICE', now() FROM applications_application WHERE id = family;
    UPDATE applications_application SET reached_state_at = now() WHERE id = family;
    INSERT INTO record_journalentry (at, act, actor, application_id, facts) VALUES (now(), 'floor', '{}', family, '{}');
    INSERT INTO record_outboxfact (at, fact, application_id, facts) VALUES (now(), 'floor', family, '{}');
    RETURN true;
END $$
"""


def run(name: str, *, groups: int) -> None:
    """The whole benchmark: the barest claim by pgbench, then the same claims through the portal."""
    quick = "--quick" in sys.argv
    families, places = (2_000, 50) if quick else (20_000, 500)
    with city.scratch(environment=production.environment):
        now = datetime.now(UTC)
        claimants = rush.build(families=families, groups=groups, places=places, now=now)
        least, means = _floor(claimants)
        with rush.portal() as address:
            _warm_up(address)
            rush.sign_in(claimants, now=datetime.now(UTC))
            with rush.Watcher(places) as watcher:
                answers = rush.send_all([rush.claim_of(one) for one in claimants], address)
        _report(name, answers, watcher, places=places, least=least, means=means)


def _warm_up(address: tuple[str, int]) -> None:
    """Let each thread of each worker connect and compile its templates."""
    # A page that the waiting room never holds.
    page = f"GET /check/ HTTP/1.1\r\n{production.HEADERS}\r\n".encode()
    rush.send_all([page] * 60, address)


def _report(name: str, answers: rush.Answers, watcher: rush.Watcher, *, places: int, least: float, means: str) -> None:
    from balabaqsha.admissions.models import Admission
    from balabaqsha.applications.models import Application
    from balabaqsha.kindergartens.models import Hold

    held = Hold.objects.filter(ended_at__isnull=True)
    winners = Application.objects.filter(state="CONTRACT_AWAITED").count()
    proofs = {winners, held.count(), held.values("place").distinct().count(), Admission.objects.count()}
    if proofs != {places}:
        raise SystemExit(f"{winners} winners for {places} places: {proofs}, {answers.statuses}")
    if sum(answers.statuses[code] for code in answers.statuses if code >= 500):
        raise SystemExit(f"not every family got an answer: {answers.statuses}")
    speed = sum(answers.statuses.values()) / answers.seconds
    city.answer(
        name,
        speed,
        "answers/s",
        floor=least,
        ratio=speed / least,
        winners=winners,
        families=len(answers.times),
        at_once=rush.AT_ONCE,
        seconds=round(answers.seconds, 1),
        p50_ms=round(answers.percentile(50)),
        p99_ms=round(answers.percentile(99)),
        longest_ms=rush.slowest(answers.times)[0],
        statuses={str(code): count for code, count in sorted(answers.statuses.items())},
        longest_answer_bytes=answers.longest_body,
        lock_waiters_while_places_last=watcher.waits_before,
        lock_waiters_after_the_last_place=watcher.waits_after,
        floor_by=means,
    )


def _floor(claimants: list[rush.Family]) -> tuple[float, str]:
    """Claims a second by one function of the database, eight clients; what they did is undone."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_FLOOR)
        cursor.execute("CREATE TABLE bound (n serial, family bigint, wanted bigint)")
        with cursor.copy("COPY bound (family, wanted) FROM STDIN") as copy:
            for one in claimants:
                copy.write_row((one.application_id, one.group_id))
        cursor.execute("CREATE UNIQUE INDEX ON bound (n)")
    program = _pgbench()
    speed, means = (_by_pgbench(program, len(claimants)), "pgbench") if program else (_by_psycopg(claimants), "psycopg")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kindergartens_hold")
        cursor.execute("DROP TABLE bound")
        cursor.execute("ANALYZE")
    city.say(f"{speed:.0f} raw claims/s by {means}")
    return speed, means


def _pgbench() -> str | None:
    from balabaqsha.config import binaries

    beside = binaries.find().folder / "pgbench"
    return str(beside) if beside.exists() else shutil.which("pgbench")


def _by_pgbench(program: str, claims: int) -> float:
    from balabaqsha.config import env

    script = f"\\set n random(1, {claims})\nSELECT raw_claim(family, wanted) FROM bound WHERE n = :n;\n"
    clients = 8
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "claim.sql"
        file.write_text(script, encoding="ascii")
        command = [program, "-n", "-c", str(clients), "-j", "2", "-t", str(claims // clients), "-M", "prepared"]
        told = subprocess.run(
            [*command, "-f", str(file), env.current().database], capture_output=True, text=True, check=False
        )
    found = re.search(r"tps = ([0-9.]+)", told.stdout)
    if not found:
        raise SystemExit(f"pgbench failed: {told.stderr}")
    return float(found[1])


def _by_psycopg(claimants: list[rush.Family]) -> float:
    """Where there is no pgbench: one client, one statement a claim."""
    from django.db import connection

    with city.clock() as taken, connection.cursor() as cursor:
        for one in claimants:
            cursor.execute("SELECT raw_claim(%s, %s)", [one.application_id, one.group_id])
    return len(claimants) / taken[0]
