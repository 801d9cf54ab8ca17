"""The sandbox as tests use it: a process of its own on free ports, spoken to over HTTP only."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from cryptography.hazmat.primitives.serialization import pkcs12

from balabaqsha.gateways.wssecurity import Security
from balabaqsha.sandbox.authority import authority as authorities
from balabaqsha.sandbox.authority import signing
from balabaqsha.sandbox.authority.profile import Holder, Usage
from balabaqsha.signatures import verifier
from balabaqsha.signatures.verifier import ocsp

STARTING_SECONDS = 60

MOTHER = "940517403106"
FATHER = "911103304203"
DAUGHTER = "230209605112"
SON = "210830505129"
UNKNOWN = "990909400012"
MOTHER_PHONE = "+77010000101"
FATHER_PHONE = "+77010000102"
NOBODYS_PHONE = "+77010000999"


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox."""

    address: str
    smtp_port: int
    data: Path
    process: subprocess.Popen[str]

    def get(self, path: str) -> httpx.Response:
        """Fetch a page."""
        return httpx.get(self.address + path, trust_env=False)

    def behave(self, system: str, mode: str, **more: Any) -> None:
        """From now on the system behaves so."""
        body = {"mode": mode, **more}
        httpx.post(f"{self.address}/api/systems/{system}", json=body, trust_env=False).raise_for_status()

    @contextmanager
    def behaving(self, system: str, mode: str, **more: Any) -> Iterator[None]:
        """Within the block the system behaves so."""
        self.behave(system, mode, **more)
        try:
            yield
        finally:
            self.behave(system, "normal")

    def messages(self, phone: str) -> list[dict[str, str]]:
        """What the telephone got, newest first."""
        found = httpx.get(f"{self.address}/api/messages", params={"phone": phone}, trust_env=False)
        return list(found.json())

    def switch(self, phone: str, *, off: bool) -> None:
        """Switch a telephone off or on: to one that is off nothing is delivered."""
        httpx.post(f"{self.address}/api/phones/{phone}", json={"off": off}, trust_env=False).raise_for_status()

    def asked(self, system: str) -> int:
        """How often the system was asked."""
        return int(self.get("/api/systems").json()[system]["asked"])

    def security(self) -> Security:
        """The portal's side of the keys by which it and the gateway know each other."""
        return Security(self.data / "gateway" / "portal.pem", self.data / "gateway" / "gateway.crt")

    def settings(self) -> dict[str, Any]:
        """The GATEWAYS setting that points at this sandbox."""
        return {
            "soap_url": f"{self.address}/gateway/syncchannel",
            "sender_id": "balabaqsha",
            "sender_password": "sandbox",
            "soap_key_file": str(self.security().key_file),
            "soap_trusted_file": str(self.security().trusted_file),
            "population_service": "GBDFL_UniversalServiceSync",
            "phones_service": "BMG_PhoneOwner",
            "births_service": "ZAGS_BirthRecords",
            "social_service": "MT_SocialStatus",
            "districts_file": "",
            "sms_url": f"{self.address}/sms",
            "sms_token": "sandbox",
            "sms_sender": "Balabaqsha",
            "addresses_url": f"{self.address}/addresses",
            "addresses_token": "sandbox",
            "ncanode_url": f"{self.address}/ncanode",
            "ocsp_url": f"{self.address}/authority/ocsp",
            "arkotek_url": f"{self.address}/arkotek",
            "arkotek_token": "sandbox",
            "medical_url": f"{self.address}/medical",
            "medical_token": "sandbox",
            "smtp_host": "127.0.0.1",
            "smtp_port": self.smtp_port,
            "smtp_user": "",
            "smtp_password": "",
            "smtp_tls": False,
            "mail_from": "Balabaqsha <portal@balabaqsha.example>",
            "revocation_prefixes": [f"{self.address}/authority/"],
        }


def status_request(sandbox: Sandbox) -> bytes:
    """A question about a made-up certificate of the sandbox's authority."""
    issuing = verifier.read_authority(sandbox.get("/authority/issuing.cer").content)
    return ocsp.request(issuing.certificate, issuing)


