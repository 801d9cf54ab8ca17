"""The client of the mail server: SMTP with time-outs and the circuit breaker."""

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

import structlog

from balabaqsha.gateways.breaker import Breaker
from balabaqsha.gateways.email.letter import compose
from balabaqsha.gateways.email.port import Accepted, AddressRefused
from balabaqsha.gateways.port import NotAnswering, Reason, System
from balabaqsha.gateways.runtime import Runtime

log = structlog.get_logger(__name__)
_FOR_GOOD = 500


@dataclass(frozen=True)
class Server:
    """Where the mail server is and who we are to it; `seconds` bounds each of its answers."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    tls: bool = False
    seconds: float = 4.0


class EmailClient:
    """Sends one letter in one connection; the worker sends again what failed."""

    def __init__(self, *, server: Server, runtime: Runtime, breaker: Breaker | None = None) -> None:
        self._server = server
        self._runtime = runtime
        self.breaker = breaker or Breaker(monotonic=runtime.monotonic)

    def send(self, to: str, subject: str, text: str, *, reference: str, now: datetime) -> Accepted:
        """See the port."""
        letter = compose(sender=self._server.sender, to=to, subject=subject, text=text, reference=reference, now=now)
        self._runtime.before_asking()
        if not self.breaker.admits():
            raise self._silent(Reason.RESTING)
        try:
            self._hand_over(letter)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError) as refused:
            self._succeeded()
            if _temporary(refused):
                raise self._silent(Reason.FAULT) from None
            raise AddressRefused from None
        except TimeoutError:
            raise self._failed(Reason.TIME_OUT) from None
        except smtplib.SMTPServerDisconnected:
            raise self._failed(Reason.UNREACHABLE) from None
        except (smtplib.SMTPException, ValueError):
            raise self._failed(Reason.NONSENSE) from None
        except OSError:
            raise self._failed(Reason.UNREACHABLE) from None
        self._succeeded()
        return Accepted(id=letter["Message-ID"], reference=reference, asked_at=now)

    def _hand_over(self, letter: EmailMessage) -> None:
        with smtplib.SMTP(self._server.host, self._server.port, timeout=self._server.seconds) as connection:
            if self._server.tls:
                connection.starttls(context=ssl.create_default_context())
            if self._server.user:
                connection.login(self._server.user, self._server.password)
            connection.send_message(letter)

    def _succeeded(self) -> None:
        self.breaker.succeeded()
        self._runtime.noted(System.EMAIL.value, reason="", rest_seconds=0.0)

    def _failed(self, reason: Reason) -> NotAnswering:
        self.breaker.failed()
        self._runtime.noted(System.EMAIL.value, reason=reason.value, rest_seconds=self.breaker.rest_seconds)
        return self._silent(reason)

    def _silent(self, reason: Reason) -> NotAnswering:
        log.warning("gateway.silent", system=System.EMAIL.value, reason=reason.value)
        return NotAnswering(system=System.EMAIL.value, reason=reason.value)


def _temporary(refused: smtplib.SMTPException) -> bool:
    """Whether the server may take the letter later (greylisting, full box): a 4xx answer for the recipient."""
    if not isinstance(refused, smtplib.SMTPRecipientsRefused):
        return False
    return all(code < _FOR_GOOD for code, _ in refused.recipients.values())
