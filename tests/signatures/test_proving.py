"""A signed document checked by anybody: on the public page and by the command, with and without the portal."""

import base64
from datetime import timedelta

import pytest
from asn1crypto import cms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from balabaqsha.accounts import clock
from balabaqsha.commands import document, starting
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.signatures import actions
from tests.signatures import making
from tests.signatures.making import MOTHER, NOW, message, town

pytestmark = pytest.mark.django_db
CONTENT = "%PDF-1.7 Шарт № 17".encode() * 50


@pytest.fixture(autouse=True)
def portal(pinned_town, monkeypatch):
    """Today is two years after everything was signed: the keys have expired, and the lists are old."""
    for content in (town().root_list(), town().revocation_list()):
        actions.store_revocation_list(content=content, actor=SYSTEM, now=NOW)
    monkeypatch.setattr(clock, "real_now", lambda: NOW + timedelta(days=800))


def taken(who: str = "mother") -> bytes:
    """A signature that the portal took two years ago."""
    sent = message(CONTENT, who).dump()
    making.keep_signature(
        content=CONTENT, cms=sent, now=NOW, document_kind="contract", document_id=17, actor=SYSTEM, person_id=5
    )
    return sent


def page(client, content: bytes, signature: bytes):
    files = {"signed": SimpleUploadedFile("a.pdf", content), "signature": SimpleUploadedFile("a.cms", signature)}
    return client.post(reverse("public.check-signature"), files).content.decode()


class TestThePage:
    def test_judges_what_the_portal_took_as_of_then(self, client):
        shown = page(client, CONTENT, taken())

        assert "Қолтаңба жарамды" in shown
        assert "Серікова Айгүл Болатқызы" in shown
        assert "дәлелдерін сақтаған" in shown
        assert MOTHER.iin not in shown

    @pytest.mark.parametrize("form", [base64.encodebytes, lambda der: b"-----BEGIN CMS-----\n" + base64.b64encode(der)])
    def test_takes_the_signature_as_text_too(self, client, form):
        assert "Қолтаңба жарамды" in page(client, CONTENT, form(taken()))

    def test_names_the_organisation(self, client):
        assert "БАЛАПАН" in page(client, CONTENT, taken("head"))

    def test_says_that_a_document_was_changed(self, client):
        shown = page(client, CONTENT + b".", taken())

        assert "Қолтаңба расталмады" in shown
        assert "құжатқа сәйкес келмейді" in shown
        assert "Серікова" not in shown

    def test_judges_the_message_that_is_brought_not_the_kept_one(self, client):
        brought = cms.ContentInfo.load(taken())
        brought["content"]["certificates"] = [town().keys["neighbour"].parsed]

        assert "Қолтаңба расталмады" in page(client, CONTENT, brought.dump(force=True))

    def test_judges_what_the_portal_did_not_take_as_of_now(self, client, monkeypatch):
        assert "мерзімі өткен" in page(client, CONTENT, message(CONTENT).dump())

        monkeypatch.setattr(clock, "real_now", lambda: NOW)
        shown = page(client, CONTENT, message(CONTENT).dump())
        assert "Қолтаңба жарамды" in shown
        assert "қабылдамаған" in shown

    @pytest.mark.parametrize("nonsense", [b"0", b"\x30\x80" * 500, b"\xff" * 10, b"hello"])
    def test_says_that_nonsense_is_no_signature(self, client, nonsense):
        assert "Қолтаңба оқылмады" in page(client, CONTENT, nonsense)

    def test_asks_for_both_files(self, client):
        shown = client.post(reverse("public.check-signature"), {}).content.decode()

        assert shown.count("Файлды таңдаңыз.") >= 2

    def test_takes_no_more_than_a_megabyte(self, client):
        assert "МБ" in page(client, b"a" * 1_100_000, b"0")

    def test_is_asked_so_often_only(self, client):
        shown = [page(client, b"a", b"0") for _ in range(61)]

        assert "Қолтаңба оқылмады" in shown[59]
        assert "минут" in shown[60]


class TestTheCommand:
    @pytest.fixture
    def files(self, tmp_path, monkeypatch):
        monkeypatch.setattr(starting, "set_up", lambda: None)
        for name, content in (("a.pdf", CONTENT), ("b.pdf", CONTENT + b"."), ("a.cms", taken())):
            (tmp_path / name).write_bytes(content)
        return tmp_path

    def run(self, files, capsys, name="a.pdf", **given) -> tuple[int, str]:
        arguments = {"document": files / name, "signature": files / "a.cms", "authorities": None, "moment": ""}
        status = document.run(**(arguments | given))
        return status, capsys.readouterr().out

    def test_judges_by_the_portals_evidence(self, files, capsys):
        status, said = self.run(files, capsys)

        assert status == 0
        assert "holds as of 2026-10-05 11:00:00 UTC (kept)" in said
        assert "taken by the portal for contract 17" in said
        assert f"СЕРІКОВА АЙГҮЛ БОЛАТҚЫЗЫ, IIN {MOTHER.iin}" in said

    def test_says_that_a_document_was_changed(self, files, capsys):
        status, said = self.run(files, capsys, "b.pdf")

        assert (status, "does NOT hold" in said) == (1, True)

    def test_judges_without_a_portal_as_of_a_moment(self, files, capsys, authority_folder, django_assert_num_queries):
        folder = authority_folder
        (folder / "root.crl").write_bytes(town().root_list())
        (folder / "issuing.crl").write_bytes(town().revocation_list())

        with django_assert_num_queries(0):
            held = self.run(files, capsys, authorities=folder, moment=NOW.isoformat())
            late = self.run(files, capsys, authorities=folder, moment="")

        assert (held[0], "(given)" in held[1]) == (0, True)
        assert (late[0], "signature-expired" in late[1]) == (1, True)

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"document": "none.pdf"}, "No such file"),
            ({"authorities": "nowhere"}, "there is no folder"),
            ({"authorities": ".", "moment": "yesterday"}, "is no moment"),
            ({"authorities": ".", "moment": "2026-10-05T11:00"}, "names no zone"),
        ],
    )
    def test_says_what_is_wrong_in_one_line(self, files, capsys, given, said):
        paths = {name: files / text if name != "moment" else text for name, text in given.items()}

        with pytest.raises(starting.Stop, match=said):
            self.run(files, capsys, **paths)
