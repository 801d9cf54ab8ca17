"""Pure rules of age: years, months, category in a voucher line, the age at which the service ends. No Django."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from balabaqsha.kernel.time import localdate, start_of
from balabaqsha.law.lists import STATUS_ORDER, BenefitStatus

_SEPTEMBER = 9
_RENEWAL = (6, 30)
_OLDER_BAND_FROM = 5
_YOUNGER_BAND_FROM = 2
_SERVICE_ENDS_IN_THE_YEAR_OF = 6
# Ten statuses by two age bands.
PAIRS = 20
_LONGEST_LIFE = 150


class AgeBand(StrEnum):
    """Age on 1 September of the intake year; label keys `age-band.FROM_5_TO_6` and so on."""

    FROM_5_TO_6 = "FROM_5_TO_6"
    FROM_2_TO_5 = "FROM_2_TO_5"
    UNDER_2 = "UNDER_2"


@dataclass(frozen=True)
class CategoryRow:
    """One category of the voucher line; `status` is None where any status belongs to it."""

    number: int
    status: BenefitStatus | None
    band: AgeBand


def full_years(born_on: date, on: date) -> int:
    """Full years of age on the day; born on 29 February, a year older on 1 March of a common year."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def first_of_month(day: date, months: int) -> date:
    """The first day of the month so many months after that of `day`."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


def add_months(day: date, months: int) -> date:
    """The day on which a child born on `day` is so many months old.

    The day of its birth, or the 1st of the next month where the month lacks that day.
    """
    first = first_of_month(day, months)
    try:
        return first.replace(day=day.day)
    except ValueError:
        return first_of_month(first, 1)


def has_full_months(born_on: date, months: int, on: date) -> bool:
    """Whether the child is at least so many months old on the day."""
    return add_months(born_on, months) <= on


def has_full_years(born_on: date, years: int, on: date) -> bool:
    """Whether the child is at least so many years old on the day."""
    return full_years(born_on, on) >= years


def birthday_moment(born_on: date, years: int) -> datetime:
    """00:00 of the day on which the child is so many years old."""
    # A term may name more years than dates can tell; nobody lives to see them.
    return start_of(add_months(born_on, 12 * min(years, _LONGEST_LIFE)))


def school_year(day: date) -> int:
    """The calendar year in which the school year of the day begins, on 1 September."""
    return day.year if day.month >= _SEPTEMBER else day.year - 1


def school_year_begins(year: int) -> date:
    """The first day of the school year that begins in this calendar year."""
    return date(year, _SEPTEMBER, 1)


def max_age_moment(born_on: date) -> datetime:
    """00:00 on 1 September of the year in which the child turns 6: then the service ends (term `service.max_age`)."""
    return start_of(date(born_on.year + _SERVICE_ENDS_IN_THE_YEAR_OF, _SEPTEMBER, 1))


def intake_year(moment: datetime) -> int:
    """The calendar year of the last yearly renewal; 30 June itself counts (term `queue.renewal`)."""
    day = localdate(moment)
    return day.year if (day.month, day.day) >= _RENEWAL else day.year - 1


def age_band(born_on: date, intake_year: int) -> AgeBand:
    """The band of the child's full years on 1 September of the intake year; 5 and more are one band."""
    years = full_years(born_on, date(intake_year, _SEPTEMBER, 1))
    if years >= _OLDER_BAND_FROM:
        return AgeBand.FROM_5_TO_6
    return AgeBand.FROM_2_TO_5 if years >= _YOUNGER_BAND_FROM else AgeBand.UNDER_2


class WrongCategories(ValueError):
    """No table of categories: a number for each status and band is needed, from 1 on without a gap."""


@dataclass(frozen=True)
class Categories:
    """Which category of a voucher line each status and age band belongs to: 1 is served first, several may share one.

    `numbers` stand in the order of the statuses, of each status the older band first. Whoever is younger than both
    bands comes last, whatever their status.
    """

    numbers: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.numbers) != PAIRS or set(self.numbers) != set(range(1, max(self.numbers) + 1)):
            raise WrongCategories(self.numbers)

    @property
    def youngest(self) -> int:
        """The number of the last category."""
        return max(self.numbers) + 1

    def of(self, status: BenefitStatus | str, band: AgeBand) -> int:
        """The number of the category of a status and a band."""
        if band is AgeBand.UNDER_2:
            return self.youngest
        return self.numbers[2 * BenefitStatus(status).position + (band is AgeBand.FROM_2_TO_5)]

    @property
    def rows(self) -> tuple[CategoryRow, ...]:
        """All pairs in order of service, those of one category in the order of the statuses."""
        pairs = ((status, band) for status in STATUS_ORDER for band in (AgeBand.FROM_5_TO_6, AgeBand.FROM_2_TO_5))
        found = [CategoryRow(self.of(status, band), status, band) for status, band in pairs]
        # Sorting keeps the order of those that are alike.
        found.sort(key=lambda row: row.number)
        return (*found, CategoryRow(number=self.youngest, status=None, band=AgeBand.UNDER_2))


# The term `line.categories`: each status and band a category of its own, in the order of the list.
ASSUMED_CATEGORIES = Categories(tuple(range(1, PAIRS + 1)))


@dataclass(frozen=True)
class Counting:
    """By which intake year and table the categories of a line are counted."""

    intake_year: int
    categories: Categories = ASSUMED_CATEGORIES

    def category(self, status: BenefitStatus | str, born_on: date) -> int:
        """The number of the category of a child with this status."""
        return self.categories.of(status, age_band(born_on, self.intake_year))


def category(status: BenefitStatus | str, born_on: date, intake_year: int) -> int:
    """The number of the category by the assumed table: 1 is served first, 21 last (term `line.categories`)."""
    return Counting(intake_year).category(status, born_on)


def categories() -> tuple[CategoryRow, ...]:
    """The assumed table in order of service: ten statuses by two bands, then the youngest whatever their status."""
    return ASSUMED_CATEGORIES.rows
