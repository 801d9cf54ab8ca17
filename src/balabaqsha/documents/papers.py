"""Papers that the portal makes: facts in, the bytes of a PDF out. The same facts give the same bytes.

The words of a paper stand in `texts/`, its look in `typeset/`. Whatever people have written reaches the
typesetter as data and is printed letter for letter; it is never read as markup.
"""

import io
import json
import re
import string
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst

from balabaqsha.documents import wording
from balabaqsha.documents.wording import Words
from balabaqsha.law.lists import DocumentKind

_HERE = Path(__file__).parent
# What both faces in `fonts/` hold of letters and signs; a test compares.
_NOT_IN_FACE = re.compile(
    "[^ -~\u00a0-\u024f\u0300-\u0333\u0400-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2116\u2122]"
)
_LONG_WORD = re.compile(r"\S{30,}")
_BREAK_EVERY = 10
CHECK_PATH = "/check/{token}"
_BIDI_CONTROLS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


class Ground(StrEnum):
    """On what a contract rests."""

    VOUCHER = "VOUCHER"
    REFERRAL = "REFERRAL"
    TRANSFER = "TRANSFER"


class PaperHasWarnings(RuntimeError):
    """The typesetter warned (a missing face, most often): such a paper is not given out."""


@dataclass(frozen=True)
class Frame:
    """What stands on every paper. `check_address` is the full address behind the QR code.

    With `demonstration` every page says that the data is made up.
    """

    kind: DocumentKind
    number: str
    token: str
    check_address: str
    made_at: datetime
    demonstration: bool = False


@dataclass(frozen=True)
class KindergartenFacts:
    """The kindergarten as a party of the contract."""

    name: Words
    bin: str
    address: Words
    phone: str
    head_name: str


@dataclass(frozen=True)
class RepresentativeFacts:
    """The legal representative as a party of the contract; names in full."""

    full_name: str
    iin: str
    address: str
    phone: str


@dataclass(frozen=True)
class ChildFacts:
    full_name: str
    iin: str
    born_on: date


@dataclass(frozen=True)
class ContractFacts:
    """Everything that is filled into the model contract. `fee` is tenge a month, `stay_hours` hours a day."""

    place: Words
    concluded_on: date
    kindergarten: KindergartenFacts
    representative: RepresentativeFacts
    child: ChildFacts
    ground: Ground
    ground_number: str
    ground_on: date
    application_number: str
    group_name: str
    birth_year: int
    language: str
    stay_hours: float
    fee: int
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class VoucherNoticeFacts:
    """Everything that is filled into the voucher notice; a term that does not run yet is None."""

    child: ChildFacts
    voucher_number: str
    application_number: str
    territory: Words
    issued_at: datetime
    confirm_by: datetime | None = None
    choose_by: datetime | None = None


PaperFacts = ContractFacts | VoucherNoticeFacts


def make(frame: Frame, facts: PaperFacts) -> bytes:
    """Typeset a paper as an accessible PDF/A with the Kazakh and the Russian text side by side.

    The kind of the frame must be that of the facts. Raises PaperHasWarnings, and ValueError for facts of
    another kind.
    """
    match frame.kind, facts:
        case DocumentKind.CONTRACT, ContractFacts():
            name, data = "contract", _contract(facts)
        case DocumentKind.VOUCHER_NOTICE, VoucherNoticeFacts():
            name, data = "voucher_notice", _voucher_notice(facts)
        case _:
            message = f"no paper of kind {frame.kind} is made from {type(facts).__name__}"
            raise ValueError(message)
    return _typeset(name, {**_frame(frame), **data}, made_at=frame.made_at)


def _typeset(name: str, data: dict[str, Any], *, made_at: datetime) -> bytes:
    compiled, warnings = typst.compile_with_warnings(
        _HERE / "typeset" / f"{name}.typ",
        root=_HERE / "typeset",
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(made_at.timestamp()),
    )
    if warnings:
        raise PaperHasWarnings("; ".join(warning.message for warning in warnings))
    return bytes(compiled)


@cache
def _fonts() -> typst.Fonts:
    # Our faces only: a face of the machine would make other bytes there.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_HERE / "fonts"])


def _frame(frame: Frame) -> dict[str, Any]:
    made_at = frame.made_at.astimezone(UTC)
    svg = io.BytesIO()
    segno.make(frame.check_address, error="m", micro=False).save(svg, kind="svg", border=0, xmldecl=False)
    return {
        "number": frame.number,
        "check_address": frame.check_address,
        "qr": svg.getvalue().decode("ascii"),
        "made": wording.moment_long(frame.made_at).as_data(),
        "made_parts": list(made_at.timetuple()[:6]),
        "demonstration": frame.demonstration,
        "frame": wording.texts("words")["frame"],
    }


def _contract(facts: ContractFacts) -> dict[str, Any]:
    model = wording.texts("contract")
    values = wording_of_contract(facts)
    return {
        "title": model["title"],
        "subject": model["subject"],
        "concluded_on": values["concluded_on"].as_data(),
        "place": _filled(model["place"], values),
        "preamble": _filled(model["preamble"], values),
        "sections": [
            {"title": section["title"], "clauses": [_filled(clause, values) for clause in section["clauses"]]}
            for section in model["sections"]
        ],
        "parties_title": model["parties"]["title"],
        "parties": _parties(facts, model),
        "signature": model["parties"]["signature"],
        "edition": _edition(model),
    }


