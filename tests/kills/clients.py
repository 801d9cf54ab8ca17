"""The families and offices that go on with their errands while processes die, and what each was told."""

import base64
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

import httpx

from tests.kills.portal import PATIENCE_SECONDS, Portal, chance
from tests.kills.town import CODE, Family, Signer, Town

_SECRET = "k" * 32
_PARTY = {"address": "Сынақ к-сі, 7", "phone": "701 000 00 01"}
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
        answer = self.ask("POST", path, data=typed)
        told = {302: Told.DONE, 200: Told.REFUSED, 409: Told.REFUSED}.get(
            answer.status_code if answer else 0, Told.NOTHING
        )
        return told, answer

    def get(self, path: str) -> bytes | None:
        """What stands at an address; None where it was not given."""
        answer = self.ask("GET", path)
        return answer.content if answer is not None and answer.status_code == 200 else None

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response | None:
        """The answer to one request, None where the connection broke off."""
        port = self.portal.port
        cookies = f"sessionid-{port}={self.who.session}; csrftoken-{port}={_SECRET}; turn-{port}={self.who.ticket}"
        headers = {"X-CSRFToken": _SECRET, "Cookie": cookies}
        try:
            answer = httpx.request(
                method, self.portal.address + path, headers=headers, timeout=60, trust_env=False, **more
            )
        except httpx.HTTPError:
            self.statuses["broken off"] += 1
            return None
        self.statuses[answer.status_code] += 1
        # Whoever throws the ticket away stands at the end of the line each time.
        self.who.ticket = answer.cookies.get(f"turn-{port}") or self.who.ticket
        return answer

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
    """Signs the contract; the kindergarten returns the papers; fills the new version in; signs again."""

    def __post_init__(self) -> None:
        # The town was built with the first version filled in.
        self.acts["fill_contract"] = 1

    def step(self, town: Town, luck: random.Random) -> None:
        number = self.family.number
        if self.is_signed():
            told, _ = self.visitor(town.head).post(f"/kindergarten/contracts/{number}/return/", **_RETURN)
            self.settle(told, "return_papers", happened=not self.is_signed())
        elif not self.is_filled():
            told, _ = self.visitor().post(f"/cabinet/contracts/{number}/fill/", **_PARTY)
            self.settle(told, "fill_contract", happened=self.is_filled())
        elif (content := self.document()) is not None:
            assert isinstance(self.family, Signer)
            cms = base64.b64encode(self.family.cms(content)).decode()
            told, _ = self.visitor().post(f"/cabinet/contracts/{number}/sign/", cms=cms)
            self.settle(told, "sign_by_parent", happened=self.is_signed())

    def document(self) -> bytes | None:
        """The exact bytes to be signed, by way of the page; None where they were not given."""
        page = self.visitor().get(f"/cabinet/contracts/{self.family.number}/")
        address = re.search(rb'data-content-url="([^"]+)"', page or b"")
        return self.visitor().get(address[1].decode()) if address else None

    def is_signed(self) -> bool:
        statement = "SELECT state FROM applications_application WHERE id = %s"
        return bool(self.portal.value(statement, self.family.application_id) == "CONTRACT_WITH_KINDERGARTEN")

    def is_filled(self) -> bool:
        statement = (
            "SELECT document_id IS NOT NULL FROM admissions_contract c JOIN admissions_admission a ON a.id = c.admission_id"
            " WHERE application_id = %s AND c.ended_at IS NULL"
        )
        return bool(self.portal.value(statement, self.family.application_id))


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
