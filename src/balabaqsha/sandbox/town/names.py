"""Made-up names: common given names, surnames and patronymics, put together at random. Nobody real is meant."""

from dataclasses import dataclass
from random import Random

from balabaqsha.kernel.iin import Sex

# fmt: off
_KAZAKH_STEMS = (
    "Ахмет", "Жұмабай", "Сейіт", "Омар", "Оспан", "Ыбырай", "Серік", "Тілеу", "Қасым", "Байжан", "Нұрлан", "Мұқан",
    "Әубәкір", "Есім", "Кәрім", "Смағұл", "Темір", "Рахым", "Сұлтан", "Жүніс", "Бекен", "Қалие", "Мұса",
    "Әлжан", "Досым", "Исабек", "Төлеген", "Кенже", "Мәжит", "Ысқақ", "Әбіл", "Айтжан", "Базар", "Баймұрат",
    "Бейсен", "Ғабдол", "Дәулет", "Ерғали", "Жақып", "Зейнел", "Кәкім", "Қадыр", "Қуаныш", "Қыдыр", "Мейрам",
    "Молдахмет", "Мырза", "Нұрғали", "Рамазан", "Сағын", "Сәдуақас", "Сүлеймен", "Тоқтар", "Түсіп", "Хамит",
    "Шәкір",
)
_RUSSIAN_SURNAMES = (
    "Иванов", "Петров", "Сидоров", "Кузнецов", "Смирнов", "Попов", "Васильев", "Соколов", "Михайлов", "Новиков",
    "Фёдоров", "Морозов", "Волков", "Алексеев", "Лебедев", "Семёнов", "Егоров", "Павлов", "Козлов", "Степанов",
    "Николаев", "Орлов", "Андреев", "Макаров", "Никитин", "Захаров", "Зайцев", "Соловьёв", "Борисов", "Яковлев",
    "Григорьев", "Романов", "Воробьёв", "Сергеев", "Фролов", "Александров", "Дмитриев", "Королёв", "Гусев",
    "Киселёв", "Ильин", "Максимов", "Поляков", "Сорокин", "Виноградов", "Ковалёв", "Белов", "Медведев", "Антонов",
    "Тарасов", "Жуков", "Баранов", "Филиппов", "Комаров", "Давыдов", "Беляев", "Герасимов", "Богданов", "Осипов",
    "Сидоркин", "Матвеев",
)
_KAZAKH_MEN = (
    "Нұрлан", "Серік", "Ерлан", "Қайрат", "Марат", "Асқар", "Болат", "Дәурен", "Бауыржан", "Айдос", "Арман",
    "Данияр", "Ержан", "Жандос", "Қанат", "Мейрам", "Нұржан", "Олжас", "Рүстем", "Талғат", "Тимур", "Әділет",
    "Алмас", "Асхат", "Бекзат", "Берік", "Ғалым", "Дархан", "Самат", "Сәкен",
)
_KAZAKH_WOMEN = (
    "Айгүл", "Әсем", "Динара", "Гүлнар", "Жанар", "Айжан", "Мәдина", "Сәуле", "Алия", "Ақмарал", "Әйгерім",
    "Ботагөз", "Гүлмира", "Дана", "Жұлдыз", "Зарина", "Қарлығаш", "Лаура", "Меруерт", "Назгүл", "Нұргүл",
    "Салтанат", "Шолпан", "Айнұр", "Бибігүл", "Венера", "Гаухар", "Индира", "Камила", "Самал",
)
_KAZAKH_BOYS = (
    "Алихан", "Айсұлтан", "Нұрислам", "Әмір", "Мансұр", "Санжар", "Ерасыл", "Жанібек", "Арсен", "Бекарыс", "Дәулет",
    "Али", "Ибраһим", "Рамазан", "Темірлан", "Әлинұр", "Алдияр", "Омар", "Исмаил", "Хамза", "Әбілмансұр", "Біржан",
    "Дінмұхаммед", "Сұлтан", "Имран", "Еркеназ", "Қайсар", "Нұрәли", "Мирас", "Төре",
)
_KAZAKH_GIRLS = (
    "Айлин", "Аяла", "Медина", "Раяна", "Айша", "Томирис", "Інжу", "Асылым", "Кәусар", "Айару", "Аружан", "Амина",
    "Сафия", "Әмина", "Жанель", "Дария", "Адия", "Мариям", "Хадиша", "Көзайым", "Айым", "Нұрай", "Ясмина", "Сезім",
    "Малика", "Алуа", "Балауса", "Ақбота", "Гүлім", "Перизат",
)
_RUSSIAN_MEN = (
    "Александр", "Сергей", "Андрей", "Дмитрий", "Алексей", "Владимир", "Евгений", "Иван", "Николай", "Максим",
    "Павел", "Виктор", "Олег", "Игорь", "Роман", "Антон", "Денис", "Илья", "Михаил", "Юрий", "Вадим", "Константин",
    "Артём", "Кирилл", "Станислав",
)
_RUSSIAN_WOMEN = (
    "Анна", "Елена", "Ольга", "Наталья", "Татьяна", "Ирина", "Светлана", "Юлия", "Екатерина", "Мария", "Анастасия",
    "Дарья", "Виктория", "Оксана", "Марина", "Ксения", "Алина", "Евгения", "Кристина", "Валерия", "Полина",
    "Людмила", "Галина", "Вера", "Надежда",
)
_RUSSIAN_BOYS = (
    "Артём", "Михаил", "Александр", "Максим", "Марк", "Лев", "Матвей", "Тимофей", "Иван", "Роман", "Кирилл", "Егор",
    "Илья", "Даниил", "Степан", "Фёдор", "Мирон", "Глеб", "Арсений", "Владислав", "Николай", "Ярослав", "Богдан",
    "Платон", "Савелий",
)
_RUSSIAN_GIRLS = (
    "София", "Мария", "Анна", "Алиса", "Виктория", "Ева", "Полина", "Варвара", "Василиса", "Ксения", "Елизавета",
    "Арина", "Дарья", "Милана", "Вероника", "Александра", "Маргарита", "Таисия", "Кира", "Ульяна", "Злата",
    "Мирослава", "Агата", "Стефания", "Яна",
)
# fmt: on

