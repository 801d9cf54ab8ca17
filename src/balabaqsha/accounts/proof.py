"""Proving a telephone: asks the Base of Mobile Citizens, sends the code. Network stays outside transactions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from balabaqsha.accounts import actions, digests, queries, rules
from balabaqsha.accounts.models import Purpose
from balabaqsha.gateways import registry
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.iin import Iin
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.law.terms import Term
from balabaqsha.people import registers
from balabaqsha.people import rules as people


class PhoneNotInBase(Refusal, code="phone-not-in-base"):
    """The base does not have the number under this IIN."""


@dataclass(frozen=True)
class Request:
    """Who asks for a code: an IIN with a telephone (E.164), from a network address, for a purpose."""

    iin: Iin
    phone: str
    purpose: Purpose
    address: str

    @property
    def subject(self) -> bytes:
        """What the code will belong to."""
        return queries.code_subject(phone=self.phone, iin=self.iin.text)


def send_code(request: Request, *, write: Callable[[str], str], actor: Actor, now: datetime, real_now: datetime) -> int:
    """Send a new code if the telephone belongs to the IIN; returns the code's id.

    `write` puts the code into the words of the message. Raises PhoneNotValid, CodeTooSoon, TooManyCodes,
    PhoneNotInBase, SilentNow, NumberRefused.
    """
    people.mobile_number(request.phone)
    resend_after = term("login.code_resend_after", now)
    subject = request.subject
    queries.refuse_too_soon(subject=subject, purpose=request.purpose, resend_after=resend_after, real_now=real_now)
    actions.count_tries(tries=_tries(request), real_now=real_now)
    with registers.while_they_wait():
        answer = registry.phones().owner(request.iin, request.phone, now=now)
    if not answer.belongs:
        raise PhoneNotInBase
    code = actions.issue_code(
        subject=subject,
        purpose=request.purpose,
        life=term("login.code_life", now),
        resend_after=resend_after,
        base_reference=answer.reference,
        actor=actor,
        now=now,
        real_now=real_now,
    )
    try:
        with registers.while_they_wait():
            registry.sms().send(request.phone, write(code.text), reference=code.reference, now=now)
    except Refusal:
        actions.withdraw_code(code_id=code.id, real_now=real_now)
        raise
    return code.id


def seconds_to_wait(request: Request, *, now: datetime, real_now: datetime) -> int:
    """How long the page counts down until the next code may be asked for."""
    resend_after = term("login.code_resend_after", now)
    return queries.seconds_to_wait(
        subject=request.subject, purpose=request.purpose, resend_after=resend_after, real_now=real_now
    )


def seconds_promised(now: datetime) -> int:
    """Within how many seconds a code arrives, by the rules."""
    return int(term("login.code_resend_after", now).value)


def tries_of_register(iin: Iin) -> list[tuple[rules.Limit, bytes]]:
    """What is counted when somebody asks the register about themselves."""
    return [(rules.REGISTER_ASKED, digests.subject("iin", iin.text))]


def _tries(request: Request) -> list[tuple[rules.Limit, bytes]]:
    return [
        (rules.CODES_OF_PHONE, digests.subject("phone", request.phone)),
        (rules.CODES_OF_IIN, digests.subject("iin", request.iin.text)),
        (rules.CODES_OF_ADDRESS, digests.subject("address", request.address)),
    ]


def term(code: str, now: datetime) -> Term:
    """A term of codes as of the day."""
    return law.rulebook(None).term(code, on=localdate(now))
