"""Made-up families, papers and files for the tests."""

import io
from dataclasses import replace
from datetime import UTC, date, datetime

from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from balabaqsha.documents import facts, papers
from balabaqsha.documents.wording import Words
from balabaqsha.law import lists
from balabaqsha.law.lists import DocumentKind

NOW = datetime(2026, 10, 28, 5, 20, 26, tzinfo=UTC)  # 10:20:26 on the national clock
TOKEN = "Ab3_dEf6hIjKlMnOpQrStU"
ADDRESS = f"https://portal.example/check/{TOKEN}"
PUBLIC_FACTS = {"initials": "Ү. А. Н.", "masked_iin": "2306******23"}

CHILD = facts.ChildFacts(full_name="Үлгібай Айару Нұрланқызы", iin="230611650123", born_on=date(2023, 6, 11))


def frame(kind=DocumentKind.CONTRACT, *, number="10-2026-1000014", demonstration=False):
    return papers.Frame(
        kind=kind, number=number, token=TOKEN, check_address=ADDRESS, made_at=NOW, demonstration=demonstration
    )


def contract_facts(**changes):
    given = {
        "place": Words("Павлодар қ.", "г. Павлодар"),
        "concluded_on": date(2026, 10, 28),
        "kindergarten": facts.KindergartenFacts(
            name=Words("№ 14 «Ертіс самалы» бөбекжай-бақшасы", "Ясли-сад № 14 «Ертіс самалы»"),
            bin="160340001234",
            address=Words("Естай көшесі, 42", "ул. Естая, 42"),
            phone="+7 (718) 200-00-00",
            head_name="Мысалова Гүлнәр Ерланқызы",
        ),
        "representative": facts.RepresentativeFacts(
            full_name="Үлгібай Жанар Әділқызы", iin="900101450123", address="Абай көшесі, 7", phone="+7 (700) 000-00-00"
        ),
        "child": CHILD,
        "ground": facts.Ground.VOUCHER,
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
    return facts.ContractFacts(**{**given, **changes})


def voucher_facts(**changes):
    given = {
        "child": CHILD,
        "voucher_number": "1000248",
        "application_number": "10000173",
        "territory": Words("Павлодар қ.", "г. Павлодар"),
        "issued_at": NOW,
        "confirm_by": datetime(2026, 10, 30, 5, 20, 26, tzinfo=UTC),
    }
    return facts.VoucherNoticeFacts(**{**given, **changes})


APPLICANT = facts.ApplicantFacts(
    full_name="Үлгібай Жанар Әділқызы",
    iin="900101450123",
    born_on=date(1990, 1, 1),
    phone="+7 (700) 000-00-00",
    email="zhanar@example.kz",
    address=Words("Абай көшесі, 7", "ул. Абая, 7"),
)
APPLICATION = facts.ApplicationFacts(
    number="10000173",
    registered_at=datetime(2025, 3, 3, 4, 5, 6, tzinfo=UTC),
    kind=Words("Жалпы білім беру кезегі", "Общая очередь"),
    territory=Words("Павлодар қ.", "г. Павлодар"),
    languages=Words("қазақ тілі, орыс тілі", "казахский, русский"),
)
STANDING = facts.StandingFacts(
    state=Words("Кезекте", "В очереди"),
    benefit=Words("Көп балалы отбасы", "Многодетная семья"),
    place=1234,
    waiting=5678,
)


def sheet_facts(kind, **changes):
    """Facts of a paper of one sheet: of the voucher notice, the referral and what is made for every application."""
    of_case = {"child": CHILD, "applicant": APPLICANT, "application": APPLICATION}
    attached = facts.ReceivedPaper(
        kind=Words("Жұмыс орнынан анықтама", "Справка с места работы"), file_name="anyqtama.pdf", attached_at=NOW
    )
    given = {
        DocumentKind.REGISTRATION_NOTICE: lambda: facts.RegistrationNoticeFacts(
            **of_case, claimed=Words("Мұғалімдердің балалары", "Дети учителей"), wished_from=date(2026, 12, 1), place=17
        ),
        DocumentKind.RECEIPT_NOTICE: lambda: facts.ReceiptNoticeFacts(**of_case, papers=(attached,) * 3, check_by=NOW),
        DocumentKind.REGISTER_EXTRACT: lambda: facts.RegisterExtractFacts(**of_case, standing=STANDING),
        DocumentKind.CHILD_CARD: lambda: facts.ChildCardFacts(
            **of_case,
            sex=Words("Әйел", "Женский"),
            address=Words("Абай көшесі, 7", "ул. Абая, 7"),
            relation="MOTHER",
            standing=STANDING,
            kindergarten=Words("№ 14 «Ертіс самалы» бөбекжай-бақшасы", "Ясли-сад № 14 «Ертіс самалы»"),
            group_name="«Балдырған»",
        ),
        DocumentKind.REFERRAL: referral_facts,
        DocumentKind.VOUCHER_NOTICE: voucher_facts,
    }[kind]()
    return replace(given, **changes)


def referral_facts():
    return facts.ReferralFacts(
        number="1000261",
        child=CHILD,
        applicant=APPLICANT,
        application_number="10000173",
        issued_at=NOW,
        due_at=datetime(2026, 11, 4, 5, 20, 26, tzinfo=UTC),
        give_back_by=datetime(2026, 10, 29, 5, 20, 26, tzinfo=UTC),
        extension_days=30,
        stop_list_days=10,
        kindergarten=Words("№ 14 «Ертіс самалы» бөбекжай-бақшасы", "Ясли-сад № 14 «Ертіс самалы»"),
        address=Words("Естай көшесі, 42", "ул. Естая, 42"),
        phone="+7 (718) 200-00-00",
        group_name="«Балдырған»",
        language="kk",
        papers=tuple(paper.kind for paper in lists.admission_papers("LINEAR")),
    )


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
