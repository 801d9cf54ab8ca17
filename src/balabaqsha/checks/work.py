"""Checks of the work that the portal does by itself: nothing due stands still, nothing to be told is kept."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q
from procrastinate.contrib.django.models import ProcrastinateJob

from balabaqsha.admissions.models import Admission, WaitingListOffer
from balabaqsha.admissions.states import Stage
from balabaqsha.applications.models import Application, BenefitClaim, ClaimState, DocumentsCheck
from balabaqsha.applications.states import AGES_OUT, State
from balabaqsha.checks.found import Found, of_application
from balabaqsha.checks.places import holds
from balabaqsha.kindergartens.models import Hold
from balabaqsha.notifications.models import Delivery, DeliveryState, Message
from balabaqsha.record.models import JournalEntry, OutboxFact

# The jobs come each minute or oftener; what is later than this does not come by itself.
PATIENCE = timedelta(minutes=10)
_GRACE = timedelta(days=1)


def due_and_not_done(now: datetime) -> Iterable[Found]:
    """What fell due happens by itself within minutes: terms, offers, certificates, ageing out."""
    late = Application.objects.filter(_late(now - PATIENCE))
    rows = late.order_by("territory_id").values("territory_id").annotate(n=Count("id"), since=Min("due_at"))
    for row in rows:
        facts = {"n": row["n"]} | ({"since": row["since"].isoformat()} if row["since"] else {})
        yield Found(f"territory {row['territory_id']}", row["territory_id"], facts=facts)


def _late(before: datetime) -> Q:
    offers = WaitingListOffer.objects.filter(
        entry__application=OuterRef("pk"), ended_at__isnull=True, due_at__lt=before
    )
    claims = BenefitClaim.objects.filter(application=OuterRef("pk"), state=ClaimState.CONFIRMED, valid_until__lt=before)
    ages_out = Q(state__in=sorted(AGES_OUT), ages_out_at__lt=before)
    return ages_out | Q(due_at__lt=before) | Exists(offers) | Exists(claims)


def hold_outlived(now: datetime) -> Iterable[Found]:
    """A place whose hold has run out is freed, with every consequence, within minutes."""
    return holds(Hold.objects.filter(ended_at__isnull=True, until__lt=now - PATIENCE))


def fact_untold(now: datetime) -> Iterable[Found]:
    """What happened is made a message within minutes."""
    untold = OutboxFact.objects.filter(told_at__isnull=True, at__lt=now - PATIENCE)
    for row in untold.order_by("fact").values("fact").annotate(n=Count("id"), since=Min("at")):
        yield Found(
            f"fact {row['fact']}", facts={"fact": row["fact"], "n": row["n"], "since": row["since"].isoformat()}
        )


def entry_unsealed(now: datetime) -> Iterable[Found]:
    """A decision is bound into the chain of the journal within minutes."""
    unsealed = JournalEntry.objects.filter(seal__isnull=True, at__lt=now - PATIENCE)
    found = unsealed.aggregate(n=Count("id"), since=Min("at"))
    if found["n"]:
        yield Found("seals", facts={"n": found["n"], "since": found["since"].isoformat()})


def job_failed(now: datetime) -> Iterable[Found]:
    """No job of the worker has given up."""
    failed = ProcrastinateJob.objects.filter(status="failed")
    for row in failed.order_by("task_name").values("task_name").annotate(n=Count("id")):
        yield Found(f"job {row['task_name']}", facts={"task": row["task_name"], "n": row["n"]})


def message_undelivered(now: datetime) -> Iterable[Found]:
    """A message reaches the family by SMS or e-mail, or is read in the portal."""
    sent = Delivery.objects.filter(message=OuterRef("pk"))
    lost = Message.objects.filter(Exists(sent), ~Exists(sent.exclude(state=DeliveryState.FAILED)), read_at__isnull=True)
    cases = Application.objects.filter(id=OuterRef("application_id"))
    rows = lost.annotate(number=cases.values("number")[:1], territory=cases.values("territory_id")[:1])
    for row in rows.order_by("id").values("id", "key", "application_id", "number", "territory"):
        facts = {"fact": row["key"]} | ({"number": row["number"]} if row["number"] else {})
        yield Found(f"message {row['id']}", row["territory"], row["application_id"], facts)


def contract_overdue(now: datetime) -> Iterable[Found]:
    """A kindergarten signs or returns a contract within its term (rules, 5.4); the family has done its part."""
    late = Admission.objects.filter(stage=Stage.CONTRACT_WITH_KINDERGARTEN, escalated_at__isnull=False)
    return of_application(late, "group_id")


def special_check_overdue(now: datetime) -> Iterable[Found]:
    """A special application is confirmed or rejected within its term; whoever decides has a day's grace before it is told."""
    late = DocumentsCheck.objects.filter(decided_at=None, application__state=State.DOCUMENTS_CHECK)
    return of_application(late.filter(due_at__lt=now - _GRACE))
