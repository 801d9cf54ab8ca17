"""Telling: facts of the outbox become messages, messages become deliveries, deliveries are sent and followed up."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from balabaqsha.admissions.models import WaitingListOffer
from balabaqsha.applications import _steps as application_steps
from balabaqsha.applications.models import Application, BenefitClaim, ClaimState
from balabaqsha.applications.states import AGES_OUT, MAY_CHANGE_BENEFIT, MAY_CHOOSE, State
from balabaqsha.gateways import registry
from balabaqsha.gateways.email.port import AddressRefused
from balabaqsha.gateways.port import NotAnswering, Reason
from balabaqsha.gateways.sms.port import NumberRefused
from balabaqsha.gateways.sms.port import State as SmsState
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.locale import texts
from balabaqsha.notifications import rules, words
from balabaqsha.notifications.channels import queries as channels
from balabaqsha.notifications.models import Channel, Delivery, DeliveryState, Message, Reminder
from balabaqsha.people.models import Person, Phone
from balabaqsha.record import actions as record
from balabaqsha.record.models import OutboxFact
from balabaqsha.territories.regimes import Regime

AGED_OUT_SOON = timedelta(days=30)
# The two reminders of a term lie within a day of its end; a term that ends later has none yet.
REMINDER_HORIZON = timedelta(hours=24)
ON_THE_WAY = (DeliveryState.QUEUED, DeliveryState.ACCEPTED)


@transaction.atomic(durable=True)
def tell_untold(*, now: datetime, limit: int = 500) -> int:
    """Make messages and deliveries of the oldest untold facts; returns how many facts were told.

    Rival: another worker; the facts' rows are locked and those already locked are left to it.
    """
    facts = list(
        OutboxFact.objects.select_for_update(skip_locked=True).filter(told_at__isnull=True).order_by("id")[:limit]
    )
    for fact in facts:
        person_id = fact.person_id or _applicant(fact)
        if person_id is not None and texts.knows(f"message.{fact.fact}.inbox"):
            _write_message(fact, person_id, now=now)
        elif fact.facts.get("channel"):
            _write_to_visitor(fact, now=now)
    record.mark_told(fact_ids=[fact.id for fact in facts], now=now)
    return len(facts)


def _applicant(fact: OutboxFact) -> int | None:
    if fact.fact in rules.NOT_FOR_THE_FAMILY or fact.application_id is None:
        return None
    return Application.objects.values_list("applicant_id", flat=True).get(id=fact.application_id)


def _write_message(fact: OutboxFact, person_id: int, *, now: datetime) -> None:
    message = Message.objects.create(
        person_id=person_id,
        application_id=fact.application_id,
        key=fact.fact,
        facts=fact.facts,
        at=fact.at,
        source_id=fact.id,
    )
    person = Person.objects.get(id=person_id)
    ways = channels.channels_of(person, fact.fact)
    phone = Phone.objects.filter(person_id=person_id, is_main=True, ended_at__isnull=True).first()
    if Channel.SMS in ways and phone is not None and texts.knows(f"message.{fact.fact}.sms"):
        Delivery.objects.create(message=message, channel=Channel.SMS, phone=phone, next_try_at=now)
    if "old_phone" in fact.facts:
        # Whoever had the number may not be who changed it: the old one is told as well.
        Delivery.objects.create(message=message, channel=Channel.SMS, phone_id=fact.facts["old_phone"], next_try_at=now)
    if Channel.EMAIL in ways and person.email and texts.knows(f"message.{fact.fact}.subject"):
        Delivery.objects.create(message=message, channel=Channel.EMAIL, next_try_at=now)


def _write_to_visitor(fact: OutboxFact, *, now: datetime) -> None:
    message = Message.objects.create(
        visitor=fact.facts["feedback"], key=fact.fact, facts=fact.facts, at=fact.at, source_id=fact.id
    )
    Delivery.objects.create(message=message, channel=fact.facts["channel"], to_visitor=True, next_try_at=now)


LanguageOf = Callable[[int], str]
# The contact and the language of the visitor whose message has this number.
ReplyTo = Callable[[str], tuple[str, str]]


def deliver(*, language_of: LanguageOf, reply_to: ReplyTo, base_url: str, now: datetime, limit: int = 100) -> int:
    """Send what is queued and ask after what was accepted; returns how many deliveries were answered for.

    `language_of` tells the language a person chose, `reply_to` where a visitor without an inbox is answered. The senders
    are asked outside of any transaction; a message that is sent twice, by two workers or because a kill came between
    sending and noting it, has one reference, by which the sender knows it. A sender that does not answer is left alone
    until the next time, the other one is not kept waiting.
    """
    on_the_way = Delivery.objects.select_related("message__person", "phone").filter(
        state__in=ON_THE_WAY, next_try_at__lte=now
    )
    answered = 0
    for channel in Channel:
        for delivery in on_the_way.filter(channel=channel).order_by("next_try_at", "id")[:limit]:
            address, language = _where(delivery, language_of=language_of, reply_to=reply_to)
            if not _carry(delivery, address=address, language=language, base_url=base_url, now=now):
                break
            answered += 1
    return answered


def _where(delivery: Delivery, *, language_of: LanguageOf, reply_to: ReplyTo) -> tuple[str, str]:
    """Where the delivery goes, empty where that contact is there no longer, and in which language."""
    message, phone = delivery.message, delivery.phone
    if message.person is None:
        return reply_to(message.visitor)
    if phone is not None:
        return phone.number, language_of(message.person.id)
    mailbox = message.person.second_email if delivery.to_second else message.person.email
    return mailbox, language_of(message.person.id)


def _carry(delivery: Delivery, *, address: str, language: str, base_url: str, now: datetime) -> bool:
    """Whether the sender answered. A message that it does not answer for steps behind the others for a while."""
    try:
        if delivery.state == DeliveryState.ACCEPTED:
            _follow_up(delivery, now=now)
        elif not address:
            _note_failure(delivery, now=now)
        elif delivery.channel == Channel.SMS:
            _send_sms(delivery, to=address, language=language, base_url=base_url, now=now)
        else:
            _send_email(delivery, to=address, language=language, base_url=base_url, now=now)
    except NotAnswering as silent:
        if silent.facts["reason"] != Reason.RESTING:
            _note_silence(delivery, now=now)
        return False
    except (NumberRefused, AddressRefused):
        _note_failure(delivery, now=now)
    return True


@transaction.atomic(durable=True)
def _note_silence(delivery: Delivery, *, now: datetime) -> None:
    """The sender did not answer: it is asked again later, and after the fifth silence the other channel is tried too."""
    attempts = delivery.attempts + 1
    _change(delivery, attempts=attempts, next_try_at=rules.retry_at(attempts, now))
    if delivery.state == DeliveryState.QUEUED and rules.wants_another_way(attempts) and _is_meant(delivery):
        _try_the_other_channel(delivery, now=now)


@transaction.atomic(durable=True)
def _note_failure(delivery: Delivery, *, now: datetime) -> None:
    """It will not arrive there: the person's next telephone or mailbox is tried, and after the last one the other channel."""
    # Rival: another worker that was told the same; only one of them changes the row.
    if not _change(delivery, state=DeliveryState.FAILED, settled_at=now) or not _is_meant(delivery):
        return
    if not _try_the_next(delivery, now=now):
        _try_the_other_channel(delivery, now=now)


