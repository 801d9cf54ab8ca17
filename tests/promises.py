"""What is promised to families, looked up in the rows by the product's own checks: each sentence is a promise broken."""

from collections import Counter
from functools import cache

from django.db import connection
from django.test.utils import CaptureQueriesContext

from balabaqsha.admissions.states import HOLDING_A_PLACE, Stage
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import CONTRACT_AFTER_REFERRAL, State
from balabaqsha.checks import catalogue
from balabaqsha.kindergartens.models import Hold, Place
from balabaqsha.line import blocks, linear
from balabaqsha.line.models import Line
from balabaqsha.referrals import queries as referrals
from balabaqsha.referrals.models import SealedWish
from balabaqsha.territories.regimes import Regime


def broken():
    """The promises that the rows at hand break; none in a right town. No promise of rows asks for the moment."""
    counted = [f"the blocks of a line count otherwise than its rows: {fault}" for fault in blocks.faults()]
    counted += [*_of_linear_applications(), *_of_linear_lines()]
    with connection.cursor() as cursor:
        cursor.execute(_all_in_one())
        if cursor.fetchone() == (False,):
            return counted
    return counted + [
        f"{code}: {found.subject} {found.facts}" for code, found in catalogue.ask(catalogue.OF_ROWS, now=None)
    ]


@cache
def _all_in_one():
    """All promises in one statement, for machines that ask after every step: a row of any check is a promise broken."""
    with CaptureQueriesContext(connection) as captured:
        list(catalogue.ask(catalogue.OF_ROWS, now=None))
    assert len(captured) == len(catalogue.OF_ROWS), "a check of rows is one query: two would see two moments"
    return "SELECT " + " OR ".join(f"EXISTS ({query['sql']})" for query in captured.captured_queries)


STAGES = {
    State.REFERRAL_ISSUED: Stage.REFERRED,
    State.REGISTERED: Stage.CONTRACT_AWAITED,
    State.CONTRACT_WITH_PARENT: Stage.CONTRACT_WITH_PARENT,
    State.CONTRACT_WITH_KINDERGARTEN: Stage.CONTRACT_WITH_KINDERGARTEN,
}
assert set(STAGES) == CONTRACT_AFTER_REFERRAL | {State.REFERRAL_ISSUED}


def _of_linear_applications():
    wishes = Counter(SealedWish.objects.filter(ended_at=None).values_list("application", flat=True))
    for application in Application.objects.filter(regime=Regime.LINEAR).order_by("id"):
        said = f"{application.number} is {application.state}"
        wanted = STAGES.get(application.state)
        if wishes[application.id] and application.state != State.WAITING:
            yield f"{said} with a wish in a sealed round"
        admissions = list(application.admissions.filter(stage__in=HOLDING_A_PLACE).select_related("hold"))
        stages = Counter(admission.stage for admission in admissions)
        if application.state == State.ENROLLED:
            right = stages[Stage.ENROLLED] == 1 and len(admissions) <= 2
        else:
            right = stages == (Counter({wanted: 1}) if wanted else Counter())
        if not right:
            yield f"{said} with admissions {sorted(stages.elements())}"
        if any(admission.hold.ended_at for admission in admissions):
            yield f"{said} on a place that is free"


def _of_linear_lines():
    for line in Line.objects.filter(birth_year__isnull=False):
        key = linear.key_of_line(line)
        left = referrals.unpromised(line).places
        if left < 0:
            yield f"line {line.id} promises {-left} places more than it has"
        if left > 0 and any(True for those in linear.servable(key, limit=1).values() for _ in those):
            yield f"line {line.id} keeps {left} places from those who wait"


def spoken_for():
    """Vouchers out without a place, less free places: above nought somebody was promised what is not there."""
    out = Application.objects.filter(state__in=[State.VOUCHER_OFFERED, State.VOUCHER_ACTIVE]).count()
    free = Place.objects.filter(published=True).exclude(holds__in=Hold.objects.filter(ended_at__isnull=True)).count()
    return out - free
