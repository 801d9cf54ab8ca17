"""Closed lists of the law. Codes are stored; their words are the glossary's (section 5), by key."""

from dataclasses import dataclass
from enum import StrEnum

from balabaqsha.territories.regimes import Regime


class Tier(StrEnum):
    """How a social status stands in line; label keys `tier.OUT_OF_TURN` and so on."""

    OUT_OF_TURN = "OUT_OF_TURN"
    PRIORITY = "PRIORITY"
    ORDINARY = "ORDINARY"


class BenefitStatus(StrEnum):
    """Social statuses in the order of their categories (glossary 5.1); label keys `benefit.SERVICE` and so on.

    STAFF is local, off unless a territory switches it on, and takes the category numbers of TEACHER.
    """

    SERVICE = "SERVICE"
    SPECIAL_BODIES = "SPECIAL_BODIES"
    ORPHAN = "ORPHAN"
    CHILD_DISABILITY = "CHILD_DISABILITY"
    PARENT_DISABILITY = "PARENT_DISABILITY"
    SPECIAL_NEEDS = "SPECIAL_NEEDS"
    LARGE_FAMILY = "LARGE_FAMILY"
    SIBLING_DISABILITY = "SIBLING_DISABILITY"
    TEACHER = "TEACHER"
    NONE = "NONE"
    STAFF = "STAFF"

    @property
    def tier(self) -> Tier:
        """Out of turn, priority or ordinary."""
        if self in OUT_OF_TURN:
            return Tier.OUT_OF_TURN
        return Tier.ORDINARY if self is BenefitStatus.NONE else Tier.PRIORITY

    @property
    def needs_proof(self) -> bool:
        """Whether an officer confirms the claim before it counts."""
        return self is not BenefitStatus.NONE

    @property
    def needs_certificate(self) -> bool:
        """Whether the confirmation lapses after the term `certificate.validity`."""
        return self in NEEDS_CERTIFICATE

    @property
    def position(self) -> int:
        """Place among the ten statuses, from 0; it decides the category number."""
        return STATUS_ORDER.index(BenefitStatus.TEACHER if self is BenefitStatus.STAFF else self)

    @property
    def proof(self) -> "DocumentKind | None":
        """The document that proves the status where no state base answers."""
        return PROOF.get(self)


STATUS_ORDER = tuple(status for status in BenefitStatus if status is not BenefitStatus.STAFF)
OUT_OF_TURN = frozenset({BenefitStatus.SERVICE, BenefitStatus.SPECIAL_BODIES})
NEEDS_CERTIFICATE = frozenset({BenefitStatus.SERVICE, BenefitStatus.SPECIAL_BODIES, BenefitStatus.TEACHER})
LOCAL_STATUSES = frozenset({BenefitStatus.STAFF})
# What the register of social statuses knows. No right out of turn is among them: two officers confirm those.
IN_REGISTER = frozenset(
    {
        BenefitStatus.ORPHAN,
        BenefitStatus.CHILD_DISABILITY,
        BenefitStatus.PARENT_DISABILITY,
        BenefitStatus.LARGE_FAMILY,
        BenefitStatus.SIBLING_DISABILITY,
    }
)


class DocumentKind(StrEnum):
    """Papers brought by families and documents made by the portal (glossary 5.3); label keys `paper.FORM_027`."""

    REPRESENTATIVE_ID = "REPRESENTATIVE_ID"
    BIRTH_CERTIFICATE = "BIRTH_CERTIFICATE"
    FORM_027 = "FORM_027"
    FORM_052_2 = "FORM_052_2"
    FORM_065 = "FORM_065"
    PMPK_CONCLUSION = "PMPK_CONCLUSION"
    GUARDIANSHIP_DECISION = "GUARDIANSHIP_DECISION"
    WORK_CERTIFICATE = "WORK_CERTIFICATE"
    DISABILITY_CERTIFICATE = "DISABILITY_CERTIFICATE"
    EXTENSION_PROOF = "EXTENSION_PROOF"
    ABSENCE_PROOF = "ABSENCE_PROOF"
    APPEAL_PROOF = "APPEAL_PROOF"
    CONTRACT = "CONTRACT"
    REFERRAL = "REFERRAL"
    VOUCHER_NOTICE = "VOUCHER_NOTICE"
    REGISTRATION_NOTICE = "REGISTRATION_NOTICE"
    RECEIPT_NOTICE = "RECEIPT_NOTICE"
    REGISTER_EXTRACT = "REGISTER_EXTRACT"
    CHILD_CARD = "CHILD_CARD"


