"""Files sent over the wire to a real web process: what is too big or in disguise gets our page, and costs no memory."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from django.conf import settings as portal
from django.db import connection
from django.urls import reverse

from balabaqsha.config import data_folder, env
from balabaqsha.documents import rules
from balabaqsha.documents.models import Upload
from balabaqsha.gateways.tests.sandbox_process import free_ports
from balabaqsha.kernel.actor import Actor
from tests.families import home as homes
from tests.kills.portal import until
from tests.workplaces import world

_BOUNDARY = "made-up-boundary"
_SECRET = "k" * 32
_TYPED = "31.12.2030"
# What a process may grow by while it answers one request, whatever comes with it.
_ROOM_BYTES = 40 * rules.MEGABYTE


@dataclass
class Served:
    """A web process, and a mother at her browser."""

    process: "subprocess.Popen[bytes]"
    address: str
    port: int
    session: str = ""

    def signs_in(self, actor: Actor) -> None:
        self.session = world.client_of(actor, moment=datetime.now(UTC)).cookies["sessionid"].value

    @property
    def headers(self) -> dict[str, str]:
        cookies = f"sessionid-{self.port}={self.session}; csrftoken-{self.port}={_SECRET}"
        return {"Cookie": cookies, "X-CSRFToken": _SECRET}

    def sends(self, path: str, *, head: bytes, size: int, name: str) -> httpx.Response:
        """A paper of so many bytes that begins with `head`, with a date typed after it; streamed, never held here."""
        before, after = _around_the_file(name)
        length = len(before) + size + len(after)
        kind = {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}", "Content-Length": str(length)}
        body = _body(before, head, size, after)
        return httpx.post(self.address + path, content=body, headers=self.headers | kind, timeout=600, trust_env=False)

    def highest_bytes(self) -> int:
        """The most memory that any process of the portal has had so far."""
        return max(_highest(pid) for pid in _family(self.process.pid))


def _around_the_file(name: str) -> tuple[bytes, bytes]:
    before = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="paper"; filename="{name}"\r\n\r\n'
    after = (
        f'\r\n--{_BOUNDARY}\r\nContent-Disposition: form-data; name="good_until"\r\n\r\n{_TYPED}\r\n--{_BOUNDARY}--\r\n'
    )
    return before.encode(), after.encode()


def _body(before: bytes, head: bytes, size: int, after: bytes) -> Iterator[bytes]:
    yield before + head
    left = size - len(head)
    piece = b"x" * 65_536
    while left > 0:
        yield piece[:left]
        left -= len(piece)
    yield after


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(one for child in children for one in _family(int(child)))]


def _highest(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


@contextmanager
def _serving(data: Path) -> Iterator[Served]:
    (port,) = free_ports(1)
    given = env.changed(
        **{data_folder.SECRET_KEY: portal.SECRET_KEY},
        DATABASE_URL=_database(),
        BALABAQSHA_MODE=env.DEMONSTRATION,
        BALABAQSHA_DATA=str(data),
        BALABAQSHA_PORT=str(port),
        BALABAQSHA_WORKERS="1",
    )
    static = "from balabaqsha.commands import preparing, starting; starting.set_up(); preparing.collect_static()"
    subprocess.run([sys.executable, "-c", static], env=given, check=True)
    command = [sys.executable, "-m", "balabaqsha.commands.main", "web"]
    process = subprocess.Popen(command, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    served = Served(process, f"http://127.0.0.1:{port}", port)
    try:
        until(lambda: _answers(served), "the web process to answer")
        yield served
    finally:
        process.terminate()
        process.wait(60)


def _database() -> str:
    """The address of the database of this test."""
    to = connection.settings_dict
    return f"postgresql://{quote(to['USER'])}:{quote(to['PASSWORD'])}@{quote(to['HOST'], safe='')}:{to['PORT'] or 5432}/{to['NAME']}"


def _answers(served: Served) -> bool:
    assert served.process.poll() is None, "the web process ended"
    try:
        return httpx.get(f"{served.address}/login/", timeout=10, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture
def paper(fresh_database, settings, tmp_path) -> Iterator[tuple[Served, str]]:
    """A served portal, and the address at which a mother in the middle of her application attaches a paper."""
    settings.FILES_ROOT = tmp_path / data_folder.FILES
    family = homes.build()
    family.now = datetime.now(UTC)
    token = family.begins()
    assert family.answers(token, "child", child=family.child.id).status_code == 302
    with _serving(tmp_path) as served:
        served.signs_in(family.mother)
        yield served, reverse("apply.paper", args=[token, "FORM_027"])


def test_200_megabytes_and_a_program_in_disguise_get_our_page_and_cost_no_memory(paper):
    served, path = paper
    page = httpx.get(served.address + path, headers=served.headers, trust_env=False)
    assert page.status_code == 200
    for name, head, size, said in (
        ("small.pdf", b"MZ\x90\x00 a program", 100_000, "Файлдың түрі сәйкес емес"),
        ("cut.pdf", b"%PDF-1.7 and nothing of it", 100_000, "Файл ашылмайды"),
        ("huge.pdf", b"%PDF-1.7", 200 * rules.MEGABYTE, "Файл тым үлкен: 201 МБ"),
    ):
        before = served.highest_bytes()
        answer = served.sends(path, head=head, size=size, name=name)

        assert answer.status_code == 200, name
        assert said in beside_the_file(answer.text), name
        assert f'value="{_TYPED}"' in answer.text, name
        assert served.highest_bytes() - before < _ROOM_BYTES, name
    assert not Upload.objects.exists()


def beside_the_file(page: str) -> str:
    """The sentence beside the field for the file, empty where there is none."""
    found = re.search(r'id="id_paper-err">.*?<span>([^<]*)</span></span>', page, re.DOTALL)
    return found[1] if found else ""
