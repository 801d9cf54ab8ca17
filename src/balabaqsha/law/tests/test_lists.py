"""The closed lists."""

import pytest

from balabaqsha.law import lists
from balabaqsha.law.lists import BenefitStatus, DocumentKind, Regime, Tier


class TestBenefitStatus:
    def test_stands_in_the_order_of_the_rules(self):
        assert [status.value for status in lists.STATUS_ORDER] == [
            "SERVICE",
            "SPECIAL_BODIES",
            "ORPHAN",
            "CHILD_DISABILITY",
            "PARENT_DISABILITY",
            "SPECIAL_NEEDS",
            "LARGE_FAMILY",
            "SIBLING_DISABILITY",
            "TEACHER",
            "NONE",
        ]

    def test_is_out_of_turn_priority_or_ordinary(self):
        tiers = {tier: [status.value for status in BenefitStatus if status.tier is tier] for tier in Tier}

        assert tiers[Tier.OUT_OF_TURN] == ["SERVICE", "SPECIAL_BODIES"]
        assert tiers[Tier.ORDINARY] == ["NONE"]
        assert len(tiers[Tier.PRIORITY]) == 8

    def test_needs_a_certificate_that_lapses_for_work_only(self):
        needing = [status.value for status in BenefitStatus if status.needs_certificate]

        assert needing == ["SERVICE", "SPECIAL_BODIES", "TEACHER"]

    def test_needs_no_proof_for_none_only(self):
        assert [status for status in BenefitStatus if not status.needs_proof] == [BenefitStatus.NONE]

    def test_names_its_paper(self):
        assert BenefitStatus.TEACHER.proof is DocumentKind.WORK_CERTIFICATE
        assert BenefitStatus.NONE.proof is None


class TestAdmissionPapers:
    def test_are_the_list_of_001_for_a_voucher(self):
        papers = lists.admission_papers(Regime.VOUCHER)

        assert [paper.kind.value for paper in papers] == [
            "FORM_027",
            "BIRTH_CERTIFICATE",
            "REPRESENTATIVE_ID",
            "FORM_052_2",
            "FORM_065",
            "PMPK_CONCLUSION",
        ]
        assert {paper.kind for paper in papers if not paper.required} == {DocumentKind.PMPK_CONCLUSION}

    def test_are_the_five_of_004_for_a_referral(self):
        kinds = {paper.kind for paper in lists.admission_papers("LINEAR")}

        assert len(kinds) == 5
        assert DocumentKind.FORM_065 not in kinds

    def test_are_never_made_by_the_portal(self):
        for regime in Regime:
            assert not {paper.kind for paper in lists.admission_papers(regime)} & lists.MADE_BY_PORTAL


@pytest.mark.parametrize(
    ("word", "ground"), [("unvaccinated_share", "VACCINATION_THRESHOLD"), ("group_closed", "GROUP_CLOSED")]
)
def test_the_words_of_rehearsals_are_grounds_of_refusal(word, ground):
    assert lists.REFUSAL_GROUND_WORDS[word] == ground
