"""Opening and ending a counter session; what it lets do stands in the policies, and every act names both."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from balabaqsha.accounts import sessions
from balabaqsha.accounts.models import Account, CounterSession
from balabaqsha.accounts.trust.rules import is_surname
from balabaqsha.gateways.population.port import PersonRecord
from balabaqsha.kernel.actor import Actor, Counter, Role
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law.grounds import CounterReason, IdentityDocument
from balabaqsha.people import _steps as people
from balabaqsha.people import rules as people_rules
from balabaqsha.record import actions as record

# As long as one family stands at the counter; real time, for the person has come in real time.
LENGTH = timedelta(minutes=30)


class NotThatSurname(Refusal, code="not-allowed", detail="counter-surname"):
    """The state base has another surname for this IIN than the document shows."""


class OwnFamily(Refusal, code="not-allowed", detail="counter-own"):
    """Nobody serves themselves at the counter."""


@dataclass(frozen=True)
class Opening:
    """What the officer read in the document, why the family came, and that its consent on paper is kept."""

    iin: str
    surname: str
    document: IdentityDocument
    document_number: str
    reason: CounterReason


@transaction.atomic(durable=True)
def open_counter(
    *, opening: Opening, answer: PersonRecord, actor: Actor, now: datetime, real_now: datetime
) -> CounterSession:
    """Begin to act for the person whose document the actor holds; the person is told by SMS and inbox.

    `answer` is of the population register, asked before on the officer's duty. A session of the actor that still runs ends.
    Raises IinNotValid, NotThatSurname, OwnFamily.
    """
    iin = people_rules.parse_iin(opening.iin)
    if answer.iin != iin.text or not is_surname(opening.surname, answer.surname):
        raise NotThatSurname
    # The officer's account row makes two tabs take turns.
    account = Account.objects.select_for_update(no_key=True).get(pk=actor.account_id)
    person = people.keep_person(answer=answer)
    if person.id == account.person_id:
        raise OwnFamily
    CounterSession.objects.filter(account=account, ended_at=None).update(ended_at=real_now)
    made = CounterSession.objects.create(
        account=account,
        person=person,
        territory_id=actor.territory_code,
        document=opening.document.value,
        document_number=opening.document_number,
        reason=opening.reason.value,
        started_at=real_now,
        ends_at=real_now + LENGTH,
    )
    facts = {"counter": made.id, "because": opening.reason.value, "document": opening.document.value}
    counter = Counter(made.id, actor.person_id or 0, actor.territory_code or "")
    acting = Actor(role=Role.PARENT, account_id=actor.account_id, person_id=person.id, counter=counter)
    record.record("counter-opened", actor=acting, now=now, territory_code=actor.territory_code, facts=facts)
    record.tell("counter-opened", now=now, person_id=person.id, facts={})
    return made


@transaction.atomic(durable=True)
def close_counter(*, actor: Actor, now: datetime, real_now: datetime) -> None:
    """End the counter session that the actor acts in; a second click changes nothing."""
    if actor.counter is None:
        return
    ended = CounterSession.objects.filter(id=actor.counter.session_id, ended_at=None).update(ended_at=real_now)
    if ended:
        facts = {"counter": actor.counter.session_id}
        record.record("counter-closed", actor=actor, now=now, territory_code=actor.counter.territory_code, facts=facts)


def enter(session: SessionBase, row: CounterSession) -> None:
    """Act in this counter session from the next request on, under a new key."""
    session.cycle_key()
    session[sessions.COUNTER] = row.id
