"""Checks of cases: an application with its voucher, its admission, its benefit and its waiting lists say one thing."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from balabaqsha.admissions.models import Admission, WaitingListEntry, WaitingListOffer
from balabaqsha.admissions.states import HOLDING_A_PLACE, OPEN, Stage
from balabaqsha.applications import states
from balabaqsha.applications.models import Application, BenefitClaim, ClaimState, DocumentsCheck
from balabaqsha.applications.states import CONTRACT_AFTER_REFERRAL, CONTRACT_IN_PROGRESS, State
from balabaqsha.checks.found import Found, applications, of_application
from balabaqsha.kindergartens.models import Ownership, Purpose
from balabaqsha.referrals import states as referrals
from balabaqsha.referrals.models import Referral, Turn
from balabaqsha.referrals.states import ReferralState, TurnState
from balabaqsha.territories.regimes import Regime
from balabaqsha.vouchers import states as vouchers
from balabaqsha.vouchers.models import Voucher
from balabaqsha.vouchers.states import VoucherState

# States in which nothing is held. A state that is named nowhere here promises nothing of admissions.
_WITHOUT_ADMISSION = frozenset(
    {
        State.DOCUMENTS_CHECK,
        State.WAITING,
        State.VOUCHER_OFFERED,
        State.VOUCHER_ACTIVE,
        State.STOP_LISTED,
        State.ARCHIVED,
    }
)
_MAY_STAND_IN_LISTS = frozenset({State.VOUCHER_ACTIVE, State.ENROLLED})
_AFTER_THE_CHOICE = CONTRACT_IN_PROGRESS | {State.ENROLLED}


def two_live_applications(now: datetime) -> Iterable[Found]:
    """A child has at most one live application of a kind.

    One that is enrolled in a private kindergarten without a voucher may stand in line anew (rules, 6.8).
    """
    private = Admission.objects.filter(
        application=OuterRef("pk"), stage=Stage.ENROLLED, group__kindergarten__ownership=Ownership.PRIVATE
    )
    given = Voucher.objects.filter(application=OuterRef("pk"))
    live = Application.objects.filter(state__in=sorted(states.LIVE))
    # Few children stand here twice: only theirs are looked at closely.
    several = live.order_by().values("child", "kind").annotate(n=Count("id")).filter(n__gt=1).values("child")
    counted = live.exclude(Exists(private) & ~Exists(given))
    other = counted.filter(child_id=OuterRef("child_id"), kind=OuterRef("kind")).exclude(id=OuterRef("id"))
    return applications(counted.filter(Exists(other), child__in=several), "state")


def state_without_its_voucher(now: datetime) -> Iterable[Found]:
    """The voucher is in the state that the application's asks for, and nobody else has a live one.

    A contract or an enrolment of an application that never had a voucher came about by a referral.
    """
    own = Voucher.objects.filter(application=OuterRef("pk"))
    live = own.filter(state__in=sorted(vouchers.LIVE)).order_by("id").values("state")[:1]
    asked = Case(
        When(state=State.VOUCHER_OFFERED, then=Value(VoucherState.OFFERED.value)),
        When(state__in=sorted(CONTRACT_IN_PROGRESS | {State.VOUCHER_ACTIVE}), then=Value(VoucherState.ACTIVE.value)),
        When(state=State.ENROLLED, then=Value(VoucherState.IN_USE.value)),
        default=Value(""),
    )
    rows = Application.objects.annotate(
        voucher=Coalesce(Subquery(live), Value(""), output_field=CharField()), asked=asked, had=Exists(own)
    )
    by_referral = Q(had=False, state__in=sorted(_AFTER_THE_CHOICE))
    return applications(rows.exclude(voucher=F("asked")).exclude(by_referral), "state", "voucher")


def two_live_vouchers(now: datetime) -> Iterable[Found]:
    """An application has at most one live voucher."""
    live = Count("vouchers", filter=Q(vouchers__state__in=sorted(vouchers.LIVE)))
    return applications(Application.objects.annotate(live=live).filter(live__gt=1), "live")


def state_without_its_turn(now: datetime) -> Iterable[Found]:
    """Whose turn it is has a turn, and nobody else has one (rules, 6.1)."""
    live = Turn.objects.filter(application=OuterRef("pk"), state=TurnState.OFFERED)
    asked = Q(state=State.TURN_OFFERED)
    return applications(Application.objects.filter((asked & ~Exists(live)) | (~asked & Exists(live))), "state")


def state_without_its_referral(now: datetime) -> Iterable[Found]:
    """The referral is in the state that the application's asks for, and nobody else has a live one (rules, 6.4, 6.6)."""
    live = Referral.objects.filter(application=OuterRef("pk"), state__in=sorted(referrals.LIVE))
    asked = Case(
        When(state=State.REFERRAL_ISSUED, then=Value(ReferralState.ISSUED.value)),
        When(
            state__in=sorted(CONTRACT_AFTER_REFERRAL), regime=Regime.LINEAR, then=Value(ReferralState.REGISTERED.value)
        ),
        default=Value(""),
    )
    rows = Application.objects.annotate(
        referral=Coalesce(Subquery(live.values("state")[:1]), Value(""), output_field=CharField()), asked=asked
    )
    return applications(rows.exclude(referral=F("asked")), "state")


