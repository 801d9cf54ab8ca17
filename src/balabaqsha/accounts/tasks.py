"""Jobs of accounts: sending the codes of sign-in, out of sight of whoever asks."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from balabaqsha.accounts import clock
from balabaqsha.accounts.codes import sending
from balabaqsha.gateways.port import NotAnswering

# Somebody waits before the page: before all other work, and soon again.
_SOON = RetryStrategy(max_attempts=4, wait=5, retry_exceptions={NotAnswering})
_FIRST = 10


@app.task(name="accounts.send_code", retry=_SOON)
def send_code(*, code_id: int, language: str) -> None:
    """Send a reserved code to the telephone of its account; a second time it is another text, and the first is void."""
    sending.send(code_id=code_id, language=language, now=clock.now(), real_now=clock.real_now())


def order(*, code_id: int, language: str) -> None:
    """Ask the worker to send a code: the same work for the page whether anybody has the name or not."""
    send_code.configure(priority=_FIRST).defer(code_id=code_id, language=language)