def wording_of_contract(facts: ContractFacts) -> dict[str, Words]:
    """The value of each field of the model contract, as printed."""
    ground_on = wording.date_long(facts.ground_on)
    ground = wording.texts("contract")["grounds"][facts.ground.value]
    return {
        "place": facts.place,
        "concluded_on": wording.date_long(facts.concluded_on),
        "kindergarten": facts.kindergarten.name,
        "address": facts.kindergarten.address,
        "representative": _same(facts.representative.full_name),
        "child": _same(facts.child.full_name),
        "born": wording.date_long(facts.child.born_on),
        "group": _same(facts.group_name),
        "birth_year": _same(str(facts.birth_year)),
        "language": wording.language_name(facts.language),
        "hours": _same(wording.hours(facts.stay_hours)),
        "ground": Words(
            kk=ground["kk"].format(number=facts.ground_number, date=ground_on.kk),
            ru=ground["ru"].format(number=facts.ground_number, date=ground_on.ru),
        ),
        "application": _same(facts.application_number),
        "fee": _same(wording.money(facts.fee)),
        "starts": wording.date_long(facts.starts_on),
        "ends": wording.date_long(facts.ends_on),
    }


def _parties(facts: ContractFacts, model: dict[str, Any]) -> list[dict[str, Any]]:
    kindergarten, representative = facts.kindergarten, facts.representative
    return [
        {
            "role": model["parties"]["kindergarten"],
            "name": _clean_words(kindergarten.name),
            "rows": _rows(
                model["labels"],
                bin=_same(kindergarten.bin),
                address=kindergarten.address,
                phone=_same(kindergarten.phone),
                head=_same(kindergarten.head_name),
            ),
        },
        {
            "role": model["parties"]["representative"],
            "name": _clean_words(_same(representative.full_name)),
            "rows": _rows(
                model["labels"],
                iin=_same(representative.iin),
                address=_same(representative.address),
                phone=_same(representative.phone),
                child_iin=_same(facts.child.iin),
            ),
        },
    ]


def _voucher_notice(facts: VoucherNoticeFacts) -> dict[str, Any]:
    model = wording.texts("voucher_notice")
    return {
        "title": model["title"],
        "body": model["body"],
        "steps_title": model["steps_title"],
        "steps": model["steps"],
        "note": model["note"],
        "rows": _rows(
            model["labels"],
            child=_same(facts.child.full_name),
            iin=_same(facts.child.iin),
            born=wording.date_long(facts.child.born_on),
            voucher=_same(facts.voucher_number),
            application=_same(facts.application_number),
            territory=facts.territory,
            issued=wording.moment_long(facts.issued_at),
            confirm_by=wording.moment_long(facts.confirm_by) if facts.confirm_by else None,
            choose_by=wording.moment_long(facts.choose_by) if facts.choose_by else None,
        ),
    }


def _rows(labels: dict[str, Any], **values: Words | None) -> list[dict[str, Any]]:
    """Name and value of each row; what is empty gets none."""
    return [
        {"label": labels[name], "value": _clean_words(words)}
        for name, words in values.items()
        if words is not None and words.kk and words.ru
    ]


def _filled(model: dict[str, str], values: dict[str, Words]) -> dict[str, list[tuple[str, bool]]]:
    """The text cut into pieces, each with whether it was filled in. A value is never read as a text again."""
    return {
        language: [
            piece
            for literal, field, _, _ in string.Formatter().parse(model[language])
            for piece in ((literal, False), (clean(getattr(values[field], language)) if field else "", True))
            if piece[0]
        ]
        for language in ("kk", "ru")
    }


def _edition(model: dict[str, Any]) -> dict[str, str]:
    template = wording.texts("words")["frame"]["edition"]
    return {language: text.format(edition=model["edition"]) for language, text in template.items()}


def _same(text: str) -> Words:
    return Words(kk=text, ru=text)


def _clean_words(words: Words) -> dict[str, str]:
    return {"kk": clean(words.kk), "ru": clean(words.ru)}


def clean(text: str) -> str:
    """The text as a paper can print it: one line, composed, nothing that turns its direction.

    A letter that the face of the papers lacks becomes the replacement mark, for an archive document may not
    hold it; a word longer than half a column gets places where it may break.
    """
    composed = unicodedata.normalize("NFC", text)
    visible = "".join(
        " " if unicodedata.category(character) in {"Cc", "Zl", "Zp"} else character
        for character in composed
        if character not in _BIDI_CONTROLS
    )
    return _LONG_WORD.sub(_breakable, _NOT_IN_FACE.sub("\ufffd", visible))


def _breakable(word: re.Match[str]) -> str:
    letters = word.group()
    return "\u200b".join(letters[at : at + _BREAK_EVERY] for at in range(0, len(letters), _BREAK_EVERY))
