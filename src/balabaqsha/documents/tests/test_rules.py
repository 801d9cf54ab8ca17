import pytest

from balabaqsha.documents import rules
from balabaqsha.kernel import number
from balabaqsha.law.lists import DocumentKind


class TestSafeName:
    @pytest.mark.parametrize(
        ("given", "shown"),
        [
            ("туу туралы куәлік.PDF", "туу туралы куәлік.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("C:\\Users\\жанар\\анықтама.docx", "анықтама.pdf"),
            ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie_ x=1.pdf"),
            ("\u202efdp.exe", "fdp.pdf"),
            ("", "file.pdf"),
            ("...", "file.pdf"),
            ('"><script>.pdf', "___script_.pdf"),
        ],
    )
    def test_is_one_harmless_line(self, given, shown):
        assert rules.safe_name(given, media_type=rules.PDF) == shown

    def test_is_never_longer_than_its_column(self):
        assert len(rules.safe_name("Ұ" * 500 + ".jpg", media_type=rules.JPEG)) <= rules.NAME_LENGTH


class TestCheckSize:
    def test_lets_the_limit_itself_pass(self):
        rules.check_size(size=rules.PHOTO_BYTES, limit=rules.PHOTO_BYTES)

    def test_refuses_one_byte_more_and_never_says_ten_of_ten(self):
        with pytest.raises(rules.FileTooBig) as refusal:
            rules.check_size(size=rules.PAPER_BYTES + 1, limit=rules.PAPER_BYTES)
        assert refusal.value.facts == {"size": 11, "limit": 10}

    def test_refuses_an_empty_file(self):
        with pytest.raises(rules.FileUnreadable):
            rules.check_size(size=0, limit=rules.PAPER_BYTES)


class TestPaperNumber:
    def test_says_kind_and_year_and_ends_in_a_check_digit(self):
        text = rules.paper_number(kind=DocumentKind.CONTRACT, year=2026, sequence=100000)

        prefix, year, last = text.split("-")
        assert (prefix, year) == ("10", "2026")
        assert number.is_valid(last)

    def test_knows_every_kind_that_the_portal_makes(self):
        made = [kind for kind in DocumentKind if rules.is_made_by_portal(kind)]

        numbers = {rules.paper_number(kind=kind, year=2026, sequence=100000) for kind in made}

        assert len(numbers) == len(made)


class TestPublicFacts:
    def test_are_made_as_the_glossary_masks(self):
        facts = {
            "initials": rules.initials(surname="Сейіт", given_name="Айлин", patronymic="Ерланқызы"),
            "masked_iin": rules.masked_iin("210220550811"),
        }

        assert facts == {"initials": "С. А. Е.", "masked_iin": "2102******11"}
        rules.check_public_facts(facts)

    @pytest.mark.parametrize(
        "facts",
        [
            {"initials": "С. А. Е."},
            {"initials": "С. А. Е.", "masked_iin": "210220550811"},
            {"initials": "Сейіт Айлин", "masked_iin": "2102******11"},
            {"initials": "С. А. Е.", "masked_iin": "2102******11", "address": "Абай көшесі, 7"},
        ],
    )
    def test_hold_nothing_else(self, facts):
        with pytest.raises(ValueError, match="public facts"):
            rules.check_public_facts(facts)
