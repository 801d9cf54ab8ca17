"""The contract at the family's pages: read, filled, papers, signed; and everything that stands against it."""

import base64

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from balabaqsha.admissions import queries as admissions
from balabaqsha.documents import queries as documents
from balabaqsha.journeys import contracts
from balabaqsha.law.lists import DocumentKind
from tests.families import home as homes
from tests.families.home import REQUIRED, picture, says
from tests.workplaces import world


def contract_of(home):
    return admissions.live_contract(admissions.open_admission(home.application.id).id)


class TestPage:
    def test_stands_in_the_order_of_the_source(self, home):
        number = home.is_sent()
        page = home.get("contract.page", number).content.decode()
        order = [
            "Шарт туралы",
            "өзара жауапкершілігін белгілейді",
            "ешқандай құжатқа",
            "Шартқа отыру үшін Сізге қажет",
            "№ 027/е",
            "Осы құжаттар тізімі толық және жеткілікті",
            "қол қою мерзімі",
            "Шарт құжаты",
        ]
        places = [page.find(text) for text in order]
        assert places == sorted(places)
        assert -1 not in places
        assert "data-sign" not in page

    def test_is_listed_and_absent_before_it_is_sent(self, home):
        number = home.chooses()
        assert says(home.get("parent.contracts"), "Әзірге шарт жоқ")
        assert home.get("contract.page", number).status_code == 404
        home.gets_contract()
        assert says(home.get("parent.contracts"), "Ата-ананың қолы күтілуде")


class TestFilling:
    def test_is_prefilled_and_makes_the_document(self, home):
        number = home.is_sent()
        assert says(home.get("contract.fill", number), "Сынақ к-сі, 1")
        home.fills_contract(address="Абай көшесі, 5")

        contract = contract_of(home)
        assert contract.terms["parent"] == {
            "person": home.mother.person_id,
            "address": "Абай көшесі, 5",
            "phone": "+77010000001",
        }
        made = documents.made_by_id(contract.document_id)
        assert made.in_force
        assert made.file.read().startswith(b"%PDF")
        assert says(home.get("contract.page", number), made.number)

    def test_again_supersedes_the_first(self, home):
        home.is_sent()
        home.fills_contract()
        first = contract_of(home).document_id
        home.fills_contract(address="Абай көшесі, 5")
        assert contract_of(home).document_id != first
        assert not documents.made_by_id(first).in_force

    def test_answers_bad_input_and_keeps_it(self, home):
        number = home.is_sent()
        refused = home.post("contract.fill", number, address="", phone="12")
        assert says(refused, "Телефон нөмірі толық емес")
        assert says(refused, 'value="12"')
        assert contract_of(home).document_id is None


class TestPapers:
    def test_are_attached_and_those_of_before_used_again(self, home):
        number = home.is_sent()
        homes.upload(home, DocumentKind.FORM_027)
        assert says(home.get("contract.paper", number, "FORM_027"), "Осы құжатты пайдалану")
        home.post("contract.paper", number, "FORM_027", earlier="1")
        assert list(contract_of(home).paper_ids) == ["FORM_027"]

        homes.upload(home, DocumentKind.FORM_065)
        home.post("contract.reuse", number)
        assert set(contract_of(home).paper_ids) == {"FORM_027", "FORM_065"}

    @pytest.mark.parametrize(
        ("content", "name", "said"),
        [
            (b"", "a.pdf", "Файл ашылмайды"),
            (b"MZ program", "a.pdf", "Файлдың түрі сәйкес емес"),
            (b"%PDF-1.7 broken", "a.pdf", "Файл ашылмайды"),
            (b"x" * (11 * 1024 * 1024), "a.pdf", "Файл тым үлкен"),
        ],
    )
    def test_that_are_no_papers_are_refused(self, home, content, name, said):
        number = home.is_sent()
        file = SimpleUploadedFile(name, content, "application/pdf")
        assert says(home.post("contract.paper", number, "FORM_027", paper=file), said)
        assert contract_of(home).paper_ids == {}

    def test_stale_and_missing_ones_are_refused(self, home):
        number = home.is_sent()
        stale = home.post("contract.paper", number, "FORM_027", paper=picture(), good_until="01.01.2026")
        assert says(stale, "Анықтаманың мерзімі өткен: 01.01.2026")
        assert says(home.post("contract.paper", number, "FORM_027"), "Бұл өрісті толтырыңыз")
        assert says(home.post("contract.paper", number, "FORM_027", paper=picture(), good_until="x"), "Күн дұрыс емес")
        assert home.get("contract.paper", number, "CONTRACT").status_code == 404
        assert home.get("contract.paper", number, "nonsense").status_code == 404

    def test_are_given_out_to_their_owner_only(self, home):
        number = home.is_sent()
        home.post("contract.paper", number, "FORM_027", paper=picture())
        upload = documents.uploads_of(owner_person_id=home.mother.person_id)[0]
        address = reverse("parent.file", args=[upload.token])
        assert home.client.get(address).status_code == 200
        parent, _ = home.town.family()
        stranger = world.client_of(homes.with_account(parent, phone=""))
        assert stranger.get(address).status_code == 404
        assert home.client.get(reverse("parent.file", args=["x" * 22])).status_code == 404


