"""Applying: one question a page, kept at every step, sent once."""

import pytest
from django.urls import reverse

from balabaqsha.applications.models import Application, Draft
from balabaqsha.documents.models import Upload
from balabaqsha.law.lists import DocumentKind
from balabaqsha.people.models import Kinship, Phone
from tests.families import home as homes
from tests.families.home import picture, says
from tests.workplaces import world


class TestBefore:
    def test_names_what_lacks_with_a_link_and_does_not_begin(self, home):
        Phone.objects.all().delete()

        page = home.get("applications.add")
        assert says(page, "Телефон нөміріңіз расталмаған")
        assert says(page, reverse("profile.phone"))

        refused = home.post("applications.add")
        assert says(refused, "деректер жеткіліксіз")
        assert Draft.objects.count() == 0

    def test_says_why_the_telephone_matters(self, home):
        assert says(home.get("applications.add"), "екі жұмыс күні ғана беріледі")


class TestWizard:
    def test_makes_an_application_with_everything_answered(self, home):
        home.applies(
            languages={"languages": ["kk", "ru"]},
            wishes={"wish1": home.town.kindergarten.id},
            start={"start": "01.12.2026"},
        )

        made = home.application
        assert made.state == "WAITING"
        assert made.languages == ["kk", "ru"]
        assert made.territory_id == world.CITY
        assert str(made.wished_from) == "2026-12-01"
        assert [wish.kindergarten_id for wish in made.wishes.all()] == [home.town.kindergarten.id]
        page = home.get("application.sent", made.number)
        assert says(page, "Өтініш нөмірін сақтаңыз")
        assert says(page, made.number)
        assert says(page, "Кезектегі орныңыз")

    def test_is_resumed_where_it_was_left_with_every_answer_kept(self, home):
        token = home.begins()
        home.answers(token, "child", child=home.child.id)
        home.answers(token, "kind", kind="GENERAL")

        # Another device: another session.
        home.later(minutes=1)
        assert says(home.get("parent.applications"), "Жалғастыру")
        assert says(home.get("apply.step", token, "child"), f'value="{home.child.id}" checked')
        assert home.get("apply.step", token, "terms").url == reverse("apply.step", args=[token, "region"])
        assert home.get("apply.check", token).url == reverse("apply.step", args=[token, "region"])

    def test_sent_twice_shows_the_application_that_is_there(self, home):
        token = home.begins()
        home.fills(token)
        first = home.post("apply.check", token)
        again = home.post("apply.check", token)

        assert again.url == first.url
        assert Application.objects.count() == 1
        assert says(home.client.get(again.url), "Бұл нысан жіберілген")
        # The back button: a question of a draft that has been sent.
        assert home.get("apply.step", token, "benefit").url == first.url
        assert home.answers(token, "benefit", benefit="NONE").url == first.url

    def test_two_drafts_of_one_child_make_one_application(self, home):
        one, two = home.begins(), home.begins()
        home.fills(one)
        home.fills(two)
        home.post("apply.check", one)
        refused = home.post("apply.check", two)

        assert refused.status_code == 200
        assert says(refused, f"Бұл балаға берілген өтініш бар: № {home.number}")
        assert Application.objects.count() == 1

    def test_takes_the_proof_of_a_benefit(self, home):
        home.applies(benefit={"benefit": "SERVICE", "paper": picture()})

        claim = home.application.claims.get()
        assert claim.benefit == "SERVICE"
        assert Upload.objects.get(id=claim.upload_ids[0]).kind == "WORK_CERTIFICATE"
        assert says(home.get("application.page", home.number), "тексерілуде")

    def test_keeps_papers_in_advance(self, home):
        token = home.begins()
        home.answers(token, "child", child=home.child.id)
        answer = home.post("apply.paper", token, "FORM_027", paper=picture(), good_until="31.12.2026")

        assert answer.url == reverse("apply.step", args=[token, "papers"])
        kept = Upload.objects.get()
        assert (kept.kind, kept.child_person_id, str(kept.valid_until)) == ("FORM_027", home.child.id, "2027-01-01")

    def test_adds_a_child_from_inside_and_comes_back(self, home):
        token = home.begins()
        here = reverse("apply.step", args=[token, "child"])
        assert says(home.client.get(here), f"{reverse('children.add')}?next={here}")

    def test_throws_a_draft_away(self, home):
        token = home.begins()
        assert home.post("apply.drop", token).status_code == 302
        assert Draft.objects.count() == 0
        assert home.get("apply.step", token, "child").status_code == 404


