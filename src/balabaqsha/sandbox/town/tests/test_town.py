"""A built town: nothing in it contradicts the rules, and one can live in it."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from balabaqsha.accounts import passwords, queries
from balabaqsha.accounts.access import DECIDES
from balabaqsha.admissions.models import Contract
from balabaqsha.applications.models import Application, DocumentsCheck, SecondOpinion
from balabaqsha.applications.states import LIVE, State
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
from balabaqsha.sandbox import population, town
from balabaqsha.sandbox.geography import LINE
from balabaqsha.sandbox.town import building
from balabaqsha.sandbox.town.report import TownReport
from balabaqsha.sandbox.town.tests.conftest import Standing
from balabaqsha.sandbox.town.tests.contradictions import contradictions
from balabaqsha.signatures import queries as signatures
from balabaqsha.territories.regimes import Regime
from balabaqsha.vouchers import rules
from balabaqsha.vouchers.models import DistributionRun
from tests import promises

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 19, 9, 30, tzinfo=UTC)
SMALL = 0.03


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of the town."""
    return tmp_path_factory.mktemp("town")


@pytest.fixture(scope="module")
def town_report(folder: Path, standing: Standing) -> Iterator[TownReport]:
    """A small town, built once: every test undoes what it does to it."""
    with standing(folder, now=NOW, scale=SMALL) as report:
        yield report


@pytest.fixture
def built(town_report: TownReport, db: None) -> TownReport:
    return town_report


def test_nothing_contradicts_the_rules(built: TownReport) -> None:
    assert contradictions(NOW) == {}
    assert promises.broken() == []
    assert sweep.sweep(before=NOW) == 0, "nothing is overdue"
    assert built.free_places == kindergartens.free_places(NOW).count()


def test_every_run_follows_from_its_frozen_input(built: TownReport) -> None:
    runs = DistributionRun.objects.order_by("number")
    assert len(runs) == 4
    for run in runs:
        frozen = run.input
        walk = rules.walk_frozen(frozen)
        assert [candidate.number for candidate in walk.served] == run.result["served"]
        text = json.dumps(frozen, sort_keys=True, ensure_ascii=False).encode()
        assert hashlib.sha256(text).hexdigest() == run.input_digest


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
        *("phthisiatrician", "pmpk", "special-check", "special-rejected", "special-line"),
        *("second-officer", "oblast-officer", "ministry", "ministry-second"),
    ]
    for person in persons.values():
        log_in = queries.log_in_of(person.login, now=NOW)
        assert log_in is not None
        assert passwords.matches(person.password, log_in.password)
    assert persons["head"].role is Role.KINDERGARTEN_HEAD
    assert persons["officer"].role is Role.OFFICER
    states = {
        key: set(Application.objects.filter(applicant__iin=persons[key].login).values_list("state", flat=True))
        for key in persons
    }
    assert State.TURN_OFFERED in states["turn"]
    assert State.REFERRAL_ISSUED in states["referral"]
    assert State.STOP_LISTED in states["stop-list"]
    assert State.VOUCHER_OFFERED in states["voucher"]
    assert State.CONTRACT_WITH_PARENT in states["contract"]
    assert not states["applicant"] & LIVE
    assert State.DOCUMENTS_CHECK in states["special-check"]
    assert Application.objects.filter(applicant__iin=persons["special-rejected"].login, reason="REJECTED").exists()
    assert State.WAITING in states["special-line"]
    waiting = DocumentsCheck.objects.filter(decided_at=None, application__state=State.DOCUMENTS_CHECK)
    for key in ("phthisiatrician", "pmpk"):
        role = persons[key].role
        work = waiting.filter(decider=DECIDES[role].value)
        assert work.exclude(conclusion=None).exists()
    assert waiting.filter(due_at__lt=NOW).exists()
    assert waiting.exclude(conclusion__upload_id=None).exists()
    assert SecondOpinion.objects.filter(asked_of_account_id=persons["pmpk"].account_id, answered_at=None).exists()
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
