"""The small made-up population that the registers know where no town was built. All persons are invented."""

from datetime import date

from balabaqsha.kernel.iin import Sex, make
from balabaqsha.sandbox.population import Birth, Named, Person, Residence, Status

PAVLODAR_OBLAST = Named("550000000", "Павлодар облысы", "Павлодарская область")
PAVLODAR = Named("551010000", "Павлодар қаласы", "город Павлодар")
HOME = Residence(PAVLODAR_OBLAST, PAVLODAR, "Естай көшесі", "101", "15")
LONG_NAME = "Абдрахман-Қожахмет-Сейфуллин" * 3


def _iin(year: int, month: int, day: int, sex: Sex, serial: int) -> str:
    """The first issued number at or after this serial."""
    for candidate in range(serial, serial + 10):
        found = make(born_on=date(year, month, day), sex=sex, serial=candidate)
        if found:
            return found.text
    raise ValueError("ten serials in a row are never issued")


MOTHER_IIN = _iin(1994, 5, 17, Sex.FEMALE, 310)
FATHER_IIN = _iin(1991, 11, 3, Sex.MALE, 420)
DAUGHTER_IIN = _iin(2023, 2, 9, Sex.FEMALE, 511)
SON_IIN = _iin(2021, 8, 30, Sex.MALE, 512)
DECEASED_IIN = _iin(1950, 1, 2, Sex.MALE, 113)
LONG_NAME_IIN = _iin(1988, 7, 7, Sex.FEMALE, 214)
FOREIGNER_IIN = _iin(1996, 3, 21, Sex.FEMALE, 915)
UNKNOWN_IIN = _iin(1999, 9, 9, Sex.FEMALE, 1)
"""A valid number that no register knows."""

MOTHER_PHONE = "+77010000101"
FATHER_PHONE = "+77010000102"
FOREIGNER_PHONE = "+77010000103"


def _births(role: str) -> tuple[Birth, ...]:
    return (
        Birth(SON_IIN, role, "10-551-21-0005120", date(2021, 9, 6)),
        Birth(DAUGHTER_IIN, role, "10-551-23-0005110", date(2023, 2, 15)),
    )


PEOPLE = (
    Person(
        MOTHER_IIN, "СЕРІКОВА", "ӘСЕМ", "ҚАЙРАТҚЫЗЫ", address=HOME, phones=(MOTHER_PHONE,), births=_births("MOTHER")
    ),
    Person(
        FATHER_IIN, "СЕРІКОВ", "НҰРЛАН", "ТӨЛЕГЕНҰЛЫ", address=HOME, phones=(FATHER_PHONE,), births=_births("FATHER")
    ),
    Person(DAUGHTER_IIN, "НҰРЛАН", "АЙЛИН", "НҰРЛАНҚЫЗЫ", address=HOME, statuses=()),
    Person(
        SON_IIN,
        "НҰРЛАН",
        "АЛИХАН",
        "НҰРЛАНҰЛЫ",
        address=HOME,
        statuses=(Status("LARGE_FAMILY", "MT-2026-0005120"),),
    ),
    Person(DECEASED_IIN, "ОМАРОВ", "ҚАБДЕН", alive=False),
    Person(LONG_NAME_IIN, LONG_NAME, "ГҮЛНАЗ", address=HOME),
    Person(
        FOREIGNER_IIN,
        "IVANOVA",
        "MARIA",
        nationality=None,
        citizenship=Named("643", "Ресей", "Россия"),
        phones=(FOREIGNER_PHONE,),
    ),
)
