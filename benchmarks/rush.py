"""Families with vouchers who all claim a place at once over HTTP, and a client so cheap that it hardly takes from them."""

import heapq
import random
import selectors
import socket
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Self

import city
import production

# So many requests are under way at any moment: who comes later waits in the network, not in the portal.
AT_ONCE = 100
_SECRET = "c" * 32
_STARTING_SECONDS = 60
_PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Family:
    """One family: its application, its session, and the group that it will claim."""

    application_id: int
    number: str
    account_id: int
    grant_id: int
    visit_id: int
    group_id: int
    kindergarten: str

    @property
    def session(self) -> str:
        return f"benchmark{self.application_id:023}"


def build(*, families: int, groups: int, places: int, now: datetime) -> list[Family]:
    """So many families signed in with running vouchers, each bound for one of the groups; and their places."""
    from balabaqsha.commands.rehearsal import stage, story
    from balabaqsha.kindergartens.models import Group

    year = now.year - 3
    each = places // groups
    named = [story.StoryGroup(f"G{number}", year, "kk", each, None, each) for number in range(groups)]
    gardens = tuple(
        story.StoryKindergarten(f"K{number}", "state", None, tuple(named[number::10]))
        for number in range(min(10, groups))
    )
    stage.build(story.Story(city.TERRITORY, "voucher", {}, frozenset(), frozenset(), gardens, ()), now=now)
    found = list(Group.objects.order_by("id").values_list("id", "kindergarten__code"))
    made = _families(families, found, born_on=date(year, 3, 1), now=now)
    city.say(f"{families} families with vouchers and sessions, {places} places in {groups} groups")
    return made


def _families(families: int, groups: list[tuple[int, str]], *, born_on: date, now: datetime) -> list[Family]:
    from django.db import connection

    from balabaqsha.accounts.models import Account, RoleGrant, Visit
    from balabaqsha.applications.models import Application
    from balabaqsha.kernel import number as numbers
    from balabaqsha.people.models import Person
    from balabaqsha.sandbox.town.rows import Rows
    from balabaqsha.vouchers.models import Voucher

    rows, chance, made = Rows(), random.Random(1), []
    # The stage has made persons of its own.
    first = 1 + max(Person.objects.values_list("id", flat=True))
    while rows.take_id(Person) < first:
        pass
    due_at = now + timedelta(days=5)
    named = {"surname": "benchmark", "given_name": "benchmark", "sex": "FEMALE"}
    empty = ("patronymic", "nationality", "address", "address_territory_code", "email", "photo_sha256")
    shared = named | dict.fromkeys((*empty, "register_reference"), "")
    for n in range(families):
        parent = rows.add(Person, iin=f"9{n:011}", born_on=date(1990, 1, 1), **shared)
        child = rows.add(Person, iin=f"8{n:011}", born_on=born_on, **shared)
        account = rows.add(Account, person_id=parent["id"], password="-", created_at=now)  # noqa: S106 - nobody can sign in by it
        grant = rows.add(
            RoleGrant, account_id=account["id"], role="PARENT", granted_from=now - timedelta(days=1), reason="-"
        )
        seen = {"device": r"\x2d", "label": "", "address": "", "began_at": now, "seen_at": now}
        visit = rows.add(Visit, account_id=account["id"], way="PASSWORD", **seen)
        application = rows.add(
            Application,
            number=numbers.with_check_digit(1_000_000 + n),
            kind="GENERAL",
            state="VOUCHER_ACTIVE",
            child_id=child["id"],
            applicant_id=parent["id"],
            territory_id=city.TERRITORY,
            languages=[],
            original_at=now - timedelta(days=400, seconds=n),
            born_on=born_on,
            birth_year=born_on.year,
            ages_out_at=datetime(born_on.year + 6, 8, 31, 19, tzinfo=UTC),
            category=20,
            due_at=due_at,
            due_term="voucher.choose_and_sign@2020-01-01",
            due_from=now,
            reached_state_at=now,
        )
        rows.add(
            Voucher,
            application_id=application["id"],
            territory_id=city.TERRITORY,
            state="ACTIVE",
            offered_at=now,
            confirmed_at=now,
        )
        group_id, kindergarten = chance.choice(groups)
        made.append(
            Family(
                application["id"],
                application["number"],
                account["id"],
                grant["id"],
                visit["id"],
                group_id,
                kindergarten,
            )
        )
    rows.write([Person, Account, RoleGrant, Visit, Application, Voucher])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    chance.shuffle(made)
    return made


def sign_in(families: list[Family], *, now: datetime) -> None:
    """A session for each family, used a moment ago: everybody has the page of the group before them."""
    from django.db import connection

    with connection.cursor() as cursor:
        with cursor.copy("COPY django_session (session_key, session_data, expire_date) FROM STDIN") as copy:
            for family in families:
                copy.write_row(_session(family, now))
        cursor.execute("ANALYZE django_session")


