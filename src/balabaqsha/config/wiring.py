"""The one place that knows the clients of ports. `connect` is called once in every process, at its start."""

import csv
import random
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connections

from balabaqsha.gateways import registry
from balabaqsha.gateways.addresses import client as addresses
from balabaqsha.gateways.arkotek.client import ArkotekClient
from balabaqsha.gateways.births.client import BirthsClient
from balabaqsha.gateways.channel import Channel, Limits
from balabaqsha.gateways.email.client import EmailClient, Server
from balabaqsha.gateways.medical.client import MedicalClient
from balabaqsha.gateways.node import client as node
from balabaqsha.gateways.phones.client import PhonesClient
from balabaqsha.gateways.population.client import PopulationClient
from balabaqsha.gateways.port import System
from balabaqsha.gateways.revocation import client as revocation
from balabaqsha.gateways.runtime import Runtime
from balabaqsha.gateways.sms.client import SmsClient
from balabaqsha.gateways.social.client import SocialClient
from balabaqsha.gateways.status import client as status
from balabaqsha.gateways.syncchannel import Sender, SyncChannel
from balabaqsha.gateways.wssecurity import Security

_KATO_LENGTH = 9


def connect(settings: Any) -> None:
    """Make the clients from `settings.GATEWAYS` (docs/state-systems.md) and put them into the registry.

    Raises KeyError for a missing entry and ValueError for a wrong one: the process must not start.
    """
    registry.connect(**clients(settings.GATEWAYS, runtime=_runtime()))


def clients(gateways: Mapping[str, Any], *, runtime: Runtime, limits: Limits | None = None) -> dict[str, Any]:
    """The clients by the name of their port."""

    def channel(system: System) -> Channel:
        return Channel(system=system, runtime=runtime, limits=limits)

    def service(system: System, service_id: str) -> SyncChannel:
        sender = Sender(sender_id=gateways["sender_id"], password=gateways["sender_password"])
        security = Security(Path(gateways["soap_key_file"]), Path(gateways["soap_trusted_file"]))
        return SyncChannel(
            channel=channel(system), url=gateways["soap_url"], service_id=service_id, sender=sender, security=security
        )

    return {
        "population": PopulationClient(
            channel=service(System.POPULATION, gateways["population_service"]),
            territory_of=_districts(gateways["districts_file"]),
        ),
        "phones": PhonesClient(channel=service(System.PHONES, gateways["phones_service"])),
        "births": BirthsClient(channel=service(System.BIRTHS, gateways["births_service"])),
        "social": SocialClient(channel=service(System.SOCIAL, gateways["social_service"])),
        "sms": SmsClient(
            channel=channel(System.SMS),
            url=gateways["sms_url"],
            token=gateways["sms_token"],
            sender=gateways["sms_sender"],
        ),
        "email": EmailClient(server=_mail_server(gateways, limits or Limits()), runtime=runtime),
        **_of_signatures(gateways, runtime, limits),
        "addresses": addresses.AddressesClient(
            channel=Channel(system=System.ADDRESSES, runtime=runtime, limits=limits or addresses.LIMITS),
            url=gateways["addresses_url"],
            token=gateways["addresses_token"],
        ),
        "arkotek": ArkotekClient(
            channel=channel(System.ARKOTEK), url=gateways["arkotek_url"], token=gateways["arkotek_token"]
        ),
        "medical": MedicalClient(
            channel=channel(System.MEDICAL), url=gateways["medical_url"], token=gateways["medical_token"]
        ),
    }


def _of_signatures(gateways: Mapping[str, Any], runtime: Runtime, limits: Limits | None) -> dict[str, Any]:
    """The clients by which signatures are judged, each with limits of its own."""
    return {
        "revocation": revocation.RevocationClient(
            channel=Channel(system=System.REVOCATION, runtime=runtime, limits=limits or revocation.LIMITS),
            allowed=gateways["revocation_prefixes"],
        ),
        "status": status.StatusClient(
            channel=Channel(system=System.STATUS, runtime=runtime, limits=limits or status.LIMITS),
            url=gateways["ocsp_url"],
        ),
        "node": node.NodeClient(
            channel=Channel(system=System.NODE, runtime=runtime, limits=limits or node.LIMITS),
            url=gateways["ncanode_url"],
        ),
    }


def _mail_server(gateways: Mapping[str, Any], limits: Limits) -> Server:
    return Server(
        host=gateways["smtp_host"],
        port=gateways["smtp_port"],
        sender=gateways["mail_from"],
        user=gateways["smtp_user"],
        password=gateways["smtp_password"],
        tls=gateways["smtp_tls"],
        seconds=limits.answer_seconds,
    )


def _districts(file: str) -> Callable[[str], str | None]:
    """From the register's district code to KATO: by the file's `code,kato` rows.

    Without a file only codes that are KATO already are understood: the sandbox sends such codes, and a real
    register's own four-digit codes then lead to no territory rather than to a wrong one.
    """
    if not file:
        return lambda code: code if len(code) == _KATO_LENGTH and code.isdigit() else None
    with Path(file).open(encoding="utf-8", newline="") as rows:
        return {row["code"]: row["kato"] for row in csv.DictReader(rows)}.get


def _runtime() -> Runtime:
    return Runtime(
        monotonic=time.monotonic,
        sleep=time.sleep,
        chance=random.random,
        new_id=lambda: str(uuid.uuid4()),
        before_asking=refuse_inside_transaction,
        noted=Notes(),
    )


class Notes:
    """Keeps how each state system answers for the department's page: at once when that changes, else now and then."""

    _EACH_SECONDS = 10.0

    def __init__(self) -> None:
        self._last: dict[str, tuple[tuple[str, bool], float]] = {}

    def __call__(self, system: str, *, reason: str, rest_seconds: float) -> None:
        """See gateways.runtime.Noted. Whoever asked gets their answer whether it could be noted or not."""
        # Only now are the tables of Django known.
        from balabaqsha.accounts import clock  # noqa: PLC0415
        from balabaqsha.checks import actions as checks  # noqa: PLC0415

        standing = (reason, rest_seconds > 0)
        before, written = self._last.get(system, (None, 0.0))
        if before == standing and time.monotonic() - written < self._EACH_SECONDS:
            return
        self._last[system] = (standing, time.monotonic())
        with suppress(DatabaseError):
            checks.note_system(system=system, reason=reason, rest_seconds=rest_seconds, real_now=clock.real_now())


def refuse_inside_transaction() -> None:
    """Raise RuntimeError where a transaction is open: a slow state system must not hold locks.

    The transactions that Django's own test cases wrap around a test do not count, as with `durable=True`.
    """
    for connection in connections.all(initialized_only=True):
        if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
            raise RuntimeError("a state system is asked inside a transaction")