class TestBadAnswers:
    @pytest.mark.parametrize(
        ("name", "typed", "said"),
        [
            ("child", {}, "Бұл өрісті толтырыңыз"),
            ("child", {"child": "999999"}, "Тізімдегі нұсқалардың бірін таңдаңыз"),
            ("kind", {"kind": "QUEEN"}, "Тізімдегі нұсқалардың бірін таңдаңыз"),
            ("region", {"region": "750000000"}, "басқа тәртіп"),
            ("region", {"region": "x"}, "Тізімдегі нұсқалардың бірін таңдаңыз"),
            ("languages", {}, "Бұл өрісті толтырыңыз"),
            ("benefit", {"benefit": "SERVICE"}, "Міндетті құжат тіркелмеген"),
            ("start", {"start": "32.13.2026"}, "Күн дұрыс емес"),
            ("start", {"start": "01.01.2026"}, "Бұл күн өтіп кетті"),
            ("start", {"start": "01.01.2030"}, "ертерек күнді енгізіңіз"),
            ("terms", {}, "құсбелгі"),
        ],
    )
    def test_are_answered_beside_the_question(self, home, name, typed, said):
        token = home.begins()
        home.fills(token)
        answer = home.answers(token, name, **typed)
        assert answer.status_code == 200
        assert says(answer, said)
        assert says(answer, "Қате:")

    def test_a_disguised_file_is_no_proof(self, home):
        from django.core.files.uploadedfile import SimpleUploadedFile

        token = home.begins()
        home.fills(token)
        file = SimpleUploadedFile("proof.pdf", b"MZ this is a program", "application/pdf")
        assert says(home.answers(token, "benefit", benefit="SERVICE", paper=file), "Файлдың түрі сәйкес емес")

    def test_one_kindergarten_is_wished_once(self, home):
        token = home.begins()
        home.fills(token)
        own = home.town.kindergarten.id
        assert says(home.answers(token, "wishes", wish1=own, wish2=own), "екі рет таңдалған")

    def test_a_child_with_an_application_is_refused_at_once(self, home):
        number = home.applies()
        token = home.begins()
        # The special line is still open to the child: which line is asked before anything is refused.
        assert home.answers(token, "child", child=home.child.id).status_code == 302
        assert says(home.answers(token, "kind", kind="GENERAL"), f"№ {number}")

    def test_what_lacks_at_the_end_is_named_and_nothing_is_lost(self, home):
        token = home.begins()
        home.fills(token)
        Phone.objects.all().delete()
        refused = home.post("apply.check", token)
        assert says(refused, "Телефон нөміріңіз расталмаған")
        assert Application.objects.count() == 0
        assert Draft.objects.get().answers["benefit"] == "NONE"


class TestOthers:
    def test_drafts_of_others_are_not_found(self, home):
        token = home.begins()
        parent, _ = home.town.family()
        stranger = world.client_of(homes.with_account(parent, phone=""))
        for name, arguments in (
            ("apply.step", [token, "child"]),
            ("apply.check", [token]),
            ("apply.paper", [token, "FORM_027"]),
        ):
            assert stranger.get(reverse(name, args=arguments)).status_code == 404
        assert stranger.post(reverse("apply.drop", args=[token])).status_code == 404

    def test_a_child_that_is_no_longer_hers_is_asked_anew(self, home):
        token = home.begins()
        home.fills(token)
        Kinship.objects.update(ended_at=home.now)
        assert home.post("apply.check", token).url == reverse("apply.step", args=[token, "child"])
        assert Application.objects.count() == 0

    def test_only_admission_papers_have_a_page(self, home):
        token = home.begins()
        home.answers(token, "child", child=home.child.id)
        assert home.get("apply.paper", token, DocumentKind.CONTRACT.value).status_code == 404
