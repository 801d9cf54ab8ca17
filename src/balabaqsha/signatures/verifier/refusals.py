"""Why a signature is not accepted. Each detail is a sentence of the glossary; `reason` is for the journal of errors."""

from balabaqsha.kernel.refusal import Refusal

# asn1crypto reads lazily: what a stranger spoiled inside a message shows only where it is looked at, as one of these.
MALFORMED = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError)


class SignatureRefused(Refusal, code="signature-refused"):
    """The root of all: callers that treat every refused signature alike catch this one."""


class SignatureUnreadable(SignatureRefused, code="signature-unreadable"):
    """What came is no CMS of exactly one signer with its certificate."""


class SignatureUnsupported(SignatureRefused, code="signature-unsupported"):
    """Made with an algorithm or a key that is no longer, or not yet, accepted."""


class SignatureTampered(SignatureRefused, code="signature-tampered"):
    """The signature does not fit the bytes of the document."""


class SignatureExpired(SignatureRefused, code="signature-expired"):
    """The certificate was no longer valid at the moment; facts: date."""


class SignatureNotYetValid(SignatureRefused, code="signature-not-yet-valid"):
    """The certificate was not valid yet at the moment; facts: date."""


class SignatureRevoked(SignatureRefused, code="signature-revoked"):
    """The certificate is on the revocation list of its authority."""


class SignatureWrongPurpose(SignatureRefused, code="signature-wrong-purpose"):
    """A sign-in key for a document, a signing key for a sign-in, or a key that belongs to no person."""


class SignatureWrongRole(SignatureRefused, code="signature-wrong-role"):
    """The holder may not sign for the organisation."""


class SignatureOfOtherPerson(SignatureRefused, code="signature-other-person"):
    """The IIN of the certificate is not the one expected."""


class SignatureOfOtherOrganisation(SignatureRefused, code="signature-wrong-organisation"):
    """The BIN of the certificate is not the one expected."""


class SignatureUntrusted(SignatureRefused, code="signature-untrusted"):
    """No pinned authority issued the certificate."""


class SignatureNotChecked(SignatureRefused, code="signature-not-checked"):
    """Whether the certificate is revoked cannot be known now; nothing is accepted on hope."""


class SignatureWrongTime(SignatureRefused, code="signature-wrong-time"):
    """The signer's clock is too far from ours."""


class SignatureWrongStamp(SignatureRefused, code="signature-wrong-stamp"):
    """The time stamp is missing, is of another signature, or is by nobody entitled."""