MADE_BY_PORTAL = frozenset(
    {
        DocumentKind.CONTRACT,
        DocumentKind.REFERRAL,
        DocumentKind.VOUCHER_NOTICE,
        DocumentKind.REGISTRATION_NOTICE,
        DocumentKind.RECEIPT_NOTICE,
        DocumentKind.REGISTER_EXTRACT,
        DocumentKind.CHILD_CARD,
    }
)

# LARGE_FAMILY has no kind of its own in the glossary: the state base answers for it.
# What the digital health system has of a child.
MEDICAL_FORMS = frozenset({DocumentKind.FORM_027, DocumentKind.FORM_052_2, DocumentKind.FORM_065})
PROOF = {
    BenefitStatus.SERVICE: DocumentKind.WORK_CERTIFICATE,
    BenefitStatus.SPECIAL_BODIES: DocumentKind.WORK_CERTIFICATE,
    BenefitStatus.ORPHAN: DocumentKind.GUARDIANSHIP_DECISION,
    BenefitStatus.CHILD_DISABILITY: DocumentKind.DISABILITY_CERTIFICATE,
    BenefitStatus.PARENT_DISABILITY: DocumentKind.DISABILITY_CERTIFICATE,
    BenefitStatus.SPECIAL_NEEDS: DocumentKind.PMPK_CONCLUSION,
    BenefitStatus.SIBLING_DISABILITY: DocumentKind.DISABILITY_CERTIFICATE,
    BenefitStatus.TEACHER: DocumentKind.WORK_CERTIFICATE,
    BenefitStatus.STAFF: DocumentKind.WORK_CERTIFICATE,
}


class CaseDecider(StrEnum):
    """Who decides a special application; label keys `decider.PMPK`, `decider.PHTHISIATRICIAN`."""

    PMPK = "PMPK"
    PHTHISIATRICIAN = "PHTHISIATRICIAN"


class CorrectionType(StrEnum):
    """Kinds of correctional and sanatorium groups (glossary 5.2); label keys `correction.DEAF` and so on."""

    SPEECH_SEVERE = "SPEECH_SEVERE"
    SPEECH_PHONETIC = "SPEECH_PHONETIC"
    DEAF = "DEAF"
    HARD_OF_HEARING = "HARD_OF_HEARING"
    BLIND = "BLIND"
    LOW_VISION = "LOW_VISION"
    MUSCULOSKELETAL = "MUSCULOSKELETAL"
    INTELLECTUAL = "INTELLECTUAL"
    DEVELOPMENT_DELAY = "DEVELOPMENT_DELAY"
    INTELLECTUAL_SEVERE = "INTELLECTUAL_SEVERE"
    TUBERCULOSIS = "TUBERCULOSIS"
    OFTEN_ILL = "OFTEN_ILL"
    COMPLEX = "COMPLEX"

    @property
    def term_code(self) -> str:
        """The term that says who decides cases of this type."""
        return f"special.decided_by.{self.value}"


SANATORIUM = frozenset({CorrectionType.TUBERCULOSIS, CorrectionType.OFTEN_ILL})

# Years from which a group of this type exists at all; the building code (table Л.1) has no nursery
# groups of these types. Assumed: it is told to the family and never refuses an application.
CORRECTION_FROM_YEARS = {
    CorrectionType.INTELLECTUAL: 3,
    CorrectionType.DEVELOPMENT_DELAY: 3,
    CorrectionType.INTELLECTUAL_SEVERE: 3,
}


