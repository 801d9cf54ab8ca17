"""Made-up families, papers and files for the tests."""

import io
from datetime import UTC, date, datetime

from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from balabaqsha.documents import papers
from balabaqsha.documents.wording import Words
from balabaqsha.law.lists import DocumentKind

NOW = datetime(2026, 10, 28, 5, 20, 26, tzinfo=UTC)  # 10:20:26 on the national clock
TOKEN = "Ab3_dEf6hIjKlMnOpQrStU"
ADDRESS = f"https://portal.example/check/{TOKEN}"
PUBLIC_FACTS = {"initials": "Ү. А. Н.", "masked_iin": "2306******23"}

CHILD = papers.ChildFacts(full_name="Үлгібай Айару Нұрланқызы", iin="230611650123", born_on=date(2023, 6, 11))


def frame(kind=DocumentKind.CONTRACT, *, number="10-2026-1000014", demonstration=False):
    return papers.Frame(
        kind=kind, number=number, token=TOKEN, check_address=ADDRESS, made_at=NOW, demonstration=demonstration
    )


def contract_facts(**changes):
    facts = {
        "place": Words("Павлодар қ.", "г. Павлодар"),
        "concluded_on": date(2026, 10, 28),
        "kindergarten": papers.KindergartenFacts(
            name=Words("№ 14 «Ертіс самалы» бөбекжай-бақшасы", "Ясли-сад № 14 «Ертіс самалы»"),
            bin="160340001234",
            address=Words("Естай көшесі, 42", "ул. Естая, 42"),
            phone="+7 (718) 200-00-00",
            head_name="Мысалова Гүлнәр Ерланқызы",
        ),
        "representative": papers.RepresentativeFacts(
            full_name="Үлгібай Жанар Әділқызы", iin="900101450123", address="Абай көшесі, 7", phone="+7 (700) 000-00-00"
        ),
        "child": CHILD,
        "ground": papers.Ground.VOUCHER,
        "ground_number": "1000248",
        "ground_on": date(2026, 10, 23),
        "application_number": "10000173",
        "group_name": "«Балдырған»",
        "birth_year": 2023,
        "language": "kk",
        "stay_hours": 10.5,
        "fee": 21600,
        "starts_on": date(2026, 11, 2),
        "ends_on": date(2029, 8, 31),
    }
    return papers.ContractFacts(**{**facts, **changes})


def voucher_facts(**changes):
    facts = {
        "child": CHILD,
        "voucher_number": "1000248",
        "application_number": "10000173",
        "territory": Words("Павлодар қ.", "г. Павлодар"),
        "issued_at": NOW,
        "confirm_by": datetime(2026, 10, 30, 5, 20, 26, tzinfo=UTC),
    }
    return papers.VoucherNoticeFacts(**{**facts, **changes})


def jpeg(*, size=(60, 40), exif=False):
    picture, written = Image.new("RGB", size, (12, 120, 90)), io.BytesIO()
    if exif:
        told = picture.getexif()
        told[0x010F] = "SECRET-CAMERA"
        told[0x0112] = 6  # lies on its side
        picture.save(written, "JPEG", exif=told)
    else:
        picture.save(written, "JPEG")
    return written.getvalue()


def png(*, text=""):
    picture, written, info = Image.new("RGBA", (30, 30), (1, 2, 3, 90)), io.BytesIO(), PngImagePlugin.PngInfo()
    if text:
        info.add_text("Comment", text)
    picture.save(written, "PNG", pnginfo=info)
    return written.getvalue()


def pdf(*, action=None, password=None, owner_password=None, pages=1):
    """A PDF; `action` is the kind of what would run when it opens: JavaScript, Launch, GoTo and so on."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if action:
        told = DictionaryObject({NameObject("/S"): NameObject(f"/{action}")})
        if action == "JavaScript":
            told[NameObject("/JS")] = TextStringObject("app.alert(1)")
        page = writer.pages[0]
        page[NameObject("/Annots")] = ArrayObject(
            [
                writer._add_object(
                    DictionaryObject({NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): told})
                )
            ]
        )
    if password or owner_password:
        writer.encrypt(user_password=password or "", owner_password=owner_password or password, algorithm="AES-256")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()
