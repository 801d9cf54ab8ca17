"""The sandbox and the clients for the contract tests of ports."""

import random
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from balabaqsha.config import wiring
from balabaqsha.gateways.channel import Limits
from balabaqsha.gateways.runtime import Runtime
from balabaqsha.gateways.tests import sandbox_process
from balabaqsha.gateways.tests.sandbox_process import Sandbox

USUAL = Limits(answer_bytes=500_000, pause_seconds=0.01)
HASTY = Limits(connect_seconds=0.4, answer_seconds=0.4, patience_seconds=0.9, attempts=2, answer_bytes=500_000)


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One sandbox for all tests, with one family in its registers."""
    data = tmp_path_factory.mktemp("sandbox")
    (data / "sandbox").mkdir()
    (data / "sandbox" / "population.jsonl").write_text(sandbox_process.population_lines(), encoding="utf-8")
    with sandbox_process.running(data) as running:
        yield running


@pytest.fixture
def clients(sandbox: Sandbox) -> dict[str, Any]:
    """Fresh clients of the sandbox: each test has its own circuit breakers."""
    return wiring.clients(sandbox.settings(), runtime=_runtime(), limits=USUAL)


@pytest.fixture
def hasty_clients(sandbox: Sandbox) -> dict[str, Any]:
    """Fresh clients with little patience, for systems that do not answer."""
    return wiring.clients(sandbox.settings(), runtime=_runtime(), limits=HASTY)


@pytest.fixture
def now() -> datetime:
    """A moment for the answers."""
    return datetime(2026, 4, 6, 9, 30, tzinfo=UTC)


def _runtime() -> Runtime:
    return Runtime(
        monotonic=time.monotonic,
        sleep=time.sleep,
        chance=random.random,
        new_id=lambda: str(uuid.uuid4()),
        before_asking=lambda: None,
    )
