"""A built town: nothing in it contradicts the rules, and one can live in it."""

import hashlib
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from balabaqsha.accounts import passwords, queries
from balabaqsha.admissions.models import Contract, WaitingListOffer
from balabaqsha.applications.models import Application, BenefitClaim
from balabaqsha.applications.states import LIVE, State
from balabaqsha.checks import catalogue, work
from balabaqsha.documents import queries as documents
from balabaqsha.journeys import distribution, sweep, vouchers
from balabaqsha.kernel import iin as iins
from balabaqsha.kernel import number as numbers
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.kernel.iin import Iin
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.kindergartens.models import Kindergarten
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.people.models import Person
from balabaqsha.record.models import JournalEntry
from balabaqsha.sandbox import population, town
from balabaqsha.sandbox.geography import LINE
from balabaqsha.sandbox.town import building
from balabaqsha.sandbox.town.report import TownReport
from balabaqsha.signatures import queries as signatures
from balabaqsha.territories.regimes import Regime
from balabaqsha.vouchers import rules
from balabaqsha.vouchers.models import DistributionRun
from tests import promises

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
SMALL = 0.03

# Each counts rows that must not be there; what must never be anywhere is asked by the portal's own checks.
NEVER = {
    "a child enrolled and waiting": """
        SELECT count(*) FROM applications_application a JOIN applications_application b USING (child_id)
        WHERE a.state = 'ENROLLED' AND b.state <> 'ARCHIVED' AND b.id <> a.id""",
    "a group whose places are not its capacity": """
        SELECT count(*) FROM kindergartens_group g
        WHERE capacity <> (SELECT count(*) FROM kindergartens_place WHERE group_id = g.id)""",
    "an application in a group of another year or correction": """
        SELECT count(*) FROM admissions_admission d JOIN applications_application a ON a.id = d.application_id
        JOIN kindergartens_group g ON g.id = d.group_id
        WHERE a.birth_year <> g.birth_year OR a.correction IS DISTINCT FROM g.correction""",
    "something that happens later": """
        SELECT (SELECT count(*) FROM record_journalentry WHERE at > %(now)s)
        + (SELECT count(*) FROM applications_application WHERE original_at > %(now)s OR reached_state_at > %(now)s)""",
    "an application without its beginning in the journal": """
        SELECT count(*) FROM applications_application a WHERE NOT EXISTS (SELECT 1 FROM record_journalentry j
        WHERE j.application_id = a.id AND j.act IN ('apply', 'carry_over'))""",
    "a signed contract without its document": """
        SELECT count(*) FROM admissions_contract WHERE document_id IS NULL AND parent_signature_id IS NOT NULL""",
    "an undecided claim without its proof": """
        SELECT count(*) FROM applications_benefitclaim WHERE state = 'UNDECIDED' AND benefit <> 'LARGE_FAMILY'
        AND upload_ids = '{}' AND application_id IN (SELECT application_id FROM record_journalentry
        WHERE act = 'apply' AND facts ->> 'claimed' <> 'NONE')
        AND claimed_at > %(now)s - interval '20 days' AND decided_at IS NOT NULL""",
}


@pytest.fixture
def built(folder: Path) -> TownReport:
    """A small town."""
    return town.build(seed=1, now=NOW, data=folder, scale=SMALL)


def test_nothing_contradicts_the_rules(built: TownReport) -> None:
    assert _never(NOW) == {}
    assert promises.broken() == []
    assert sweep.sweep(before=NOW) == 0, "nothing is overdue"
    assert built.free_places == kindergartens.free_places(NOW).count()


