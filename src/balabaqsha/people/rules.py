"""Who is a child and who may represent one, how telephones and names are written. Pure."""

import re
from datetime import date
from enum import StrEnum

import phonenumbers

from balabaqsha.kernel.iin import Iin, WrongIin
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law import rules as law

COUNTRY = "KZ"
MOBILE_PREFIX = "+77"
# A minor parent exercises parental rights independently from sixteen (docs/decisions, minor parents).
REPRESENTS_FROM = 16
ADULT_FROM = 18


class IinNotValid(Refusal, code="wrong-iin"):
    """The text is no IIN; facts: reason."""


class IinNotChild(Refusal, code="wrong-iin", detail="iin-not-child"):
    """The IIN of an adult stands where a child's is wanted."""


class IinNotAdult(Refusal, code="wrong-iin", detail="iin-not-adult"):
    """The IIN of a child stands where a representative's is wanted."""


class PhoneNotValid(Refusal, code="wrong-phone"):
    """The text is no mobile number of Kazakhstan."""


def parse_iin(text: str) -> Iin:
    """The IIN in what a person typed, spaces and hyphens forgiven; raises IinNotValid."""
    try:
        return Iin.parse("".join(text.split()).replace("-", ""))
    except WrongIin as wrong:
        raise IinNotValid(reason=wrong.reason) from None


def representative_iin(text: str, *, today: date) -> Iin:
    """The IIN of somebody old enough to represent a child; raises IinNotValid, IinNotAdult."""
    iin = parse_iin(text)
    if iin.born_on > today:
        raise IinNotValid(reason="date")
    if law.full_years(iin.born_on, today) < REPRESENTS_FROM:
        raise IinNotAdult
    return iin


def child_iin(text: str, *, today: date) -> Iin:
    """The IIN of a child; raises IinNotValid, IinNotChild."""
    iin = parse_iin(text)
    if iin.born_on > today:
        raise IinNotValid(reason="date")
    if law.full_years(iin.born_on, today) >= ADULT_FROM:
        raise IinNotChild
    return iin


def mobile_number(text: str) -> str:
    """The number as +7 7XX and seven digits more, however it was typed; raises PhoneNotValid."""
    try:
        number = phonenumbers.parse(text, COUNTRY)
    except phonenumbers.NumberParseException:
        raise PhoneNotValid from None
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    # +7 is shared with a neighbour: a mobile number of Kazakhstan begins with 77.
    if not (phonenumbers.is_possible_number(number) and written.startswith(MOBILE_PREFIX) and not number.extension):
        raise PhoneNotValid
    return written


def name_in_title_case(name: str) -> str:
    """АЛЫБАЙ-ҚУАНДЫҚ as people write it, Алыбай-Қуандық; a name that has small letters stays as it is."""
    return re.sub(r"[^\s-]+", lambda word: word[0].capitalize(), name) if name == name.upper() else name


class Lack(StrEnum):
    """What a form still needs. The words are the texts `lack.<value>`."""

    APPLICANT_PHONE = "applicant-phone"
    APPLICANT_ADDRESS = "applicant-address"
    APPLICANT_DATA = "applicant-data"
    CHILD_DATA = "child-data"
    CHILD_KINSHIP = "child-kinship"
    APPLICANT_EMAIL = "applicant-email"

    @property
    def blocks(self) -> bool:
        """Whether nothing can be sent without it; an e-mail address is only advised."""
        return self is not Lack.APPLICANT_EMAIL


def lacks(*, phone: bool, address: bool, applicant: bool, child: bool, kinship: bool, email: bool) -> list[Lack]:
    """What is not there, in the order in which a family fills it."""
    there = {
        Lack.APPLICANT_DATA: applicant,
        Lack.APPLICANT_PHONE: phone,
        Lack.APPLICANT_ADDRESS: address,
        Lack.CHILD_KINSHIP: kinship,
        Lack.CHILD_DATA: child,
        Lack.APPLICANT_EMAIL: email,
    }
    return [lack for lack, found in there.items() if not found]