def contract_without_admission(now: datetime) -> Iterable[Found]:
    """An application on the way to its contract has an admission that stands where the application stands."""
    fitting = Admission.objects.filter(application=OuterRef("pk"), stage=OuterRef("state"))
    return applications(
        Application.objects.filter(~Exists(fitting), state__in=sorted(CONTRACT_IN_PROGRESS)),
        "state",
    )


def enrolled_without_enrolment(now: datetime) -> Iterable[Found]:
    """An enrolled application has an enrolled admission, by which the child's place is found."""
    enrolment = Admission.objects.filter(application=OuterRef("pk"), stage=Stage.ENROLLED)
    return applications(Application.objects.filter(~Exists(enrolment), state=State.ENROLLED))


def admission_out_of_place(now: datetime) -> Iterable[Found]:
    """Nobody but whoever has a contract in progress or is enrolled has a live admission, and nobody one too many."""
    elsewhere = Q(application__state__in=sorted(_WITHOUT_ADMISSION)) | (
        Q(application__state__in=sorted(CONTRACT_IN_PROGRESS)) & ~Q(stage=F("application__state"))
    )
    same = Admission.objects.filter(application=OuterRef("application")).exclude(id=OuterRef("id"))
    second = Q(Exists(same.filter(stage__in=sorted(OPEN))), stage__in=sorted(OPEN)) | Q(
        Exists(same.filter(stage=Stage.ENROLLED)), stage=Stage.ENROLLED
    )
    return of_application(Admission.objects.filter(elsewhere | second, stage__in=sorted(HOLDING_A_PLACE)), "stage")


def admission_without_place(now: datetime) -> Iterable[Found]:
    """A live admission has a hold that has not ended, of its own child, in its own group."""
    lost = Q(hold__ended_at__isnull=False) | ~Q(hold__child=F("application__child")) | ~Q(hold__place__group=F("group"))
    return of_application(Admission.objects.filter(lost, stage__in=sorted(HOLDING_A_PLACE)), "stage", "group_id")


def enrolment_by_another_hold(now: datetime) -> Iterable[Found]:
    """An enrolled child holds its place by an enrolment, and by nothing that could lapse; nobody else does."""
    enrolled, settled = Q(stage=Stage.ENROLLED), Q(hold__purpose=Purpose.ENROLMENT)
    rows = Admission.objects.filter((enrolled & ~settled) | (~enrolled & settled), stage__in=sorted(HOLDING_A_PLACE))
    return of_application(rows, "stage", "group_id")


def listed_without_right(now: datetime) -> Iterable[Found]:
    """Only who has an active voucher without a place, or is enrolled, stands in a waiting list (rules, 7)."""
    rows = WaitingListEntry.objects.filter(left_at__isnull=True)
    return of_application(rows.exclude(application__state__in=sorted(_MAY_STAND_IN_LISTS)), "group_id")


def offer_without_place(now: datetime) -> Iterable[Found]:
    """A place that a waiting list offers is held for the family, which still stands in that list."""
    gone = Q(entry__left_at__isnull=False) | Q(hold__ended_at__isnull=False)
    return of_application(WaitingListOffer.objects.filter(gone, ended_at__isnull=True), path="entry__application")


def benefit_without_decision(now: datetime) -> Iterable[Found]:
    """A benefit counts in the line only by a claim that an officer confirmed and that has not ended."""
    confirmed = BenefitClaim.objects.filter(
        application=OuterRef("pk"), benefit=OuterRef("benefit"), state=ClaimState.CONFIRMED
    )
    rows = Application.objects.filter(~Exists(confirmed), state__in=sorted(states.LIVE)).exclude(benefit="NONE")
    return applications(rows, "benefit")


def special_without_its_check(now: datetime) -> Iterable[Found]:
    """A special application that waits for its documents to be confirmed has somebody who decides it."""
    waits = DocumentsCheck.objects.filter(application=OuterRef("pk"), decided_at=None)
    rows = Application.objects.filter(state=State.DOCUMENTS_CHECK)
    return applications(rows.filter(~Exists(waits)), "state")
