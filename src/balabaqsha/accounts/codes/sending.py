"""Asking for a code by a name, sending it, entering with it. Network stays outside transactions, and off the page."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from balabaqsha.accounts import actions, digests, entrance, names, queries, rules
from balabaqsha.accounts.codes import actions as codes
from balabaqsha.accounts.models import Code, Purpose
from balabaqsha.accounts.proof import term
from balabaqsha.gateways import registry
from balabaqsha.kernel.iin import Iin
from balabaqsha.locale import texts
from balabaqsha.people import queries as people


def subject_of(name: names.Name) -> bytes:
    """What a code of sign-in belongs to: the name by which it was asked for."""
    return digests.subject("sign-in", name.kind, name.text)


def ask(*, name: names.Name, address: str, now: datetime, real_now: datetime) -> int:
    """Reserve a code for whoever has this name, or for nobody; returns its id. Raises CodeTooSoon, TooManyCodes."""
    resend_after, subject = term("login.code_resend_after", now), subject_of(name)
    queries.refuse_too_soon(subject=subject, purpose=Purpose.SIGN_IN, resend_after=resend_after, real_now=real_now)
    tries = [
        (rules.CODES_OF_NAME, subject),
        (rules.CODES_OF_ADDRESS, digests.subject("address", address)),
    ]
    actions.count_tries(tries=tries, real_now=real_now)
    account_id, newcomer = names.account_id_of(name), names.newcomer_of(name)
    # Over the limit of its account a name is answered like one that nobody has: else two names would betray each other.
    within = _within_limit(account_id, name, real_now=real_now)
    return codes.reserve_code(
        subject=subject,
        account_id=account_id if within else None,
        person_id=newcomer if within and account_id is None else None,
        life=term("login.code_life", now),
        resend_after=resend_after,
        now=now,
        real_now=real_now,
    )


def seconds_to_wait(*, name: names.Name, now: datetime, real_now: datetime) -> int:
    """How long the page counts down until the next code may be asked for."""
    resend_after = term("login.code_resend_after", now)
    return queries.seconds_to_wait(
        subject=subject_of(name), purpose=Purpose.SIGN_IN, resend_after=resend_after, real_now=real_now
    )


def send(*, code_id: int, language: str, now: datetime, real_now: datetime) -> bool:
    """Send a reserved code if the base still has the telephone under the IIN of the account; returns whether it went.

    Raises NotAnswering, after which it may be tried again.
    """
    code = Code.objects.select_related("account__person", "person").get(pk=code_id)
    person = code.account.person if code.account else code.person
    if person is None or code.spent_at is not None:
        return False
    phone = people.main_phone(person.id) if code.account else people.stated_phone(person.id)
    iin = Iin.parse(person.iin)
    if not phone:
        return False
    answer = registry.phones().owner(iin, phone, now=now)
    if not answer.belongs:
        return False
    text = codes.write_code(code_id=code_id, base_reference=answer.reference, real_now=real_now)
    if text is None:
        return False
    words = texts.say_in(language, "message.login-code.sms", code=text)
    registry.sms().send(phone, words, reference=f"code-{secrets.token_hex(12)}", now=now)
    return True


@dataclass(frozen=True)
class Newcomer:
    """Somebody whose application came from an earlier system, at their first entrance: the telephone is proven now."""

    code_id: int
    iin: str
    phone: str


def enter(*, code_id: int, text: str, now: datetime, real_now: datetime) -> entrance.Entered | Newcomer:
    """Enter with the code that came, or go on to registration; raises CodeWrong, CodeExpired, SignInFailed."""
    actions.accept_code(code_id=code_id, text=text, real_now=real_now)
    code = Code.objects.select_related("person").get(pk=code_id)
    if code.person is not None:
        return Newcomer(code_id=code_id, iin=code.person.iin, phone=people.stated_phone(code.person.id))
    codes.spend_code(code_id=code_id, real_now=real_now)
    found = queries.log_in_of_account(code.account_id or 0, now=now)
    if found is None:
        raise actions.SignInFailed
    return entrance.enter_account(found, way=entrance.Way.CODE)


def _within_limit(account_id: int | None, name: names.Name, *, real_now: datetime) -> bool:
    """Whether this account may still be sent codes, by whichever of its names. Nobody's is counted all the same."""
    subject = f"{account_id}" if account_id else f"nobody {name.text}"
    try:
        actions.count_tries(tries=[(rules.CODES_OF_ACCOUNT, digests.subject("account", subject))], real_now=real_now)
    except rules.TooManyCodes:
        return False
    return True
