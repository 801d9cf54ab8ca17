"""The promises of the mail port, kept by the client (against the sandbox) and by the fake."""

import socket
import threading
import uuid

import pytest

from balabaqsha.gateways.email.client import EmailClient, Server
from balabaqsha.gateways.email.fake import InMemoryEmail
from balabaqsha.gateways.email.port import AddressRefused
from balabaqsha.gateways.port import NotAnswering

SUBJECT = "Ваучер ұсынылды"
TEXT = "Қызығушылықты растаңыз.\n\nhttps://balabaqsha.example/"


@pytest.fixture(params=["client", "fake"])
def sender(request):
    return request.getfixturevalue("clients")["email"] if request.param == "client" else InMemoryEmail()


class TestSend:
    def test_names_the_letter_after_the_reference(self, sender, now):
        accepted = sender.send("parent@example.kz", SUBJECT, TEXT, reference="letter-7", now=now)

        assert "letter-7@" in accepted.id
        assert (accepted.reference, accepted.asked_at) == ("letter-7", now)

    @pytest.mark.parametrize("address", ["", "parent", "a@b@c", "x@example.kz\r\nBcc: y@example.kz", "a b@example.kz"])
    def test_refuses_an_address_that_is_none(self, sender, now, address):
        with pytest.raises(AddressRefused):
            sender.send(address, SUBJECT, TEXT, reference="letter-8", now=now)

    def test_cannot_be_given_further_headers_by_the_subject(self, sender, now):
        sender.send("parent@example.kz", "Тақырып\r\nBcc: other@example.kz", TEXT, reference="letter-9", now=now)

    def test_arrives_as_written(self, clients, sandbox, now):
        reference = str(uuid.uuid4())

        clients["email"].send("parent@example.kz", SUBJECT, TEXT, reference=reference, now=now)

        letters = sandbox.get("/api/messages?email=parent@example.kz").json()
        letter = next(letter for letter in letters if reference in letter["reference"])
        assert (letter["subject"], letter["text"].strip()) == (SUBJECT, TEXT)


def _server_that_says(*lines):
    """A mail server on a free port that answers each line of its one client with the next of these."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _ = listener.accept()
        with connection, connection.makefile("rwb", buffering=0) as stream:
            for line in lines:
                stream.write(line + b"\r\n")
                stream.readline()

    threading.Thread(target=serve, daemon=True).start()
    return listener


class TestSendToAServerThatRefusesTheAddress:
    @pytest.mark.parametrize(
        ("answer", "refusal"), [(b"550 no such box", AddressRefused), (b"451 greylisted", NotAnswering)]
    )
    def test_tells_for_good_from_later(self, clients, now, answer, refusal):
        with _server_that_says(b"220 hello", b"250 hello", b"250 sender ok", answer, b"250 reset") as listener:
            server = Server(host="127.0.0.1", port=listener.getsockname()[1], sender="portal@example.kz")
            client = EmailClient(server=server, runtime=clients["email"]._runtime)

            with pytest.raises(refusal):
                client.send("parent@example.kz", SUBJECT, TEXT, reference="letter-10", now=now)
