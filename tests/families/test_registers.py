"""What registers know: a benefit confirmed at once by a yes, or checked by an officer; a medical form instead of a scan."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from balabaqsha.applications.models import BenefitClaim, StatusAnswer
from balabaqsha.applications.statuses import actions as statuses
from balabaqsha.documents.models import Upload
from balabaqsha.gateways import registry
from balabaqsha.gateways.medical.fake import InMemoryMedical
from balabaqsha.gateways.medical.port import MedicalForm
from balabaqsha.gateways.social.fake import InMemorySocial
from balabaqsha.journeys import applying
from balabaqsha.kernel.actor import Role
from balabaqsha.kernel.time import localdate
from balabaqsha.law.lists import BenefitStatus, DocumentKind
from balabaqsha.people.actions import NoSuchChild
from balabaqsha.people.forms import actions as medical_forms
from balabaqsha.people.tests.family import made_up_iin
from balabaqsha.record.models import JournalEntry
from tests.families import home as homes
from tests.families.home import says
from tests.workplaces import world


@pytest.fixture
def register(home):
    """The register: it knows that the child is of a large family, and nothing else of it."""
    social = InMemorySocial({home.child.iin: {BenefitStatus.LARGE_FAMILY: None}})
    with registry.replaced(social=social):
        yield social


def claims(home, number, benefit="LARGE_FAMILY", **typed):
    home.later(minutes=5)
    return home.post("application.benefit", number, benefit=benefit, **({"ask_register": "on"} | typed))


def claim():
    return BenefitClaim.objects.get()


class TestAYesOfTheRegister:
    def test_counts_at_once_and_needs_no_paper(self, home, register):
        number = home.applies()

        answer = claims(home, number)

        assert answer.status_code == 302
        assert (claim().state, home.application.benefit) == ("CONFIRMED", "LARGE_FAMILY")
        assert says(home.get("application.page", number), "Тіркелім растады")
        assert StatusAnswer.objects.get().claim_id == claim().id
        assert register.asked[0][3] is True

    def test_is_journalled_with_its_reason_and_shown_to_the_person(self, home, register):
        number = home.applies()
        claims(home, number)

        asked = JournalEntry.objects.get(act="status-asked")
        assert asked.facts["reason"] == "CONSENT"
        assert JournalEntry.objects.get(act="confirm_benefit").actor["role"] == "SYSTEM"
        assert says(home.get("messages.log"), "Әлеуметтік мәртебе тіркелімнен сұралды")
        page = home.get("application.benefit", number)
        assert says(page, "Тіркелімге жіберілген сұраулар")
        assert says(page, "ата-ананың келісімі")

    def test_counts_from_the_sending_of_the_application(self, home, register):
        home.applies(benefit={"benefit": "LARGE_FAMILY", "ask_register": "on"})

        assert (claim().state, home.application.benefit) == ("CONFIRMED", "LARGE_FAMILY")

    def test_ends_with_its_last_day(self, home, register):
        register.known[home.child.iin] = {BenefitStatus.CHILD_DISABILITY: date(2027, 5, 31)}
        number = home.applies()

        claims(home, number, "CHILD_DISABILITY")

        assert claim().valid_until.isoformat() == "2027-05-31T19:00:00+00:00"

    def test_that_has_ended_confirms_nothing(self, home, register):
        register.known[home.child.iin] = {BenefitStatus.LARGE_FAMILY: date(2020, 1, 1)}
        number = home.applies()

        claims(home, number)

        assert claim().state == "UNDECIDED"

    def test_of_yesterday_is_asked_for_again(self, home, register):
        number = home.applies()
        statuses.ask(
            benefit=BenefitStatus.LARGE_FAMILY,
            child_id=home.child.id,
            representative_id=home.mother.person_id,
            by_duty=False,
            actor=home.mother,
            now=home.now - timedelta(hours=25),
        )
        claims(home, number, ask_register="")

        assert not applying.confirm_by_register(application_id=home.application.id, now=home.now)
        assert claim().state == "UNDECIDED"


class TestWithoutAYes:
    def test_nothing_is_asked_without_consent(self, home, register):
        number = home.applies()

        claims(home, number, ask_register="")

        assert register.asked == []
        assert (claim().state, home.application.benefit) == ("UNDECIDED", "NONE")

    def test_the_paper_is_asked_for_and_nothing_typed_is_lost(self, home, register):
        number = home.applies()

        page = claims(home, number, "CHILD_DISABILITY")

        assert says(page, "Тіркелім бұл мәртебені растамады")
        assert says(page, 'value="CHILD_DISABILITY" selected')
        assert not BenefitClaim.objects.exists()
        claims(home, number, "CHILD_DISABILITY", paper=homes.picture())
        assert (claim().state, len(claim().upload_ids)) == ("UNDECIDED", 1)

    def test_a_silent_register_sends_the_claim_to_an_officer(self, home, register):
        register.silent = True
        number = home.applies()
        assert says(claims(home, number, "CHILD_DISABILITY"), "Тіркелім қазір жауап бермейді")

        claims(home, number, "CHILD_DISABILITY", paper=homes.picture())

        assert claim().state == "UNDECIDED"
        assert set(StatusAnswer.objects.values_list("standing", flat=True)) == {"SILENT"}

    def test_a_large_family_needs_no_paper_for_the_officer(self, home, register):
        register.silent = True
        number = home.applies()

        assert claims(home, number).status_code == 302
        assert claim().state == "UNDECIDED"

    def test_what_no_register_knows_is_not_asked(self, home, register):
        number = home.applies()

        claims(home, number, "SERVICE", paper=homes.picture())

        assert register.asked == []
        assert claim().state == "UNDECIDED"

    def test_to_give_an_undue_claim_up_costs_nothing(self, home, register):
        register.silent = True
        number = home.applies()
        moment = home.application.original_at
        claims(home, number)

        home.post("application.benefit-drop", number, "checked")

        assert claim().state == "DROPPED"
        assert (home.application.benefit, home.application.original_at) == ("NONE", moment)


class TestAnOfficer:
    def officer(self, home):
        return world.client_of(home.town.officer, moment=home.now)

    def ask(self, home, number):

        return self.officer(home).post(reverse("officer.check-ask", args=[number]), follow=True)

    def test_asks_by_duty_and_the_yes_confirms(self, home, register):
        number = home.applies()
        claims(home, number, ask_register="")

        self.ask(home, number)

        assert claim().state == "CONFIRMED"
        row = StatusAnswer.objects.get()
        assert (row.consented_at, row.asked_by_account_id) == (None, home.town.officer.account_id)
        assert register.asked[0][3] is False
        assert says(home.get("application.benefit", number), "қызметкердің жеңілдікті тексеру міндеті")

    def test_reads_what_the_register_says_and_decides_by_the_paper(self, home, register):
        number = home.applies()
        claims(home, number, "CHILD_DISABILITY", ask_register="", paper=homes.picture())

        page = self.ask(home, number)

        assert says(page, "Тіркелімнің жауабы: растамады")
        assert claim().state == "UNDECIDED"

    def test_is_told_where_no_register_knows(self, home, register):
        number = home.applies()
        claims(home, number, "TEACHER", ask_register="", paper=homes.picture())

        assert says(self.ask(home, number), "Бұл жеңілдік туралы тіркелім жоқ")

    def test_of_another_territory_finds_nothing(self, home, register):
        number = home.applies()
        claims(home, number, ask_register="")

        other = world.staff(made_up_iin(date(1975, 5, 5), serial=700), Role.OFFICER, territory_code=world.OTHER_CITY)
        answer = world.client_of(other, moment=home.now).post(reverse("officer.check-ask", args=[number]))

        assert answer.status_code == 404
        assert register.asked == []


@pytest.mark.parametrize(
    "row",
    [
        {"standing": "HAS", "benefit": "LARGE_FAMILY"},
        {"standing": "HAS", "benefit": "SERVICE", "asked_by_account_id": 1},
    ],
)
def test_the_table_keeps_no_question_without_reason_and_none_that_no_register_knows(home, row):
    with pytest.raises(IntegrityError), transaction.atomic():
        StatusAnswer.objects.create(
            child_id=home.child.id, representative_id=home.mother.person_id, asked_at=home.now, **row
        )


class TestMedicalForms:
    """A form of the digital health system: fetched with consent, kept like a paper that was attached."""

    @pytest.fixture
    def system(self, home):
        form = MedicalForm(
            DocumentKind.FORM_027,
            "027-2",
            localdate(home.now),
            localdate(home.now) + timedelta(days=180),
            "№ 4 емхана",
            "Поликлиника № 4",
            world.picture(),
        )
        medical = InMemoryMedical({home.child.iin: (form,)})
        with registry.replaced(medical=medical):
            yield medical

    def fetch(self, home, kind="FORM_027", **typed):
        return home.post("contract.paper", home.number, kind, **({"fetch": "1", "consent": "on"} | typed))

    def test_serve_the_contract_without_a_scan(self, home, system):
        home.is_sent()
        home.fills_contract()
        assert says(home.get("contract.paper", home.number, "FORM_027"), "Денсаулық сақтау жүйесінен алу")

        assert self.fetch(home).status_code == 302

        upload = Upload.objects.get(kind="FORM_027")
        assert (upload.child_person_id, upload.valid_until) == (
            home.child.id,
            localdate(home.now) + timedelta(days=181),
        )
        assert "027-2" in upload.name
        assert says(home.get("contract.page", home.number), "027-2")
        assert JournalEntry.objects.get(act="form-told").facts["found"] is True

    def test_are_not_asked_for_without_consent(self, home, system):
        home.is_sent()
        home.fills_contract()

        assert says(self.fetch(home, consent=""), "errors-title")
        assert not Upload.objects.filter(kind="FORM_027").exists()
        assert not JournalEntry.objects.filter(act="form-consent").exists()

    def test_that_are_not_there_or_out_of_date_are_attached_as_files(self, home, system):
        home.is_sent()
        home.fills_contract()
        assert says(self.fetch(home, "FORM_065"), "Жүйеде жарамды нысан жоқ")
        (form,) = system.known[home.child.iin]
        system.known[home.child.iin] = (replace(form, last_day=localdate(home.now) - timedelta(days=1)),)

        assert says(self.fetch(home), "Жүйеде жарамды нысан жоқ")
        assert home.post("contract.paper", home.number, "FORM_027", paper=homes.picture()).status_code == 302

    def test_of_a_silent_system_are_attached_as_files(self, home, system):
        home.is_sent()
        home.fills_contract()
        system.silent = True

        assert says(self.fetch(home), "жауап бермей")
        assert home.post("contract.paper", home.number, "FORM_027", paper=homes.picture()).status_code == 302

    def test_of_anothers_child_are_nobodys(self, home, system):
        _, child = home.town.family(given_name="БӨТЕН")
        with pytest.raises(NoSuchChild):
            medical_forms.fetch(child_id=child.id, kind=DocumentKind.FORM_027, actor=home.mother, now=home.now)
        assert not JournalEntry.objects.filter(act="form-consent").exists()
