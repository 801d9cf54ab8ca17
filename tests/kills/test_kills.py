"""Kill -9 at moments drawn from a printed seed, while families claim, sign and are told, and while a run gives vouchers.

BALABAQSHA_KILLS says how many moments each process has in each scene (1); BALABAQSHA_KILLS_SEED repeats a seed.
"""

import os
import secrets
import signal
import time

import pytest

from tests.kills.clients import Case, Signing, Visitor, going_on
from tests.kills.portal import PROCESSES, Portal, chance, until

pytestmark = pytest.mark.skipif(
    "BALABAQSHA_KILLS" not in os.environ, reason="kills real processes for many minutes: make kills"
)
COUNT = int(os.environ.get("BALABAQSHA_KILLS", "1"))
SEED = os.environ.get("BALABAQSHA_KILLS_SEED") or secrets.token_hex(4)
VOUCHERS = 2000
HOUR = 3600
# So few messages would be sent before the next moment comes.
FEW = 200
# Seconds for each moment: as long as a process needs to come back.
_EACH_SECONDS = 1.5


def moments(name: str, length: float, processes: tuple[str, ...] = PROCESSES) -> list[tuple[float, str, float]]:
    """Seconds from the beginning of a scene, process, and the chance that picks one of its processes; in order."""
    drawn = []
    for process in processes:
        luck = chance(SEED, name, process)
        drawn += [(luck.uniform(0.1, length), process, luck.random()) for _ in range(COUNT)]
    return sorted(drawn)


def kill_all(portal: Portal, name: str) -> None:
    length = max(4.0, COUNT * len(PROCESSES) * _EACH_SECONDS)
    begun = time.monotonic()
    for at, process, which in moments(name, length):
        time.sleep(max(0.0, begun + at - time.monotonic()))
        pid = portal.kill(process, which)
        print(f"{name}: {process} ({pid}) killed after {time.monotonic() - begun:.2f} s")


@pytest.fixture(autouse=True)
def seed():
    print(f"seed {SEED}: BALABAQSHA_KILLS={COUNT} BALABAQSHA_KILLS_SEED={SEED} repeats it")


def test_claims(scene):
    claims = scene.claims()

    with going_on(claims, scene.town, seed=SEED):
        kill_all(scene.portal, "claims")
        until(lambda: _acknowledged(claims) > 20 + 10 * COUNT, "enough claims to be answered")
    scene.comes_to_rest()

    assert scene.broken() == [], SEED
    print(_told(claims))


def test_contract_signing(scene):
    signings = [Signing(scene.portal, family) for family in scene.town.signers]
    scene.cases += signings

    with going_on(signings, scene.town, seed=SEED):
        kill_all(scene.portal, "signing")
        until(lambda: _acknowledged(signings) > 10 + 5 * COUNT, "enough signatures to be answered")
    scene.comes_to_rest()

    assert scene.broken() == [], SEED
    print(_told(signings))


def test_a_run_of_two_thousand_vouchers(scene):
    """Each moment is drawn from the time that the worker spends on the run; one that comes too late meets the next run."""
    portal, officer = scene.portal, Visitor(scene.portal, scene.town.officer)
    number = 0
    for pair in _pairs("run", length=1.2):
        if not _is_begun(portal, number):
            scene.more_wait(VOUCHERS)
            number = _order(officer)
        until(lambda run=number: _is_doing(portal) or _is_performed(portal, run), "the run to begin")
        begun = time.monotonic()
        for at, process, which in pair:
            time.sleep(max(0.0, begun + at - time.monotonic()))
            pid = portal.kill(process, which)
            print(f"run {number}: {process} ({pid}) killed; performed: {_is_performed(portal, number)}")
    until(lambda: _is_performed(portal, number), "the run to resume by itself")
    scene.comes_to_rest()

    assert scene.broken() == [], SEED
    given = portal.rows("SELECT given FROM vouchers_distributionrun WHERE state = 'PERFORMED' AND number >= 2")
    assert {row[0] for row in given} == {VOUCHERS}
    assert set(officer.statuses) <= {200, 302, 503, "broken off"}


def test_delivery_of_messages(scene):
    portal, officer = scene.portal, Visitor(scene.portal, scene.town.officer)
    left = _queued(portal)
    for at, process, which in _in_turn("delivery", length=2.0):
        if _queued(portal) < FEW:
            scene.more_wait(VOUCHERS)
            number = _order(officer)
            until(lambda run=number: _is_performed(portal, run) and _queued(portal) > FEW, "messages to be sent")
            left = _queued(portal)
        if COUNT > 1:
            # Many kills in a row would else meet a worker that is only starting.
            until(lambda before=left: _queued(portal) < before, "messages to be on their way again")
        time.sleep(at)
        left = _queued(portal)
        pid = portal.kill(process, which)
        print(f"delivery: {process} ({pid}) killed with {_queued(portal)} messages to go")
    scene.comes_to_rest()
    # What a sender did not answer for is tried again minutes later: hours of the portal's clock let it come.
    scene.shift(2 * HOUR)
    until(lambda: not _queued(portal), "every message to be sent")

    assert scene.broken(messages=True) == [], SEED
    assert portal.value("SELECT count(*) FROM notifications_delivery WHERE channel = 'SMS'") >= VOUCHERS


