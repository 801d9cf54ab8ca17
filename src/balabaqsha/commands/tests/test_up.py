"""`balabaqsha up` as a process of its own: what it says when it cannot start, and that it leaves nothing behind."""

import fcntl
import socket

import pytest

from balabaqsha.commands import children, starting, up
from balabaqsha.commands.tests.test_command_line import typed


@pytest.fixture
def three_ports():
    """The first of three free ports in a row."""
    for first in range(18300, 19000, 10):
        probes = [socket.socket() for _ in range(3)]
        try:
            for offset, probe in enumerate(probes):
                probe.bind(("127.0.0.1", first + offset))
        except OSError:
            continue
        finally:
            for probe in probes:
                probe.close()
        return first
    pytest.fail("no three free ports in a row")


@pytest.mark.parametrize("offset", [0, 1, 2])
def test_a_busy_port_is_one_line_and_status_2(three_ports, tmp_path, offset):
    with socket.create_server(("127.0.0.1", three_ports + offset)):
        status, out, said = typed("up", "--port", str(three_ports), "--data", str(tmp_path / "data"))

    assert (status, out) == (2, "")
    assert said.startswith(f"balabaqsha: port {three_ports + offset} cannot be used")
    assert said.count("\n") == 1


def test_a_data_folder_in_use_is_one_line_and_status_2(three_ports, tmp_path):
    with (tmp_path / "up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        status, _, said = typed("up", "--port", str(three_ports), "--data", str(tmp_path))

    assert status == 2
    assert said == f"balabaqsha: a town is already running from {tmp_path}\n"


def test_a_data_folder_that_cannot_be_made_is_one_line(three_ports, tmp_path):
    (tmp_path / "file").write_text("")
    status, _, said = typed("up", "--port", str(three_ports), "--data", str(tmp_path / "file" / "data"))

    assert status == 2
    assert said.startswith("balabaqsha: cannot use the data folder")
    assert said.count("\n") == 1


class TestAChildThatEnds:
    def test_is_named_with_its_last_words(self, tmp_path):
        child = children.Child("fly", log=tmp_path / "logs" / "fly.log")
        child.start()
        child._process.wait()

        with pytest.raises(starting.Stop, match=r"fly ended \(with status 2\)(.|\n)*invalid choice"):
            up._refuse_ended([child])

    def test_may_be_stopped_again(self, tmp_path):
        child = children.Child("fly", log=tmp_path / "logs" / "fly.log")
        child.start()
        child._process.wait()

        child.stop()

        assert child.status() == "with status 2"
