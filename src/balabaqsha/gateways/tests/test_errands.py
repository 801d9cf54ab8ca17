"""The table of errands is that of the ports, and each errand in it is tried against each failure."""

from balabaqsha.gateways import errands
from balabaqsha.gateways.port import NotAnswering
from balabaqsha.gateways.tests import test_systems_that_fail as failing
from balabaqsha.sandbox.modes import Mode

PORTED = {(one.port, one.method) for one in errands.all_errands()}


def test_every_errand_of_every_port_has_its_line():
    assert set(errands.THEN) == PORTED
    assert set(errands.FAILURES) == set(Mode) - {Mode.NORMAL}


def test_the_document_is_the_table():
    assert errands.TABLE.read_text(encoding="utf-8") == errands.table()


class Heard:
    """Stands for a client and notes which of its methods is called."""

    def __init__(self, port: str, heard: set[tuple[str, str]]) -> None:
        self._port, self._heard = port, heard

    def __getattr__(self, name: str):
        def call(*_, **__):
            self._heard.add((self._port, name))
            raise NotAnswering(system=self._port, reason="time-out")

        return call


def test_every_errand_of_every_port_is_tried(sandbox, now):
    heard: set[tuple[str, str]] = set()
    clients = {port: Heard(port, heard) for port, _ in PORTED}

    for _, errand in failing.ERRANDS.values():
        try:
            errand(clients, now, sandbox)
        except NotAnswering:
            continue

    assert heard == PORTED
    assert {mode for mode, _ in failing.FAILURES} == set(errands.FAILURES)
