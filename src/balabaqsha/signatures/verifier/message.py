"""The CMS message: one signer, one certificate, and a signature that fits the content."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, core, x509

from balabaqsha.signatures.verifier import keys, oids
from balabaqsha.signatures.verifier.refusals import SignatureTampered, SignatureUnreadable, SignatureUnsupported

LARGEST_MESSAGE = 256 * 1024


@dataclass(frozen=True)
class Signer:
    """Who signed and what came with the signature; the certificate is not judged yet."""

    certificate: x509.Certificate
    signature: bytes
    claimed_at: datetime | None
    stamp_tokens: tuple[cms.ContentInfo, ...]


def read_posted(text: str) -> bytes:
    """The message that a page or NCALayer sent as base64, PEM lines or not; raises SignatureUnreadable."""
    bare = re.sub(r"-----(BEGIN|END) CMS-----|\s", "", text)
    try:
        return base64.b64decode(bare, validate=True)
    except (binascii.Error, ValueError):
        raise SignatureUnreadable(reason="base64") from None


def read_file(content: bytes) -> bytes:
    """The message as DER from a file that holds it so, in base64 or with PEM lines; what is neither comes back as it is."""
    if content.startswith(b"\x30"):
        return content
    try:
        return read_posted(content.decode("ascii"))
    except (UnicodeDecodeError, SignatureUnreadable):
        return content


def signature_value(message: bytes) -> bytes:
    """The bare signature; raises SignatureUnreadable."""
    try:
        return bytes(only_signer(parse(message))["signature"].native)
    except (ValueError, TypeError, KeyError) as error:
        raise SignatureUnreadable(reason=f"malformed: {error}"[:120]) from error


def signature_digest(message: bytes) -> bytes:
    """SHA-256 of the signature value, by which the portal knows an act of signing; raises SignatureUnreadable."""
    return hashlib.sha256(signature_value(message)).digest()


def parse(message: bytes) -> cms.SignedData:
    """The signed data; raises SignatureUnreadable for anything else, bytes after it included."""
    if len(message) > LARGEST_MESSAGE:
        raise SignatureUnreadable(reason="size")
    try:
        info = cms.ContentInfo.load(message, strict=True)
        if info["content_type"].dotted != oids.SIGNED_DATA:
            raise SignatureUnreadable(reason="content type")
        return info["content"]
    except (ValueError, TypeError, KeyError) as error:
        raise SignatureUnreadable(reason=f"malformed: {error}"[:120]) from error


def only_signer(data: cms.SignedData) -> cms.SignerInfo:
    """The one signer; raises SignatureUnreadable where there are none or several."""
    if len(data["signer_infos"]) != 1:
        raise SignatureUnreadable(reason=f"{len(data['signer_infos'])} signers")
    return data["signer_infos"][0]


def embedded_content(data: cms.SignedData) -> bytes | None:
    """The content that the message carries itself, or None in a detached one."""
    content = data["encap_content_info"]["content"]
    if isinstance(content, core.Void) or content.native is None:
        return None
    return bytes(content)


def certificate_of(data: cms.SignedData) -> x509.Certificate:
    """The certificate of the one signer, not judged yet; raises SignatureUnreadable."""
    return _certificate_of(data, only_signer(data))


def check(data: cms.SignedData, content: bytes, *, content_type: str = oids.DATA) -> Signer:
    """Check that its one signer signed exactly this content.

    Raises SignatureUnreadable, SignatureUnsupported or SignatureTampered.
    """
    info = only_signer(data)
    certificate = _certificate_of(data, info)
    digest = oids.DIGESTS.get(info["digest_algorithm"]["algorithm"].dotted)
    if digest is None:
        raise SignatureUnsupported(reason=f"digest {info['digest_algorithm']['algorithm'].dotted}")
    attributes = _signed_attributes(info)
    _check_attributes(attributes, data, content, digest=digest, content_type=content_type)
    signed = keys.public_key_of(certificate).signed(
        # Signed as a SET OF in DER, whatever encoding it came in (RFC 5652, 5.4).
        info["signed_attrs"].untag().dump(force=True),
        info["signature"].native,
        algorithm=info["signature_algorithm"]["algorithm"].dotted,
        digest=digest,
    )
    if not signed:
        raise SignatureTampered(reason="signature")
    claimed = attributes.get(oids.SIGNING_TIME)
    return Signer(
        certificate=certificate,
        signature=info["signature"].native,
        claimed_at=claimed.native if claimed is not None else None,
        stamp_tokens=_stamp_tokens(info),
    )


def _certificate_of(data: cms.SignedData, info: cms.SignerInfo) -> x509.Certificate:
    name = info["sid"]
    if name.name != "issuer_and_serial_number":
        raise SignatureUnreadable(reason="signer identifier")
    issuer, serial = name.chosen["issuer"].dump(), name.chosen["serial_number"].native
    sent = () if isinstance(data["certificates"], core.Void) else data["certificates"]
    matching = [
        choice.chosen
        for choice in sent
        if choice.name == "certificate"
        and choice.chosen.serial_number == serial
        and choice.chosen.issuer.dump() == issuer
    ]
    if len(matching) != 1:
        raise SignatureUnreadable(reason=f"{len(matching)} certificates of the signer")
    return matching[0]


def _signed_attributes(info: cms.SignerInfo) -> dict[str, core.Asn1Value]:
    if isinstance(info["signed_attrs"], core.Void):
        raise SignatureUnreadable(reason="no signed attributes")
    attributes: dict[str, core.Asn1Value] = {}
    for attribute in info["signed_attrs"]:
        name = attribute["type"].dotted
        if name in attributes or len(attribute["values"]) != 1:
            raise SignatureUnreadable(reason=f"attribute {name}")
        attributes[name] = attribute["values"][0]
    return attributes


def _check_attributes(
    attributes: dict[str, core.Asn1Value], data: cms.SignedData, content: bytes, *, digest: str, content_type: str
) -> None:
    claimed_type, claimed_digest = attributes.get(oids.CONTENT_TYPE), attributes.get(oids.MESSAGE_DIGEST)
    if claimed_type is None or claimed_digest is None:
        raise SignatureUnreadable(reason="attributes missing")
    if not content_type == claimed_type.dotted == data["encap_content_info"]["content_type"].dotted:
        raise SignatureUnreadable(reason="content type")
    if claimed_digest.native != keys.digest_of(content, algorithm=digest):
        raise SignatureTampered(reason="digest")


def _stamp_tokens(info: cms.SignerInfo) -> tuple[cms.ContentInfo, ...]:
    if isinstance(info["unsigned_attrs"], core.Void):
        return ()
    return tuple(
        token
        for attribute in info["unsigned_attrs"]
        if attribute["type"].dotted == oids.STAMP_TOKEN
        for token in attribute["values"]
    )