def signed_by_sandbox(sandbox: Sandbox) -> bytes:
    """A signature over b"content" with a key of the sandbox's authority."""
    now = datetime.now(UTC)
    authority = authorities.open_or_found(sandbox.data / "authority", now=now)
    file = authority.key_file(Holder(iin=MOTHER, surname="Серікова", given_name="Әсем"), Usage.SIGN)
    private, certificate, _ = pkcs12.load_key_and_certificates(file.read_bytes(), authorities.PASSWORD.encode())
    holder = Holder(iin=MOTHER, surname="Серікова", given_name="Әсем")
    return signing.sign(b"content", authorities.Key(holder, Usage.SIGN, private, certificate), signed_at=now)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens at."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [opened.getsockname()[1] for opened in sockets]
    for opened in sockets:
        opened.close()
    return ports


@contextmanager
def running(data: Path) -> Iterator[Sandbox]:
    """A sandbox over this data folder, ended with the block."""
    http_port, smtp_port = free_ports(2)
    command = [sys.executable, "-m", "balabaqsha.sandbox", f"--http-port={http_port}", f"--smtp-port={smtp_port}"]
    process = subprocess.Popen(
        [*command, f"--data={data}"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ
    )
    try:
        address = f"http://127.0.0.1:{http_port}"
        _wait(process, address)
        yield Sandbox(address=address, smtp_port=smtp_port, data=data, process=process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
        if process.stdout:
            process.stdout.close()


def _wait(process: subprocess.Popen[str], address: str) -> None:
    ends_at = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < ends_at:
        if process.poll() is not None:
            output = process.stdout.read() if process.stdout else ""
            raise RuntimeError(f"the sandbox ended with status {process.returncode}: {output}")
        try:
            if httpx.get(f"{address}/health", trust_env=False).text == "ok\n":
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise RuntimeError("the sandbox did not start in time")


def population_lines() -> str:
    """A population file with one family, in the format of docs/state-systems.md."""
    home = {
        "region": {"code": "550000000", "kk": "Павлодар облысы", "ru": "Павлодарская область"},
        "district": {"code": "551010000", "kk": "Павлодар қаласы", "ru": "город Павлодар"},
        "street": "Естай көшесі",
        "building": "101",
        "flat": "15",
    }
    births = [
        {"child": SON, "number": "10-551-21-0005120", "registered_on": "2021-09-06"},
        {"child": DAUGHTER, "number": "10-551-23-0005110", "registered_on": "2023-02-15"},
    ]

    def parent(iin: str, surname: str, name: str, phone: str, role: str) -> dict[str, Any]:
        records = [{**birth, "role": role} for birth in births]
        return {
            "iin": iin,
            "surname": surname,
            "given_name": name,
            "address": home,
            "phones": [phone],
            "births": records,
        }

    conclusions = [
        {"number": number, "correction": correction, "issued_on": begins, "last_day": ends}
        for number, correction, begins, ends in (
            ("PMPK-2024-000055", "SPEECH_PHONETIC", "2024-03-01", "2025-02-28"),
            ("PMPK-2026-000101", "SPEECH_SEVERE", "2026-02-10", "2027-02-09"),
        )
    ]

    statuses = [
        {"code": "LARGE_FAMILY", "number": "MT-2026-0005120"},
        {"code": "CHILD_DISABILITY", "number": "MT-2025-0001007", "last_day": "2027-05-31"},
    ]
    forms = [
        {"code": "FORM_027", "number": "027-1", "issued_on": "2025-03-01", "last_day": "2025-08-31"},
        {"code": "FORM_027", "number": "027-2", "issued_on": "2026-03-20", "last_day": "2026-09-19"},
    ]
    persons = [
        {**parent(MOTHER, "СЕРІКОВА", "ӘСЕМ", MOTHER_PHONE, "MOTHER"), "patronymic": "ҚАЙРАТҚЫЗЫ"},
        parent(FATHER, "СЕРІКОВ", "НҰРЛАН", FATHER_PHONE, "FATHER"),
        {"iin": DAUGHTER, "surname": "НҰРЛАН", "given_name": "АЙЛИН", "statuses": []},
        {
            "iin": SON,
            "surname": "НҰРЛАН",
            "given_name": "АЛИХАН",
            "conclusions": conclusions,
            "statuses": statuses,
            "forms": forms,
        },
    ]
    return "".join(json.dumps(person, ensure_ascii=False) + "\n" for person in persons)
