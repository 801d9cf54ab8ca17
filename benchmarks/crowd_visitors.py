"""Families with a browser each, cheaply: one asyncio loop, connections kept alive as a proxy keeps them."""

import asyncio
import random
import re
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

import production
from crowd_town import Family, Portal

HELD = 503
_STATIC = re.compile(rb'(?:href|src)="(/static/[^"#]+\.(?:css|js|woff2))"')
_TICKET = re.compile(r"^(\d+)\.")


@dataclass
class Answer:
    """What came back, and how long it took in seconds."""

    status: int
    headers: dict[str, str]
    cookies: dict[str, str]
    body: bytes
    seconds: float


@dataclass
class Wait:
    """One family before the door: its arrival number, when it was first and last told to wait, when it got in."""

    number: int
    first: float
    last: float
    entered: float | None = None


@dataclass
class Seen:
    """What all families saw."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    waits: list[Wait] = field(default_factory=list)
    at_once: list[float] = field(default_factory=list)
    held_seconds: list[float] = field(default_factory=list)


class Line:
    """Connections to the portal: a free one is used again, a new one is opened where none is free."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def get(self, path: str, cookies: dict[str, str]) -> Answer:
        """Ask for a page; a connection that the other side has closed meanwhile is replaced."""
        begun = time.perf_counter()
        sent = (
            f"GET {path} HTTP/1.1\r\n{production.HEADERS}Accept: text/html\r\n"
            f"Cookie: {'; '.join(f'{name}={value}' for name, value in cookies.items())}\r\n\r\n"
        ).encode()
        while True:
            fresh = not self._free
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port) if fresh else self._free.pop()
            try:
                writer.write(sent)
                status, headers, given, body = await _answer(reader)
            except (OSError, EOFError):
                writer.close()
                if fresh:
                    raise
                continue
            self._free.append((reader, writer))
            return Answer(status, headers, given, body, time.perf_counter() - begun)

    def close(self) -> None:
        for _, writer in self._free:
            writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], dict[str, str], bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers: dict[str, str] = {}
    cookies: dict[str, str] = {}
    for line in filter(None, head[1:]):
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
        if name.lower() == "set-cookie":
            cookie, _, rest = value.strip().partition("=")
            cookies[cookie] = rest.partition(";")[0].strip('"')
    if "content-length" in headers:
        return int(head[0].split()[1]), headers, cookies, await reader.readexactly(int(headers["content-length"]))
    body = b""
    while size := int(await reader.readline(), 16):
        body += (await reader.readexactly(size + 2))[:-2]
    await reader.readline()
    return int(head[0].split()[1]), headers, cookies, body


Pause = Callable[[], float]


async def visit(
    portal: Portal, family: Family, line: Line, seen: Seen, *, comes: float, stays: float, pause: Pause
) -> None:
    """One family: comes, opens the four pages in turn and reads each for a while, and waits where it is told to."""
    until = time.perf_counter() + comes + stays
    await asyncio.sleep(comes)
    cookies = {portal.session_cookie: family.session}
    pages = {
        "home": "/",
        "applications": "/cabinet/applications/",
        "catalogue": "/catalogue/",
        "choose": f"/cabinet/applications/{family.number}/choose/",
    }
    first = True
    while True:
        for name, path in pages.items():
            ask = partial(line.get, path, cookies)
            answer = await _through(ask, cookies, seen, name=name, ticket=portal.crowd_cookie, until=until)
            if answer is None:
                return
            if first:
                first = False
                await _static(line, answer.body, seen)
            await asyncio.sleep(min(pause(), max(0, until - time.perf_counter())))
            if time.perf_counter() >= until:
                return


async def _through(
    ask: Callable[[], Awaitable[Answer]],
    cookies: dict[str, str],
    seen: Seen,
    *,
    name: str,
    ticket: str,
    until: float,
) -> Answer | None:
    """The page, after as long a wait as the door asks for; None where the family went away before its turn."""
    wait: Wait | None = None
    while True:
        sent = time.perf_counter()
        try:
            answer = await ask()
        except (OSError, EOFError) as problem:
            seen.errors[type(problem).__name__] += 1
            return None
        # Whoever is inside gets the ticket anew every minute: only the first one tells of a newcomer.
        is_newcomer = ticket not in cookies
        cookies |= answer.cookies
        if answer.status != HELD:
            break
        seen.held_seconds.append(answer.seconds)
        if wait is None:
            number = _TICKET.match(cookies.get(ticket, ""))
            if number is None:
                seen.errors["no number"] += 1
                return None
            wait = Wait(int(number[1]), first=time.perf_counter(), last=sent)
            seen.waits.append(wait)
        wait.last = sent
        # Browsers do not keep step: the page comes again after its pause and a little.
        await asyncio.sleep(min(float(answer.headers["retry-after"]) + random.random(), max(0.0, until - sent)))
        if time.perf_counter() >= until:
            return None
    if wait:
        wait.entered = time.perf_counter()
    elif is_newcomer:
        seen.at_once.append(sent)
    if answer.status != 200:
        seen.errors[f"{name} {answer.status}"] += 1
    seen.seconds[name].append(answer.seconds)
    return answer


async def _static(line: Line, body: bytes, seen: Seen) -> None:
    """What a browser fetches once and keeps: style sheets, scripts, the face."""
    for path in sorted(set(_STATIC.findall(body))):
        answer = await line.get(path.decode(), {})
        seen.seconds["static"].append(answer.seconds)
        if answer.status != 200:
            seen.errors[f"static {answer.status}"] += 1


def overtaken(waits: list[Wait], at_once: list[float], *, slack: float) -> int:
    """How many got in while somebody who had come before them was still told to wait (by more than the slack, in seconds)."""
    found, latest = 0, float("-inf")
    for wait in sorted(waits, key=lambda one: one.number):
        if wait.entered is not None and latest > wait.entered + slack:
            found += 1
        latest = max(latest, wait.last)
    for sent in at_once:
        found += any(wait.first + slack < sent < wait.last - slack for wait in waits)
    return found