def _is_meant(delivery: Delivery) -> bool:
    """Whether its person is to be found elsewhere: not a visitor, nor the number that was replaced."""
    return delivery.message.person is not None and (delivery.phone is None or delivery.phone.ended_at is None)


def _try_the_next(delivery: Delivery, *, now: datetime) -> bool:
    """Another telephone after a telephone, the second mailbox after the first; whether there was one left."""
    if delivery.channel == Channel.SMS:
        return _try_a_telephone(delivery, now=now)
    person = delivery.message.person
    if delivery.to_second or person is None or not person.second_email:
        return False
    Delivery.objects.create(message_id=delivery.message_id, channel=Channel.EMAIL, to_second=True, next_try_at=now)
    return True


def _try_a_telephone(delivery: Delivery, *, now: datetime) -> bool:
    tried = Delivery.objects.filter(message_id=delivery.message_id, phone__isnull=False).values("phone_id")
    others = Phone.objects.filter(person=delivery.message.person, ended_at__isnull=True).exclude(id__in=tried)
    another = others.order_by("-is_main", "id").first()
    if another is None or not texts.knows(f"message.{delivery.message.key}.sms"):
        return False
    Delivery.objects.create(message_id=delivery.message_id, channel=Channel.SMS, phone=another, next_try_at=now)
    return True


