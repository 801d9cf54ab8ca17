"""Made-up proofs of benefits, drawn as a family would photograph them."""

from datetime import date
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from balabaqsha import documents
from balabaqsha.applications.models import BenefitClaim
from balabaqsha.documents import actions as document_actions
from balabaqsha.kernel.time import localdate
from balabaqsha.law.lists import BenefitStatus, DocumentKind
from balabaqsha.sandbox.town.cases import Case

_SIZE, _MARGIN = (900, 640), 60
_PAPER, _INK, _PALE = (250, 247, 238), (30, 40, 50), (190, 180, 160)


def attach(cases: list[Case]) -> None:
    """Give every undecided claim of these cases the paper that the benefit needs."""
    for case in cases:
        claim = case.claim
        if claim is None or claim["state"] != "UNDECIDED":
            continue
        kind = BenefitStatus(claim["benefit"]).proof or DocumentKind.WORK_CERTIFICATE
        at = claim["claimed_at"]
        upload = document_actions.keep_upload(
            owner_person_id=case.family.mother.id or 0,
            child_person_id=case.child.id,
            kind=kind,
            content=picture(
                holder=f"{case.family.mother.name.surname} {case.family.mother.name.given_name}", day=localdate(at)
            ),
            name="anyqtama.jpg",
            actor=case.parent,
            now=at,
            issued_on=localdate(at),
        )
        BenefitClaim.objects.filter(id=claim["id"]).update(upload_ids=[upload.id])


def picture(*, holder: str, day: date) -> bytes:
    """A photograph of a certificate that says of itself that it is made up."""
    lines = (
        (44, "АНЫҚТАМА / СПРАВКА"),
        (26, f"№ {day:%m%d}-{len(holder)}   {day:%d.%m.%Y}"),
        (32, holder),
        (24, "Мәртебесі балабақшадағы кезек үшін расталады."),
        (24, "Статус подтверждается для очереди в детский сад."),
        (22, "Ойдан шығарылған құжат / Документ вымышлен"),
    )
    return drawn(lines)


def drawn(lines: tuple[tuple[int, str], ...]) -> bytes:
    """A photographed paper with these lines, each with its size."""
    image = Image.new("RGB", _SIZE, _PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((20, 20, _SIZE[0] - 20, _SIZE[1] - 20), outline=_PALE, width=3)
    top = 80
    for size, text in lines:
        draw.text((_MARGIN, top), text, font=_font(size), fill=_INK)
        top += size * 2
    content = BytesIO()
    image.save(content, "JPEG", quality=82)
    return content.getvalue()


def _font(size: int) -> ImageFont.FreeTypeFont:
    folder = Path(documents.__file__).parent / "fonts"
    return ImageFont.truetype(min(folder.glob("*.ttf")), size)