def test_postgresql_restarted_under_load(scene):
    claims = scene.claims()

    with going_on(claims, scene.town, seed=SEED):
        until(lambda: _acknowledged(claims) > 5, "claims to be answered")
        # What `pg_ctl restart -m immediate` sends first; whoever looks after PostgreSQL starts it again.
        os.kill(scene.portal.pids("postgres")[0], signal.SIGQUIT)
        before = _acknowledged(claims)
        until(lambda: _acknowledged(claims) > before + 20, "claims to be answered again")
    scene.comes_to_rest()

    assert "PostgreSQL ended (with status 0)" in scene.portal.said
    assert scene.broken() == [], SEED


def test_a_worker_that_stands_still_for_an_hour(scene):
    claims, worker = scene.claims(), scene.portal.pids("worker")[0]
    shift = scene.portal.rows("SELECT seconds FROM accounts_clockshift")

    os.kill(worker, signal.SIGSTOP)
    try:
        scene.shift((shift[0][0] if shift else 0) + HOUR)
        before = _acknowledged(claims)
        with going_on(claims, scene.town, seed=SEED):
            until(lambda: _acknowledged(claims) > before + 20, "claims to be answered without a worker")
        untold = scene.portal.value("SELECT count(*) FROM record_outboxfact WHERE told_at IS NULL")
    finally:
        os.kill(worker, signal.SIGCONT)
    scene.comes_to_rest()

    assert untold > 0
    assert scene.broken() == [], SEED


def test_the_clock_that_goes_back_by_an_hour(scene):
    """Who chose a place at ten gives it up at nine, and chooses another."""
    claims = scene.claims()
    shift = scene.portal.rows("SELECT seconds FROM accounts_clockshift")
    later = (shift[0][0] if shift else 0) + HOUR
    scene.shift(later)
    before = _acknowledged(claims)

    with going_on(claims, scene.town, seed=SEED):
        until(lambda: _acknowledged(claims) > before + 20, "claims to be answered")
        scene.shift(later - HOUR)
        before = _acknowledged(claims)
        until(lambda: _acknowledged(claims) > before + 40, "claims to be answered at an earlier hour")
    scene.comes_to_rest()

    assert scene.broken() == [], SEED
    backwards = (
        "SELECT count(*) FROM record_journalentry later JOIN record_journalentry earlier USING (application_id)"
        " WHERE later.id > earlier.id AND later.at < earlier.at AND later.act = 'unchoose'"
    )
    assert scene.portal.value(backwards) > 0, "nothing happened that the clock going back could have harmed"


def _in_turn(name: str, *, length: float) -> list[tuple[float, str, float]]:
    drawn = moments(name, length)
    chance(SEED, name, "order").shuffle(drawn)
    return drawn


def _pairs(name: str, *, length: float) -> list[list[tuple[float, str, float]]]:
    """Moments two by two: one of a process that the scene needs to go on, one of a process that it does not."""
    needed, beside = moments(name, length, ("worker", "postgres")), moments(name, length, ("web", "sandbox"))
    for drawn in (needed, beside):
        chance(SEED, name, "order").shuffle(drawn)
    return [sorted(pair) for pair in zip(needed, beside, strict=True)]


def _order(officer: Visitor) -> int:
    """Preview a run and order it, as the officer does; returns its number."""
    previewed = officer.insists("/department/runs/", limit="")
    assert previewed.status_code == 302, previewed.text
    number = int(previewed.headers["location"].rstrip("/").rpartition("/")[2])
    assert officer.insists(f"/department/runs/{number}/perform/").status_code == 302
    return number


def _is_begun(portal: Portal, number: int) -> bool:
    return number > 0 and not _is_performed(portal, number)


def _is_performed(portal: Portal, number: int) -> bool:
    state = portal.value("SELECT state FROM vouchers_distributionrun WHERE number = %s", number)
    return bool(state == "PERFORMED")


def _is_doing(portal: Portal) -> bool:
    """A worker that lives is at it."""
    statement = (
        "SELECT count(*) FROM procrastinate_jobs j JOIN procrastinate_workers w ON w.id = j.worker_id"
        " WHERE task_name = 'department.perform_run' AND status = 'doing' AND last_heartbeat > now() - interval '4 seconds'"
    )
    return bool(portal.value(statement))


def _queued(portal: Portal) -> int:
    return int(portal.value("SELECT count(*) FROM notifications_delivery WHERE state = 'QUEUED' AND channel = 'SMS'"))


def _acknowledged(cases: list[Case]) -> int:
    return sum(case.acknowledged for case in cases)


def _told(cases: list[Case]) -> str:
    unanswered = sum(case.unanswered for case in cases)
    return f"{_acknowledged(cases)} answers acknowledged, {unanswered} requests without an answer"
