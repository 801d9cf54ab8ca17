"""What is promised to families, looked up in the rows: every sentence returned is a promise broken."""

from collections import Counter, defaultdict

from balabaqsha.admissions.models import Admission, WaitingListEntry, WaitingListOffer
from balabaqsha.admissions.states import HOLDING_A_PLACE, OPEN, Stage
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import CONTRACT_AFTER_REFERRAL, CONTRACT_IN_PROGRESS, State
from balabaqsha.kindergartens.models import Hold, Place, Purpose
from balabaqsha.law.lists import Tier
from balabaqsha.line import blocks, linear
from balabaqsha.line.models import Line
from balabaqsha.referrals import queries as referrals
from balabaqsha.referrals.models import Referral, SealedWish, Turn
from balabaqsha.referrals.states import LIVE as LIVE_REFERRALS
from balabaqsha.referrals.states import ReferralState, TurnState
from balabaqsha.territories.regimes import Regime
from balabaqsha.vouchers.models import Voucher
from balabaqsha.vouchers.states import LIVE, VoucherState

VOUCHERS = {
    State.VOUCHER_OFFERED: {VoucherState.OFFERED},
    State.VOUCHER_ACTIVE: {VoucherState.ACTIVE},
    **{state: {VoucherState.ACTIVE} for state in CONTRACT_IN_PROGRESS},
    State.ENROLLED: {VoucherState.IN_USE},
}


def broken():
    """The promises that the rows at hand break; none in a right town."""
    vouchers, admissions, entries = defaultdict(list), defaultdict(list), defaultdict(list)
    for voucher in Voucher.objects.filter(state__in=LIVE):
        vouchers[voucher.application_id].append(voucher.state)
    for admission in Admission.objects.filter(stage__in=HOLDING_A_PLACE).select_related("hold"):
        admissions[admission.application_id].append(admission)
    for entry in WaitingListEntry.objects.filter(left_at__isnull=True):
        entries[entry.application_id].append(entry)
    found = [*_holders(), *_of_linear_applications(), *_of_linear_lines()]
    for application in Application.objects.filter(regime=Regime.VOUCHER).order_by("id"):
        if set(vouchers[application.id]) != VOUCHERS.get(application.state, set()):
            found.append(f"{application.number} is {application.state} with vouchers {vouchers[application.id]}")
        found += _of_places(application, admissions[application.id])
        may_stand = application.state in {State.VOUCHER_ACTIVE, State.ENROLLED}
        if entries[application.id] and not may_stand:
            found.append(f"{application.number} is {application.state} and stands in a waiting list")
    found += [f"the blocks of a line count otherwise than its rows: {fault}" for fault in blocks.faults()]
    return found


REFERRALS = {
    State.REFERRAL_ISSUED: (ReferralState.ISSUED, Stage.REFERRED),
    State.REGISTERED: (ReferralState.REGISTERED, Stage.CONTRACT_AWAITED),
    State.CONTRACT_WITH_PARENT: (ReferralState.REGISTERED, Stage.CONTRACT_WITH_PARENT),
    State.CONTRACT_WITH_KINDERGARTEN: (ReferralState.REGISTERED, Stage.CONTRACT_WITH_KINDERGARTEN),
}
assert set(REFERRALS) == CONTRACT_AFTER_REFERRAL | {State.REFERRAL_ISSUED}


def _of_linear_applications():
    turns = Counter(Turn.objects.filter(state=TurnState.OFFERED).values_list("application", flat=True))
    live = dict(Referral.objects.filter(state__in=LIVE_REFERRALS).values_list("application", "state"))
    wishes = Counter(SealedWish.objects.filter(ended_at=None).values_list("application", flat=True))
    for application in Application.objects.filter(regime=Regime.LINEAR).order_by("id"):
        said = f"{application.number} is {application.state}"
        if turns[application.id] != (application.state == State.TURN_OFFERED):
            yield f"{said} with {turns[application.id]} turns"
        wanted = REFERRALS.get(application.state)
        if live.get(application.id) != (wanted and wanted[0]):
            yield f"{said} with a referral {live.get(application.id)}"
        if wishes[application.id] and application.state != State.WAITING:
            yield f"{said} with a wish in a sealed round"
        admissions = list(application.admissions.filter(stage__in=HOLDING_A_PLACE).select_related("hold"))
        stages = Counter(admission.stage for admission in admissions)
        if application.state == State.ENROLLED:
            right = stages[Stage.ENROLLED] == 1 and len(admissions) <= 2
        else:
            right = stages == (Counter({wanted[1]: 1}) if wanted else Counter())
        if not right:
            yield f"{said} with admissions {sorted(stages.elements())}"
        if any(admission.hold.ended_at for admission in admissions):
            yield f"{said} on a place that is free"


def _of_linear_lines():
    for line in Line.objects.filter(birth_year__isnull=False):
        key = linear.key_of_line(line)
        promised, free = referrals.live_turns(line) + line.openings, linear.free_state_places(key)
        if promised > free:
            yield f"line {line.id} promises {promised} places and has {free}"
        if promised < free and any(True for tier in Tier for _ in linear.servable(key, tier, limit=1)):
            yield f"line {line.id} keeps {free - promised} places from those who wait"


def _of_places(application, admissions):
    stages = Counter(Stage(admission.stage) for admission in admissions)
    moving = sum(stages[stage] for stage in OPEN)
    if application.state in CONTRACT_IN_PROGRESS:
        right = stages == Counter({Stage(application.state): 1})
    elif application.state == State.ENROLLED:
        right = stages[Stage.ENROLLED] == 1 and moving <= 1
    else:
        right = not stages
    if not right:
        yield f"{application.number} is {application.state} with admissions {sorted(stages.elements())}"
    for admission in admissions:
        if admission.hold.ended_at is not None:
            yield f"{application.number} is {admission.stage} on a place that is free"
        if (admission.stage == Stage.ENROLLED) != (admission.hold.purpose == Purpose.ENROLMENT):
            yield f"{application.number} is {admission.stage} by a hold of purpose {admission.hold.purpose}"


def _holders():
    serving = set(Admission.objects.filter(stage__in=HOLDING_A_PLACE).values_list("hold_id", flat=True))
    offers = WaitingListOffer.objects.filter(ended_at__isnull=True).select_related("entry")
    serving |= {offer.hold_id for offer in offers}
    live = Hold.objects.filter(ended_at__isnull=True)
    for hold in live:
        if hold.id not in serving:
            yield f"hold {hold.id} serves nobody"
    for offer in offers:
        if offer.entry.left_at is not None:
            yield f"offer {offer.id} is open to somebody who left the list"
    for place_id, holders in Counter(live.values_list("place_id", flat=True)).items():
        if holders > 1:
            yield f"place {place_id} has {holders} holders"
    if Place.objects.filter(published=False, holds__in=live).exists():
        yield "a place that is kept from families is held"


def spoken_for():
    """Vouchers out without a place, less free places: above nought somebody was promised what is not there."""
    out = Application.objects.filter(state__in=[State.VOUCHER_OFFERED, State.VOUCHER_ACTIVE]).count()
    free = Place.objects.filter(published=True).exclude(holds__in=Hold.objects.filter(ended_at__isnull=True)).count()
    return out - free
