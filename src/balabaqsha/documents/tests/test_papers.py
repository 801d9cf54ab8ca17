import io
import re
import tomllib
import unicodedata
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
import typst

from balabaqsha.documents import facts, papers, printing, sheets, wording
from balabaqsha.documents.tests import cases
from balabaqsha.documents.wording import Words
from balabaqsha.law import lists
from balabaqsha.law.lists import DocumentKind

HOSTILE = '#import "x": *  $1/0$ *bold* _it_ `raw` <label> @ref \\ {child} [x] //c "quote" #sys.inputs'


def text_of(content):
    reader = pypdf.PdfReader(io.BytesIO(content))
    return " ".join(page.extract_text() for page in reader.pages)


def squeezed(text):
    return re.sub(r"[\s\u200b]", "", text)


class TestContract:
    def test_holds_the_text_in_both_languages_with_the_facts(self):
        text = squeezed(text_of(papers.make(cases.frame(), cases.contract_facts())))

        for expected in (
            "Білім беру қызметтерін көрсету шарты",
            "Договор оказания образовательных услуг",
            "Үлгібай Айару Нұрланқызы",
            "№ 14 «Ертіс самалы» бөбекжай-бақшасы",
            "2026 жылғы 2 қараша",
            "2 ноября 2026 года",
            "21 600 ₸",
            "10,5 сағат",
            "қазақ тілі",
            "№ 1000248 ваучер, 2026 жылғы 23 қазан",
            "10-2026-1000014",
            cases.ADDRESS,
        ):
            assert squeezed(expected) in text

    def test_holds_every_clause_of_the_model_unaltered(self):
        text = squeezed(text_of(papers.make(cases.frame(), cases.contract_facts())))

        model = wording.texts("contract")
        literals = [
            literal
            for section in model["sections"]
            for clause in section["clauses"]
            for language in ("kk", "ru")
            for literal in re.split(r"{\w+}", clause[language])
        ]
        assert len(literals) > 80
        for literal in literals:
            assert squeezed(literal) in text

    def test_is_the_same_to_the_byte_for_the_same_facts(self):
        first = papers.make(cases.frame(), cases.contract_facts())
        papers.make(cases.frame(number="10-2026-1000025"), cases.contract_facts(fee=1))

        assert papers.make(cases.frame(), cases.contract_facts()) == first

    def test_differs_when_a_fact_differs(self):
        first = papers.make(cases.frame(), cases.contract_facts())

        assert papers.make(cases.frame(), cases.contract_facts(fee=21601)) != first

    def test_prints_what_people_wrote_letter_for_letter(self):
        hostile = cases.contract_facts(
            representative=facts.RepresentativeFacts(
                full_name=HOSTILE, iin="900101450123", address=HOSTILE, phone=HOSTILE
            ),
            group_name=HOSTILE,
            kindergarten=facts.KindergartenFacts(
                name=Words(HOSTILE, HOSTILE),
                bin="160340001234",
                address=Words(HOSTILE, HOSTILE),
                phone="",
                head_name=HOSTILE,
            ),
        )

        text = squeezed(text_of(papers.make(cases.frame(), hostile)))

        assert text.count(squeezed(HOSTILE)) >= 8

    @pytest.mark.parametrize("name", ["Ұзын " * 60, "Ұ" * 240, "Аты\nжөні\u202e\x00\t", "李 🙂 اسم"])
    def test_bears_very_long_and_strange_names(self, name):
        child = facts.ChildFacts(full_name=name, iin="230611650123", born_on=cases.CHILD.born_on)

        content = papers.make(cases.frame(), cases.contract_facts(child=child))

        reader = pypdf.PdfReader(io.BytesIO(content))
        assert len(reader.pages) <= 5
        assert "\u202e" not in text_of(content)

    def test_lets_a_word_without_spaces_break_inside_its_column(self):
        assert printing.clean("Ұ" * 25) == "Ұ" * 25
        assert max(len(piece) for piece in printing.clean("Ұ" * 240).split("\u200b")) <= 10

    def test_marks_a_letter_that_no_face_has(self):
        assert printing.clean("李 Ли 🙂") == "\ufffd Ли \ufffd"

    def test_is_small_enough_for_a_signature_in_pure_python(self):
        assert len(papers.make(cases.frame(), cases.contract_facts())) < 100_000

    def test_is_an_accessible_archive_document_of_the_given_moment(self):
        reader = pypdf.PdfReader(io.BytesIO(papers.make(cases.frame(), cases.contract_facts())))

        metadata = reader.trailer["/Root"]["/Metadata"].get_data().decode()
        assert "pdfaid:part" in metadata
        assert "pdfuaid:part" in metadata
        assert reader.metadata.creation_date == cases.NOW.replace(tzinfo=reader.metadata.creation_date.tzinfo)
        assert reader.trailer["/Root"]["/Lang"] == "kk"

    @pytest.mark.parametrize("ground", list(facts.Ground))
    def test_rests_on_each_ground(self, ground):
        assert papers.make(cases.frame(), cases.contract_facts(ground=ground)).startswith(b"%PDF-")

    @pytest.mark.parametrize("demonstration", [True, False])
    def test_says_on_every_page_that_a_demonstration_is_made_up(self, demonstration):
        content = papers.make(cases.frame(demonstration=demonstration), cases.contract_facts())

        for page in pypdf.PdfReader(io.BytesIO(content)).pages:
            assert (squeezed("ойдан шығарылған деректер") in squeezed(page.extract_text())) is demonstration


