"""The promises of Arkotek's port, kept by the client (against the sandbox and a recorded answer) and by the fake."""

import json
from datetime import date

import httpx
import pytest

from balabaqsha.gateways.arkotek.client import ArkotekClient
from balabaqsha.gateways.arkotek.fake import InMemoryArkotek
from balabaqsha.gateways.arkotek.port import ConclusionRecord
from balabaqsha.gateways.channel import Channel
from balabaqsha.gateways.port import NotAnswering, System
from balabaqsha.gateways.runtime import Runtime
from balabaqsha.gateways.tests.sandbox_process import DAUGHTER, SON, UNKNOWN
from balabaqsha.kernel.iin import Iin
from balabaqsha.law.lists import CorrectionType

WORDS = {
    "issued_by_kk": "№ 2 ПМПК, Павлодар қаласы",
    "issued_by_ru": "ПМПК № 2, город Павлодар",
    "advice_kk": "Түзету тобы ұсынылады",
    "advice_ru": "Рекомендована коррекционная группа",
}
RECORDS = [
    ConclusionRecord(
        "PMPK-2026-000101", SON, CorrectionType.SPEECH_SEVERE, date(2026, 2, 10), date(2027, 2, 9), **WORDS
    ),
    ConclusionRecord(
        "PMPK-2024-000055", SON, CorrectionType.SPEECH_PHONETIC, date(2024, 3, 1), date(2025, 2, 28), **WORDS
    ),
]
# As the sandbox answered on 2026-11-28, the number of the message aside.
RECORDED = {
    "messageId": "",
    "conclusions": [
        {
            "number": one.number,
            "iin": SON,
            "correction": one.correction.value,
            "issuedOn": one.issued_on.isoformat(),
            "validUntil": one.last_day.isoformat(),
            "issuedBy": {"kk": one.issued_by_kk, "ru": one.issued_by_ru},
            "advice": {"kk": one.advice_kk, "ru": one.advice_ru},
        }
        for one in reversed(RECORDS)
    ],
}


def answering(change=lambda body: None):
    """A client to which everybody gives the recorded answer, changed so."""

    def answer(request):
        question = json.loads(request.content)
        body = json.loads(json.dumps(RECORDED)) | {"messageId": question["messageId"]}
        if question["iin"] != SON:
            body["conclusions"] = []
        change(body)
        return httpx.Response(200, stream=httpx.ByteStream(json.dumps(body).encode()))

    runtime = Runtime(
        monotonic=lambda: 0.0,
        sleep=lambda _: None,
        chance=lambda: 0.5,
        new_id=lambda: "m-1",
        before_asking=lambda: None,
    )
    channel = Channel(system=System.ARKOTEK, runtime=runtime, transport=httpx.MockTransport(answer))
    return ArkotekClient(channel=channel, url="http://arkotek.example", token="t")


@pytest.fixture(params=["client", "recorded", "fake"])
def arkotek(request):
    if request.param == "client":
        return request.getfixturevalue("clients")["arkotek"]
    return answering() if request.param == "recorded" else InMemoryArkotek(reversed(RECORDS))


class TestConclusions:
    def test_are_those_of_the_child_the_newest_first(self, arkotek, now):
        found = arkotek.conclusions(Iin.parse(SON), now=now)

        assert list(found.records) == RECORDS
        assert found.reference
        assert found.asked_at == now

    @pytest.mark.parametrize("iin", [DAUGHTER, UNKNOWN])
    def test_are_none_for_a_child_without_any(self, arkotek, now, iin):
        assert arkotek.conclusions(Iin.parse(iin), now=now).records == ()


class TestTheClient:
    @pytest.mark.parametrize(
        "change",
        [
            lambda body: body.update(messageId="another"),
            lambda body: body["conclusions"][0].update(iin=DAUGHTER),
            lambda body: body["conclusions"][0].update(correction="SOMETHING"),
            lambda body: body["conclusions"][0].update(issuedOn="10.02.2026"),
            lambda body: body["conclusions"][0].update(validUntil="1999-01-01"),
            lambda body: body["conclusions"][0].update(number="9" * 41),
            lambda body: body["conclusions"][0].update(issuedBy="ПМПК"),
            lambda body: body.update(conclusions=[RECORDED["conclusions"][0]] * 51),
        ],
    )
    def test_takes_what_is_out_of_order_for_no_answer(self, now, change):
        with pytest.raises(NotAnswering) as refused:
            answering(change).conclusions(Iin.parse(SON), now=now)

        assert refused.value.facts == {"system": "arkotek", "reason": "nonsense"}

    def test_takes_a_conclusion_without_an_end(self, now):
        endless = answering(lambda body: body["conclusions"][0].update(validUntil=None))

        assert endless.conclusions(Iin.parse(SON), now=now).records[1].last_day is None


class TestTheSandbox:
    def test_refuses_whoever_has_no_token_or_no_consent(self, sandbox):
        ask = {"messageId": "1", "iin": SON, "consentConfirmed": False}
        address = f"{sandbox.address}/arkotek/conclusions"

        assert httpx.post(address, json=ask, trust_env=False).status_code == 401
        signed = {"Authorization": "Bearer t"}
        assert httpx.post(address, json=ask, headers=signed, trust_env=False).status_code == 400
