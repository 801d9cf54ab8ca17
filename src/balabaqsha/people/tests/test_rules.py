"""What people type, and who may represent whom."""

from datetime import date

import pytest

from balabaqsha.people import rules
from balabaqsha.people.tests.family import made_up_iin

TODAY = date(2026, 11, 20)


class TestMobileNumber:
    @pytest.mark.parametrize(
        "text", ["+7 701 123 45 67", "87011234567", "7011234567", "+7 (701) 123-45-67", " 8 701 123 4567 "]
    )
    def test_reads_every_writing(self, text):
        assert rules.mobile_number(text) == "+77011234567"

    @pytest.mark.parametrize(
        "text", ["", "701", "+7 901 123 45 67", "+1 202 555 0100", "8701123456", "87011234567890", "телефон"]
    )
    def test_refuses_what_is_no_mobile_number_of_the_country(self, text):
        with pytest.raises(rules.PhoneNotValid):
            rules.mobile_number(text)


class TestRepresentativeIin:
    def test_lets_a_parent_of_sixteen_in_on_the_birthday(self):
        born_on = date(2010, 11, 20)

        assert rules.representative_iin(made_up_iin(born_on).text, today=TODAY).born_on == born_on

    def test_refuses_the_day_before(self):
        with pytest.raises(rules.IinNotAdult):
            rules.representative_iin(made_up_iin(date(2010, 11, 21)).text, today=TODAY)

    def test_refuses_somebody_not_yet_born(self):
        with pytest.raises(rules.IinNotValid):
            rules.representative_iin(made_up_iin(date(2027, 1, 1)).text, today=TODAY)


class TestChildIin:
    def test_refuses_from_the_eighteenth_birthday(self):
        with pytest.raises(rules.IinNotChild):
            rules.child_iin(made_up_iin(date(2008, 11, 20)).text, today=TODAY)
        assert rules.child_iin(made_up_iin(date(2008, 11, 21)).text, today=TODAY)

    def test_forgives_spaces(self):
        iin = made_up_iin(date(2023, 3, 9))
        assert rules.child_iin(f" {iin.text[:6]} {iin.text[6:]} ", today=TODAY) == iin


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("АЛЫБАЙ", "Алыбай"),
        ("ӘБУ МАНСУР", "Әбу Мансур"),
        ("ИВАНОВА-ПЕТРОВА", "Иванова-Петрова"),
        ("де Сильва", "де Сильва"),
        ("", ""),
    ],
)
def test_names_are_shown_in_title_case(kept, shown):
    assert rules.name_in_title_case(kept) == shown