def _session(family: Family, now: datetime) -> tuple[str, str, datetime]:
    """The row of a session as `accounts.sessions.begin` leaves it."""
    from balabaqsha.accounts.session_store import SessionStore

    lasts = timedelta(days=30)
    entry = {
        "account": family.account_id,
        "grant": family.grant_id,
        "number": 1,
        "role": "PARENT",
        "began": now.timestamp(),
        "seen": now.timestamp(),
        "visit": family.visit_id,
        "whole": True,
        "remembered": (now + lasts).timestamp(),
    }
    data = SessionStore().encode({"account": entry, "_session_expiry": lasts.total_seconds()})
    return family.session, data, now + lasts


@contextmanager
def portal() -> Iterator[tuple[str, int]]:
    """The portal's own web process, two workers, over the scratch database; yields its address."""
    from balabaqsha.commands import preparing
    from balabaqsha.commands.children import Child
    from balabaqsha.config import env

    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    preparing.compile_texts()
    preparing.collect_static()
    env.choose(BALABAQSHA_PORT=str(port))
    web = Child("web", log=Path(env.current().data) / "logs" / "web.log")
    web.start()
    try:
        until = time.monotonic() + _STARTING_SECONDS
        while not _answers(port):
            if web.status() is not None or time.monotonic() > until:
                raise SystemExit(f"the portal does not answer: {web.last_lines()}")
            time.sleep(0.1)
        yield "127.0.0.1", port
    finally:
        web.stop()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def claim_of(family: Family) -> bytes:
    """The request by which a family's browser sends its choice."""
    body = f"csrfmiddlewaretoken={_SECRET}&group={family.group_id}"
    return (
        f"POST /cabinet/applications/{family.number}/choose/{family.kindergarten}/ HTTP/1.1\r\n"
        f"{production.HEADERS}Cookie: sessionid={family.session}; csrftoken={_SECRET}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


@dataclass
class Answers:
    """What came back: how long each answer took in seconds, how many of each status, and in how long in all."""

    times: list[float]
    statuses: Counter[int]
    seconds: float
    longest_body: int

    def percentile(self, share: int) -> float:
        """In milliseconds."""
        return 1000 * statistics.quantiles(self.times, n=100)[share - 1]


class _Line:
    """A connection that sends one request after another and reads each answer to its end."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.socket = socket.create_connection(address)
        self.socket.setblocking(False)
        self.begun = 0.0
        self.read = bytearray()

    def send(self, request: bytes) -> None:
        self.begun = time.perf_counter()
        self.read.clear()
        # Some hundred bytes always fit into an empty buffer.
        self.socket.send(request)

    def answer(self) -> tuple[int, int] | None:
        """Status and length of the body once the whole answer is here."""
        self.read += self.socket.recv(262_144)
        head = self.read.find(b"\r\n\r\n")
        if head < 0:
            return None
        fields = bytes(self.read[:head]).lower()
        at = fields.find(b"content-length:")
        length = int(fields[at + 15 :].split(b"\r\n", 1)[0])
        return (int(fields[9:12]), length) if len(self.read) >= head + 4 + length else None


def send_all(requests: list[bytes], address: tuple[str, int]) -> Answers:
    """Send the requests, AT_ONCE of them under way at any moment; one thread, plain sockets."""
    answers = Answers([], Counter(), 0.0, 0)
    waiting = list(reversed(requests))
    begun = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        for _ in range(min(AT_ONCE, len(waiting))):
            line = _Line(address)
            selector.register(line.socket, selectors.EVENT_READ, line)
            line.send(waiting.pop())
        while selector.get_map():
            ready = selector.select(_PATIENCE_SECONDS)
            if not ready:
                raise SystemExit(f"no answer within {_PATIENCE_SECONDS} s; {len(answers.times)} came before")
            for key, _ in ready:
                line = key.data
                found = line.answer()
                if found is None:
                    continue
                answers.times.append(time.perf_counter() - line.begun)
                answers.statuses[found[0]] += 1
                answers.longest_body = max(answers.longest_body, found[1])
                if waiting:
                    line.send(waiting.pop())
                else:
                    selector.unregister(line.socket)
                    line.socket.close()
    answers.seconds = time.perf_counter() - begun
    return answers


class Watcher:
    """Looks twenty times a second who waits for a lock, and whether all places were gone by then."""

    def __init__(self, places: int) -> None:
        self.places = places
        self.looks = self.waits_before = self.waits_after = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            while not self._end.wait(0.05):
                cursor.execute(_WAITS)
                held, waits = cursor.fetchone()
                self.looks += 1
                if held >= self.places:
                    self.waits_after = max(self.waits_after, waits)
                else:
                    self.waits_before = max(self.waits_before, waits)
        connection.close()


_WAITS = """
SELECT (SELECT count(*) FROM kindergartens_hold WHERE ended_at IS NULL),
    (SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock')
"""


def slowest(times: list[float], count: int = 3) -> list[int]:
    """The longest of the times, in whole milliseconds."""
    return [round(1000 * one) for one in heapq.nlargest(count, times)]
