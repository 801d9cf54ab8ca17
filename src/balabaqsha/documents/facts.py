"""What the portal's papers are made from: plain facts, gathered by whoever gives the paper out."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from balabaqsha.documents.wording import Words
from balabaqsha.law.lists import DocumentKind


class Ground(StrEnum):
    """On what a contract rests."""

    VOUCHER = "VOUCHER"
    REFERRAL = "REFERRAL"
    TRANSFER = "TRANSFER"


@dataclass(frozen=True)
class ChildFacts:
    full_name: str
    iin: str
    born_on: date


@dataclass(frozen=True)
class ApplicantFacts:
    """Who filed the application; names in full, the telephone as people write it."""

    full_name: str
    iin: str
    born_on: date
    phone: str
    email: str
    address: Words


@dataclass(frozen=True)
class ApplicationFacts:
    """An application as its papers name it; `registered_at` is its original moment, never that of a return."""

    number: str
    registered_at: datetime
    kind: Words
    territory: Words
    languages: Words


@dataclass(frozen=True)
class StandingFacts:
    """How an application stands when its paper is made; `place` of `waiting` only while it stands in line."""

    state: Words
    benefit: Words
    place: int | None = None
    waiting: int | None = None


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


@dataclass(frozen=True)
class RegistrationNoticeFacts:
    """Everything that is filled into the registration notice; `claimed` is the benefit claimed, if any."""

    child: ChildFacts
    applicant: ApplicantFacts
    application: ApplicationFacts
    claimed: Words | None = None
    wished_from: date | None = None
    place: int | None = None


@dataclass(frozen=True)
class ReceivedPaper:
    """A paper that the family attached to its application."""

    kind: Words
    file_name: str
    attached_at: datetime


@dataclass(frozen=True)
class ReceiptNoticeFacts:
    """Everything that is filled into the notice of receipt; `check_by` where an officer is still to decide."""

    child: ChildFacts
    applicant: ApplicantFacts
    application: ApplicationFacts
    papers: tuple[ReceivedPaper, ...] = ()
    check_by: datetime | None = None


@dataclass(frozen=True)
class RegisterExtractFacts:
    """Everything that is filled into the extract from the register of children."""

    child: ChildFacts
    applicant: ApplicantFacts
    application: ApplicationFacts
    standing: StandingFacts


@dataclass(frozen=True)
class ChildCardFacts:
    """Everything that is filled into the card of a child; kindergarten and group where it has been given a place.

    `relation` is a code of kinship, empty where none is known.
    """

    child: ChildFacts
    sex: Words
    address: Words
    applicant: ApplicantFacts
    relation: str
    application: ApplicationFacts
    standing: StandingFacts
    kindergarten: Words | None = None
    group_name: str = ""


@dataclass(frozen=True)
class ReferralFacts:
    """Everything that is filled into a referral; `number` is the referral's own, the paper has one besides.

    `papers` is the closed list of the regime, in the order of its source; `extension_days` are calendar days,
    `stop_list_days` working days, both as the rulebook has them on the day of issue.
    """

    number: str
    child: ChildFacts
    applicant: ApplicantFacts
    application_number: str
    issued_at: datetime
    due_at: datetime
    give_back_by: datetime
    extension_days: int
    stop_list_days: int
    kindergarten: Words
    address: Words
    phone: str
    group_name: str
    language: str
    papers: tuple[DocumentKind, ...]


SheetFacts = (
    VoucherNoticeFacts
    | RegistrationNoticeFacts
    | ReceiptNoticeFacts
    | RegisterExtractFacts
    | ChildCardFacts
    | ReferralFacts
)
PaperFacts = ContractFacts | SheetFacts
