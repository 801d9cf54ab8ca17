"""The whole portal for a browser: pages, state systems in a process of their own, jobs called by hand, one clock."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

from django.db import connections
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob
from pypdf import PdfWriter

from balabaqsha.accounts import clock, passwords
from balabaqsha.accounts.models import Account, ClockShift
from balabaqsha.commands import schedules
from balabaqsha.config import wiring
from balabaqsha.gateways import registry
from balabaqsha.gateways.tests import sandbox_process
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.time import NATIONAL
from balabaqsha.law import queries as law
from balabaqsha.people.models import Person
from balabaqsha.sandbox.authority import authority as authorities
from balabaqsha.signatures import tasks as signatures
from balabaqsha.web.department import tasks as department
from tests.workplaces import world

PASSWORD = "Ұлы-дала-2026"


@dataclass
class Stage:
    """A portal that answers, the sandbox beside it, a small town in it."""

    address: str
    sandbox: sandbox_process.Sandbox
    town: world.Town
    folder: Path

    @property
    def now(self) -> datetime:
        """The portal's moment, as its pages and jobs read it."""
        return clock.now()

    def passes(self, **length: int) -> None:
        """Let the clock of the demonstration jump ahead."""
        shift = ClockShift.objects.get()
        shift.seconds += length.get("days", 0) * 86_400 + length.get("hours", 0) * 3_600
        shift.save()

    def works(self) -> None:
        """What the worker does by itself within a minute, and the runs that officers have ordered."""
        schedules.perform_what_is_due(timestamp=0)
        for job in ProcrastinateJob.objects.filter(task_name=department.PERFORM, status="todo"):
            department.perform_run(**job.args)
        schedules.tell_and_deliver(timestamp=0)
        schedules.seal_the_journal(timestamp=0)

    def messages(self, phone: str) -> list[str]:
        """The short messages of a telephone, newest first."""
        return [message["text"] for message in self.sandbox.messages(phone)]

    def code(self, phone: str) -> str:
        """The code in the newest message."""
        found = re.search(r"\b\d{4,8}\b", self.messages(phone)[0])
        assert found, "no code came"
        return found.group()

    def key_file(self, **holder: str) -> Path:
        """A key file, taken from the page of the development authority."""
        answer = self.sandbox.get(f"/authority/key?{urlencode({'usage': 'SIGN'} | holder)}").raise_for_status()
        path = self.folder / f"{holder['iin']}.p12"
        path.write_bytes(answer.content)
        return path

    def log_in_of(self, actor: Actor) -> str:
        """Give the account a password and return the IIN to sign in with."""
        Account.objects.filter(id=actor.account_id).update(password=passwords.hashed(PASSWORD))
        return Person.objects.get(id=actor.person_id).iin

    def scan(self, name: str) -> Path:
        """A small real paper: a JPEG or a PDF, by the ending of its name."""
        path = self.folder / name
        if path.suffix == ".pdf":
            paper = PdfWriter()
            paper.add_blank_page(width=300, height=400)
            paper.write(path)
        else:
            content = BytesIO()
            Image.new("RGB", (300, 400), "white").save(content, "JPEG")
            path.write_bytes(content.getvalue())
        return path


@contextmanager
def set_up(address: str, settings, folder: Path) -> Iterator[Stage]:
    """Bring the portal at the address to life: state systems, authority, clock, a town; all of it ends with the block."""
    data = folder / "data"
    (data / "sandbox").mkdir(parents=True)
    (data / "sandbox" / "population.jsonl").write_text(sandbox_process.population_lines(), encoding="utf-8")
    with sandbox_process.running(data) as sandbox:
        real = datetime.now(UTC)
        authorities.open_or_found(data / "authority", now=real, address=f"{sandbox.address}/authority")
        settings.MODE = "demonstration"
        settings.FILES_ROOT = folder / "files"
        settings.GATEWAYS = sandbox.settings()
        settings.SIGNATURE_AUTHORITIES = data / "authority" / "trusted"
        settings.SIGNATURE_AUTHORITY_PINS = frozenset()
        settings.SIGNATURE_REVOCATION_LISTS = tuple(
            f"{sandbox.address}/authority/{name}.crl" for name in ("root", "issuing")
        )
        ClockShift.objects.create(seconds=_ahead(real))
        clients = wiring.clients(settings.GATEWAYS, runtime=wiring._runtime())
        with registry.replaced(**clients):
            assert signatures.refresh(now=real) == 0
            try:
                yield Stage(address, sandbox, world.build(), folder)
            finally:
                # While the browser runs its own loop, this thread has connections that nobody else closes.
                connections.close_all()


def _ahead(real: datetime) -> int:
    """Seconds from the real moment to ten in the morning of the next working day: no holiday is met, whenever this runs."""
    day = law.calendar().add(real, working_days=1)
    return int((day.astimezone(NATIONAL).replace(hour=10, minute=0, second=0) - real).total_seconds())
