"""The town of the workplaces in the linear regime, and families that have a referral there."""

from datetime import date, datetime

from balabaqsha.applications.models import Application
from balabaqsha.journeys import referring
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.law.lists import DocumentKind
from balabaqsha.people.models import Person
from balabaqsha.sandbox.authority import signing
from balabaqsha.signatures.models import Signature
from balabaqsha.territories import actions as territories
from balabaqsha.territories.actions import RegimeChange
from balabaqsha.territories.regimes import Regime
from tests.signatures import making
from tests.workplaces import world
from tests.workplaces.world import NOW, Town


def make_linear(town: Town) -> Town:
    """The same town with its places given by turns and referrals; the other city gives them by voucher."""
    for code, regime in ((world.CITY, Regime.LINEAR), (world.OTHER_CITY, Regime.VOUCHER)):
        change = RegimeChange(code, regime, date(2020, 1, 1), "сынақ")
        territories.set_regime(change=change, withdraw_later=True, actor=SYSTEM, now=NOW)
    return town


def sign(choice: referring.Choice) -> Signature:
    """A real signature of the applicant over a choice."""
    content = f"choice {choice.application_id}".encode()
    iin = Application.objects.get(id=choice.application_id).applicant.iin
    return making.keep_signature(
        content=content,
        cms=signing.sign(content, world.key(iin), signed_at=NOW),
        document_kind="choice",
        document_id=choice.application_id,
        actor=SYSTEM,
        now=NOW,
    )


def referred(town: Town, **child) -> Application:
    """A family with a referral to the town's kindergarten."""
    case = town.applies(**child)
    referring.choose(application_id=case.id, group_id=town.group.id, sign=sign, actor=case.parent, now=NOW)
    return Application.objects.get(id=case.id)


def extended(town: Town, *, days: int = 14, now: datetime = NOW, **child) -> Application:
    """A family that has extended its referral, with a proof."""
    case = town.applies(**child)
    referring.choose(application_id=case.id, group_id=town.group.id, sign=sign, actor=case.parent, now=NOW)
    child_row = Person.objects.get(id=case.application.child_id)
    proof = town.upload(case.parent, child_row, DocumentKind.EXTENSION_PROOF, world.picture())
    referring.extend(application_id=case.id, days=days, reason="HOSPITAL", upload_id=proof, actor=case.parent, now=now)
    return case.application
