"""Texts are found, filled and counted."""

from datetime import date, datetime

import pytest

from balabaqsha.kernel.time import NATIONAL
from balabaqsha.locale import written
from balabaqsha.locale.texts import MissingText, knows, say_count_in, say_in

DUE = datetime(2024, 10, 7, 15, 37, 26, tzinfo=NATIONAL)


def test_finds_a_text_in_each_language() -> None:
    assert [say_in(language, "nav.home") for language in ("kk", "ru", "en")] == [
        "Басты бет",
        "Главная",
        "Home",
    ]


def test_refuses_an_unknown_key() -> None:
    assert not knows("nav.nowhere")
    with pytest.raises(MissingText):
        say_in("en", "nav.nowhere")
    with pytest.raises(MissingText):
        say_count_in("ru", "count.nowhere", 3)


def test_one_moment_fills_every_form_of_it() -> None:
    text = say_in("kk", "contract.term-note", due=DUE)

    assert text == "Шартқа қол қою мерзімі: 2024 жылғы 7 қазан, 15:37."
    assert "2024-10-07 15:37:26" in say_in("kk", "message.voucher-offered.inbox", child_full="А", due=DUE, link="x")


def test_a_blank_without_a_fact_is_an_error() -> None:
    with pytest.raises(KeyError):
        say_in("kk", "contract.term-note")


def test_month_is_short_in_an_sms_and_in_words_elsewhere() -> None:
    day = date(2026, 9, 1)

    assert "09.2026" in say_in("kk", "message.sheet-to-approve.sms", child="А", month=day, date=day)
    assert "сентябрь 2026 года" in say_in("ru", "message.sheet-to-approve.inbox", month=day, date=day)


@pytest.mark.parametrize(("hours", "said"), [(1, "1 час,"), (24, "24 часа,"), (48, "48 часов,")])
def test_a_russian_noun_agrees_with_the_number_of_the_rulebook(hours: int, said: str) -> None:
    assert said in say_in("ru", "message.reminder-confirm.sms", child="А", hours=hours, due=DUE, url="x")


def test_a_number_that_names_something_is_not_grouped() -> None:
    assert "1234567" in say_in("ru", "message.application-accepted.sms", number=1234567, place=12)
    assert "12\u00a0345" in say_in("ru", "message.application-accepted.sms", number="1", place=12345)


@pytest.mark.parametrize(
    ("language", "n", "said"),
    [
        ("kk", 5, "5 жұмыс күні"),
        ("ru", 1, "1 рабочий день"),
        ("ru", 22, "22 рабочих дня"),
        ("ru", 11, "11 рабочих дней"),
        ("ru", 2.5, "2,5 рабочих дня"),
        ("en", 1, "1 working day"),
        ("en", 0, "0 working days"),
    ],
)
def test_counted_words(language: str, n: float, said: str) -> None:
    assert say_count_in(language, "count.working-day", n) == said


@pytest.mark.parametrize(
    ("language", "day", "moment", "money", "percent", "age", "size"),
    [
        (
            "kk",
            "2024 жылғы 7 қазан",
            "2024 жылғы 7 қазан, 15:37",
            "15 876 ₸",
            "95,9 %",
            "2 жас 4 ай",
            "4,2 МБ",
        ),
        (
            "ru",
            "7 октября 2024 года",
            "7 октября 2024 года, 15:37",
            "15 876 ₸",
            "95,9 %",
            "2 года 4 месяца",
            "4,2 МБ",
        ),
        (
            "en",
            "7 October 2024",
            "7 October 2024, 15:37",
            "KZT 15,876",
            "95.9%",
            "2 years 4 months",
            "4.2 MB",
        ),
    ],
)
def test_written_forms(language: str, day: str, moment: str, money: str, percent: str, age: str, size: str) -> None:
    said = (
        written.day_long(DUE.date(), language),
        written.moment_long(DUE, language),
        written.money(15876, language),
        written.percent(95.9, language),
        written.age(date(2022, 6, 5), date(2024, 10, 7), language),
        written.file_size(4_404_019, language),
    )

    assert tuple(text.replace(written.NO_BREAK, " ") for text in said) == (
        day,
        moment,
        money,
        percent,
        age,
        size,
    )


def test_masks() -> None:
    assert written.iin_masked("210203500011") == "2102******11"
    assert written.phone("87473397222") == written.phone("+7 747 339 7222") == "+7 (747) 339-72-22"
    assert written.phone_masked("+77473397222") == "+7 (747) ***-**-22"
    assert written.email_masked("aliya@example.kz") == "a***@example.kz"
    assert written.initials("Сейітова", "Айару", "Ерланқызы") == "С. А. Е."


def test_kazakh_alphabet_sorts_lists() -> None:
    names = ["Яна", "Ұлан", "Ірі", "Өмір", "Азат", "Әлия", "Ыдырыс", "Уәли"]

    assert sorted(names, key=written.sort_key) == [
        "Азат",
        "Әлия",
        "Өмір",
        "Уәли",
        "Ұлан",
        "Ыдырыс",
        "Ірі",
        "Яна",
    ]


def test_a_minus_is_a_minus() -> None:
    assert written.number(-1234, "kk") == "−1\u00a0234"
