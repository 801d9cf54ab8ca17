"""Closed lists of the grounds on which officers decide about a case, and serve a family at the counter. All assumed."""

from enum import StrEnum


class AppealGround(StrEnum):
    """Why an appeal is granted (assumed); label keys `appeal-reason.VALID_REASON` and so on."""

    VALID_REASON = "VALID_REASON"
    NOT_INFORMED = "NOT_INFORMED"
    PORTAL_FAILED = "PORTAL_FAILED"
    AUTHORITY_ERRED = "AUTHORITY_ERRED"


class AppealRejection(StrEnum):
    """Why an appeal is rejected (assumed); label keys `appeal-reason.RULE_FOLLOWED` and so on."""

    RULE_FOLLOWED = "RULE_FOLLOWED"
    NOT_PROVEN = "NOT_PROVEN"
    PROOF_FALSE = "PROOF_FALSE"
    CHILD_PLACED = "CHILD_PLACED"


class CorrectionReason(StrEnum):
    """Why an officer corrects the data of an application (assumed); label keys `correction-reason.MISTYPED` and so on."""

    MISTYPED = "MISTYPED"
    IMPORTED_WRONG = "IMPORTED_WRONG"
    PAPER_SHOWN = "PAPER_SHOWN"
    REGISTER_CHANGED = "REGISTER_CHANGED"


class LengtheningReason(StrEnum):
    """Why an officer makes a family's term longer (assumed); label keys `lengthening.ILLNESS` and so on."""

    ILLNESS = "ILLNESS"
    PORTAL_FAILED = "PORTAL_FAILED"
    NOT_INFORMED = "NOT_INFORMED"
    KINDERGARTEN_LATE = "KINDERGARTEN_LATE"


class ErrorOfAuthority(StrEnum):
    """By which error an application went to the archive (assumed); label keys `authority-error.WRONG_CASE` and so on."""

    WRONG_CASE = "WRONG_CASE"
    WRONG_REASON = "WRONG_REASON"
    PORTAL_FAILED = "PORTAL_FAILED"
    WITHOUT_RIGHT = "WITHOUT_RIGHT"


class IdentityDocument(StrEnum):
    """By which document a person is known at the counter; label keys `identity-document.ID_CARD` and so on."""

    ID_CARD = "ID_CARD"
    PASSPORT = "PASSPORT"
    RESIDENCE_PERMIT = "RESIDENCE_PERMIT"


class CounterReason(StrEnum):
    """Why a family comes to the counter (assumed); label keys `counter-reason.NO_DEVICE` and so on."""

    NO_DEVICE = "NO_DEVICE"
    NEEDS_HELP = "NEEDS_HELP"
    NO_ACCOUNT = "NO_ACCOUNT"
    PORTAL_FAILED = "PORTAL_FAILED"
