"""What tests of the special line share: Arkotek with conclusions, groups of a type, those who decide."""

from datetime import date

from balabaqsha.gateways.arkotek.port import ConclusionRecord
from balabaqsha.kernel.actor import SYSTEM, Actor, Role
from balabaqsha.kindergartens import actions as kindergartens
from balabaqsha.kindergartens.actions import NewGroup
from balabaqsha.kindergartens.models import Group
from balabaqsha.law.lists import CorrectionType
from balabaqsha.people.tests.family import made_up_iin
from tests.families.home import Home
from tests.workplaces import world

SPEECH = CorrectionType.SPEECH_SEVERE


def conclusion(iin: str, **changes) -> ConclusionRecord:
    """A good conclusion about the child, or one that differs so."""
    plain = {
        "number": "PMPK-2026-1",
        "child_iin": iin,
        "correction": SPEECH,
        "issued_on": date(2026, 10, 1),
        "last_day": date(2027, 9, 30),
        "issued_by_kk": "№ 2 ПМПК",
        "issued_by_ru": "ПМПК № 2",
        "advice_kk": "Логопедиялық топ",
        "advice_ru": "Логопедическая группа",
    }
    return ConclusionRecord(**(plain | changes))


def three(iin: str) -> list[ConclusionRecord]:
    """One that fits, one of another type, one that has run out."""
    return [
        conclusion(iin),
        conclusion(iin, number="PMPK-2026-2", correction=CorrectionType.LOW_VISION, issued_on=date(2026, 9, 1)),
        conclusion(iin, number="PMPK-2024-3", issued_on=date(2024, 9, 1), last_day=date(2025, 8, 31)),
    ]


def group_of(home: Home, correction: CorrectionType = SPEECH, *, places: int = 3, name: str = "Логопед") -> Group:
    """A group of a type in the town's kindergarten."""
    new = NewGroup(
        name=name, birth_year=2023, language="kk", capacity=places, correction=correction.value, published=places
    )
    return kindergartens.open_group(kindergarten=home.town.kindergarten, group=new, actor=SYSTEM, now=home.now)


def decider(role: Role = Role.PMPK_OFFICER, *, territory: str = world.CITY, serial: int = 910) -> Actor:
    """Somebody who decides special cases."""
    return world.staff(made_up_iin(date(1979, 4, 4), serial=serial), role, territory_code=territory)


def answers_up_to_conclusion(home: Home, *, correction: str = SPEECH.value) -> str:
    """A draft for the special line before its conclusion; returns its token."""
    token = home.begins()
    for name, typed in (
        ("child", {"child": home.child.id}),
        ("kind", {"kind": "SPECIAL"}),
        ("correction", {"correction": correction}),
    ):
        answer = home.answers(token, name, **typed)
        assert answer.status_code == 302, answer.content.decode()
    return token


def answers_the_rest(home: Home, token: str) -> None:
    """From the region to the consent."""
    for name, typed in (
        ("region", {"region": world.CITY}),
        ("languages", {"languages": ["kk"]}),
        ("benefit", {"benefit": "NONE"}),
        ("papers", {}),
        ("wishes", {}),
        ("start", {"start": ""}),
        ("terms", {"agree": "on"}),
    ):
        answer = home.answers(token, name, **typed)
        assert answer.status_code == 302, f"{name}: {answer.content.decode()}"


def applies(home: Home, *, correction: str = SPEECH.value) -> str:
    """Through the whole wizard on the first conclusion that Arkotek tells; returns the number."""
    from balabaqsha.applications.models import Conclusion

    token = answers_up_to_conclusion(home, correction=correction)
    assert home.answers(token, "conclusion", fetch="1", consent="on").status_code == 302
    chosen = Conclusion.objects.filter(child=home.child, correction=correction).order_by("-issued_on").first()
    answer = home.answers(token, "conclusion", conclusion=chosen.id if chosen else "NONE")
    assert answer.status_code == 302, answer.content.decode()
    answers_the_rest(home, token)
    answer = home.post("apply.check", token)
    assert answer.status_code == 302, answer.content.decode()
    return home.number
