"""The families and offices that go on with their errands while processes die, and what each was told."""

import base64
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto

import httpx

from tests.kills.portal import PATIENCE_SECONDS, Portal, chance
from tests.kills.town import CODE, Family, Signer, Town

_SECRET = "k" * 32
_RETURN = {"reason": "OUT_OF_DATE", "note": "Анықтама ескірген, жаңасын салыңыз"}


class Told(Enum):
    """What a person knows after a request."""

    DONE = auto()
    REFUSED = auto()
    NOTHING = auto()


@dataclass
class Visitor:
    """A browser in which somebody has signed in."""

    portal: Portal
    who: Family
    statuses: Counter = field(default_factory=Counter)

    def post(self, path: str, **typed: object) -> tuple[Told, httpx.Response | None]:
        """Send a form once; a 503 or a broken connection tells nothing."""
        port = self.portal.port
        cookies = {f"sessionid-{port}": self.who.session, f"csrftoken-{port}": _SECRET}
        try:
            answer = httpx.post(
                self.portal.address + path,
                data=typed,
                headers={
                    "X-CSRFToken": _SECRET,
                    "Cookie": "; ".join(f"{key}={value}" for key, value in cookies.items()),
                },
                timeout=30,
                trust_env=False,
            )
        except httpx.HTTPError:
            self.statuses["broken off"] += 1
            return Told.NOTHING, None
        self.statuses[answer.status_code] += 1
        told = {302: Told.DONE, 200: Told.REFUSED}.get(answer.status_code, Told.NOTHING)
        return told, answer

    def insists(self, path: str, **typed: object) -> httpx.Response:
        """Send a form that does no harm twice until it is answered."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while True:
            told, answer = self.post(path, **typed)
            if told is not Told.NOTHING and answer is not None:
                return answer
            assert time.monotonic() < ends, f"{path} is never answered"
            time.sleep(0.3)


@dataclass
class Case:
    """One family's errand as it knows it: what must be in the rows because it was answered, or was found there."""

    portal: Portal
    family: Family
    acts: Counter = field(default_factory=Counter)
    acknowledged: int = 0
    unanswered: int = 0
    faults: list[str] = field(default_factory=list)
    statuses: Counter = field(default_factory=Counter)

    def visitor(self, who: Family | None = None) -> Visitor:
        return Visitor(self.portal, who or self.family, self.statuses)

    def settle(self, told: Told, act: str, *, happened: bool) -> None:
        """Note what an answer means, given whether the rows say that the act happened."""
        if told is Told.DONE:
            self.acknowledged += 1
            if not happened:
                self.faults.append(f"{self.family.number}: {act} was acknowledged and is not in the rows")
        elif told is Told.REFUSED and happened:
            self.faults.append(f"{self.family.number}: {act} was refused and is in the rows")
        elif told is Told.NOTHING:
            self.unanswered += 1
        self.acts[act] += happened

    def state(self) -> str:
        statement = "SELECT state FROM applications_application WHERE id = %s"
        return str(self.portal.value(statement, self.family.application_id))


@dataclass
class Claim(Case):
    """Chooses a group, gives it up, chooses another; `group` is the one it knows to hold."""

    group: int | None = None

    def step(self, town: Town, luck: random.Random) -> None:
        if self.group is None:
            wanted = luck.choice(town.groups)
            path = f"/cabinet/applications/{self.family.number}/choose/{CODE}/"
            told, _ = self.visitor().post(path, group=wanted)
            held = self.held()
            self.settle(told, "choose", happened=held == wanted)
            self.group = held
        else:
            told, _ = self.visitor().post(f"/cabinet/applications/{self.family.number}/choose/cancel/")
            held = self.held()
            if told is Told.DONE and held is not None:
                # The page that follows says that somebody else was busy with the case: it still holds its place.
                told = Told.REFUSED
            self.settle(told, "unchoose", happened=held is None)
            self.group = held

    def held(self) -> int | None:
        statement = (
            "SELECT group_id FROM admissions_admission a JOIN kindergartens_hold h ON h.id = a.hold_id"
            " WHERE application_id = %s AND h.ended_at IS NULL"
        )
        found = self.portal.rows(statement, self.family.application_id)
        return found[0][0] if found else None


@dataclass
class Signing(Case):
    """Signs the contract; the kindergarten returns the papers; signs again."""

    signed: bool = False

    def step(self, town: Town, luck: random.Random) -> None:
        if not self.signed:
            assert isinstance(self.family, Signer)
            cms = base64.b64encode(self.family.cms()).decode()
            told, _ = self.visitor().post(f"/cabinet/contracts/{self.family.number}/sign/", cms=cms)
            self.signed = self.state() == "CONTRACT_WITH_KINDERGARTEN"
            self.settle(told, "sign_by_parent", happened=self.signed)
        else:
            path = f"/kindergarten/contracts/{self.family.number}/return/"
            told, _ = self.visitor(town.head).post(path, **_RETURN)
            self.signed = self.state() == "CONTRACT_WITH_KINDERGARTEN"
            self.settle(told, "return_papers", happened=not self.signed)


@contextmanager
def going_on(cases: list[Case], town: Town, *, seed: str, threads: int = 4, pause: float = 0.02) -> Iterator[None]:
    """The families go on with their errands, each in its turn, until the block ends."""
    ended = threading.Event()
    broken: list[BaseException] = []

    def work(own: list[Case], luck: random.Random) -> None:
        try:
            while not ended.is_set():
                for case in own:
                    case.step(town, luck)
                    if ended.wait(pause):
                        return
        except BaseException as error:  # noqa: BLE001 - told to the test below
            broken.append(error)

    workers = [
        threading.Thread(target=work, args=(cases[number::threads], chance(seed, number))) for number in range(threads)
    ]
    for worker in workers:
        worker.start()
    try:
        yield
    finally:
        ended.set()
        for worker in workers:
            worker.join(PATIENCE_SECONDS)
    assert not broken, broken
