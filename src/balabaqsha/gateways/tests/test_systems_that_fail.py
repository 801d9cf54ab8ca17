"""Every errand with a state system, in every way the system can fail: always NotAnswering, never a trace."""

import time

import pytest

from balabaqsha.gateways.port import NotAnswering, System
from balabaqsha.gateways.tests.sandbox_process import MOTHER, MOTHER_PHONE, SON, signed_by_sandbox, status_request
from balabaqsha.kernel.iin import Iin
from balabaqsha.law.lists import BenefitStatus, DocumentKind

ERRANDS = {
    "person": (System.POPULATION, lambda c, now, _: c["population"].person(Iin.parse(MOTHER), consent=True, now=now)),
    "owner": (System.PHONES, lambda c, now, _: c["phones"].owner(Iin.parse(MOTHER), MOTHER_PHONE, now=now)),
    "children": (System.BIRTHS, lambda c, now, _: c["births"].children(Iin.parse(MOTHER), now=now)),
    "kinship": (System.BIRTHS, lambda c, now, _: c["births"].kinship(Iin.parse(MOTHER), Iin.parse(SON), now=now)),
    "statuses": (
        System.SOCIAL,
        lambda c, now, _: c["social"].status(
            BenefitStatus.LARGE_FAMILY,
            child=Iin.parse(SON),
            representative=Iin.parse(MOTHER),
            consent=True,
            now=now,
        ),
    ),
    "sms": (System.SMS, lambda c, now, _: c["sms"].send(MOTHER_PHONE, "1", reference="failing", now=now)),
    "delivery": (System.SMS, lambda c, now, _: c["sms"].delivery("x", now=now)),
    "email": (System.EMAIL, lambda c, now, _: c["email"].send("a@example.kz", "s", "t", reference="f", now=now)),
    "addresses": (
        System.ADDRESSES,
        lambda c, now, _: c["addresses"].search("Естай 1", within="551000000", most=8, now=now),
    ),
    "status": (System.STATUS, lambda c, _, s: c["status"].ask(status_request(s))),
    "node": (System.NODE, lambda c, _, s: c["node"].verify(signed_by_sandbox(s), b"content")),
    "conclusions": (System.ARKOTEK, lambda c, now, _: c["arkotek"].conclusions(Iin.parse(SON), now=now)),
    "form": (
        System.MEDICAL,
        lambda c, now, _: c["medical"].form(DocumentKind.FORM_027, Iin.parse(SON), now=now),
    ),
    "fetch": (System.REVOCATION, lambda c, _, s: c["revocation"].fetch(f"{s.address}/authority/issuing.crl")),
}
KINDS = ("text", "cut", "bomb", "huge", "other", "fields")
FAILURES = [("down", {}), ("silent", {}), ("slow", {"seconds": 1.5}), *(("wrong", {"kind": kind}) for kind in KINDS)]

# A list cut in the midst still begins as a list, and a status as a status: their signatures are judged by `signatures`.
TABLE = [
    pytest.param(name, mode, more, id=f"{name}-{mode}-{more.get('kind', '')}".rstrip("-"))
    for name in ERRANDS
    for mode, more in FAILURES
    if (name, more.get("kind")) not in {("fetch", "cut"), ("status", "cut")}
    and (name != "email" or more.get("kind") in {None, "text"})
]


class TestEveryErrand:
    def test_is_in_the_table_for_every_system(self):
        assert {system for system, _ in ERRANDS.values()} == set(System)

    @pytest.mark.parametrize(("name", "mode", "more"), TABLE)
    def test_ends_in_a_plain_refusal_and_in_time(self, hasty_clients, sandbox, now, name, mode, more):
        system, errand = ERRANDS[name]
        began = time.monotonic()

        with sandbox.behaving(system.value, mode, **more), pytest.raises(NotAnswering) as refused:
            errand(hasty_clients, now, sandbox)

        assert refused.value.detail == "state-system-silent"
        assert refused.value.facts["system"] == system.value
        assert time.monotonic() - began < 6

    @pytest.mark.parametrize("name", ERRANDS)
    def test_succeeds_with_a_system_that_is_only_slow(self, clients, sandbox, now, name):
        system, errand = ERRANDS[name]

        with sandbox.behaving(system.value, "slow", seconds=0.2):
            errand(clients, now, sandbox)

    def test_leaves_a_dead_system_alone_after_five_failures(self, clients, sandbox, now):
        _, errand = ERRANDS["person"]
        with sandbox.behaving("population", "down"):
            for _ in range(3):
                with pytest.raises(NotAnswering):
                    errand(clients, now, sandbox)
            asked = sandbox.asked("population")

            with pytest.raises(NotAnswering) as refused:
                errand(clients, now, sandbox)

        assert refused.value.facts["reason"] == "resting"
        assert sandbox.asked("population") == asked
