from datetime import UTC, date, datetime

from balabaqsha.documents import wording


def spaced(words):
    return (words.kk.replace("\u00a0", " "), words.ru.replace("\u00a0", " "))


def test_a_date_is_written_as_the_glossary_says():
    assert spaced(wording.date_long(date(2024, 10, 7))) == ("2024 жылғы 7 қазан", "7 октября 2024 года")


def test_a_moment_stands_on_the_national_clock_with_its_seconds_cut():
    moment = datetime(2024, 10, 7, 10, 37, 59, tzinfo=UTC)

    assert spaced(wording.moment_long(moment)) == ("2024 жылғы 7 қазан, 15:37", "7 октября 2024 года, 15:37")


def test_a_sum_has_spaces_that_do_not_break():
    assert wording.money(1234567) == "1\u00a0234\u00a0567\u00a0₸"


def test_hours_have_a_decimal_comma():
    assert (wording.hours(10.5), wording.hours(9)) == ("10,5", "9")
