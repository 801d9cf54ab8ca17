"""How days, moments, numbers, names and masks are written (glossary, section 7). Pure."""

from datetime import date, datetime
from decimal import Decimal

from balabaqsha.kernel.time import local

NO_BREAK = "\u00a0"

MONTHS = {
    "kk": (
        "қаңтар",
        "ақпан",
        "наурыз",
        "сәуір",
        "мамыр",
        "маусым",
        "шілде",
        "тамыз",
        "қыркүйек",
        "қазан",
        "қараша",
        "желтоқсан",
    ),
    "ru": (
        "январь",
        "февраль",
        "март",
        "апрель",
        "май",
        "июнь",
        "июль",
        "август",
        "сентябрь",
        "октябрь",
        "ноябрь",
        "декабрь",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
MONTHS_OF = MONTHS | {
    "ru": (
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ),
}
MONTHS_SHORT = {
    "kk": (
        "қаң",
        "ақп",
        "нау",
        "сәу",
        "мам",
        "мау",
        "шіл",
        "там",
        "қыр",
        "қаз",
        "қар",
        "жел",
    ),
    "ru": (
        "янв",
        "фев",
        "мар",
        "апр",
        "май",
        "июн",
        "июл",
        "авг",
        "сен",
        "окт",
        "ноя",
        "дек",
    ),
    "en": (
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "May",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Oct",
        "Nov",
        "Dec",
    ),
}
WEEKDAYS = {
    "kk": ("дүйсенбі", "сейсенбі", "сәрсенбі", "бейсенбі", "жұма", "сенбі", "жексенбі"),
    "ru": (
        "понедельник",
        "вторник",
        "среда",
        "четверг",
        "пятница",
        "суббота",
        "воскресенье",
    ),
    "en": (
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ),
}
WEEKDAYS_SHORT = {
    "kk": ("дс", "сс", "ср", "бс", "жм", "сб", "жс"),
    "ru": ("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_PLACE_IN_ALPHABET = {letter: place for place, letter in enumerate(_ALPHABET)}


def day(value: date) -> str:
    """07.10.2024"""
    return f"{value:%d.%m.%Y}"


def day_long(value: date, language: str) -> str:
    """2024 жылғы 7 қазан; 7 октября 2024 года; 7 October 2024"""
    name = MONTHS_OF[language][value.month - 1]
    return {
        "kk": f"{value.year} жылғы {value.day} {name}",
        "ru": f"{value.day} {name} {value.year} года",
        "en": f"{value.day} {name} {value.year}",
    }[language]


def day_month(value: date, language: str) -> str:
    """7 қазан; 7 октября; 7 October"""
    return f"{value.day} {MONTHS_OF[language][value.month - 1]}"


def month(value: date, language: str) -> str:
    """2026 жылғы қыркүйек; сентябрь 2026 года; September 2026"""
    name = MONTHS[language][value.month - 1]
    return {
        "kk": f"{value.year} жылғы {name}",
        "ru": f"{name} {value.year} года",
        "en": f"{name} {value.year}",
    }[language]


def weekday(value: date, language: str) -> str:
    """дүйсенбі; понедельник; Monday"""
    return WEEKDAYS[language][value.weekday()]


def weekday_short(value: date, language: str) -> str:
    """дс; пн; Mon"""
    return WEEKDAYS_SHORT[language][value.weekday()]


def clock(value: datetime) -> str:
    """09:05 on the national clock; seconds are cut, never rounded up."""
    return f"{local(value):%H:%M}"


def moment(value: datetime) -> str:
    """07.10.2024 15:37"""
    return f"{local(value):%d.%m.%Y %H:%M}"


def moment_full(value: datetime) -> str:
    """07.10.2024 15:37:26, as a term stands on the card of an application."""
    return f"{local(value):%d.%m.%Y %H:%M:%S}"


def moment_long(value: datetime, language: str) -> str:
    """2024 жылғы 7 қазан, 15:37"""
    return f"{day_long(local(value).date(), language)}, {clock(value)}"


def moment_iso(value: datetime) -> str:
    """2024-10-07 15:37:26"""
    return f"{local(value):%Y-%m-%d %H:%M:%S}"


def number(value: float | Decimal, language: str) -> str:
    """1 234 567,5 with no-break spaces; 1,234,567.5 in English; a true minus."""
    text = f"{abs(value):,}"
    if language != "en":
        text = text.replace(",", NO_BREAK).replace(".", ",")
    return f"−{text}" if value < 0 else text


def money(value: int | Decimal, language: str) -> str:
    """15 876 ₸; KZT 15,876"""
    amount = number(value, language)
    return f"KZT{NO_BREAK}{amount}" if language == "en" else f"{amount}{NO_BREAK}₸"


def percent(value: float | Decimal, language: str) -> str:
    """95,9 %; 95.9%"""
    return number(value, language) + ("%" if language == "en" else f"{NO_BREAK}%")


def file_size(size: int, language: str) -> str:
    """4,2 МБ; 4.2 MB; below a tenth of a megabyte in kilobytes. `size` is in bytes."""
    megabyte = 1024 * 1024
    if size < megabyte // 10:
        return f"{number(max(1, round(size / 1024)), language)}{NO_BREAK}{'KB' if language == 'en' else 'КБ'}"
    return f"{number(round(size / megabyte, 1), language)}{NO_BREAK}{'MB' if language == 'en' else 'МБ'}"


def age(born_on: date, on: date, language: str) -> str:
    """2 жас 4 ай; 2 года 4 месяца; 2 years 4 months"""
    months = (on.year - born_on.year) * 12 + on.month - born_on.month - (on.day < born_on.day)
    years, months = divmod(max(0, months), 12)
    parts = [_years(years, language)] if years else []
    if months or not years:
        parts.append(_months(months, language))
    return " ".join(parts)


def phone(text: str) -> str:
    """+7 (747) 339-72-22 from any writing of ten or eleven digits; another text stays as it is."""
    digits = "".join(character for character in text if character.isdigit())[-10:]
    if len(digits) != 10:  # noqa: PLR2004 - the grammar of numbers, the digits of a telephone
        return text
    return f"+7 ({digits[:3]}) {digits[3:6]}-{digits[6:8]}-{digits[8:]}"


def phone_masked(text: str) -> str:
    """+7 (747) ***-**-22"""
    whole = phone(text)
    return f"{whole[:8]} ***-**-{whole[-2:]}" if whole.startswith("+7 (") else "***"


def iin_masked(iin: str) -> str:
    """2102******11"""
    return f"{iin[:4]}******{iin[-2:]}"


def email_masked(address: str) -> str:
    """a***@example.kz"""
    name, _, domain = address.partition("@")
    return f"{name[:1]}***@{domain}"


def initials(surname: str, given_name: str, patronymic: str = "") -> str:
    """С. А. Е., as a child stands in public."""
    return " ".join(f"{name[0]}." for name in (surname, given_name, patronymic) if name)


def sort_key(text: str) -> list[tuple[int, int]]:
    """The key by which Kazakh lists are sorted: the Kazakh alphabet, then every other character."""
    return [
        (1, _PLACE_IN_ALPHABET[letter])
        if letter in _PLACE_IN_ALPHABET
        else (0 if not letter.isalpha() else 2, ord(letter))
        for letter in text.lower()
    ]


def russian_form(n: int) -> int:
    """Which of the three Russian forms the number takes: 0 one, 1 few, 2 many."""
    if n % 10 == 1 and n % 100 != 11:  # noqa: PLR2004 - the grammar of numbers, the digits of a telephone
        return 0
    return 1 if 2 <= n % 10 <= 4 and not 12 <= n % 100 <= 14 else 2  # noqa: PLR2004 - the grammar of numbers, the digits of a telephone


def _years(n: int, language: str) -> str:
    if language == "kk":
        return f"{n} жас"
    return f"{n} {('год', 'года', 'лет')[russian_form(n)]}" if language == "ru" else f"{n} year{'s' * (n != 1)}"


def _months(n: int, language: str) -> str:
    if language == "kk":
        return f"{n} ай"
    return (
        f"{n} {('месяц', 'месяца', 'месяцев')[russian_form(n)]}" if language == "ru" else f"{n} month{'s' * (n != 1)}"
    )