def test_the_whole_town_is_as_large_as_the_city_and_contradicts_no_rule(folder: Path) -> None:
    report = town.build(seed=1, now=NOW, data=folder)

    assert report.kindergartens == 60 + 3 * 8
    assert 380 <= report.groups <= 490
    assert 11_600 <= report.enrolled <= 11_950
    assert 6850 <= report.waiting <= 7150
    assert 70 <= report.free_places <= 330
    of_districts = Application.objects.filter(regime=Regime.LINEAR).exclude(state=State.ENROLLED)
    assert 1950 <= of_districts.count() <= 2050
    assert _never(NOW) == {}
    assert sweep.sweep(before=NOW) == 0
    waiting = Application.objects.filter(state=State.WAITING)
    assert set(waiting.values_list("category", flat=True)) == set(range(1, 22))
    assert set(Application.objects.values_list("state", flat=True)) == set(State)
    assert promises.broken() == []
    assert BenefitClaim.objects.filter(state="UNDECIDED").count() >= 12
    assert WaitingListOffer.objects.filter(ended_at=None).count() == 1
    free = kindergartens.free_places(NOW).values_list("group__birth_year", flat=True)
    assert len(set(free)) == 5


def test_every_run_follows_from_its_frozen_input(built: TownReport) -> None:
    runs = DistributionRun.objects.order_by("number")
    assert len(runs) == 4
    for run in runs:
        frozen = run.input
        walk = rules.walk_frozen(frozen)
        assert [candidate.number for candidate in walk.served] == run.result["served"]
        text = json.dumps(frozen, sort_keys=True, ensure_ascii=False).encode()
        assert hashlib.sha256(text).hexdigest() == run.input_digest


def test_the_same_seed_makes_the_same_town() -> None:
    assert _fingerprint(seed=3) == _fingerprint(seed=3)
    assert _fingerprint(seed=3) != _fingerprint(seed=4)


def test_numbers_are_well_formed_and_made_up_iins_valid(built: TownReport) -> None:
    for person in Person.objects.all():
        iin = Iin.parse(person.iin)
        assert (iin.born_on, iin.sex.value) == (person.born_on, person.sex)
    assert all(numbers.is_valid(number) for number in Application.objects.values_list("number", flat=True))
    for kindergarten in Kindergarten.objects.all():
        assert iins.check_digit(kindergarten.bin[:11]) == int(kindergarten.bin[11])
        if kindergarten.territory_id == LINE:
            assert 52.1 < (kindergarten.latitude or 0) < 52.5
            assert 76.8 < (kindergarten.longitude or 0) < 77.1


def test_the_registers_know_everybody_with_telephone_and_children(built: TownReport, folder: Path) -> None:
    known = population.Population(file=folder / "sandbox" / "population.jsonl", otherwise=())
    assert len(known) == built.persons
    for application in Application.objects.select_related("child", "applicant").all()[:50]:
        mother = known.person(application.applicant.iin)
        assert mother is not None
        assert application.child.iin in {birth.child for birth in mother.births}
        assert known.owner(mother.phones[0]) == mother
        assert known.person(application.child.iin) is not None
    newcomer = known.owner(built.newcomer.phone)
    assert newcomer is not None
    assert newcomer.iin == built.newcomer.iin
    assert not Person.objects.filter(iin=newcomer.iin).exists()


def test_made_up_persons_sign_in_and_find_what_waits_for_them(built: TownReport) -> None:
    persons = {person.key: person for person in queries.demonstration_persons()}
    assert list(persons) == [
        *("voucher", "contract", "applicant", "head", "officer"),
        *("turn", "referral", "stop-list", "district-head", "district-officer"),
    ]
    for person in persons.values():
        log_in = queries.log_in_of(person.login, now=NOW)
        assert log_in is not None
        assert passwords.matches(person.password, log_in.password)
    assert persons["head"].role is Role.KINDERGARTEN_HEAD
    assert persons["officer"].role is Role.OFFICER
    states = {
        key: set(Application.objects.filter(applicant__iin=persons[key].login).values_list("state", flat=True))
        for key in ("voucher", "contract", "applicant", "turn", "referral", "stop-list")
    }
    assert State.TURN_OFFERED in states["turn"]
    assert State.REFERRAL_ISSUED in states["referral"]
    assert State.STOP_LISTED in states["stop-list"]
    assert State.VOUCHER_OFFERED in states["voucher"]
    assert State.CONTRACT_WITH_PARENT in states["contract"]
    assert not states["applicant"] & LIVE
    assert [newcomer.iin for newcomer in queries.demonstration_newcomers()] == [built.newcomer.iin]