class TestSignature:
    def test_is_taken_over_the_exact_bytes(self, home):
        number = home.is_sent()
        home.fills_contract()
        home.attaches_all()
        page = home.get("contract.page", number)
        assert says(page, "data-sign")
        assert "wss://127.0.0.1:13579" in page["Content-Security-Policy"]

        answer = home.signs()
        assert says(home.client.get(answer.url), "Сіз шартқа қол қойдыңыз")
        assert home.state == "CONTRACT_WITH_KINDERGARTEN"
        contract = contract_of(home)
        listed = home.get("parent.contracts")
        assert says(listed, "Сіздің қолтаңбаңыз (CMS)")
        token = documents.made_by_id(contract.document_id).token
        kept = home.get("parent.signature", token, "parent")
        assert kept.content == bytes(contract.parent_signature.cms)
        assert home.get("parent.signature", token, "kindergarten").status_code == 404

    def test_waits_for_the_document_and_every_required_paper(self, home):
        number = home.is_sent()
        assert says(home.post("contract.sign", number, cms=home.cms(b"x")), "Шарт әлі толтырылмаған")
        home.fills_contract()
        for kind in REQUIRED[:-1]:
            home.post("contract.paper", number, kind, paper=picture())
        refused = home.post("contract.sign", number, cms=home.cms(b"x"))
        assert says(refused, "Міндетті құжат тіркелмеген")
        assert says(refused, "065")
        assert home.state == "CONTRACT_WITH_PARENT"

    def test_that_does_not_fit_is_refused_beside_the_panel(self, home):
        number = home.is_sent()
        home.fills_contract()
        home.attaches_all()
        content = home.document()
        neighbour = home.cms(content, iin="850505300456")
        for cms, said in (
            (home.cms(content + b" "), "Қол қойылған мәтін құжатқа сәйкес келмейді"),
            (neighbour, "Қолтаңба басқа адамның ЖСН-іне тиесілі"),
            ("", "Қолтаңба оқылмады"),
            ("%%%", "Қолтаңба оқылмады"),
            (base64.b64encode(b"nonsense").decode(), "Қолтаңба оқылмады"),
        ):
            refused = home.post("contract.sign", number, cms=cms)
            assert refused.status_code == 200
            assert says(refused, said), said
            assert says(refused, 'id="sign"')
        assert home.state == "CONTRACT_WITH_PARENT"

    def test_over_an_older_document_is_refused(self, home):
        number = home.is_sent()
        home.fills_contract()
        home.attaches_all()
        old = home.document()
        home.fills_contract(address="Абай көшесі, 5")
        assert says(home.post("contract.sign", number, cms=home.cms(old)), "Қол қойылған мәтін құжатқа сәйкес келмейді")

    def test_twice_says_how_things_stand(self, home):
        number = home.is_sent()
        home.fills_contract()
        home.attaches_all()
        cms = home.cms(home.document())
        home.post("contract.sign", number, cms=cms)
        again = home.post("contract.sign", number, cms=cms)
        assert says(again, "бұл әрекетті орындау мүмкін емес") or says(again, "Бұл нысан жіберілген")
        assert home.state == "CONTRACT_WITH_KINDERGARTEN"

    def test_after_the_term_finds_the_application_archived(self, home):
        number = home.is_sent()
        home.fills_contract()
        home.attaches_all()
        cms = home.cms(home.document())
        home.later(days=20)
        answer = home.post("contract.sign", number, cms=cms)
        assert answer.status_code in {302, 404}
        assert (home.state, home.application.reason) == ("ARCHIVED", "VOUCHER_LAPSED")

    def test_of_returned_papers_begins_anew_with_the_papers_kept(self, home):
        number = home.is_sent()
        home.fills_contract()
        home.attaches_all()
        home.signs()
        contracts.return_papers(
            application_id=home.application.id,
            reason="UNREADABLE",
            note="027",
            actor=home.town.head,
            now=home.now,
        )
        page = home.get("contract.page", number)
        assert says(page, "Құжат анық көрінбейді: 027")
        assert says(page, "Шарт әлі толтырылмаған")
        home.fills_contract()
        home.signs()
        assert home.state == "CONTRACT_WITH_KINDERGARTEN"

    def test_of_a_transfer_leaves_the_old_contract_in_force(self, home):
        number = home.is_enrolled()
        old = admissions.contracts_of([home.application.id])[0]
        _, groups = world.kindergarten_of("kunshuaq", "120340005678", "Күншуақ")
        home.post("choice.kindergarten", number, "kunshuaq", group=groups[0].id)
        home.town.groups = groups
        home.gets_contract()
        home.fills_contract()
        assert documents.made_by_id(old.document_id).in_force
        home.post("contract.reuse", number)
        home.signs()
        assert says(home.get("application.page", number), "Балабақша басшысының қолы күтілуде")
