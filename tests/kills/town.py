"""The town of the kills: families that claim, families that sign, thousands that wait for a run; most made in bulk."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.db import connection

from balabaqsha.accounts import actions as accounts
from balabaqsha.accounts import sessions
from balabaqsha.accounts.models import RoleGrant
from balabaqsha.accounts.session_store import SessionStore
from balabaqsha.accounts.visits.actions import open_visit
from balabaqsha.accounts.visits.devices import device
from balabaqsha.applications.models import Application
from balabaqsha.documents import actions as documents
from balabaqsha.journeys import choosing, contract_terms, contracts, distribution, filling, vouchers
from balabaqsha.kernel.actor import SYSTEM, Actor, Role
from balabaqsha.kernel.iin import Sex
from balabaqsha.kindergartens import actions as kindergartens
from balabaqsha.kindergartens.actions import NewGroup
from balabaqsha.kindergartens.models import Group, Kindergarten
from balabaqsha.law.lists import DocumentKind
from balabaqsha.people import actions as people
from balabaqsha.people.models import Person
from balabaqsha.people.tests.family import answer, made_up_iin
from balabaqsha.sandbox.authority import signing
from balabaqsha.sandbox.authority.authority import Authority, Key
from balabaqsha.sandbox.authority.profile import Holder, Usage
from balabaqsha.signatures import actions as signatures
from tests.families.home import REQUIRED
from tests.workplaces import world

CITY = world.CITY
CODE = "balapan"
# Each birth year is a demand of its own: what happens in one scene leaves the others alone.
CLAIMS, SIGNING, RUNS = 2023, 2022, 2021
CLAIMANTS, CLAIMED_PLACES, SIGNERS = 30, 8, 6


@dataclass
class Family:
    """A mother with her application, and the session in which she is signed in."""

    application_id: int
    number: str
    actor: Actor
    session: str = ""
    ticket: str = ""
    """Her place before the door, where a busy portal has given one."""


@dataclass
class Signer(Family):
    """A family whose contract is ready to be signed, with her key."""

    key: Key | None = None

    def cms(self, content: bytes) -> bytes:
        """What the signer of the page would post."""
        assert self.key is not None
        return signing.sign(content, self.key, signed_at=datetime.now(UTC))


@dataclass
class Town:
    kindergarten: Kindergarten
    groups: list[int]
    officer: Family
    head: Family
    claimants: list[Family] = field(default_factory=list)
    signers: list[Signer] = field(default_factory=list)
    families: int = 0

    def waits_for_a_run(self, count: int) -> None:
        """So many more families in line with telephones, and as many places."""
        self.families = families(count, year=RUNS, first=self.families)
        new = NewGroup(name=f"R{self.families}", birth_year=RUNS, language="kk", capacity=count, published=count)
        kindergartens.open_group(kindergarten=self.kindergarten, group=new, actor=SYSTEM, now=datetime.now(UTC))


def build(authority: Authority) -> Town:
    """The town in an empty database; everything is as real acts leave it, but that the line of families is copied in."""
    now = datetime.now(UTC)
    for content in authority.revocation_lists(now=now).values():
        signatures.store_revocation_list(content=content, actor=SYSTEM, now=now)
    kindergarten, groups = _kindergarten(now)
    head = _signed_in(_staff(world.HEAD, Role.KINDERGARTEN_HEAD, now, kindergarten_id=kindergarten.id))
    officer = _signed_in(_staff(world.OFFICER, Role.OFFICER, now, territory_code=CITY))
    town = Town(kindergarten, [group.id for group in groups if group.name.startswith("C")], officer, head)
    signer_ids = [_one_family(number, now) for number in range(SIGNERS)]
    town.families = families(CLAIMANTS, year=CLAIMS, first=0)
    distribution.perform(territory_code=CITY, limit=None, actor=officer.actor, now=datetime.now(UTC))
    for application in Application.objects.filter(state="VOUCHER_OFFERED").order_by("id"):
        parent = Actor(role=Role.PARENT, person_id=application.applicant_id)
        vouchers.confirm_interest(application_id=application.id, actor=parent, now=datetime.now(UTC))
    town.claimants = [
        _family(application) for application in Application.objects.filter(birth_year=CLAIMS).order_by("id")
    ]
    signing_group = next(group for group in groups if group.birth_year == SIGNING)
    town.signers = [_ready_to_sign(one, signing_group, head.actor, authority) for one in signer_ids]
    return town


def _kindergarten(now: datetime) -> tuple[Kindergarten, list[Group]]:
    row = Kindergarten(
        code=CODE,
        bin=world.BIN,
        name_kk="«Балапан» бөбекжай-бақшасы",
        name_ru="Ясли-сад «Балапан»",
        ownership="STATE",
        type="KINDERGARTEN",
        territory_id=CITY,
        head_name="Сынақ Адам",
    )
    spare = CLAIMANTS - 3 * CLAIMED_PLACES
    sizes = {**{f"C{number}": (CLAIMS, CLAIMED_PLACES) for number in range(3)}, "spare": (CLAIMS, spare)}
    sizes["S"] = (SIGNING, max(1, SIGNERS))
    new = [
        NewGroup(name=name, birth_year=year, language="kk", capacity=size, published=size)
        for name, (year, size) in sizes.items()
    ]
    return row, kindergartens.open_kindergarten(kindergarten=row, groups=new, actor=SYSTEM, now=now)


def _staff(iin, role: Role, now: datetime, **bounds) -> Actor:
    person_id = people.keep_person(answer=answer(iin, sex=Sex.FEMALE), actor=SYSTEM, now=now)
    return _with_account(person_id, role, now, **bounds)


def _with_account(person_id: int, role: Role, now: datetime, **bounds) -> Actor:
    account_id = accounts.open_account(person_id=person_id, password="-", language="kk", actor=SYSTEM, now=now)
    accounts.grant_role(account_id=account_id, role=role, reason="test", actor=SYSTEM, now=now, **bounds)
    bounds.setdefault("territory_code", CITY if role != Role.PARENT else None)
    return Actor(role=role, account_id=account_id, person_id=person_id, **bounds)


def _one_family(number: int, now: datetime) -> int:
    """A family with real IINs, which a certificate needs; returns its application."""
    mother = made_up_iin(date(1990, 1, 1), serial=1000 + number * 11)
    child = made_up_iin(date(SIGNING, 3, 9), serial=2000 + number * 11)
    ids = [people.keep_person(answer=answer(one), actor=SYSTEM, now=now) for one in (mother, child)]
    return _in_line([ids[0]], [ids[1]], year=SIGNING, first=900_000 + number)


def _family(application: Application) -> Family:
    actor = _with_account(application.applicant_id, Role.PARENT, datetime.now(UTC))
    return _signed_in(actor, application)


def _ready_to_sign(application_id: int, group: Group, head: Actor, authority: Authority) -> Signer:
    """Chosen, sent, filled in, with its papers; the contract lies with the family."""
    now = datetime.now(UTC)
    application = Application.objects.get(id=application_id)
    family = _family(application)
    choosing.choose(application_id=application_id, group_id=group.id, actor=family.actor, now=now)
    terms = contract_terms.fill(
        group=group,
        start_on=date(now.year, 12, 31),
        ends_on=date(now.year + 3, 8, 31),
        stay_hours=10.5,
        parent_fee=15000,
    )
    contracts.send_contract(application_id=application_id, terms=terms, actor=head, now=now)
    filled = filling.typeset(
        application_id=application_id,
        person_id=application.applicant_id,
        address="Сынақ к-сі, 7",
        phone="+77010000001",
        base_url="http://testserver",
        demonstration=True,
        now=now,
    )
    filling.fill_contract(application_id=application_id, filled=filled, actor=family.actor, now=now)
    for kind in map(DocumentKind, REQUIRED):
        kept = documents.keep_upload(
            owner_person_id=application.applicant_id,
            child_person_id=application.child_id,
            kind=kind,
            content=world.picture(),
            name=f"{kind.value}.png",
            actor=family.actor,
            now=now,
        )
        filling.attach_paper(application_id=application_id, kind=kind, upload_id=kept.id, actor=family.actor, now=now)
    holder = Holder(iin=Person.objects.get(id=application.applicant_id).iin, surname="Сынақ", given_name="Адам")
    return Signer(**vars(family), key=authority.issue(holder, Usage.SIGN))


def _signed_in(actor: Actor, application: Application | None = None) -> Family:
    grant = RoleGrant.objects.get(account_id=actor.account_id, role=actor.role.value)
    session = SessionStore()
    sessions.begin(
        session,
        account_id=actor.account_id,
        grant_id=grant.id,
        session_number=1,
        role=actor.role,
        visit_id=open_visit(
            account_id=actor.account_id,
            device=device(mark="", agent="", address=""),
            way="PASSWORD",
            remembered_until=None,
            quiet=True,
            now=datetime.now(UTC),
            real_now=datetime.now(UTC),
        ),
        whole=True,
        remembered_until=None,
        real_now=datetime.now(UTC),
    )
    session.save()
    return Family(
        application.id if application else 0, application.number if application else "", actor, session.session_key
    )


def families(count: int, *, year: int, first: int) -> int:
    """So many families of this birth year, numbered from `first`, in line with a telephone; returns the next number."""
    with connection.cursor() as cursor:
        cursor.execute(_PERSONS, {"first": first, "last": first + count - 1, "year": year})
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute(_PHONES, {"mothers": ids[:count], "now": datetime.now(UTC), "first": first})
        _in_line(ids[:count], ids[count:], year=year, first=first)
        cursor.execute("ANALYZE people_person, applications_application")
    return first + count


def _in_line(mothers: list[int], children: list[int], *, year: int, first: int) -> int:
    """Applications of these mothers for these children; returns the first."""
    given = {"mothers": mothers, "children": children, "year": year, "territory": CITY, "first": first}
    with connection.cursor() as cursor:
        cursor.execute(_APPLICATIONS, given | {"now": datetime.now(UTC)})
        return int(cursor.fetchone()[0])


# The numbers are made up: their check digits are not those of anybody.
_PERSONS = """
INSERT INTO people_person (iin, surname, given_name, patronymic, born_on, sex, nationality, address,
    address_territory_code, email, photo_sha256, register_reference)