# What the decider of a case looks at, and nothing else of what the family attached. Assumed: 001 names the conclusion.
CASE_PAPERS = {
    CaseDecider.PMPK: (DocumentKind.PMPK_CONCLUSION,),
    CaseDecider.PHTHISIATRICIAN: (DocumentKind.PMPK_CONCLUSION, DocumentKind.FORM_027, DocumentKind.FORM_065),
}


@dataclass(frozen=True)
class CaseCheck:
    """Who decides a special case, whether a PMPK conclusion must be there, and which papers the decider sees."""

    decided_by: CaseDecider
    conclusion_required: bool
    papers: tuple[DocumentKind, ...]


def case_check(decided_by: str) -> CaseCheck:
    """The check that the value of a `special.decided_by.*` term stands for.

    The phthisiatrician takes a conclusion if there is any; the PMPK specialist requires it (rules, section 4).
    """
    decider = CaseDecider(decided_by)
    required = decider is CaseDecider.PMPK
    return CaseCheck(decided_by=decider, conclusion_required=required, papers=CASE_PAPERS[decider])


class CaseRejection(StrEnum):
    """Why a special application is not confirmed (assumed); label keys `case-rejection.CONCLUSION_EXPIRED` and so on."""

    CONCLUSION_EXPIRED = "CONCLUSION_EXPIRED"
    CONCLUSION_OF_ANOTHER = "CONCLUSION_OF_ANOTHER"
    OTHER_TYPE = "OTHER_TYPE"
    NO_INDICATION = "NO_INDICATION"
    INCOMPLETE = "INCOMPLETE"
    UNREADABLE = "UNREADABLE"


class ReturnReason(StrEnum):
    """Why a kindergarten returns a contract for correction (glossary 5.6); label keys `return.UNREADABLE`."""

    WRONG_DATA = "WRONG_DATA"
    MISSING_ATTACHMENT = "MISSING_ATTACHMENT"
    UNREADABLE = "UNREADABLE"
    OUT_OF_DATE = "OUT_OF_DATE"
    WRONG_CHILD = "WRONG_CHILD"


class RefusalGround(StrEnum):
    """On what a kindergarten may refuse admission (glossary 5.5); label keys `refusal-ground.GROUP_CLOSED`."""

    VACCINATION_THRESHOLD = "VACCINATION_THRESHOLD"
    GROUP_CLOSED = "GROUP_CLOSED"


# The words of rehearsals and of the interface for programs.
REFUSAL_GROUND_WORDS = {
    "unvaccinated_share": RefusalGround.VACCINATION_THRESHOLD,
    "group_closed": RefusalGround.GROUP_CLOSED,
}


class RecallReason(StrEnum):
    """Why a kindergarten or the department takes free places back from families; label keys `recall.REPAIR` and so on."""

    REPAIR = "REPAIR"
    STAFF = "STAFF"
    QUARANTINE = "QUARANTINE"
    GROUP_CLOSES = "GROUP_CLOSES"
    MISTAKE = "MISTAKE"


class ClosingReason(StrEnum):
    """Why a kindergarten closes (assumed, no source has a list); label keys `closing.LICENCE` and so on."""

    LICENCE = "LICENCE"
    UNSAFE = "UNSAFE"
    REBUILT = "REBUILT"
    MERGED = "MERGED"
    OWNER = "OWNER"


class LeavingReason(StrEnum):
    """Why a child leaves a kindergarten (glossary 5.8); label keys `leaving.MOVED` and so on."""

    TRANSFER = "TRANSFER"
    SCHOOL = "SCHOOL"
    MOVED = "MOVED"
    FAMILY_WISH = "FAMILY_WISH"
    HEALTH = "HEALTH"
    LONG_ABSENCE = "LONG_ABSENCE"
    CONTRACT_END = "CONTRACT_END"
    KINDERGARTEN_END = "KINDERGARTEN_END"
    DECEASED = "DECEASED"


