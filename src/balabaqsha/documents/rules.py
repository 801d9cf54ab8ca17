"""What may be attached and how made papers are numbered and shown in public. Pure."""

import math
import re
import unicodedata
from collections.abc import Mapping

from balabaqsha.kernel import number
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law.lists import MADE_BY_PORTAL, DocumentKind

MEGABYTE = 1024 * 1024
PHOTO_BYTES = 5 * MEGABYTE
PAPER_BYTES = 10 * MEGABYTE
PHOTO_FIELD = "photo"
# A list of an earlier system, of some hundred thousand rows; longer ones come by the command line.
LIST_BYTES = 40 * MEGABYTE
LIST_FIELD = "list"
# Papers of the portal are smaller; the national digest takes a second for three hundred kilobytes.
SIGNED_BYTES = MEGABYTE
SIGNED_FIELD = "signed"
SIGNATURE_FIELD = "signature"

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
PAPER_TYPES = frozenset({PDF, JPEG, PNG})
PHOTO_TYPES = frozenset({JPEG, PNG})
SUFFIXES = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png"}

NAME_LENGTH = 120
PUBLIC_FACTS = frozenset({"initials", "masked_iin"})

# Two digits say the kind, so that a number reads the same in every language and on every keyboard.
_PREFIXES = {
    DocumentKind.CONTRACT: "10",
    DocumentKind.VOUCHER_NOTICE: "20",
    DocumentKind.REFERRAL: "30",
    DocumentKind.REGISTRATION_NOTICE: "40",
    DocumentKind.RECEIPT_NOTICE: "50",
    DocumentKind.REGISTER_EXTRACT: "60",
    DocumentKind.CHILD_CARD: "70",
}

_UNSAFE_IN_NAME = re.compile(r'[\\/:*?"<>|]')
_INITIALS = re.compile(r"^(\w\.)( \w\.){0,2}$")
_MASKED_IIN = re.compile(r"^\d{4}\*{6}\d{2}$")


class FileTooBig(Refusal, code="file-too-big"):
    """More than the limit; facts: size, limit in whole megabytes, the size rounded up."""


class FileWrongType(Refusal, code="file-wrong-type"):
    """Neither PDF, JPEG nor PNG by its content, or something else in the disguise of one."""


class FileUnreadable(Refusal, code="file-unreadable"):
    """Of an accepted type by its first bytes, but it does not open."""


def limit_of_field(field: str) -> int:
    """The most bytes that a file in this form field may have: a photo less than a paper, a list more, a signed document least."""
    return {
        PHOTO_FIELD: PHOTO_BYTES,
        LIST_FIELD: LIST_BYTES,
        SIGNED_FIELD: SIGNED_BYTES,
        SIGNATURE_FIELD: SIGNED_BYTES,
    }.get(field, PAPER_BYTES)


def too_big(*, size: int, limit: int) -> FileTooBig:
    """The refusal in whole megabytes; rounding up keeps the size above the limit it broke."""
    return FileTooBig(size=math.ceil(size / MEGABYTE), limit=limit // MEGABYTE)


def check_size(*, size: int, limit: int) -> None:
    """Raises FileTooBig where the size in bytes is above the limit, FileUnreadable where there is nothing."""
    if size > limit:
        raise too_big(size=size, limit=limit)
    if size == 0:
        raise FileUnreadable


def safe_name(name: str, *, media_type: str) -> str:
    """The name under which a file is shown and given out: one line, no path, the ending of what it truly is."""
    base = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(character if unicodedata.category(character)[0] != "C" else " " for character in base)
    stem = _UNSAFE_IN_NAME.sub("_", visible).rsplit(".", 1)[0]
    stem = " ".join(stem.split()).strip(". ")[: NAME_LENGTH - 5].rstrip()
    return (stem or "file") + SUFFIXES[media_type]


def paper_number(*, kind: DocumentKind, year: int, sequence: int) -> str:
    """The number of a made paper: kind, year, sequence with a check digit, as 10-2026-1000014."""
    return f"{_PREFIXES[kind]}-{year}-{number.with_check_digit(sequence)}"


def is_made_by_portal(kind: DocumentKind) -> bool:
    """Whether the portal makes papers of this kind; families attach the others."""
    return kind in MADE_BY_PORTAL


def initials(*, surname: str, given_name: str, patronymic: str = "") -> str:
    """What the public may see of a name: С. А. Е."""
    return " ".join(f"{part[0].upper()}." for part in (surname, given_name, patronymic) if part)


def masked_iin(iin: str) -> str:
    """What the public may see of an IIN: 2102******11."""
    return f"{iin[:4]}******{iin[-2:]}"


def check_public_facts(facts: Mapping[str, str]) -> None:
    """Raises ValueError where facts meant for everybody hold more than initials and a masked IIN."""
    if facts.keys() != PUBLIC_FACTS:
        message = f"public facts are exactly {sorted(PUBLIC_FACTS)}, not {sorted(facts)}"
        raise ValueError(message)
    if not (_INITIALS.match(facts["initials"]) and _MASKED_IIN.match(facts["masked_iin"])):
        message = "public facts hold initials and a masked IIN only"
        raise ValueError(message)