def test_contracts_are_real_papers_with_signatures_that_hold(built: TownReport) -> None:
    signed = Contract.objects.exclude(kindergarten_signature=None)
    assert signed
    for contract in signed:
        made = documents.made_by_id(contract.document_id or 0)
        assert made is not None
        assert made.file.read().startswith(b"%PDF")
        evidence = signatures.evidence(document_kind="contract", document_id=contract.id)
        assert [proof.bin is not None for proof in evidence] == [False, True]
        assert contract.parent_signature is not None
        digest = hashlib.sha256(made.file.read()).digest()
        assert bytes(contract.parent_signature.content_sha256) == digest


def test_life_goes_on_after_the_town_was_built(built: TownReport) -> None:
    offered = Application.objects.filter(state=State.VOUCHER_OFFERED).order_by("id")[0]
    family = Actor(role=Role.PARENT, person_id=offered.applicant_id)
    vouchers.confirm_interest(application_id=offered.id, actor=family, now=NOW)
    officer = Actor(role=Role.OFFICER, account_id=1, territory_code=LINE)
    run = distribution.perform(territory_code=LINE, limit=5, actor=officer, now=NOW + timedelta(hours=1))
    assert run.given == 5
    assert run.number == 5
    sweep.sweep(before=NOW + timedelta(days=60))
    assert not Application.objects.filter(state=State.VOUCHER_OFFERED).exists()


def test_terms_are_counted_by_the_law(built: TownReport) -> None:
    calendar, rulebook = law.calendar(), law.rulebook(LINE)
    running: dict[tuple[str, str], str] = {
        (Regime.VOUCHER, State.VOUCHER_OFFERED): "voucher.confirm",
        (Regime.VOUCHER, State.STOP_LISTED): "voucher.restore_within",
        (Regime.LINEAR, State.TURN_OFFERED): "turn.choose",
        (Regime.LINEAR, State.REFERRAL_ISSUED): "referral.validity",
        (Regime.LINEAR, State.STOP_LISTED): "stop_list.length",
    }
    found = Application.objects.filter(state__in={state for _, state in running})
    assert {(application.regime, application.state) for application in found} == set(running)
    for application in found:
        assert application.due_from is not None
        term = rulebook.term(running[application.regime, application.state], on=application.due_from.date())
        assert application.due_term == term.identity
        assert application.due_at == law_rules.deadline(application.due_from, term, calendar)


def test_a_town_is_built_into_an_empty_database_only(built: TownReport, folder: Path) -> None:
    with pytest.raises(building.NotEmpty):
        town.build(seed=2, now=NOW, data=folder, scale=SMALL)


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 9, 1, 4, 0, tzinfo=UTC),
        datetime(2026, 12, 31, 20, 0, tzinfo=UTC),
        datetime(2027, 1, 3, 6, 0, tzinfo=UTC),
        datetime(2027, 3, 23, 3, 10, tzinfo=UTC),
        datetime(2027, 6, 30, 23, 59, tzinfo=UTC),
    ],
)
def test_a_town_holds_on_any_day_of_the_year(folder: Path, now: datetime) -> None:
    town.build(seed=5, now=now, data=folder, scale=0.02)
    assert _never(now) == {}
    assert sweep.sweep(before=now) == 0


def _never(now: datetime) -> dict[str, int]:
    found = {}
    with connection.cursor() as cursor:
        for name, query in NEVER.items():
            cursor.execute(query, {"now": now})
            found[name] = cursor.fetchone()[0]
    asked = (*catalogue.OF_ROWS, work.due_and_not_done, work.hold_outlived)
    found |= Counter(code for code, _ in catalogue.ask(asked, now=now))
    return {name: count for name, count in found.items() if count}


def _fingerprint(*, seed: int) -> str:
    told = building.tell(seed=seed, now=NOW, scale=0.02)
    rows: list[Any] = [
        [(name, str(value)) for name, value in row.items()]
        for model in (Person, Kindergarten, Application, JournalEntry)
        for row in told.world.rows.of(model)
    ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()
