"""The promises of the message sender's port, kept by the client (against the sandbox) and by the fake."""

import uuid

import pytest

from balabaqsha.gateways.sms.fake import InMemorySms
from balabaqsha.gateways.sms.port import NumberRefused, State
from balabaqsha.gateways.tests.sandbox_process import FATHER_PHONE, MOTHER_PHONE

TEXT = "4821 – Balabaqsha растау коды. Ешкімге айтпаңыз."


@pytest.fixture(params=["client", "fake"])
def sender(request):
    return request.getfixturevalue("clients")["sms"] if request.param == "client" else InMemorySms()


@pytest.fixture
def reference():
    return str(uuid.uuid4())


class TestSend:
    def test_is_accepted_under_an_id_of_the_sender(self, sender, reference, now):
        accepted = sender.send(MOTHER_PHONE, TEXT, reference=reference, now=now)

        assert accepted.id
        assert (accepted.reference, accepted.asked_at) == (reference, now)

    def test_sends_one_reference_once(self, sender, reference, now):
        first = sender.send(MOTHER_PHONE, TEXT, reference=reference, now=now)

        assert sender.send(MOTHER_PHONE, TEXT, reference=reference, now=now).id == first.id

    @pytest.mark.parametrize("phone", ["+7701", "+15551234567", "87010000101"])
    def test_refuses_a_number_that_is_none(self, sender, reference, now, phone):
        with pytest.raises(NumberRefused):
            sender.send(phone, TEXT, reference=reference, now=now)

    def test_reaches_the_telephone_once(self, clients, sandbox, reference, now):
        for _ in range(2):
            clients["sms"].send(FATHER_PHONE, TEXT, reference=reference, now=now)

        got = [message for message in sandbox.messages(FATHER_PHONE) if message["reference"] == reference]
        assert [(message["text"], message["sender"]) for message in got] == [(TEXT, "Balabaqsha")]


class TestDelivery:
    def test_tells_that_the_message_arrived(self, sender, reference, now):
        accepted = sender.send(MOTHER_PHONE, TEXT, reference=reference, now=now)

        delivery = sender.delivery(accepted.id, now=now)

        assert (delivery.id, delivery.state, delivery.reference) == (accepted.id, State.DELIVERED, reference)

    def test_tells_that_the_telephone_is_off(self, sender, clients, sandbox, reference, now):
        accepted = sender.send(FATHER_PHONE, TEXT, reference=reference, now=now)
        if sender is clients["sms"]:
            sandbox.switch(FATHER_PHONE, off=True)
        else:
            sender.failing.add(FATHER_PHONE)

        assert sender.delivery(accepted.id, now=now).state is State.FAILED
        sandbox.switch(FATHER_PHONE, off=False)

    @pytest.mark.parametrize("identity", ["none", "../messages", "я/?"])
    def test_is_none_for_an_unknown_id(self, sender, now, identity):
        assert sender.delivery(identity, now=now) is None