def _try_the_other_channel(delivery: Delivery, *, now: datetime) -> None:
    """A letter instead of the SMS or the other way round, unless the message goes there anyway."""
    other = Channel.EMAIL if delivery.channel == Channel.SMS else Channel.SMS
    if Delivery.objects.filter(message_id=delivery.message_id, channel=other).exists():
        return
    person = delivery.message.person
    if other == Channel.SMS:
        _try_a_telephone(delivery, now=now)
    elif person is not None and (person.email or person.second_email):
        second = not person.email
        Delivery.objects.create(
            message_id=delivery.message_id, channel=Channel.EMAIL, to_second=second, next_try_at=now
        )


def _send_sms(delivery: Delivery, *, to: str, language: str, base_url: str, now: datetime) -> None:
    written = words.write(delivery.message, language=language, base_url=base_url)
    answer = registry.sms().send(to, written.sms or "", reference=_reference(delivery), now=now)
    taken = {"state": DeliveryState.ACCEPTED, "provider_id": answer.id, "accepted_at": now}
    _note(delivery, **taken, next_try_at=rules.retry_at(1, now), attempts=0)


def _send_email(delivery: Delivery, *, to: str, language: str, base_url: str, now: datetime) -> None:
    written = words.write(delivery.message, language=language, base_url=base_url)
    subject = written.subject or texts.say_in(language, "message.any-subject")
    link = written.link if delivery.to_visitor else f"{base_url}/cabinet/"
    text = f"{written.inbox}\n\n{link}"
    answer = registry.email().send(to, subject, text, reference=_reference(delivery), now=now)
    _note(delivery, state=DeliveryState.DELIVERED, provider_id=answer.id, settled_at=now)


def _reference(delivery: Delivery) -> str:
    return f"message-{delivery.reference}"


def _follow_up(delivery: Delivery, *, now: datetime) -> None:
    answer = registry.sms().delivery(delivery.provider_id, now=now)
    # A second telephone is written to a day after the first: its own day begins when the sender took it.
    accepted_for = now - (delivery.accepted_at or delivery.message.at)
    if answer is not None and answer.state == SmsState.DELIVERED:
        _note(delivery, state=DeliveryState.DELIVERED, settled_at=now)
    elif answer is None or answer.state == SmsState.FAILED or rules.is_given_up(accepted_for=accepted_for):
        _note_failure(delivery, now=now)
    else:
        attempts = delivery.attempts + 1
        _note(delivery, attempts=attempts, next_try_at=rules.retry_at(attempts, now))


@transaction.atomic(durable=True)
def _note(delivery: Delivery, **changes: object) -> None:
    _change(delivery, **changes)


def _change(delivery: Delivery, **changes: object) -> int:
    return Delivery.objects.filter(id=delivery.id, state__in=ON_THE_WAY).update(**changes)


@transaction.atomic(durable=True)
def note_told(*, application_id: int, actor: Actor, now: datetime) -> int:
    """Note that an officer told the applicant what they had not seen; returns how many messages that settles.

    The other parent, who sees the application, was not rung up.
    """
    applicant = Application.objects.filter(id=application_id).values("applicant_id")
    unseen = Message.objects.filter(application_id=application_id, person__in=applicant, read_at=None, told_at=None)
    count = unseen.update(told_at=now)
    if count:
        record.record("family-told", actor=actor, now=now, application_id=application_id, facts={"messages": count})
    return count


@transaction.atomic(durable=True)
def read_messages(*, person_id: int, now: datetime) -> int:
    """Note that the person has seen the inbox; returns how many messages were new."""
    return Message.objects.filter(person_id=person_id, read_at__isnull=True).update(read_at=now)