class TestVoucherNotice:
    frame = cases.frame(DocumentKind.VOUCHER_NOTICE, number="20-2026-1000025")

    def test_holds_both_languages_and_the_terms(self):
        text = squeezed(text_of(papers.make(self.frame, cases.voucher_facts())))

        for expected in (
            "Ваучердің берілгені туралы хабарлама",
            "Уведомление о выдаче ваучера",
            "2026 жылғы 30 қазан, 10:20",
            "30 октября 2026 года, 10:20",
        ):
            assert squeezed(expected) in text

    def test_leaves_out_a_term_that_does_not_run(self):
        text = squeezed(text_of(papers.make(self.frame, cases.voucher_facts(confirm_by=None))))

        assert squeezed("Растаудың соңғы мерзімі") not in text

    def test_fits_on_one_page(self):
        content = papers.make(self.frame, cases.voucher_facts(choose_by=cases.NOW))

        assert len(pypdf.PdfReader(io.BytesIO(content)).pages) == 1


@pytest.mark.parametrize("kind", list(sheets.KINDS))
class TestASheet:
    def test_holds_its_words_and_facts_in_both_languages(self, kind):
        text = squeezed(text_of(make(kind)))

        model = wording.texts(kind.value.lower())
        for language in ("kk", "ru"):
            words = [model["title"], *model["body"], *model.get("steps", [])]
            for literal in (piece for one in words for piece in re.split(r"{\w+}", one[language])):
                assert squeezed(literal) in text
        for fact in (cases.CHILD.full_name, cases.CHILD.iin, "10000173", NUMBER, cases.ADDRESS, "11 маусым", "11 июня"):
            assert squeezed(fact) in text

    def test_fits_on_one_page_and_is_light(self, kind):
        content = make(kind)

        assert len(pypdf.PdfReader(io.BytesIO(content)).pages) == 1
        assert len(content) < 100_000

    @pytest.mark.parametrize("name", ["Ұзын " * 16, "Ұ" * 80, "Аты\nжөні\u202e\x00\t", "李 🙂 اسم", HOSTILE])
    def test_bears_long_and_strange_names(self, kind, name):
        child = replace(cases.CHILD, full_name=name)

        content = make(kind, child=child)

        assert len(content) < 100_000
        assert len(pypdf.PdfReader(io.BytesIO(content)).pages) <= 2
        assert squeezed(printing.clean(name)) in squeezed(text_of(content))

    def test_is_an_accessible_archive_document(self, kind):
        reader = pypdf.PdfReader(io.BytesIO(make(kind)))

        metadata = reader.trailer["/Root"]["/Metadata"].get_data().decode()
        assert "pdfaid:part" in metadata
        assert "pdfuaid:part" in metadata
        assert reader.trailer["/Root"]["/Lang"] == "kk"

    def test_is_the_same_to_the_byte_for_the_same_facts(self, kind):
        assert make(kind) == make(kind)


NUMBER = "40-2026-1000025"


def make(kind, **changes):
    return papers.make(cases.frame(kind, number=NUMBER), cases.sheet_facts(kind, **changes))


