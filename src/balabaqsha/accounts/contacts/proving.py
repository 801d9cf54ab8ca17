"""Proving an e-mail address: a code is sent there. Network stays outside transactions."""

from collections.abc import Callable
from datetime import datetime

from balabaqsha.accounts import actions, digests, queries, rules
from balabaqsha.accounts.models import Purpose
from balabaqsha.accounts.proof import term
from balabaqsha.gateways import registry
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.people import queries as people
from balabaqsha.people import registers

Written = tuple[str, str]


def send_code(
    *, email: str, address: str, write: Callable[[str], Written], actor: Actor, now: datetime, real_now: datetime
) -> int:
    """Send a code to an address that the actor says is theirs; returns the code's id.

    `write` puts the code into a subject and a text. Raises CodeTooSoon, TooManyCodes, SilentNow, AddressRefused.
    """
    iin = people.iin_of(actor.person_id or 0)
    subject, resend_after = queries.email_subject(email=email, iin=iin), term("login.code_resend_after", now)
    queries.refuse_too_soon(subject=subject, purpose=Purpose.EMAIL, resend_after=resend_after, real_now=real_now)
    tries = [
        (rules.CODES_OF_EMAIL, digests.subject("email", email)),
        (rules.CODES_OF_IIN, digests.subject("iin", iin)),
        (rules.CODES_OF_ADDRESS, digests.subject("address", address)),
    ]
    actions.count_tries(tries=tries, real_now=real_now)
    code = actions.issue_code(
        subject=subject,
        purpose=Purpose.EMAIL,
        life=term("login.code_life", now),
        resend_after=resend_after,
        base_reference="",
        actor=actor,
        now=now,
        real_now=real_now,
    )
    title, text = write(code.text)
    try:
        with registers.while_they_wait():
            registry.email().send(email, title, text, reference=code.reference, now=now)
    except Refusal:
        actions.withdraw_code(code_id=code.id, real_now=real_now)
        raise
    return code.id
