"""What the special line rests on: the size of its groups by type and age, who decides and what is asked."""

from datetime import date

import pytest

from balabaqsha.law import corrections
from balabaqsha.law.lists import CaseDecider, CorrectionType, DocumentKind
from balabaqsha.law.terms import Rulebook

AUTUMN, SPRING = date(2026, 11, 18), date(2027, 4, 1)


class TestGroupMost:
    @pytest.mark.parametrize(
        ("correction", "birth_year", "most"),
        [
            ("SPEECH_SEVERE", 2023, 12),
            ("SPEECH_SEVERE", 2024, 10),
            ("LOW_VISION", 2021, 15),
            ("BLIND", 2021, 10),
            ("TUBERCULOSIS", 2024, 10),
            ("INTELLECTUAL", 2023, 10),
        ],
    )
    def test_is_that_of_the_building_code(self, correction, birth_year, most):
        for day in (AUTUMN, SPRING):
            term = corrections.group_most(CorrectionType(correction), birth_year, Rulebook(), on=day)
            assert term.value == most

    def test_is_none_where_there_are_no_nursery_groups(self):
        assert corrections.group_most(CorrectionType.DEVELOPMENT_DELAY, 2024, Rulebook(), on=AUTUMN) is None

    def test_changes_with_the_school_year(self):
        assert not corrections.is_nursery(2023, on=AUTUMN)
        assert corrections.is_nursery(2024, on=date(2027, 8, 31))
        assert not corrections.is_nursery(2024, on=date(2027, 9, 1))

    def test_is_known_for_every_type_and_marked_where_the_table_is_blank(self):
        assumed = set()
        for correction in CorrectionType:
            term = corrections.group_most(correction, 2022, Rulebook(), on=AUTUMN)
            assert term is not None
            assert term.source == "building-code"
            assumed |= {correction} if term.assumed else set()
        assert assumed == {CorrectionType.DEAF, CorrectionType.COMPLEX}


class TestCheckOf:
    def test_names_who_decides_and_which_papers_they_see(self):
        pmpk = corrections.check_of("DEAF", Rulebook(), on=AUTUMN)
        doctor = corrections.check_of("OFTEN_ILL", Rulebook(), on=AUTUMN)

        assert (pmpk.decided_by, pmpk.conclusion_required) == (CaseDecider.PMPK, True)
        assert pmpk.papers == (DocumentKind.PMPK_CONCLUSION,)
        assert (doctor.decided_by, doctor.conclusion_required) == (CaseDecider.PHTHISIATRICIAN, False)
        assert DocumentKind.FORM_065 in doctor.papers

    @pytest.mark.parametrize("correction", ["speech", "", None])
    def test_leaves_a_type_outside_the_list_to_the_pmpk(self, correction):
        assert corrections.check_of(correction, Rulebook(), on=AUTUMN).decided_by is CaseDecider.PMPK
