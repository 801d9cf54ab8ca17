"""What a certificate says of its holder: purpose, roles, IIN and BIN."""

import re
from dataclasses import dataclass
from enum import StrEnum

from asn1crypto import x509

from balabaqsha.signatures.verifier import oids
from balabaqsha.signatures.verifier.refusals import SignatureUntrusted, SignatureWrongPurpose

# Extensions that are understood here; a critical one beyond them makes a certificate unusable (RFC 5280, 4.2).
UNDERSTOOD = frozenset({"key_usage", "basic_constraints", "extended_key_usage", "certificate_policies"})


class Purpose(StrEnum):
    """What a key is for: documents, or signing in."""

    SIGN = "SIGN"
    AUTH = "AUTH"


@dataclass(frozen=True)
class Holder:
    """The person, and the organisation if the key is one's. The authority writes the patronymic as the given name."""

    iin: str
    bin: str | None
    common_name: str
    surname: str | None
    patronymic: str | None
    organisation: str | None
    roles: tuple[str, ...]


def key_usage(certificate: x509.Certificate) -> frozenset[str]:
    """The named bits of the key usage."""
    return frozenset(certificate.key_usage_value.native) if certificate.key_usage_value else frozenset()


def extended_key_usage(certificate: x509.Certificate) -> frozenset[str]:
    """The dotted identifiers of the extended key usage."""
    usage = certificate.extended_key_usage_value
    return frozenset(item.dotted for item in usage) if usage else frozenset()


def purpose(certificate: x509.Certificate) -> Purpose | None:
    """What the key is for, or None where it is neither for signing nor for signing in."""
    usage, extended = key_usage(certificate), extended_key_usage(certificate)
    if "digital_signature" not in usage:
        return None
    if "non_repudiation" in usage:
        return Purpose.SIGN if oids.EMAIL_PROTECTION in extended else None
    return Purpose.AUTH if oids.CLIENT_AUTH in extended else None


def check_leaf(certificate: x509.Certificate, *, policies: frozenset[str]) -> None:
    """Refuse an authority's certificate, one with unknown critical parts, and one without a known policy.

    Raises SignatureUntrusted.
    """
    if certificate.ca:
        raise SignatureUntrusted(reason="certificate of an authority")
    if set(certificate.critical_extensions) - UNDERSTOOD:
        raise SignatureUntrusted(reason="critical extension")
    stated = {item["policy_identifier"].dotted for item in certificate.certificate_policies_value or []}
    if not stated & policies:
        raise SignatureUntrusted(reason="policy")


def holder(certificate: x509.Certificate) -> Holder:
    """Read the holder; raises SignatureWrongPurpose where the certificate names no person, or two."""
    serial = _attribute(certificate, oids.SERIAL_NUMBER) or ""
    # The check digit is not asked for: test certificates of the national authority have none that fits.
    if not re.fullmatch(r"IIN[0-9]{12}", serial):
        raise SignatureWrongPurpose(reason="no IIN")
    unit = _attribute(certificate, oids.ORGANISATIONAL_UNIT) or ""
    extended = extended_key_usage(certificate)
    return Holder(
        iin=serial[3:],
        bin=unit[3:] if re.fullmatch(r"BIN[0-9]{12}", unit) else None,
        common_name=_attribute(certificate, oids.COMMON_NAME) or "",
        surname=_attribute(certificate, oids.SURNAME),
        patronymic=_attribute(certificate, oids.GIVEN_NAME),
        organisation=_attribute(certificate, oids.ORGANISATION),
        roles=tuple(oids.ROLES[item] for item in sorted(extended) if item in oids.ROLES),
    )


def _attribute(certificate: x509.Certificate, kind: str) -> str | None:
    values = [
        item["value"].native for part in certificate.subject.chosen for item in part if item["type"].dotted == kind
    ]
    if len(values) > 1:
        raise SignatureWrongPurpose(reason=f"two values of {kind}")
    return values[0] if values else None
