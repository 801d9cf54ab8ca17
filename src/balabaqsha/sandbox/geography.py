"""Where the town lies: its settlements, its streets, and the point of every house in them. All of it made up."""

from dataclasses import dataclass
from random import Random

LINE = "551000000"
"""KATO of the city's administration: the voucher regime is its, and its line serves the city and the villages."""
CITY = "551010000"
"""KATO of the city itself, one of the settlements."""
HOUSES = 130
"""Houses in each street, numbered from 1."""
_GOLDEN = 0.618034
_ACROSS = 0.0002


@dataclass(frozen=True)
class Settlement:
    """The city or a village under it: KATO, names, centre in degrees and how far it reaches from there."""

    code: str
    name_kk: str
    name_ru: str
    centre: tuple[float, float]
    reach: tuple[float, float]
    streets: tuple[tuple[str, str], ...]


_CITY_STREETS = (
    ("Естай", "Естая"),
    ("Ломов", "Ломова"),
    ("Кутузов", "Кутузова"),
    ("Торайғыров", "Торайгырова"),
    ("Мәшһүр Жүсіп", "Машхур Жусупа"),
    ("Астана", "Астана"),
    ("Қайырбаев", "Каирбаева"),
    ("Лермонтов", "Лермонтова"),
    ("Ак. Бектұров", "Ак. Бектурова"),
    ("Ак. Сәтбаев", "Ак. Сатпаева"),
    ("Камзин", "Камзина"),
    ("Чокин", "Чокина"),
    ("Назарбаев даңғылы", "пр. Назарбаева"),
    ("Теплов", "Теплова"),
    ("Ткачёв", "Ткачёва"),
    ("Павлов", "Павлова"),
    ("1 Май", "1 Мая"),
    ("Ак. Марғұлан", "Ак. Маргулана"),
    ("Крылов", "Крылова"),
    ("Амангелді", "Амангельды"),
    ("Абай", "Абая"),
    ("Парковая", "Парковая"),
    ("Майра", "Майры"),
    ("Дөнентаев", "Донентаева"),
    ("Достоевский", "Достоевского"),
    ("Гагарин", "Гагарина"),
    ("Толстой", "Толстого"),
    ("Жаяу Мұса", "Жаяу Мусы"),
    ("Баянауыл", "Баянаульская"),
    ("Хромзавод", "Хромзаводская"),
)
_VILLAGE_STREETS = (
    ("Бейбітшілік", "Мира"),
    ("Мектеп", "Школьная"),
    ("Достық", "Достык"),
    ("Жеңіс", "Победы"),
    ("Бау-бақша", "Садовая"),
    ("Жастар", "Молодёжная"),
)

_OF_THE_CITY = (
    Settlement(CITY, "Павлодар қаласы", "город Павлодар", (52.288, 76.965), (0.034, 0.048), _CITY_STREETS),
    Settlement("551043100", "Кенжекөл ауылы", "село Кенжеколь", (52.2075, 77.0010), (0.006, 0.010), _VILLAGE_STREETS),
    Settlement(
        "551041100", "Павлодарское ауылы", "село Павлодарское", (52.4040, 76.9010), (0.006, 0.008), _VILLAGE_STREETS
    ),
    Settlement("551047100", "Мойылды ауылы", "село Мойылды", (52.3880, 77.0480), (0.004, 0.006), _VILLAGE_STREETS),
    Settlement("551045100", "Атамекен кенті", "посёлок Атамекен", (52.2290, 77.0330), (0.004, 0.006), _VILLAGE_STREETS),
    Settlement("551049100", "Жетекші ауылы", "село Жетекши", (52.3640, 76.8990), (0.004, 0.006), _VILLAGE_STREETS),
)
VILLAGES = _OF_THE_CITY[1:]


@dataclass(frozen=True)
class District:
    """A district of the oblast, which gives places by the linear regime: KATO, the beginning of its codes, telephones."""

    code: str
    slug: str
    dialled: str
    settlements: tuple[Settlement, ...]


DISTRICTS = (
    District(
        "553600000",
        "bayanauyl",
        "71840",
        (
            Settlement(
                "553630100", "Баянауыл ауылы", "село Баянаул", (50.793, 75.700), (0.010, 0.016), _VILLAGE_STREETS
            ),
            Settlement(
                "553655100", "Майқайың кенті", "посёлок Майкаин", (51.461, 75.806), (0.008, 0.012), _VILLAGE_STREETS
            ),
        ),
    ),
    District(
        "553200000",
        "aqtogay",
        "71841",
        (Settlement("553230100", "Ақтоғай ауылы", "село Актогай", (53.010, 75.980), (0.009, 0.014), _VILLAGE_STREETS),),
    ),
    District(
        "554600000",
        "yertis",
        "71832",
        (Settlement("554630100", "Ертіс ауылы", "село Иртышск", (53.334, 75.459), (0.010, 0.016), _VILLAGE_STREETS),),
    ),
)
SETTLEMENTS = (*_OF_THE_CITY, *(settlement for district in DISTRICTS for settlement in district.settlements))
OF_CODE = {settlement.code: settlement for settlement in SETTLEMENTS}


@dataclass(frozen=True, slots=True)
class Home:
    """An address of somebody: street in both languages, house and flat."""

    settlement: str
    street_kk: str
    street_ru: str
    building: str
    flat: str
    point: tuple[float, float]


def point_of(settlement: Settlement, street: int, house: int) -> tuple[float, float]:
    """Where a house stands: latitude, longitude. `street` is the street's position among those of the settlement.

    Streets are straight and go from end to end, by turns eastwards and northwards; odd houses stand on one side.
    """
    (latitude, longitude), (north, east) = settlement.centre, settlement.reach
    aside = 2 * (street * _GOLDEN % 1) - 1
    along = 2 * house / HOUSES - 1
    side = _ACROSS if house % 2 else -_ACROSS
    if street % 2:
        return round(latitude + north * along, 6), round(longitude + east * aside + side, 6)
    return round(latitude + north * aside + side, 6), round(longitude + east * along, 6)


def home(random: Random, settlement: Settlement) -> Home:
    """A made-up address; villages have houses, the city mostly flats."""
    street = random.randrange(len(settlement.streets))
    kk, ru = settlement.streets[street]
    flat = str(random.randint(1, 180)) if settlement.code == CITY and random.random() < 0.9 else ""
    house = random.randint(1, HOUSES)
    return Home(settlement.code, kk, ru, str(house), flat, point_of(settlement, street, house))
