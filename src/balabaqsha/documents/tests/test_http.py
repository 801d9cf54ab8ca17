import io
import tracemalloc

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory

from balabaqsha.documents import http, rules
from balabaqsha.documents.tests import cases

BOUNDARY = "made-up-boundary"


class Wire(io.RawIOBase):
    """A body that counts how much of it was read; its file is as long as it is said to be."""

    def __init__(self, *, field, size):
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="first"\r\n\r\ntyped first\r\n'
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="a.pdf"\r\n\r\n'
        ).encode()
        tail = (
            f'\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="last"\r\n\r\ntyped last\r\n--{BOUNDARY}--\r\n'
        ).encode()
        self._parts = [io.BytesIO(head), size, io.BytesIO(tail)]
        self.length = len(head) + size + len(tail)
        self.was_read = 0

    def read(self, size=-1):
        while self._parts:
            part = self._parts[0]
            if isinstance(part, int):
                piece = b"x" * min(size, part)
                self._parts[0] = part - len(piece)
            else:
                piece = part.read(size)
            if piece:
                self.was_read += len(piece)
                return piece
            self._parts.pop(0)
        return b""


def request_of(wire):
    return WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}",
            "CONTENT_LENGTH": str(wire.length),
            "wsgi.input": wire,
            "SERVER_NAME": "portal.example",
            "SERVER_PORT": "443",
        }
    )


@pytest.fixture(autouse=True)
def _bounded(settings):
    settings.FILE_UPLOAD_HANDLERS = ["balabaqsha.documents.http.BoundedUploadHandler"]


class TestReceived:
    def test_gives_a_file_with_its_fields(self):
        request = request_of(Wire(field="paper", size=1000))

        assert http.received(request, "paper") == http.Received(name="a.pdf", content=b"x" * 1000)
        assert request.POST["last"] == "typed last"

    def test_gives_none_where_no_file_was_chosen(self):
        assert http.received(RequestFactory().post("/", {"first": "typed"}), "paper") is None

    def test_refuses_200_megabytes_without_holding_them(self):
        request = request_of(Wire(field="paper", size=200 * rules.MEGABYTE))

        tracemalloc.start()
        with pytest.raises(rules.FileTooBig) as refusal:
            http.received(request, "paper")
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert refusal.value.facts == {"size": 201, "limit": 10}
        assert highest < 2 * rules.MEGABYTE
        assert (request.POST["first"], request.POST["last"]) == ("typed first", "typed last")
        assert not request.FILES

    def test_cuts_off_whoever_sends_more_than_a_mistake(self):
        wire = Wire(field="paper", size=2048 * rules.MEGABYTE)
        request = request_of(wire)

        with pytest.raises(rules.FileTooBig):
            http.received(request, "paper")

        assert wire.was_read < rules.MEGABYTE

    @pytest.mark.parametrize(("field", "megabytes", "limit"), [("paper", 11, 10), ("photo", 6, 5)])
    def test_lets_a_file_above_its_limit_go_by_and_keeps_what_was_typed(self, field, megabytes, limit):
        request = request_of(Wire(field=field, size=megabytes * rules.MEGABYTE))

        with pytest.raises(rules.FileTooBig) as refusal:
            http.received(request, field)

        assert refusal.value.facts["limit"] == limit
        assert (request.POST["first"], request.POST["last"]) == ("typed first", "typed last")
        assert not request.FILES

    def test_takes_exactly_the_limit(self):
        request = request_of(Wire(field="photo", size=rules.PHOTO_BYTES))

        assert len(http.received(request, "photo").content) == rules.PHOTO_BYTES


class TestResponse:
    def answer(self, **changes):
        given = {"opened": io.BytesIO(cases.png()), "media_type": rules.PNG, "name": "туу куәлігі.png"}
        return http.response(**{**given, **changes})

    def test_is_saved_and_never_run(self):
        answer = self.answer()

        assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%D1%82")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["Content-Type"] == "image/png"

    def test_may_be_shown_in_place(self):
        answer = self.answer(opened=io.BytesIO(cases.pdf()), media_type=rules.PDF, name="шарт.pdf", inline=True)

        assert answer["Content-Disposition"].startswith("inline")
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert b"".join(answer.streaming_content).startswith(b"%PDF-")
