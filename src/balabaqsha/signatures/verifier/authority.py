"""A pinned authority: its certificate, its key, and what it has issued."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import core, pem, x509

from balabaqsha.signatures.verifier import keys
from balabaqsha.signatures.verifier.refusals import SignatureUnsupported

DEVELOPMENT_MARK = "NOT FOR PRODUCTION"


class UnusableAuthority(ValueError):
    """The file is no certificate of an authority."""


@dataclass(frozen=True)
class Authority:
    """An authority that a person has pinned; `sha256` is that of its certificate."""

    certificate: x509.Certificate
    key: keys.PublicKey
    subject: bytes
    sha256: bytes

    @property
    def name(self) -> str:
        """Its common name."""
        return str(self.certificate.subject.native.get("common_name", ""))

    @property
    def is_development(self) -> bool:
        """Whether it is a development authority, by its name."""
        return DEVELOPMENT_MARK in self.name

    @property
    def is_root(self) -> bool:
        """Whether it has issued itself."""
        return bool(self.certificate.issuer.dump() == self.subject)

    @property
    def key_hash_input(self) -> bytes:
        """The bytes of its public key that OCSP hashes."""
        spki = self.certificate["tbs_certificate"]["subject_public_key_info"].dump()
        return bytes(core.Sequence.load(spki)[1].contents[1:])

    def is_valid_at(self, moment: datetime) -> bool:
        """Whether its own certificate is valid at the moment."""
        return bool(self.certificate.not_valid_before <= moment <= self.certificate.not_valid_after)

    def has_issued(self, certificate: x509.Certificate) -> bool:
        """Whether the certificate is signed by this authority's key; raises SignatureUnsupported."""
        if certificate.issuer.dump() != self.subject:
            return False
        wanted = certificate.authority_key_identifier
        if wanted is not None and self.certificate.key_identifier not in {None, wanted}:
            return False
        # The algorithm stands twice, and only the inner one is signed.
        algorithm = certificate["signature_algorithm"]
        if algorithm.dump() != certificate["tbs_certificate"]["signature"].dump():
            return False
        return self.key.signed(
            certificate["tbs_certificate"].dump(),
            certificate["signature_value"].native,
            algorithm=algorithm["algorithm"].dotted,
        )


def read(content: bytes) -> Authority:
    """Read the certificate of an authority, DER or PEM; raises UnusableAuthority."""
    der = pem.unarmor(content)[2] if pem.detect(content) else content
    try:
        certificate = x509.Certificate.load(der, strict=True)
        may_issue = certificate.ca and "key_cert_sign" in (certificate.key_usage_value or _none()).native
        key = keys.public_key_of(certificate)
    except (ValueError, TypeError, KeyError, SignatureUnsupported) as error:
        raise UnusableAuthority(str(error)) from None
    if not may_issue:
        raise UnusableAuthority("not a certificate of an authority")
    return Authority(
        certificate=certificate, key=key, subject=certificate.subject.dump(), sha256=hashlib.sha256(der).digest()
    )


def _none() -> x509.KeyUsage:
    return x509.KeyUsage(set())
