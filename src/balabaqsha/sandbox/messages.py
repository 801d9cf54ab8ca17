"""The messages that the telephones and mail boxes of the town received, newest first, kept over a restart."""

import json
import uuid
from collections import deque
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from threading import Lock

MOST_KEPT = 20_000


class Way(StrEnum):
    """By which way a message came."""

    SMS = "sms"
    EMAIL = "email"


@dataclass(frozen=True)
class Message:
    """One message; `to` is a telephone or an address, `at` a moment in ISO form."""

    id: str
    way: Way
    to: str
    sender: str
    subject: str
    text: str
    reference: str
    at: str


class Messages:
    """Holds the latest messages in memory and appends each to a file of JSON lines."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._lock = Lock()
        self._kept: deque[Message] = deque()
        self._by_id: dict[str, Message] = {}
        self._by_reference: dict[tuple[Way, str], Message] = {}
        for message in _read(file):
            self._remember(message)
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            # Rewriting at the start keeps the file bounded: it grows only while the process runs.
            _write(file, self._kept)

    def keep(
        self, *, way: Way, to: str, sender: str, text: str, at: datetime, subject: str = "", reference: str = ""
    ) -> Message:
        """Keep one message. Another one under the same reference is a repetition, whatever its words: the first stays."""
        with self._lock:
            known = self._by_reference.get((way, reference)) if reference else None
            if known is not None:
                return known
            message = Message(
                id=str(uuid.uuid4()),
                way=way,
                to=to,
                sender=sender,
                subject=subject,
                text=text,
                reference=reference,
                at=at.isoformat(timespec="seconds"),
            )
            if self._file is not None:
                # First on the disk: what could not be written was not taken. The line break comes first, so that a line
                # cut short by a kill or a full disk spoils no other.
                with self._file.open("a", encoding="utf-8") as lines:
                    lines.write("\n" + _line(message))
            self._remember(message)
            return message

    def _remember(self, message: Message) -> None:
        self._kept.append(message)
        self._by_id[message.id] = message
        if message.reference:
            self._by_reference[message.way, message.reference] = message
        if len(self._kept) > MOST_KEPT:
            oldest = self._kept.popleft()
            del self._by_id[oldest.id]
            self._by_reference.pop((oldest.way, oldest.reference), None)

    def find(self, *, way: Way | None = None, to: str | None = None, limit: int = 200) -> list[Message]:
        """The newest messages of this way to this telephone or address."""
        with self._lock:
            kept = list(self._kept)
        found = [message for message in reversed(kept) if way in {None, message.way} and to in {None, message.to}]
        return found[:limit]

    def get(self, identity: str) -> Message | None:
        """The message of this id."""
        with self._lock:
            return self._by_id.get(identity)

    def forget(self) -> None:
        """Forget all messages."""
        with self._lock:
            for known in (self._kept, self._by_id, self._by_reference):
                known.clear()
            if self._file is not None:
                _write(self._file, self._kept)


def _line(message: Message) -> str:
    return json.dumps(asdict(message), ensure_ascii=False) + "\n"


def _read(file: Path | None) -> list[Message]:
    """The messages of the file; a line cut by a kill in the midst of writing is left out."""
    if file is None or not file.exists():
        return []
    found = []
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            fields = json.loads(line)
            found.append(Message(**{**fields, "way": Way(fields["way"])}))
        except (ValueError, TypeError, KeyError):
            continue
    return found[-MOST_KEPT:]


def _write(file: Path, messages: deque[Message]) -> None:
    fresh = file.with_suffix(".new")
    fresh.write_text("".join(_line(message) for message in messages), encoding="utf-8")
    fresh.replace(file)
