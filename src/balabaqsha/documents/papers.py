"""Papers that the portal makes: facts in, the bytes of a PDF out. The same facts give the same bytes.

The words of a paper stand in `texts/`, its look in `typeset/`. Whatever people have written reaches the
typesetter as data and is printed letter for letter; it is never read as markup.
"""

import io
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import segno
import typst

from balabaqsha.documents import sheets, wording
from balabaqsha.documents.facts import ContractFacts, PaperFacts
from balabaqsha.documents.printing import clean_words, filled, rows, same
from balabaqsha.documents.wording import Words
from balabaqsha.law.lists import DocumentKind

_HERE = Path(__file__).parent
CHECK_PATH = "/check/{token}"


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


def make(frame: Frame, facts: PaperFacts) -> bytes:
    """Typeset a paper as an accessible PDF/A with the Kazakh and the Russian text side by side.

    The kind of the frame must be that of the facts. Raises PaperHasWarnings, and ValueError for facts of
    another kind.
    """
    if isinstance(facts, ContractFacts) and frame.kind is DocumentKind.CONTRACT:
        name, data = "contract", _contract(facts)
    elif not isinstance(facts, ContractFacts) and sheets.KINDS.get(frame.kind) is type(facts):
        name, data = "sheet", sheets.data_of(facts)
    else:
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
        "place": filled(model["place"], values),
        "preamble": filled(model["preamble"], values),
        "sections": [
            {"title": section["title"], "clauses": [filled(clause, values) for clause in section["clauses"]]}
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
        "representative": same(facts.representative.full_name),
        "child": same(facts.child.full_name),
        "born": wording.date_long(facts.child.born_on),
        "group": same(facts.group_name),
        "birth_year": same(str(facts.birth_year)),
        "language": wording.language_name(facts.language),
        "hours": same(wording.hours(facts.stay_hours)),
        "ground": Words(
            kk=ground["kk"].format(number=facts.ground_number, date=ground_on.kk),
            ru=ground["ru"].format(number=facts.ground_number, date=ground_on.ru),
        ),
        "application": same(facts.application_number),
        "fee": same(wording.money(facts.fee)),
        "starts": wording.date_long(facts.starts_on),
        "ends": wording.date_long(facts.ends_on),
    }


def _parties(facts: ContractFacts, model: dict[str, Any]) -> list[dict[str, Any]]:
    kindergarten, representative = facts.kindergarten, facts.representative
    return [
        {
            "role": model["parties"]["kindergarten"],
            "name": clean_words(kindergarten.name),
            "rows": rows(
                model["labels"],
                bin=same(kindergarten.bin),
                address=kindergarten.address,
                phone=same(kindergarten.phone),
                head=same(kindergarten.head_name),
            ),
        },
        {
            "role": model["parties"]["representative"],
            "name": clean_words(same(representative.full_name)),
            "rows": rows(
                model["labels"],
                iin=same(representative.iin),
                address=same(representative.address),
                phone=same(representative.phone),
                child_iin=same(facts.child.iin),
            ),
        },
    ]


def _edition(model: dict[str, Any]) -> dict[str, str]:
    template = wording.texts("words")["frame"]["edition"]
    return {language: text.format(edition=model["edition"]) for language, text in template.items()}