SELECT lpad(((who + 1) * 100000000000 + n)::text, 12, '0'), 'ҮЛГІБАЙ', CASE who WHEN 0 THEN 'АНА' ELSE 'БАЛА' END, '',
    make_date(CASE who WHEN 0 THEN 1990 ELSE %(year)s END, 2, 3), 'FEMALE', '', '', '', '', '', ''
FROM generate_series(0, 1) AS who, generate_series(%(first)s::bigint, %(last)s::bigint) AS n ORDER BY who, n
RETURNING id
"""
_PHONES = """
INSERT INTO people_phone (person_id, number, is_main, confirmed_at)
SELECT mother, '+7701' || lpad((%(first)s + place)::text, 7, '0'), true, %(now)s
FROM unnest(%(mothers)s::bigint[]) WITH ORDINALITY AS one(mother, place)
"""
_APPLICATIONS = """
INSERT INTO applications_application (number, kind, state, child_id, applicant_id, territory_id, languages, original_at,
    born_on, birth_year, ages_out_at, benefit, category, due_term, extended, reached_state_at,
    regime, misses, in_private_place)
SELECT 'K' || (%(first)s + place), 'GENERAL', 'WAITING', child, mother, %(territory)s, '{}',
    %(now)s - (place || ' seconds')::interval, make_date(%(year)s, 3, 9), %(year)s,
    make_timestamptz(%(year)s + 6, 9, 1, 0, 0, 0, 'Asia/Almaty'), 'NONE', 20, '', false, %(now)s,
    'VOUCHER', 0, false
FROM unnest(%(mothers)s::bigint[], %(children)s::bigint[]) WITH ORDINALITY AS one(mother, child, place)
RETURNING id
"""
