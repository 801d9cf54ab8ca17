"""Certificates in the profile of the national authority (RSA branch), as read from its test certificates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

# Every name of the authority carries these words: the product refuses it outside the demonstration by them.
MARK = "NOT FOR PRODUCTION"
LEAF_BITS = 2048
AUTHORITY_BITS = 3072
LONGEST_NAME = 64

OID = x509.ObjectIdentifier
ROLES = {
    "INDIVIDUAL": OID("1.2.398.3.3.4.1.1"),
    "ORGANISATION": OID("1.2.398.3.3.4.1.2"),
    "HEAD": OID("1.2.398.3.3.4.1.2.1"),
    "CAN_SIGN": OID("1.2.398.3.3.4.1.2.2"),
    "EMPLOYEE": OID("1.2.398.3.3.4.1.2.5"),
}


class Usage(StrEnum):
    """What a key is for."""

    SIGN = "SIGN"
    AUTH = "AUTH"


@dataclass(frozen=True)
class Holder:
    """Whom a key is for. With a BIN it is a key of the organisation, and `role` says what the person may do there."""

    iin: str
    surname: str
    given_name: str
    patronymic: str = ""
    bin: str = ""
    organisation: str = ""
    role: str = "HEAD"

    @property
    def roles(self) -> tuple[str, ...]:
        """The role marks of the certificate."""
        return ("ORGANISATION", self.role) if self.bin else ("INDIVIDUAL",)

    @property
    def policy(self) -> int:
        """Which half of the policies is the holder's."""
        return 1 if self.bin else 3

    def subject(self) -> x509.Name:
        """The name as the national authority writes it: the given-name field holds the patronymic."""
        parts = [
            (NameOID.COMMON_NAME, f"{self.surname} {self.given_name}".upper()),
            (NameOID.SURNAME, self.surname.upper()),
            (NameOID.SERIAL_NUMBER, f"IIN{self.iin}"),
            (NameOID.COUNTRY_NAME, "KZ"),
            (NameOID.ORGANIZATION_NAME, self.organisation.upper()),
            (NameOID.ORGANIZATIONAL_UNIT_NAME, f"BIN{self.bin}" if self.bin else ""),
            (NameOID.GIVEN_NAME, self.patronymic.upper()),
        ]
        return _name(parts)


def _name(parts: list[tuple[x509.ObjectIdentifier, str]]) -> x509.Name:
    # Names of organisations are longer than the standard allows, in real certificates too.
    return x509.Name(
        [x509.NameAttribute(kind, text, _validate=len(text) <= LONGEST_NAME) for kind, text in parts if text]
    )


def authority_name(title: str) -> x509.Name:
    """The name of an authority; raises ValueError where it lacks the mark."""
    if MARK not in title:
        raise ValueError(f"a development authority is named with the words {MARK}")
    return _name([(NameOID.COMMON_NAME, title), (NameOID.COUNTRY_NAME, "KZ")])


