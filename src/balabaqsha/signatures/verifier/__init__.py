"""Verification of electronic signatures in Python alone: RSA, and GOST 34.10-2015 with 512 bits."""

from balabaqsha.signatures.verifier.authority import Authority, UnusableAuthority
from balabaqsha.signatures.verifier.authority import read as read_authority
from balabaqsha.signatures.verifier.certificate import Holder, Purpose
from balabaqsha.signatures.verifier.message import read_file, read_posted, signature_digest, signature_value
from balabaqsha.signatures.verifier.native import VERSION, Asked, Verified, status_question, verify
from balabaqsha.signatures.verifier.refusals import (
    SignatureExpired,
    SignatureNotChecked,
    SignatureNotYetValid,
    SignatureOfOtherOrganisation,
    SignatureOfOtherPerson,
    SignatureRefused,
    SignatureRevoked,
    SignatureTampered,
    SignatureUnreadable,
    SignatureUnsupported,
    SignatureUntrusted,
    SignatureWrongPurpose,
    SignatureWrongRole,
    SignatureWrongStamp,
    SignatureWrongTime,
)
from balabaqsha.signatures.verifier.revocation import RevocationIndex, UnusableList
from balabaqsha.signatures.verifier.revocation import read as read_revocation_list
from balabaqsha.signatures.verifier.trust import TrustStore, store_of

SIGN, AUTH = Purpose.SIGN, Purpose.AUTH
HEAD, CAN_SIGN = "HEAD", "CAN_SIGN"

__all__ = [
    "AUTH",
    "CAN_SIGN",
    "HEAD",
    "SIGN",
    "VERSION",
    "Asked",
    "Authority",
    "Holder",
    "Purpose",
    "RevocationIndex",
    "SignatureExpired",
    "SignatureNotChecked",
    "SignatureNotYetValid",
    "SignatureOfOtherOrganisation",
    "SignatureOfOtherPerson",
    "SignatureRefused",
    "SignatureRevoked",
    "SignatureTampered",
    "SignatureUnreadable",
    "SignatureUnsupported",
    "SignatureUntrusted",
    "SignatureWrongPurpose",
    "SignatureWrongRole",
    "SignatureWrongStamp",
    "SignatureWrongTime",
    "TrustStore",
    "UnusableAuthority",
    "UnusableList",
    "Verified",
    "read_authority",
    "read_file",
    "read_posted",
    "read_revocation_list",
    "signature_digest",
    "signature_value",
    "status_question",
    "store_of",
    "verify",
]
