"""One way to a state system over HTTP: time-outs, limits, repeats with jitter, circuit breaker."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import httpx
import structlog

from balabaqsha.gateways.breaker import Breaker
from balabaqsha.gateways.port import NotAnswering, Reason, System
from balabaqsha.gateways.runtime import Runtime
from balabaqsha.kernel.refusal import Refusal

T = TypeVar("T")
log = structlog.get_logger(__name__)

_FIRST_FAULT = 500
_TOO_MANY = 429


@dataclass(frozen=True)
class Limits:
    """How long and how much: seconds for one connection, one whole answer and all attempts together."""

    connect_seconds: float = 2.0
    answer_seconds: float = 4.0
    patience_seconds: float = 9.0
    attempts: int = 3
    pause_seconds: float = 0.2
    answer_bytes: int = 1_000_000


@dataclass(frozen=True)
class Answer:
    """A whole answer within the limits."""

    status: int
    body: bytes


@dataclass(frozen=True)
class _Request:
    method: str
    url: str
    content: bytes | None
    headers: Mapping[str, str] | None


class Nonsense(Exception):
    """The answer is not what the format says. Raised by readers of answers, never seen outside gateways."""


class _Failed(Exception):
    def __init__(self, reason: Reason, *, again: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.again = again


class Channel:
    """The only user of the network in gateways besides the mail client."""

    def __init__(
        self,
        *,
        system: System,
        runtime: Runtime,
        limits: Limits | None = None,
        breaker: Breaker | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.system = system
        self.runtime = runtime
        self.breaker = breaker or Breaker(monotonic=runtime.monotonic)
        self._limits = limits or Limits()
        # The environment's proxies are not for state systems; bodies come uncompressed so that a limit is a limit.
        self._http = httpx.Client(
            trust_env=False, follow_redirects=False, headers={"Accept-Encoding": "identity"}, transport=transport
        )

    def ask(
        self,
        method: str,
        url: str,
        *,
        read: Callable[[Answer], T],
        repeatable: bool,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> T:
        """Send the request and give what `read` makes of the answer.

        `repeatable` requests are sent again after a failure of the line, while patience lasts. `read` raises
        Nonsense for an answer out of format, or a Refusal that the system itself means.
        Raises NotAnswering.
        """
        self.runtime.before_asking()
        request = _Request(method, url, content, headers)
        ends_at = self.runtime.monotonic() + self._limits.patience_seconds
        attempts = self._limits.attempts if repeatable else 1
        for attempt in range(1, attempts + 1):
            if not self.breaker.admits():
                raise self._silent(Reason.RESTING, attempt)
            try:
                return self._attempt(request, ends_at, read)
            except _Failed as failure:
                pause = self._pause(attempt)
                late = self.runtime.monotonic() + pause >= ends_at
                if not failure.again or attempt == attempts or late:
                    raise self._silent(failure.reason, attempt) from None
                self.runtime.sleep(pause)
        raise AssertionError("the loop above always returns or raises")

    def _attempt(self, request: _Request, ends_at: float, read: Callable[[Answer], T]) -> T:
        try:
            result = read(self._answer(request, ends_at))
        except Refusal:
            self._succeeded()
            raise
        except Nonsense as nonsense:
            self._failed(Reason.NONSENSE)
            # The text of a nonsense may hold what the register said of a person: only its kind is logged.
            log.warning("gateway.nonsense", system=self.system.value, kind=str(nonsense))
            raise _Failed(Reason.NONSENSE, again=False) from None
        except _Failed as failure:
            self._failed(failure.reason)
            raise
        self._succeeded()
        return result

    def _succeeded(self) -> None:
        self.breaker.succeeded()
        self.runtime.noted(self.system.value, reason="", rest_seconds=0.0)

    def _failed(self, reason: Reason) -> None:
        self.breaker.failed()
        self.runtime.noted(self.system.value, reason=reason.value, rest_seconds=self.breaker.rest_seconds)

    def _answer(self, request: _Request, ends_at: float) -> Answer:
        now = self.runtime.monotonic()
        seconds = max(0.05, min(self._limits.answer_seconds, ends_at - now))
        timeout = httpx.Timeout(seconds, connect=min(self._limits.connect_seconds, seconds))
        try:
            with self._http.stream(
                request.method, request.url, content=request.content, headers=request.headers, timeout=timeout
            ) as response:
                body = self._body(response, now + seconds)
        except httpx.TimeoutException:
            raise _Failed(Reason.TIME_OUT, again=True) from None
        except (httpx.HTTPError, httpx.InvalidURL):
            raise _Failed(Reason.UNREACHABLE, again=True) from None
        if response.status_code >= _FIRST_FAULT or response.status_code == _TOO_MANY:
            raise _Failed(Reason.FAULT, again=True)
        return Answer(status=response.status_code, body=body)

    def _body(self, response: httpx.Response, ends_at: float) -> bytes:
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise Nonsense("compressed answer")
        body = bytearray()
        for chunk in response.iter_raw():
            body += chunk
            if len(body) > self._limits.answer_bytes:
                raise Nonsense("answer too big")
            # A read time-out renews itself with every byte; a dripping answer is stopped here.
            if self.runtime.monotonic() > ends_at:
                raise _Failed(Reason.TIME_OUT, again=True)
        return bytes(body)

    def _pause(self, attempt: int) -> float:
        """Seconds before the next attempt: doubled each time, spread by half to one and a half."""
        return float(self._limits.pause_seconds * 2 ** (attempt - 1) * (0.5 + self.runtime.chance()))

    def _silent(self, reason: Reason, attempt: int) -> NotAnswering:
        log.warning("gateway.silent", system=self.system.value, reason=reason.value, attempt=attempt)
        return NotAnswering(system=self.system.value, reason=reason.value)