_PARENTS = {
    (True, Sex.MALE): _KAZAKH_MEN,
    (True, Sex.FEMALE): _KAZAKH_WOMEN,
    (False, Sex.MALE): _RUSSIAN_MEN,
    (False, Sex.FEMALE): _RUSSIAN_WOMEN,
}
_CHILDREN = {
    (True, Sex.MALE): _KAZAKH_BOYS,
    (True, Sex.FEMALE): _KAZAKH_GIRLS,
    (False, Sex.MALE): _RUSSIAN_BOYS,
    (False, Sex.FEMALE): _RUSSIAN_GIRLS,
}
_VOWELS_OF_EV = frozenset("йьиіеа")


@dataclass(frozen=True, slots=True)
class Name:
    """A full name as an identity document prints it, in title case."""

    surname: str
    given_name: str
    patronymic: str


def surname(random: Random, *, kazakh: bool) -> str:
    """The surname of a family in its male form."""
    if not kazakh:
        return random.choice(_RUSSIAN_SURNAMES)
    stem = random.choice(_KAZAKH_STEMS)
    if stem[-1] in _VOWELS_OF_EV:
        return stem.removesuffix("е").removesuffix("й") + "ев"
    return stem + "ов"


def parent(random: Random, *, family: str, kazakh: bool, sex: Sex) -> Name:
    """The name of a grown-up member of the family; the patronymic comes from a father of their own."""
    own_father = random.choice(_PARENTS[kazakh, Sex.MALE])
    given = random.choice(_PARENTS[kazakh, sex])
    # Grown-ups were mostly named in the Russian manner, their children are mostly not.
    return Name(_of_sex(family, sex), given, patronymic(own_father, sex=sex, kazakh=kazakh and random.random() < 0.5))


def child(random: Random, *, family: str, father: str, kazakh: bool, sex: Sex) -> Name:
    """The name of a child of the family; `father` is the given name of the father."""
    given = random.choice(_CHILDREN[kazakh, sex])
    return Name(_of_sex(family, sex), given, patronymic(father, sex=sex, kazakh=kazakh))


def patronymic(father: str, *, sex: Sex, kazakh: bool) -> str:
    """The name after a father: Серікұлы, Серікқызы, Сергеевич, Сергеевна."""
    if kazakh:
        return father + ("ұлы" if sex is Sex.MALE else "қызы")
    endings = {
        "й": ("евич", "евна"),
        "ь": ("евич", "евна"),
        "а": ("ич", "инична"),
        "я": ("ич", "инична"),
    }
    last = father[-1]
    man, woman = endings.get(last, ("ович", "овна"))
    stem = father[:-1] if last in endings else father
    stem = {"Павел": "Павл", "Михаил": "Михайл"}.get(father, stem)
    if stem.endswith("и") and stem != "Дмитри":
        stem = stem[:-1] + "ь"
    return stem + (man if sex is Sex.MALE else woman)


def _of_sex(surname_of_man: str, sex: Sex) -> str:
    return surname_of_man + "а" if sex is Sex.FEMALE else surname_of_man
