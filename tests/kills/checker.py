"""After the kills: every acknowledged answer is compared with the rows. Every sentence returned is a promise broken."""

from collections import Counter
from collections.abc import Iterable, Mapping

from balabaqsha.notifications.models import Delivery, Message
from balabaqsha.record import queries as record
from balabaqsha.record.models import JournalEntry, OutboxFact
from balabaqsha.vouchers.models import DistributionRun, RunState, Voucher
from tests import promises
from tests.kills.clients import Case, Claim

# What a page may answer while processes die: done, shown, taken by somebody else, and «try again in a minute».
_FAIR = frozenset({200, 302, 409, 503, "broken off"})


def broken(cases: Iterable[Case] = (), messages: Iterable[Mapping[str, str]] | None = None) -> list[str]:
    """Everything at once; `messages` are what the telephones got, None where they are not looked at."""
    found = [*promises.broken(), *_of_cases(cases), *_of_runs(), *_of_tellings(), *_of_the_journal()]
    return found + ([] if messages is None else list(_of_messages(messages)))


def _of_cases(cases: Iterable[Case]) -> Iterable[str]:
    for case in cases:
        yield from case.faults
        number = case.family.number
        acts = JournalEntry.objects.filter(application_id=case.family.application_id, act__in=list(case.acts))
        written = Counter(acts.values_list("act", flat=True))
        for act, times in case.acts.items():
            if written[act] != times:
                yield f"{number}: {act} happened {times} times by what was told, {written[act]} times by the journal"
        if isinstance(case, Claim) and case.held() != case.group:
            yield f"{number}: knows that it holds group {case.group}, the rows say {case.held()}"
        unfair = {status: times for status, times in case.statuses.items() if status not in _FAIR}
        if unfair:
            yield f"{number}: was answered {unfair}"


def _of_runs() -> Iterable[str]:
    for run in DistributionRun.objects.filter(state=RunState.PERFORMED):
        given = list(Voucher.objects.filter(run=run).values_list("application__number", flat=True))
        if sorted(given) != sorted(run.result["served"]):
            yield f"run {run.number} says {len(run.result['served'])} vouchers, the rows have {len(given)}"
        offers = JournalEntry.objects.filter(act="offer_voucher", facts__run=run.number).count()
        told = OutboxFact.objects.filter(fact="voucher-offered", at=run.performed_at).count()
        if {offers, told} != {run.given}:
            yield f"run {run.number} gave {run.given}, journalled {offers}, told {told}"
    for application, times in Counter(Voucher.objects.values_list("application_id", flat=True)).items():
        if times > 1:
            yield f"application {application} got {times} vouchers"


def _of_tellings() -> Iterable[str]:
    untold = OutboxFact.objects.filter(told_at__isnull=True).count()
    if untold:
        yield f"{untold} facts are told to nobody"
    for (source, person), times in Counter(Message.objects.values_list("source_id", "person_id")).items():
        if times > 1:
            yield f"fact {source} is {times} messages of person {person}"
    missing = OutboxFact.objects.filter(fact="voucher-offered").exclude(id__in=Message.objects.values("source_id"))
    for fact in missing[:5]:
        yield f"fact {fact.id} became no message"


def _of_messages(messages: Iterable[Mapping[str, str]]) -> Iterable[str]:
    """Each delivery came to its telephone once, nothing else came, and no telephone got the same words of one fact twice."""
    got = Counter(message["reference"] for message in messages)
    sent = {
        f"message-{reference}": (phone, state)
        for reference, phone, state in Delivery.objects.filter(channel="SMS").values_list(
            "reference", "phone__number", "state"
        )
    }
    for reference, times in got.items():
        if times > 1:
            yield f"{reference} came {times} times"
        if reference not in sent:
            yield f"{reference} came and nobody sent it"
    for reference, (phone, state) in sent.items():
        if reference not in got:
            yield f"{reference} to {phone} is {state} and never came"
    words = Counter((message["to"], message["text"]) for message in messages)
    due = Counter(Delivery.objects.filter(channel="SMS").values_list("phone__number", flat=True))
    for phone, number in Counter(message["to"] for message in messages).items():
        if number > due[phone]:
            yield f"{phone} got {number} messages, {due[phone]} were due"
    for (phone, text), times in words.items():
        if times > due[phone]:
            yield f"{phone} got {times} times: {text}"


def _of_the_journal() -> Iterable[str]:
    verdict = record.verify()
    if verdict.broken_at is not None:
        yield f"the journal is broken at {verdict.broken_at}"