def new_key(bits: int = LEAF_BITS) -> rsa.RSAPrivateKey:
    """A new private key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def key_usage(*named: str) -> x509.KeyUsage:
    """The key usage with these bits only."""
    bits = [
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    ]
    return x509.KeyUsage(**{bit: bit in named for bit in bits})


@dataclass(frozen=True)
class Issuer:
    """A certificate of an authority with its private key; `address` is where its lists are served."""

    certificate: x509.Certificate
    key: rsa.RSAPrivateKey
    address: str = ""

    def sign(
        self,
        *,
        subject: x509.Name,
        public_key: rsa.RSAPublicKey,
        valid: tuple[datetime, datetime],
        extensions: list[tuple[x509.ExtensionType, bool]],
    ) -> x509.Certificate:
        """A certificate of any profile."""
        own = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        return build(
            subject=subject,
            issuer=self.certificate.subject,
            public_key=public_key,
            signing_key=self.key,
            valid=valid,
            extensions=[
                *extensions,
                (x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own), False),
            ],
        )

    def issue(
        self, holder: Holder, usage: Usage, *, public_key: rsa.RSAPublicKey, valid: tuple[datetime, datetime]
    ) -> x509.Certificate:
        """A person's certificate for signing or for signing in."""
        signs = usage is Usage.SIGN
        base = ExtendedKeyUsageOID.EMAIL_PROTECTION if signs else ExtendedKeyUsageOID.CLIENT_AUTH
        policy = x509.ObjectIdentifier(f"1.2.398.3.3.2.{holder.policy + (0 if signs else 1)}")
        return self.sign(
            subject=holder.subject(),
            public_key=public_key,
            valid=valid,
            extensions=[
                (key_usage("digital_signature", "content_commitment" if signs else "key_encipherment"), True),
                (x509.ExtendedKeyUsage([base, *(ROLES[role] for role in holder.roles)]), False),
                (x509.CertificatePolicies([x509.PolicyInformation(policy, None)]), False),
                *self._addresses(),
            ],
        )

    def _addresses(self) -> list[tuple[x509.ExtensionType, bool]]:
        if not self.address:
            return []
        lists = x509.UniformResourceIdentifier(f"{self.address}/issuing.crl")
        issuer = x509.UniformResourceIdentifier(f"{self.address}/issuing.cer")
        return [
            (x509.CRLDistributionPoints([x509.DistributionPoint([lists], None, None, None)]), False),
            (
                x509.AuthorityInformationAccess(
                    [x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, issuer)]
                ),
                False,
            ),
        ]

    def revocation_list(
        self, revoked: dict[int, datetime], *, number: int, this_update: datetime, next_update: datetime
    ) -> bytes:
        """The list of this issuer, DER."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(this_update)
            .next_update(next_update)
            .add_extension(x509.CRLNumber(number), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        for serial, moment in sorted(revoked.items()):
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(moment).build()
            builder = builder.add_revoked_certificate(entry)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    def status(
        self, asked: bytes, revoked: Mapping[int, datetime], *, this_update: datetime, next_update: datetime
    ) -> bytes:
        """The answer of the status service, signed by the issuer itself; raises ValueError for what is no request."""
        request = ocsp.load_der_ocsp_request(asked)
        moment = revoked.get(request.serial_number)
        builder = (
            ocsp.OCSPResponseBuilder()
            .add_response_by_hash(
                issuer_name_hash=request.issuer_name_hash,
                issuer_key_hash=request.issuer_key_hash,
                serial_number=request.serial_number,
                algorithm=request.hash_algorithm,
                cert_status=ocsp.OCSPCertStatus.REVOKED if moment else ocsp.OCSPCertStatus.GOOD,
                this_update=this_update,
                next_update=next_update,
                revocation_time=moment,
                revocation_reason=None,
            )
            .responder_id(ocsp.OCSPResponderEncoding.HASH, self.certificate)
        )
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def build(
    *,
    subject: x509.Name,
    issuer: x509.Name,
    public_key: rsa.RSAPublicKey,
    signing_key: rsa.RSAPrivateKey,
    valid: tuple[datetime, datetime],
    extensions: list[tuple[x509.ExtensionType, bool]],
) -> x509.Certificate:
    """A certificate with these extensions (each with whether it is critical) and the identifier of its key."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(signing_key, hashes.SHA256())


def authority_certificate(
    title: str,
    key: rsa.RSAPrivateKey,
    *,
    valid: tuple[datetime, datetime],
    parent: Issuer | None = None,
) -> x509.Certificate:
    """The certificate of a root, or with `parent` of an issuing authority under it."""
    subject = authority_name(title)
    extensions: list[tuple[x509.ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=True, path_length=1 if parent is None else 0), True),
        (key_usage("key_cert_sign", "crl_sign"), True),
    ]
    if parent is not None:
        return parent.sign(subject=subject, public_key=key.public_key(), valid=valid, extensions=extensions)
    return build(
        subject=subject,
        issuer=subject,
        public_key=key.public_key(),
        signing_key=key,
        valid=valid,
        extensions=extensions,
    )
