"""Whom we trust: pinned authorities with their revocation lists, and the judgement of one certificate by them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from asn1crypto import x509

from balabaqsha.kernel.time import localdate
from balabaqsha.signatures.verifier import ocsp, oids
from balabaqsha.signatures.verifier.authority import Authority
from balabaqsha.signatures.verifier.refusals import (
    SignatureExpired,
    SignatureNotChecked,
    SignatureNotYetValid,
    SignatureRevoked,
    SignatureUntrusted,
)
from balabaqsha.signatures.verifier.revocation import RevocationIndex


@dataclass(frozen=True)
class Standing:
    """By what the certificate was found not revoked: the list, or else an answer of the status service.

    `above` is the list by which its authority was.
    """

    revocation_list: RevocationIndex | None
    answer: ocsp.Answer | None
    above: RevocationIndex | None = None


@dataclass(frozen=True)
class TrustStore:
    """Pinned authorities and the newest revocation list of each, by the SHA-256 of the authority's certificate."""

    authorities: tuple[Authority, ...]
    lists: Mapping[bytes, RevocationIndex] = field(default_factory=dict)
    policies: frozenset[str] = oids.POLICIES

    def issuer_of(self, certificate: x509.Certificate, *, moment: datetime) -> Authority:
        """The pinned authority that issued it; raises SignatureUntrusted, or SignatureUnsupported."""
        for authority in self.authorities:
            if authority.has_issued(certificate):
                if not authority.is_valid_at(moment):
                    raise SignatureUntrusted(reason="authority expired")
                return authority
        raise SignatureUntrusted(reason="issuer")

    def check_chain(self, authority: Authority, *, moment: datetime) -> RevocationIndex | None:
        """Check the authority by those above it, as far as they are pinned; returns the list that it was checked by.

        Raises SignatureUntrusted, SignatureRevoked or SignatureNotChecked.
        """
        above = [other for other in self.authorities if other.sha256 != authority.sha256]
        parent = next((other for other in above if other.has_issued(authority.certificate)), None)
        if parent is None:
            # A person pinned this very certificate: it stands for itself, but not below a pinned one that denies it.
            if not authority.is_root and any(other.subject == authority.certificate.issuer.dump() for other in above):
                raise SignatureUntrusted(reason="authority not issued by the pinned root of that name")
            return None
        if not parent.is_valid_at(moment):
            raise SignatureUntrusted(reason="root expired")
        return self._check_list(authority.certificate, parent, moment=moment)

    def check_standing(
        self,
        certificate: x509.Certificate,
        authority: Authority,
        *,
        moment: datetime,
        answer: bytes | None = None,
        both: bool = False,
    ) -> Standing:
        """Check that the certificate is not revoked, by the list and, if given, by an answer of the status service.

        Either refuses; a missing list is made good by a fresh answer unless `both` are wanted, never by silence.
        Raises SignatureRevoked or SignatureNotChecked.
        """
        heard = self._hear(answer, certificate, authority, moment=moment)
        if heard is None and both:
            raise SignatureNotChecked(reason="no answer of the status service")
        if heard is not None and heard.revoked:
            raise SignatureRevoked(reason="ocsp")
        try:
            listed = self._check_list(certificate, authority, moment=moment)
        except SignatureNotChecked:
            if heard is None or both:
                raise
            return Standing(revocation_list=None, answer=heard)
        return Standing(revocation_list=listed, answer=heard)

    def _hear(
        self, answer: bytes | None, certificate: x509.Certificate, authority: Authority, *, moment: datetime
    ) -> ocsp.Answer | None:
        if answer is None:
            return None
        try:
            return ocsp.read(answer, certificate, authority, moment=moment)
        except ocsp.UnusableAnswer:
            return None

    def _check_list(self, certificate: x509.Certificate, authority: Authority, *, moment: datetime) -> RevocationIndex:
        index = self.lists.get(authority.sha256)
        if index is None or not index.covers(moment):
            raise SignatureNotChecked(reason="no revocation list" if index is None else "stale revocation list")
        if index.is_revoked(certificate.serial_number, moment=moment):
            raise SignatureRevoked(reason="list")
        return index


def check_validity(certificate: x509.Certificate, *, moment: datetime) -> None:
    """Check the dates of the certificate; raises SignatureNotYetValid or SignatureExpired with the local day."""
    if moment < certificate.not_valid_before:
        raise SignatureNotYetValid(date=localdate(certificate.not_valid_before))
    if moment > certificate.not_valid_after:
        raise SignatureExpired(date=localdate(certificate.not_valid_after))


def store_of(
    authorities: Iterable[Authority], lists: Iterable[RevocationIndex] = (), *, policies: frozenset[str] = oids.POLICIES
) -> TrustStore:
    """A trust store that keeps, of several lists of one authority, the one with the highest number."""
    newest: dict[bytes, RevocationIndex] = {}
    for index in lists:
        known = newest.get(index.authority)
        if known is None or known.number < index.number:
            newest[index.authority] = index
    return TrustStore(authorities=tuple(authorities), lists=newest, policies=policies)
