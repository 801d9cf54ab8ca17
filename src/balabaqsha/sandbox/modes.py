"""How each state system behaves now, and how a behaviour changes an answer."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from threading import Condition

from balabaqsha.sandbox.http import HangUp, Response

LONGEST_SILENCE_SECONDS = 120.0


class Mode(StrEnum):
    """SLOW answers late; DOWN breaks the connection; WRONG answers nonsense; SILENT never answers."""

    NORMAL = "normal"
    SLOW = "slow"
    DOWN = "down"
    WRONG = "wrong"
    SILENT = "silent"


class Kind(StrEnum):
    """The kinds of nonsense."""

    TEXT = "text"
    CUT = "cut"
    BOMB = "bomb"
    HUGE = "huge"
    OTHER = "other"
    FIELDS = "fields"


@dataclass(frozen=True)
class Behaviour:
    """The mode, the delay of SLOW in seconds, the kind of WRONG (None: one after another), how often asked."""

    mode: Mode = Mode.NORMAL
    seconds: float = 2.0
    kind: Kind | None = None
    asked: int = 0


NAMES = (
    "population",
    "phones",
    "births",
    "sms",
    "email",
    "revocation",
    "addresses",
    "status",
    "node",
    "arkotek",
    "social",
    "medical",
)


class Systems:
    """The behaviours of all systems. Safe to share between threads."""

    def __init__(self) -> None:
        self._behaviours = dict.fromkeys(NAMES, Behaviour())
        self._changed = Condition()

    def all(self) -> dict[str, Behaviour]:
        """Every system with its behaviour."""
        with self._changed:
            return dict(self._behaviours)

    def set(self, name: str, *, mode: Mode, seconds: float = 2.0, kind: Kind | None = None) -> None:
        """From now on the system behaves so. Raises KeyError for an unknown system."""
        with self._changed:
            before = self._behaviours[name]
            self._behaviours[name] = replace(before, mode=mode, seconds=seconds, kind=kind)
            self._changed.notify_all()

    def asked(self, name: str) -> Behaviour:
        """Count one question and say how to behave on it."""
        with self._changed:
            behaviour = replace(self._behaviours[name], asked=self._behaviours[name].asked + 1)
            self._behaviours[name] = behaviour
            return behaviour

    def behave(self, name: str, answer: Callable[[], Response]) -> Response:
        """The answer as the system's behaviour leaves it. Raises HangUp."""
        behaviour = self.asked(name)
        if behaviour.mode is Mode.DOWN:
            raise HangUp
        if behaviour.mode is Mode.SILENT:
            self.wait_out_silence(name)
            raise HangUp
        if behaviour.mode is Mode.SLOW:
            time.sleep(behaviour.seconds)
        response = answer()
        return nonsense(response, kind_of(behaviour)) if behaviour.mode is Mode.WRONG else response

    def wait_out_silence(self, name: str) -> None:
        """Return once the system is no longer silent, or after two minutes."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._behaviours[name].mode is not Mode.SILENT, timeout=LONGEST_SILENCE_SECONDS
            )


def kind_of(behaviour: Behaviour) -> Kind:
    """The kind of nonsense for this question."""
    kinds = tuple(Kind)
    return behaviour.kind or kinds[(behaviour.asked - 1) % len(kinds)]


_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">'
    b'<!ENTITY e SYSTEM "file:///etc/hostname">]><b>&d;&e;</b>'
)


def nonsense(response: Response, kind: Kind) -> Response:
    """What a broken system would send instead of this answer."""
    xml = "xml" in response.content_type
    bodies = {
        Kind.TEXT: "<html>Қызмет уақытша жұмыс істемейді".encode(),
        Kind.CUT: response.body[: len(response.body) // 2],
        Kind.BOMB: _BOMB if xml else b'{"a":' * 100_000,
        Kind.HUGE: response.body + b" " * 3_000_000,
        Kind.OTHER: _UUID.sub(b"00000000-0000-4000-8000-000000000000", response.body) if xml else b"[1, 2]",
        Kind.FIELDS: b"<Envelope/>" if xml else b"{}",
    }
    return replace(response, status=200, body=bodies[kind])
