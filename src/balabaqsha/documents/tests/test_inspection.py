import io

import pytest
from PIL import Image

from balabaqsha.documents import inspection, rules
from balabaqsha.documents.tests import cases


class TestPaper:
    def test_keeps_a_pdf_byte_for_byte(self):
        content = cases.pdf()

        examined = inspection.paper(content)

        assert (examined.content, examined.media_type) == (content, rules.PDF)

    def test_takes_a_pdf_that_only_its_owner_may_change(self):
        assert inspection.paper(cases.pdf(owner_password="owner")).media_type == rules.PDF

    def test_takes_a_pdf_with_a_harmless_action(self):
        assert inspection.paper(cases.pdf(action="GoTo")).media_type == rules.PDF

    @pytest.mark.parametrize("action", ["JavaScript", "Launch", "SubmitForm", "ImportData"])
    def test_refuses_a_pdf_that_acts(self, action):
        with pytest.raises(rules.FileWrongType):
            inspection.paper(cases.pdf(action=action))

    @pytest.mark.parametrize(
        "content",
        [
            cases.pdf(password="closed"),
            cases.pdf()[:-300],
            b"%PDF-1.7\nnothing of a document\n%%EOF",
            cases.jpeg()[:200],
            cases.png()[:60],
        ],
        ids=["closed by a password", "cut off", "hollow", "cut jpeg", "cut png"],
    )
    def test_refuses_what_does_not_open(self, content):
        with pytest.raises(rules.FileUnreadable):
            inspection.paper(content)

    @pytest.mark.parametrize(
        "content",
        [
            b"MZ\x90\x00" + b"\0" * 500,
            b"PK\x03\x04" + b"\0" * 500,
            b"<html><script>alert(1)</script></html>",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"GIF89a" + b"\0" * 100,
            b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 100,
        ],
        ids=["exe", "zip", "html", "svg", "gif", "heic"],
    )
    def test_refuses_other_types_whatever_their_name(self, content):
        with pytest.raises(rules.FileWrongType):
            inspection.paper(content)

    def test_refuses_an_empty_file(self):
        with pytest.raises(rules.FileUnreadable):
            inspection.paper(b"")

    def test_draws_a_picture_anew_and_upright(self):
        examined = inspection.paper(cases.jpeg(size=(60, 40), exif=True))

        assert b"SECRET-CAMERA" not in examined.content
        with Image.open(io.BytesIO(examined.content)) as picture:
            assert picture.size == (40, 60)
            assert not picture.getexif()

    def test_leaves_no_hidden_text_and_no_tail_in_a_png(self):
        examined = inspection.paper(cases.png(text="<script>") + b"PK\x03\x04 a tail")

        assert b"<script>" not in examined.content
        assert b"a tail" not in examined.content

    def test_refuses_a_picture_that_would_fill_the_memory(self, monkeypatch):
        monkeypatch.setattr(inspection, "_MOST_POINTS", 100)

        with pytest.raises(rules.FileUnreadable):
            inspection.paper(cases.png())


class TestPhoto:
    def test_takes_no_pdf(self):
        with pytest.raises(rules.FileWrongType):
            inspection.photo(cases.pdf())

    def test_has_a_smaller_limit_than_a_paper(self):
        with pytest.raises(rules.FileTooBig) as refusal:
            inspection.photo(b"\xff\xd8\xff" + b"\0" * rules.PHOTO_BYTES)
        assert refusal.value.facts == {"size": 6, "limit": 5}
