"""A benefit changed after the application was sent: another claimed with its proof, one given up, each told before and after."""

import pytest

from balabaqsha.applications.models import BenefitClaim
from balabaqsha.journeys import applying
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.record.models import JournalEntry
from tests.families import home as homes
from tests.families.home import says


def decides(home: homes.Home, *, confirm: bool = True) -> None:
    home.later(minutes=5)
    applying.check_documents(
        application_id=home.application.id, confirm=confirm, because="мөрі жоқ", actor=home.town.officer, now=home.now
    )


def claims(home: homes.Home, number: str, benefit: str = "TEACHER", **typed):
    home.later(minutes=5)
    return home.post("application.benefit", number, benefit=benefit, paper=homes.picture(), **typed)


class TestClaiming:
    def test_says_the_consequences_and_counts_once_confirmed(self, home):
        number = home.applies()
        assert says(home.get("application.page", number), "Жеңілдікті өзгерту")
        page = home.get("application.benefit", number)
        for told in (
            "растаған сәттен бастап есепке алынады",
            "Өтініш берілген сәт өзгермейді",
            "Расталмаса, ештеңе өзгермейді",
        ):
            assert says(page, told), told

        answer = claims(home, number)

        assert answer.status_code == 302
        assert home.application.benefit == "NONE"
        page = home.get("application.page", number)
        assert says(page, "тексерілуде")
        assert says(page, "Жеңілдік мәлімделді: Педагогтердің балалары")
        decides(home)
        assert home.application.benefit == "TEACHER"

    def test_another_replaces_the_one_that_counts_only_when_confirmed(self, home):
        number = home.applies(benefit={"benefit": "TEACHER", "paper": homes.picture()})
        decides(home)
        moment = home.application.original_at
        claims(home, number, "LARGE_FAMILY")
        assert home.application.benefit == "TEACHER"
        page = home.get("application.page", number)
        assert says(page, "расталды")
        assert says(page, "тексерілуде")

        decides(home, confirm=False)
        assert home.application.benefit == "TEACHER"
        claims(home, number, "LARGE_FAMILY")
        decides(home)

        assert (home.application.benefit, home.application.original_at) == ("LARGE_FAMILY", moment)

    @pytest.mark.parametrize("typed", [{"benefit": ""}, {"benefit": "NONE"}, {"benefit": "X"}])
    def test_of_nothing_is_refused_beside_the_field(self, home, typed):
        number = home.applies()
        page = home.post("application.benefit", number, paper=homes.picture(), **typed)

        assert says(page, "errors-title")
        assert not BenefitClaim.objects.exists()

    def test_without_its_proof_is_refused_and_nothing_typed_is_lost(self, home):
        number = home.applies()
        page = home.post("application.benefit", number, benefit="TEACHER")

        assert says(page, 'data-state="error"')
        assert says(page, '<option value="TEACHER" selected')

    def test_one_is_checked_at_a_time(self, home):
        number = home.applies(benefit={"benefit": "TEACHER", "paper": homes.picture()})

        assert says(home.get("application.benefit", number), "Бір мезгілде бір ғана жеңілдік тексеріледі")
        claims(home, number, "LARGE_FAMILY")
        assert BenefitClaim.objects.count() == 1

    def test_ends_with_a_voucher(self, home):
        number = home.has_voucher()

        assert not says(home.get("application.page", number), "Жеңілдікті өзгерту")
        assert home.get("application.benefit", number).status_code == 302
        assert claims(home, number).status_code == 302
        assert not BenefitClaim.objects.exists()


class TestGivingUp:
    def test_says_the_place_before_and_after_and_tells_it(self, home):
        home.town.applies(now=home.now)
        home.later(minutes=5)
        number = home.applies(benefit={"benefit": "TEACHER", "paper": homes.picture()})
        decides(home)
        home.later(minutes=5)
        page = home.get("application.benefit-drop", number, "counts")
        assert says(page, "қазір 1-орындасыз, енді 2-орында боласыз")

        home.post("application.benefit-drop", number, "counts")

        assert home.application.benefit == "NONE"
        page = home.get("application.page", number)
        assert says(page, "Жеңілдіктен бас тартылды: Педагогтердің балалары")
        assert says(page, "Жеңілдіктен бас тарттыңыз")
        assert JournalEntry.objects.get(act="drop_benefit").facts["category_before"] < home.application.category

    def test_a_claim_under_check_leaves_the_officers_list(self, home):
        number = home.applies(benefit={"benefit": "TEACHER", "paper": homes.picture()})
        assert says(home.get("application.benefit-drop", number, "checked"), "қазіргі орнында қалады")
        home.post("application.benefit-drop", number, "checked")

        assert BenefitClaim.objects.get().state == "DROPPED"
        with pytest.raises(NotInThisState):
            decides(home)
        assert claims(home, number, "LARGE_FAMILY").status_code == 302
        assert BenefitClaim.objects.filter(state="UNDECIDED").count() == 1

    def test_twice_is_said(self, home):
        number = home.applies(benefit={"benefit": "TEACHER", "paper": homes.picture()})
        for _ in range(2):
            answer = home.post("application.benefit-drop", number, "checked")
            assert answer.status_code == 302

        assert JournalEntry.objects.filter(act="drop_benefit").count() == 1
        assert home.get("application.benefit-drop", number, "nonsense").status_code == 404

    def test_of_another_family_is_not_found(self, home):
        other = home.town.applies(now=home.now, benefit="TEACHER", proof=homes.world.picture())

        for name, blanks in (("application.benefit", ()), ("application.benefit-drop", ("checked",))):
            assert home.get(name, other.number, *blanks).status_code == 404
            assert home.post(name, other.number, *blanks).status_code == 404
        claim = BenefitClaim.objects.get()
        home.applies()
        with pytest.raises(NotInThisState):
            applying.drop_benefit(
                application_id=home.application.id, claim_id=claim.id, actor=home.mother, now=home.now
            )
        assert BenefitClaim.objects.get().state == "UNDECIDED"
