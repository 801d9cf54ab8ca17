"""Doors for tests: the systems in memory, and ways through registration and sign-in."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from balabaqsha.accounts import actions, passwords, policy, proof, queries
from balabaqsha.accounts.models import Purpose, RoleGrant
from balabaqsha.accounts.visits import actions as visits
from balabaqsha.accounts.visits import devices
from balabaqsha.gateways import registry
from balabaqsha.gateways.births.fake import InMemoryBirths
from balabaqsha.gateways.phones.fake import InMemoryPhones
from balabaqsha.gateways.population.fake import InMemoryPopulation
from balabaqsha.gateways.sms.fake import InMemorySms
from balabaqsha.kernel.actor import ANONYMOUS, SYSTEM, Actor, Role
from balabaqsha.kernel.iin import Iin
from balabaqsha.people import actions as people
from balabaqsha.people.tests.family import CHILD, FOREIGN_CHILD, MOTHER, NOW, PHONE, STRANGER, answer, birth

REAL = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
PASSWORD = "тау үстінде 7 бұлт"
STRANGERS_PHONE = "+77010000009"


@dataclass
class World:
    """What stands behind the ports."""

    population: InMemoryPopulation = field(
        default_factory=lambda: InMemoryPopulation(
            [answer(MOTHER), answer(STRANGER), answer(CHILD, given_name="СМАР"), answer(FOREIGN_CHILD)]
        )
    )
    phones: InMemoryPhones = field(
        default_factory=lambda: InMemoryPhones({PHONE: MOTHER.text, STRANGERS_PHONE: STRANGER.text})
    )
    births: InMemoryBirths = field(
        default_factory=lambda: InMemoryBirths([birth(CHILD, MOTHER), birth(FOREIGN_CHILD, STRANGER)])
    )
    sms: InMemorySms = field(default_factory=InMemorySms)

    def last_code(self) -> str:
        """The code in the message that came last."""
        return self.sms.sent[-1].text[:6]


@contextmanager
def world() -> Iterator[World]:
    """Within the block the ports lead to these."""
    here = World()
    with registry.replaced(population=here.population, phones=here.phones, births=here.births, sms=here.sms):
        yield here


def ask(
    iin: Iin = MOTHER,
    phone: str = PHONE,
    *,
    purpose: Purpose = Purpose.SIGN_UP,
    real: datetime = REAL,
    address: str = "10.0.0.1",
) -> int:
    """Ask for a code."""
    return proof.send_code(
        proof.Request(iin=iin, phone=phone, purpose=purpose, address=address),
        write=lambda code: f"{code} – code",
        actor=ANONYMOUS,
        now=NOW,
        real_now=real,
    )


def prove(
    here: World, iin: Iin = MOTHER, phone: str = PHONE, *, purpose: Purpose = Purpose.SIGN_UP, real: datetime = REAL
) -> actions.Proof:
    """Ask for a code and give it back right."""
    code_id = ask(iin, phone, purpose=purpose, real=real)
    actions.accept_code(code_id=code_id, text=here.last_code(), real_now=real + timedelta(seconds=20))
    person_id = people.keep_person(answer=answer(iin), actor=SYSTEM, now=NOW)
    return actions.Proof(code_id=code_id, phone=phone, person_id=person_id)


def register(proven: actions.Proof, *, password: str = PASSWORD, real: datetime = REAL) -> int:
    """Open the account of whoever proved the telephone."""
    return actions.register(
        proof=proven,
        password=passwords.hashed(password),
        policy_version=policy.VERSION,
        language="kk",
        now=NOW,
        real_now=real + timedelta(minutes=1),
    )


def account_of(iin: Iin = MOTHER, *, password: str = PASSWORD) -> int:
    """A parent's account without the way through the codes."""
    person_id = people.keep_person(answer=answer(iin), actor=SYSTEM, now=NOW)
    account_id = actions.open_account(
        person_id=person_id, password=passwords.hashed(password), language="kk", actor=SYSTEM, now=NOW
    )
    actions.grant_role(account_id=account_id, role=Role.PARENT, reason="test", actor=SYSTEM, now=NOW)
    return account_id


def visit(account_id: int, *, real: datetime = REAL) -> int:
    """A session of the account, as its owner would see it."""
    return visits.open_visit(
        account_id=account_id,
        device=devices.device(mark="", agent="", address="10.0.0.1"),
        way="PASSWORD",
        remembered_until=None,
        quiet=True,
        now=NOW,
        real_now=real,
    )


def actor_of(account_id: int) -> Actor:
    """The actor of an account in its only role."""
    grant = RoleGrant.objects.select_related("account").get(account_id=account_id)
    return queries.actor_of(grant.account, grant)
