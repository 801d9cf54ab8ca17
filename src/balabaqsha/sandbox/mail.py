"""The mail server, from its side: every letter goes to the page of letters."""

import asyncio
import email
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from balabaqsha.sandbox.messages import Messages, Way
from balabaqsha.sandbox.modes import LONGEST_SILENCE_SECONDS, Mode, Systems

BIGGEST_LETTER = 10_000_000


class Letters:
    """Keeps the letters that the server takes."""

    def __init__(self, *, messages: Messages, systems: Systems, clock: Callable[[], datetime]) -> None:
        self._messages = messages
        self._systems = systems
        self._clock = clock

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - aiosmtpd's
        """Keep one letter for each of its addresses."""
        behaviour = self._systems.all()["email"]
        if behaviour.mode is Mode.SLOW:
            await asyncio.sleep(behaviour.seconds)
        content = envelope.content
        letter = email.message_from_bytes(content if isinstance(content, bytes) else b"", policy=default)
        for address in envelope.rcpt_tos:
            self._messages.keep(
                way=Way.EMAIL,
                to=address,
                sender=str(letter.get("From", envelope.mail_from or "")),
                subject=str(letter.get("Subject", "")),
                text=_text(letter),
                reference=f"{letter.get('Message-ID', '')} {address}".strip(),
                at=self._clock(),
            )
        return "250 OK"


class MailServer(Controller):
    """Gives each connection the protocol that fits the behaviour of the moment."""

    def __init__(self, *, letters: Letters, systems: Systems, host: str, port: int) -> None:
        super().__init__(letters, hostname=host, port=port, ready_timeout=10.0)
        self._systems = systems

    def factory(self) -> Any:
        """The protocol of one connection."""
        mode = self._systems.asked("email").mode
        if mode in {Mode.DOWN, Mode.SILENT, Mode.WRONG}:
            return Broken(mode)
        return SMTP(self.handler, hostname="sandbox.example", data_size_limit=BIGGEST_LETTER, enable_SMTPUTF8=True)


class Broken(asyncio.Protocol):
    """A mail server that breaks off, keeps silent or talks nonsense."""

    def __init__(self, mode: Mode) -> None:
        self._mode = mode

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet as a broken server does."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type: a server's transport is one
        if self._mode is Mode.DOWN:
            transport.abort()
        elif self._mode is Mode.WRONG:
            transport.write(b"HTTP/1.1 200 OK\r\n\r\n")
            transport.close()
        else:
            asyncio.get_running_loop().call_later(LONGEST_SILENCE_SECONDS, transport.abort)


def _text(letter: EmailMessage) -> str:
    body = letter.get_body(preferencelist=("plain", "html"))
    try:
        return str(body.get_content()).replace("\r\n", "\n") if body else ""
    except (LookupError, ValueError):
        return ""
