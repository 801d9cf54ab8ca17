"""Whom somebody says to be: one field takes an IIN, a telephone, an e-mail address or a log-in.

A telephone or an address lets in whoever proved it last, so that it never names two: not even its owner learns from the
answer that somebody else had it before.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from balabaqsha.accounts.models import Account
from balabaqsha.kernel.iin import Iin, WrongIin
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.people.models import Person, Phone
from balabaqsha.people.rules import IinNotValid

LOGIN = re.compile(r"[a-z][a-z0-9._-]{3,31}")
_IIN_DIGITS, _PHONE_DIGITS = 12, 10
_LONGEST_EMAIL = 254


class NameUnreadable(Refusal, code="wrong-name"):
    """What was typed is neither an IIN nor a telephone, an e-mail address or a log-in."""


class Kind(StrEnum):
    """What a person was named by."""

    IIN = "IIN"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    LOGIN = "LOGIN"


@dataclass(frozen=True)
class Name:
    """A name by which an account may be looked for, in its one right writing."""

    kind: Kind
    text: str


def read(typed: str) -> Name:
    """What kind of name was typed; raises IinNotValid, NameUnreadable."""
    text = "".join(typed.split())
    digits = re.sub(r"[()+-]", "", text)
    if "@" in text and len(text) <= _LONGEST_EMAIL:
        return Name(Kind.EMAIL, text.lower())
    if digits.isascii() and digits.isdigit():
        return _of_digits(text, digits)
    if LOGIN.fullmatch(text.lower()):
        return Name(Kind.LOGIN, text.lower())
    raise NameUnreadable


def _of_digits(text: str, digits: str) -> Name:
    if text == digits and len(digits) == _IIN_DIGITS:
        try:
            return Name(Kind.IIN, Iin.parse(digits).text)
        except WrongIin as wrong:
            raise IinNotValid from wrong
    national = digits[1:] if len(digits) == _PHONE_DIGITS + 1 and digits[0] in "78" else digits
    if len(national) == _PHONE_DIGITS and national[0] == "7":
        return Name(Kind.PHONE, f"+7{national}")
    raise NameUnreadable


def newcomer_of(name: Name) -> int | None:
    """Who has an application of an earlier system under this IIN, with a telephone, and no account. One query."""
    iin = name.text if name.kind is Kind.IIN else ""
    people = Person.objects.filter(iin=iin, account=None, stated_phone__isnull=False)
    return people.values_list("id", flat=True).first()


def account_id_of(name: Name) -> int | None:
    """The open account that the name lets in. One query, whether there is one or not."""
    if name.kind is Kind.PHONE:
        phones = Phone.objects.filter(number=name.text, ended_at=None, person__account__closed_at=None)
        proven = phones.exclude(person__account=None).order_by("-confirmed_at", "-id")
        return proven.values_list("person__account__id", flat=True).first()
    if name.kind is Kind.EMAIL:
        people = Person.objects.filter(email__iexact=name.text, email_confirmed_at__isnull=False)
        with_account = people.filter(account__isnull=False, account__closed_at=None)
        return with_account.order_by("-email_confirmed_at", "-id").values_list("account__id", flat=True).first()
    field = "person__iin" if name.kind is Kind.IIN else "login"
    return Account.objects.filter(closed_at=None, **{field: name.text}).values_list("id", flat=True).first()
