"""Papers given to a family beside its application: made from the case without a lock, kept once under it.

The notices of registration and receipt and the extract come with sending, the card and the referral with its issue (003,
figure 10): the page that sent or chose asks for them once the act has been committed, the worker for whatever is missing.
The others are made when the family asks. A contract belongs to the act that fills it in.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from balabaqsha.applications import _steps as applications
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import PAPER_IS_GOOD_IN, State
from balabaqsha.documents import actions as documents
from balabaqsha.documents import papers, rules
from balabaqsha.documents import queries as document_queries
from balabaqsha.documents.models import MadeDocument
from balabaqsha.journeys import _paper_facts, sweep
from balabaqsha.journeys._act import act
from balabaqsha.kernel.actor import SYSTEM, Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law.lists import DocumentKind
from balabaqsha.people import queries as people
from balabaqsha.referrals import queries as referrals
from balabaqsha.territories.regimes import Regime

AT_SENDING = (DocumentKind.REGISTRATION_NOTICE, DocumentKind.RECEIPT_NOTICE, DocumentKind.REGISTER_EXTRACT)
WITH_A_REFERRAL = (DocumentKind.REFERRAL, DocumentKind.CHILD_CARD)
ON_REQUEST = (*AT_SENDING, DocumentKind.CHILD_CARD, DocumentKind.VOUCHER_NOTICE, DocumentKind.REFERRAL)
# The others say how things stand, so a newer one takes their place. Registration happened once, and a referral that the
# family has printed stays good until its term is extended.
MADE_ONCE = frozenset({DocumentKind.REGISTRATION_NOTICE, DocumentKind.REFERRAL})


class PaperNotDue(Refusal, code="not-allowed", detail="paper-not-due"):
    """No paper of this kind is given for the application as it stands."""


@dataclass(frozen=True)
class Press:
    """For which portal papers are made: its public address, and whether every page says that the data is made up."""

    base_url: str
    demonstration: bool


@dataclass(frozen=True)
class Printed:
    """A paper typeset and not kept yet."""

    frame: papers.Frame
    content: bytes
    public_facts: Mapping[str, str]


def on_offer(application: Application) -> list[DocumentKind]:
    """The kinds that the family may have made for the application as it stands."""
    foreign = {DocumentKind.VOUCHER_NOTICE} if application.regime == Regime.LINEAR else set()
    return [
        kind for kind in ON_REQUEST if kind not in foreign and application.state in PAPER_IS_GOOD_IN.get(kind, State)
    ]


def give(
    *, application_id: int, kinds: Collection[DocumentKind], press: Press, actor: Actor, now: datetime
) -> list[MadeDocument]:
    """Make papers of these kinds for the family; one made once and in force already is given as it is.

    Typesetting takes some 60 ms for each and no lock. Raises PaperNotDue.
    """
    sweep.catch_up(now=now, application_id=application_id)
    application = Application.objects.get(id=application_id)
    _refuse_untrue(application, kinds)
    printed = [print_paper(application, kind, press=press, now=now) for kind in kinds]
    return _keep_all(application_id=application_id, printed=printed, actor=actor, now=now)


def give_missing_referrals(*, press: Press, now: datetime) -> int:
    """Make the papers of referrals that have none for their term as it stands: issued by a sealed round, extended, or
    left without by a page that broke off. Returns for how many applications.
    """
    missing = referrals.without_paper()
    for application_id in missing:
        with suppress(PaperNotDue):
            give(application_id=application_id, kinds=WITH_A_REFERRAL, press=press, actor=SYSTEM, now=now)
    return len(missing)


def print_paper(application: Application, kind: DocumentKind, *, press: Press, now: datetime) -> Printed:
    """Typeset a paper of the application as it stands, nothing kept."""
    frame = documents.begin_paper(kind=kind, base_url=press.base_url, now=now, demonstration=press.demonstration)
    return Printed(frame, papers.make(frame, _paper_facts.of(application, kind)), public_facts(application.child_id))


def public_facts(child_id: int) -> dict[str, str]:
    """What the check of a paper about this child may show to everybody."""
    child = people.person_card(child_id)
    shown = rules.initials(surname=child.surname, given_name=child.given_name, patronymic=child.patronymic)
    return {"initials": shown, "masked_iin": rules.masked_iin(child.iin)}


def _refuse_untrue(application: Application, kinds: Collection[DocumentKind]) -> None:
    if not set(kinds) <= set(on_offer(application)):
        raise PaperNotDue


@act
def _keep_all(
    *,
    application_id: int,
    printed: list[Printed],
    actor: Actor,
    now: datetime,  # noqa: ARG001 - a paper was made when its frame says
) -> list[MadeDocument]:
    # Rivals: a second click, and whatever moves the application on while its papers are typeset.
    application = applications.lock(application_id)
    _refuse_untrue(application, [one.frame.kind for one in printed])
    return [keep(application, one, actor=actor) for one in printed]


def keep(application: Application, printed: Printed, *, actor: Actor) -> MadeDocument:
    """Keep a paper of an application whose row is locked, in the place of an older one; one made once stays."""
    kind = printed.frame.kind
    outdated = kind is DocumentKind.REFERRAL and referrals.without_paper(application.id)
    if kind in MADE_ONCE and not outdated:
        older = document_queries.in_force(application_id=application.id, kind=kind)
        if older is not None:
            return older
    return documents.keep_paper(
        frame=printed.frame,
        content=printed.content,
        public_facts=printed.public_facts,
        actor=actor,
        application_id=application.id,
        territory_code=application.territory_id,
        supersede=True,
    )
