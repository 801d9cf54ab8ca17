"""Setting the stage: the territory, calendar, terms and kindergartens of a story, in the scratch database."""

from dataclasses import dataclass, field
from datetime import date, datetime

from balabaqsha.commands.rehearsal.story import Story, StoryGroup, StoryKindergarten
from balabaqsha.gateways.population.port import PersonRecord
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.kernel.iin import Sex, make
from balabaqsha.kindergartens import actions as kindergartens
from balabaqsha.kindergartens.actions import NewGroup
from balabaqsha.kindergartens.models import Kindergarten, KindergartenType, Ownership
from balabaqsha.law import actions as law
from balabaqsha.law.actions import DayNames, TermChange
from balabaqsha.line import _steps as line_steps
from balabaqsha.people import _steps as people
from balabaqsha.people.models import Person
from balabaqsha.territories import actions as territories
from balabaqsha.territories.actions import RegimeChange
from balabaqsha.territories.kato import Level
from balabaqsha.territories.models import Territory
from balabaqsha.territories.regimes import Regime

# Before every moment a story can name, so that the story's rules hold from its first step.
LONG_AGO = date(2020, 1, 1)
SOURCE = "rehearsal"
NAMES = DayNames(kk=SOURCE, ru=SOURCE, en=SOURCE)
OFFICER = Actor(role=Role.OFFICER, account_id=1)
HEAD = Actor(role=Role.KINDERGARTEN_HEAD, account_id=3)


@dataclass
class Stage:
    """What the steps need to find: groups by the story's names, and children made as they are named."""

    territory_code: str
    regime: Regime
    groups: dict[str, int]
    settlements: dict[str, str]
    parent_id: int
    children: dict[str, Person] = field(default_factory=dict)

    @property
    def parent(self) -> Actor:
        return Actor(role=Role.PARENT, person_id=self.parent_id)

    def child(self, name: str, *, born_on: date, now: datetime) -> Person:
        """The child of this name, with a made-up IIN of its birth date."""
        if name not in self.children:
            born_that_day = sum(child.born_on == born_on for child in self.children.values())
            self.children[name] = _person(born_on, serial=born_that_day + 1, now=now)
        return self.children[name]


def build(story: Story, *, now: datetime) -> Stage:
    """Give the scratch database the story's territory, calendar, terms and kindergartens; `now` is its first moment."""
    settlements = _add_territories(story)
    regime = RegimeChange(story.territory_code, Regime(story.regime.upper()), LONG_AGO, SOURCE)
    territories.set_regime(change=regime, withdraw_later=True, actor=OFFICER, now=now)
    for days, working in ((story.days_off, False), (story.working_days, True)):
        for day in sorted(days):
            law.set_calendar_day(day=day, working=working, names=NAMES, source=SOURCE, actor=OFFICER, now=now)
    # A story is told without the yearly freeze.
    for code, value in {"line.freeze": "off", **story.terms}.items():
        change = TermChange(code, story.territory_code, value, LONG_AGO, SOURCE)
        law.install_term(change=change, proposed_by=1, approved_by=2, actor=OFFICER, now=now)
    if regime.regime is Regime.VOUCHER:
        line_steps.ensure_lines(territory_code=story.territory_code, now=now)
    groups: dict[str, int] = {}
    for position, kindergarten in enumerate(story.kindergartens):
        groups |= _open(story, kindergarten, position, settlements, now=now)
    parent = _person(date(1990, 1, 1), serial=0, now=now)
    return Stage(story.territory_code, regime.regime, groups, settlements, parent.id)


def _add_territories(story: Story) -> dict[str, str]:
    """Make sure of the story's territory, and make up a settlement below it for each name; returns their codes."""
    if not Territory.objects.filter(code=story.territory_code).exists():
        _add_territory(story.territory_code, parent=None)
    parent = Territory.objects.get(code=story.territory_code)
    named = {kindergarten.settlement for kindergarten in story.kindergartens}
    named |= {step.keys.get("settlement") for step in story.steps}
    codes: dict[str, str] = {}
    for name in sorted(name for name in named if name is not None):
        # No region of the classifier begins with 00.
        codes[name] = f"00{len(codes):07d}"
        _add_territory(codes[name], parent=parent)
    return codes


def _add_territory(code: str, *, parent: Territory | None) -> None:
    path = f"{parent.path}/{code}" if parent else code
    Territory.objects.create(
        code=code, parent=parent, level=Level.SETTLEMENT.value, name_kk=SOURCE, name_ru=SOURCE, path=path[-64:]
    )


def _open(
    story: Story, kindergarten: StoryKindergarten, position: int, settlements: dict[str, str], *, now: datetime
) -> dict[str, int]:
    row = Kindergarten(
        code=f"rehearsal-{position}",
        bin=f"{position:012d}",
        name_kk=SOURCE,
        name_ru=SOURCE,
        ownership=Ownership(kindergarten.ownership.upper()),
        type=KindergartenType.KINDERGARTEN,
        territory_id=story.territory_code,
        settlement_id=settlements[kindergarten.settlement] if kindergarten.settlement else None,
    )
    new = [_new_group(group, name=str(number)) for number, group in enumerate(kindergarten.groups, start=1)]
    opened = kindergartens.open_kindergarten(kindergarten=row, groups=new, actor=OFFICER, now=now)
    return {group.id: made.id for group, made in zip(kindergarten.groups, opened, strict=True)}


def _new_group(group: StoryGroup, *, name: str) -> NewGroup:
    return NewGroup(
        name=name,
        birth_year=group.birth_year,
        language=group.language,
        capacity=group.capacity,
        correction=group.correction,
        published=group.published,
    )


def _person(born_on: date, *, serial: int, now: datetime) -> Person:
    """A made-up person of this birth date; `serial` tells apart those born on one day."""
    iin = next(
        made for number in range(serial * 7, 10_000) if (made := make(born_on=born_on, sex=Sex.FEMALE, serial=number))
    )
    answer = PersonRecord(
        iin=iin.text,
        surname=SOURCE,
        given_name=SOURCE,
        patronymic="",
        born_on=born_on,
        sex=iin.sex,
        nationality=None,
        citizenship=None,
        alive=True,
        address=None,
        reference=SOURCE,
        asked_at=now,
    )
    return people.keep_person(answer=answer)
