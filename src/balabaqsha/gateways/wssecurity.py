"""WS-Security of the state gateway: the body of an envelope signed by an X.509 key, made and checked (OASIS WSS 1.0).

Exclusive canonicalisation, SHA-256, RSA: the one suite that is written and the only one that is read.
"""

import base64
import binascii
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from balabaqsha.gateways import safexml
from balabaqsha.gateways.channel import Nonsense

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
DS = "http://www.w3.org/2000/09/xmldsig#"
C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
_PROFILE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3"
_BASE64 = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"
_ID = f"{{{WSU}}}Id"
_LONGEST = 16_000


class NoKey(Exception):
    """The file with the key is missing or holds no RSA key with its certificate: a defect of the installation."""


@dataclass(frozen=True)
class Identity:
    """Who signs: a private key with its certificate."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate


@dataclass(frozen=True)
class Security:
    """The file of our own key, and the file with the certificates of the gateway whose signatures count."""

    key_file: Path
    trusted_file: Path

    def identity(self) -> Identity:
        """Our key; raises NoKey."""
        return _identity(self.key_file, _stamp(self.key_file))

    def trusted(self) -> frozenset[bytes]:
        """SHA-256 of each certificate that counts; raises NoKey."""
        return _trusted(self.trusted_file, _stamp(self.trusted_file))


def _stamp(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError as problem:
        raise NoKey(f"{file}: {problem.strerror}") from None


@lru_cache(maxsize=8)
def _identity(file: Path, _changed: int) -> Identity:
    content = file.read_bytes()
    try:
        key = serialization.load_pem_private_key(content, None)
        certificate = x509.load_pem_x509_certificate(content)
    except (ValueError, TypeError) as problem:
        raise NoKey(f"{file}: {problem}") from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise NoKey(f"{file}: no RSA key")
    return Identity(key, certificate)


@lru_cache(maxsize=8)
def _trusted(file: Path, _changed: int) -> frozenset[bytes]:
    try:
        found = x509.load_pem_x509_certificates(file.read_bytes())
    except ValueError as problem:
        raise NoKey(f"{file}: {problem}") from None
    return frozenset(one.fingerprint(hashes.SHA256()) for one in found)


def sign(envelope: etree._Element, identity: Identity) -> None:
    """Put a signature over the body into the header of the envelope; the body has a wsu:Id."""
    body = safexml.must(envelope, "Body")
    named = body.get(_ID)
    if not named:
        raise ValueError("a body without wsu:Id")
    header = safexml.must(envelope, "Header")
    security = etree.SubElement(header, f"{{{WSSE}}}Security", nsmap={"wsse": WSSE, "wsu": WSU})
    security.set(f"{{{SOAP}}}mustUnderstand", "1")
    token = etree.SubElement(security, f"{{{WSSE}}}BinarySecurityToken", EncodingType=_BASE64, ValueType=_PROFILE)
    token.set(_ID, f"X509-{named}")
    token.text = base64.b64encode(identity.certificate.public_bytes(serialization.Encoding.DER)).decode()
    signature = etree.SubElement(security, f"{{{DS}}}Signature", nsmap={"ds": DS})
    signed = etree.SubElement(signature, f"{{{DS}}}SignedInfo")
    etree.SubElement(signed, f"{{{DS}}}CanonicalizationMethod", Algorithm=C14N)
    etree.SubElement(signed, f"{{{DS}}}SignatureMethod", Algorithm=RSA_SHA256)
    reference = etree.SubElement(signed, f"{{{DS}}}Reference", URI=f"#{named}")
    transforms = etree.SubElement(reference, f"{{{DS}}}Transforms")
    etree.SubElement(transforms, f"{{{DS}}}Transform", Algorithm=C14N)
    etree.SubElement(reference, f"{{{DS}}}DigestMethod", Algorithm=SHA256)
    etree.SubElement(reference, f"{{{DS}}}DigestValue").text = _digest(body)
    value = identity.key.sign(canonical(signed), padding.PKCS1v15(), hashes.SHA256())
    etree.SubElement(signature, f"{{{DS}}}SignatureValue").text = base64.b64encode(value).decode()
    shown = etree.SubElement(etree.SubElement(signature, f"{{{DS}}}KeyInfo"), f"{{{WSSE}}}SecurityTokenReference")
    etree.SubElement(shown, f"{{{WSSE}}}Reference", URI=f"#X509-{named}", ValueType=_PROFILE)


def check(envelope: etree._Element, trusted: Collection[bytes]) -> None:
    """Let pass an envelope whose body, this very element, is signed by a certificate that counts; raises Nonsense."""
    security = safexml.must(envelope, "Header", "Security")
    signature = safexml.must(security, "Signature")
    signed = safexml.must(signature, "SignedInfo")
    _only(signed, ("CanonicalizationMethod",), C14N)
    _only(signed, ("SignatureMethod",), RSA_SHA256)
    certificate = _certificate(security, trusted)
    value = _decoded(safexml.must(signature, "SignatureValue"))
    try:
        certificate.verify(value, canonical(signed), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise Nonsense("WS-Security signature") from None
    # By identity, not by name: a signed body hidden elsewhere in the envelope proves nothing of the one that is read.
    body = safexml.must(envelope, "Body")
    if all(_referred(envelope, reference) is not body for reference in safexml.children(signed, "Reference")):
        raise Nonsense("WS-Security: the body is not signed")


def canonical(element: etree._Element) -> bytes:
    """The element in exclusive canonical form, without comments."""
    return bytes(etree.tostring(element, method="c14n", exclusive=True, with_comments=False))


def _referred(envelope: etree._Element, reference: etree._Element) -> etree._Element:
    """The one element that the reference names, proven by its digest."""
    name = (reference.get("URI") or "").removeprefix("#")
    found = [one for one in envelope.iter() if isinstance(one.tag, str) and name in {one.get(_ID), one.get("Id")}]
    if not name or len(found) != 1:
        raise Nonsense("WS-Security reference")
    _only(reference, ("Transforms", "Transform"), C14N)
    _only(reference, ("DigestMethod",), SHA256)
    if "".join((safexml.must(reference, "DigestValue").text or "").split()) != _digest(found[0]):
        raise Nonsense("WS-Security digest")
    return found[0]


def _only(element: etree._Element, path: Sequence[str], algorithm: str) -> None:
    method = safexml.must(element, *path)
    if method.get("Algorithm") != algorithm or len(method):
        raise Nonsense("WS-Security algorithm")


def _certificate(security: etree._Element, trusted: Collection[bytes]) -> rsa.RSAPublicKey:
    try:
        found = x509.load_der_x509_certificate(_decoded(safexml.must(security, "BinarySecurityToken")))
        key = found.public_key()
    except (ValueError, TypeError):
        raise Nonsense("WS-Security certificate") from None
    if found.fingerprint(hashes.SHA256()) not in trusted or not isinstance(key, rsa.RSAPublicKey):
        raise Nonsense("WS-Security certificate of a stranger")
    return key


def _decoded(element: etree._Element) -> bytes:
    text = "".join((element.text or "").split())
    try:
        return base64.b64decode(text[:_LONGEST], validate=True)
    except (binascii.Error, ValueError):
        raise Nonsense("WS-Security base64") from None


def _digest(element: etree._Element) -> str:
    return base64.b64encode(hashlib.sha256(canonical(element)).digest()).decode()