class TestReceiptNotice:
    def test_says_that_no_paper_was_needed(self):
        text = squeezed(text_of(make(DocumentKind.RECEIPT_NOTICE, papers=(), check_by=None)))

        assert squeezed("Прикладывать документы не потребовалось") in text
        assert squeezed("Принятые документы") not in text


class TestRegisterExtract:
    def test_of_one_who_no_longer_waits_names_no_place(self):
        standing = replace(cases.STANDING, place=None, waiting=None)

        text = squeezed(text_of(make(DocumentKind.REGISTER_EXTRACT, standing=standing)))

        assert squeezed("Место в очереди") not in text


class TestReferral:
    def test_lists_the_closed_list_of_its_regime_in_order_and_that_nothing_else_may_be_asked(self):
        text = squeezed(text_of(make(DocumentKind.REFERRAL)))

        named = wording.texts("referral")["papers"]
        kinds = [paper.kind.value for paper in lists.admission_papers("LINEAR")]
        assert list(named) == kinds
        places = [text.index(squeezed(named[kind]["kk"])) for kind in kinds]
        assert places == sorted(places)
        assert squeezed("МДҰ басқа құжат талап ете алмайды") in text

    def test_says_until_when_it_counts_and_may_be_given_back(self):
        text = squeezed(text_of(make(DocumentKind.REFERRAL)))

        for moment in ("4 ноября 2026 года, 10:20", "2026 жылғы 29 қазан, 10:20"):
            assert squeezed(moment) in text


class TestMake:
    def test_refuses_facts_of_another_kind(self):
        with pytest.raises(ValueError, match="no paper of kind"):
            papers.make(cases.frame(DocumentKind.VOUCHER_NOTICE), cases.contract_facts())

    def test_gives_no_paper_out_when_the_typesetter_warns(self, monkeypatch):
        monkeypatch.setattr(
            papers,
            "_fonts",
            lambda: typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[]),
        )

        with pytest.raises(papers.PaperHasWarnings, match="font"):
            papers.make(cases.frame(), cases.contract_facts(fee=777))


class TestTexts:
    @pytest.mark.parametrize("name", ["contract", "words", *(kind.value.lower() for kind in sheets.KINDS)])
    def test_say_everything_in_both_languages(self, name):
        folder = Path(papers.__file__).parent / "texts"
        waiting = [tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))]

        while waiting:
            item = waiting.pop()
            if isinstance(item, dict):
                if {"kk", "ru"} & item.keys() and all(not isinstance(value, dict) for value in item.values()):
                    assert item["kk"]
                    assert item["ru"]
                waiting.extend(item.values())
            elif isinstance(item, list):
                waiting.extend(item)

    def test_have_every_letter_in_both_faces(self):
        """A letter that a face lacks would be an empty box; the extracted text would not show it."""
        folder = Path(papers.__file__).parent
        every = [chr(point) for point in range(0x20, 0x10000) if unicodedata.category(chr(point)) not in {"Cs", "Cn"}]
        written = "".join(path.read_text(encoding="utf-8") for path in (folder / "texts").glob("*.toml"))
        needed = {ord(letter) for letter in every if printing.clean(letter) == letter}
        assert not {letter for letter in written if letter > "~" and ord(letter) not in needed}
        assert not {letter for letter in "ӘәҒғҚқҢңӨөҰұҮүҺһІіЁё₸№" if ord(letter) not in needed}

        for face in (folder / "fonts").glob("*.ttf"):
            assert needed <= _letters(face.read_bytes()), face.name


def _letters(font):
    """The code points of a TrueType font, read from format 4 of its `cmap` table."""
    tables = {
        font[at : at + 4]: int.from_bytes(font[at + 8 : at + 12], "big")
        for at in range(12, 12 + 16 * int.from_bytes(font[4:6], "big"), 16)
    }
    cmap = tables[b"cmap"]
    found = set()
    for record in range(int.from_bytes(font[cmap + 2 : cmap + 4], "big")):
        entry = cmap + 4 + record * 8
        table = cmap + int.from_bytes(font[entry + 4 : entry + 8], "big")
        if int.from_bytes(font[table : table + 2], "big") != 4:
            continue
        double = int.from_bytes(font[table + 6 : table + 8], "big")
        for segment in range(0, double, 2):
            end = int.from_bytes(font[table + 14 + segment : table + 16 + segment], "big")
            start = int.from_bytes(font[table + 16 + double + segment : table + 18 + double + segment], "big")
            found.update(range(start, end + 1))
    return found