# Comes from the state base or an officer, and sends no message to anybody.
SILENT_LEAVING = frozenset({LeavingReason.DECEASED})


class AbsenceReason(StrEnum):
    """Why a child was absent (glossary 5.4); label keys `absence.ILLNESS` and so on."""

    ILLNESS = "ILLNESS"
    TREATMENT = "TREATMENT"
    PARENT_LEAVE = "PARENT_LEAVE"
    QUARANTINE = "QUARANTINE"
    WEATHER = "WEATHER"
    EMERGENCY = "EMERGENCY"
    KINDERGARTEN_CLOSED = "KINDERGARTEN_CLOSED"
    FAMILY = "FAMILY"
    UNEXPLAINED = "UNEXPLAINED"


ABSENCE_NEEDS_PROOF = frozenset({AbsenceReason.ILLNESS, AbsenceReason.TREATMENT, AbsenceReason.PARENT_LEAVE})


class ExtensionReason(StrEnum):
    """Why a referral is extended (glossary 5.7); label keys `extension.HOSPITAL` and so on. All need proof."""

    BUSINESS_TRIP_ABROAD = "BUSINESS_TRIP_ABROAD"
    HOLIDAY_ABROAD = "HOLIDAY_ABROAD"
    HOSPITAL = "HOSPITAL"
    OTHER_VALID = "OTHER_VALID"


class WithdrawalReason(StrEnum):
    """Why an officer withdraws the extension of a referral; label keys `extension-withdrawal.REASON_FALSE` and so on."""

    REASON_FALSE = "REASON_FALSE"
    PROOF_FALSE = "PROOF_FALSE"
    PROOF_OF_OTHERS = "PROOF_OF_OTHERS"


class RemovalReason(StrEnum):
    """Why an officer closes an application (assumed, no source has a list); label keys `removal.COURT` and so on."""

    NOT_REPRESENTATIVE = "NOT_REPRESENTATIVE"
    DATA_FALSE = "DATA_FALSE"
    COURT = "COURT"
    DECEASED = "DECEASED"


class ContactReason(StrEnum):
    """Why an officer opens the contacts of a family (assumed, no source has a list); label keys `contact-reason.TELL` and so on."""

    TELL = "TELL"
    ASK_FOR_PAPERS = "ASK_FOR_PAPERS"
    ANSWER_MESSAGE = "ANSWER_MESSAGE"
    CHECK_IDENTITY = "CHECK_IDENTITY"


# OTHER_VALID is «т.б.» of the source: it needs the family's own words beside the proof.
EXTENSION_NEEDS_WORDS = frozenset({ExtensionReason.OTHER_VALID})


@dataclass(frozen=True)
class AdmissionPaper:
    """One paper of the list that is complete: a kindergarten may ask for nothing else."""

    kind: DocumentKind
    required: bool
    source: str


def _papers(source: str, *kinds: DocumentKind) -> tuple[AdmissionPaper, ...]:
    required = tuple(AdmissionPaper(kind=kind, required=True, source=source) for kind in kinds)
    return (*required, AdmissionPaper(kind=DocumentKind.PMPK_CONCLUSION, required=False, source=source))


# In the order in which each source prints them.
ADMISSION_PAPERS = {
    Regime.VOUCHER: _papers(
        "001",
        DocumentKind.FORM_027,
        DocumentKind.BIRTH_CERTIFICATE,
        DocumentKind.REPRESENTATIVE_ID,
        DocumentKind.FORM_052_2,
        DocumentKind.FORM_065,
    ),
    Regime.LINEAR: _papers(
        "004",
        DocumentKind.REPRESENTATIVE_ID,
        DocumentKind.BIRTH_CERTIFICATE,
        DocumentKind.FORM_027,
        DocumentKind.FORM_052_2,
    ),
}


def admission_papers(regime: Regime | str) -> tuple[AdmissionPaper, ...]:
    """The papers a family attaches to its contract in this regime, in the order of the source."""
    return ADMISSION_PAPERS[Regime(regime)]