@transaction.atomic(durable=True)
def remind(*, now: datetime, limit: int = 500) -> int:
    """Put into the outbox the reminders whose moment has come, each once; returns how many."""
    running = Application.objects.filter(due_at__gte=now, due_at__lte=now + REMINDER_HORIZON).order_by("due_at", "id")
    reminded = sum(_remind_of_term(application, now=now) for application in running[:limit])
    offers = WaitingListOffer.objects.select_related("entry").filter(
        ended_at__isnull=True, due_at__gte=now, due_at__lte=now + REMINDER_HORIZON
    )
    for offer in offers.order_by("due_at", "id")[:limit]:
        if any(rules.offer_reminders(offered_at=offer.offered_at, due_at=offer.due_at, now=now)):
            key = "reminder-waiting-offer"
            reminded += _remind(offer.entry.application_id, key, offer.due_at, rules.OFFER_HOURS, now=now)
    reminded += _remind_of_certificates(now=now, limit=limit)
    soon = Application.objects.filter(
        state__in=sorted(AGES_OUT), ages_out_at__gt=now, ages_out_at__lte=now + AGED_OUT_SOON
    ).exclude(id__in=Reminder.objects.filter(key="aged-out-soon").values("application_id"))
    for application in soon.order_by("id")[:limit]:
        reminded += _remind(application.id, "aged-out-soon", application.ages_out_at, 720, now=now)
    return reminded + _remind_to_be_ready(now=now, limit=limit)


def _remind_to_be_ready(*, now: datetime, limit: int) -> int:
    """In spring, once a year, ask those who wait to look at their data, telephones and papers before the turn comes."""
    day = str(law.rulebook(None).term("readiness.reminder", on=localdate(now)).value)
    since = rules.spring(day, now=now)
    if since is None:
        return 0
    told = Reminder.objects.filter(key="readiness", due_at=since).values("application_id")
    waiting = Application.objects.filter(state__in=sorted(MAY_CHANGE_BENEFIT), original_at__lt=since)
    rows = waiting.exclude(id__in=told).order_by("id").values_list("id", flat=True)[:limit]
    return sum(_remind(application_id, "readiness", since, 0, now=now) for application_id in list(rows))


def _remind_of_certificates(*, now: datetime, limit: int) -> int:
    """Tell families whose certificate runs out within the days of `certificate.warning` that a new one is needed."""
    days = int(law.national_term("certificate.warning", localdate(now)).value)
    ending = BenefitClaim.objects.filter(
        state=ClaimState.CONFIRMED, valid_until__gt=now, valid_until__lte=now + timedelta(days=days)
    ).exclude(application__state=State.ARCHIVED)
    reminded = 0
    for claim in ending.order_by("valid_until", "id")[:limit]:
        facts = {"benefit": claim.benefit}
        due_at = claim.valid_until or now
        reminded += _remind(claim.application_id, "reminder-benefit", due_at, days * 24, now=now, facts=facts)
    return reminded


def _remind_of_term(application: Application, *, now: datetime) -> int:
    term = application_steps.running_term(application)
    if term is None:
        return 0
    reminded = 0
    for due in rules.reminders(application.state, counted_from=term.counted_from, due_at=term.due_at, now=now):
        reminded += _remind(application.id, due.key, term.due_at, due.hours, now=now)
    last_day = now >= law_rules.start_of_last_day(term.due_at)
    is_voucher = application.regime == Regime.VOUCHER
    if is_voucher and application.state in MAY_CHOOSE and not application.extended and last_day:
        reminded += _remind(application.id, "voucher-extension-open", term.due_at, 0, now=now)
    return reminded


def _remind(
    application_id: int, key: str, due_at: datetime, hours: int, *, now: datetime, facts: dict[str, Any] | None = None
) -> int:
    _, made = Reminder.objects.get_or_create(
        application_id=application_id, key=key, due_at=due_at, hours=hours, defaults={"reminded_at": now}
    )
    if made:
        told = {"due_at": due_at.isoformat(), "hours": hours} | (facts or {})
        record.tell(key, now=now, application_id=application_id, facts=told)
    return int(made)
