"""Public keys, and whether a signature was made with one."""

import hashlib
from dataclasses import dataclass

from asn1crypto import core
from asn1crypto import x509 as asn1_x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from balabaqsha.signatures.verifier import gost, oids
from balabaqsha.signatures.verifier.refusals import SignatureUnsupported

LEAST_RSA_BITS = 2048
RSA_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


def digest_of(content: bytes, *, algorithm: str) -> bytes:
    """The digest by its name in `oids.DIGESTS`."""
    return gost.streebog(content) if algorithm == "streebog512" else hashlib.new(algorithm, content).digest()


@dataclass(frozen=True)
class RsaKey:
    """An RSA key of at least 2048 bits."""

    key: rsa.RSAPublicKey

    def signed(self, data: bytes, signature: bytes, *, algorithm: str, digest: str | None = None) -> bool:
        """Whether the signature of the data is by this key; raises SignatureUnsupported for other algorithms.

        `algorithm` is the dotted identifier; the bare RSA one takes the name of its digest from `digest`.
        """
        name = oids.RSA_SIGNATURES.get(algorithm) or (digest if algorithm == oids.RSA else None)
        if name not in RSA_HASHES or digest not in {None, name}:
            raise SignatureUnsupported(reason=f"algorithm {algorithm}")
        try:
            self.key.verify(signature, data, padding.PKCS1v15(), RSA_HASHES[name]())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class GostKey:
    """A key of GOST 34.10-2015, 512 bits."""

    key: bytes

    def signed(self, data: bytes, signature: bytes, *, algorithm: str, digest: str | None = None) -> bool:
        """As RsaKey.signed."""
        if algorithm not in {oids.GOST_SIGNATURE, oids.GOST_KEY} or digest not in {None, "streebog512"}:
            raise SignatureUnsupported(reason=f"algorithm {algorithm}")
        return gost.verify(public_key=self.key, signature=signature, digest=gost.streebog(data))


PublicKey = RsaKey | GostKey


def public_key_of(certificate: asn1_x509.Certificate) -> PublicKey:
    """The key of the certificate; raises SignatureUnsupported for weak and unknown ones."""
    encoded = certificate["tbs_certificate"]["subject_public_key_info"].dump()
    algorithm, key = core.Sequence.load(encoded)[0], core.Sequence.load(encoded)[1]
    if algorithm[0].dotted == oids.GOST_KEY:
        if algorithm[1][0].dotted != oids.GOST_CURVE:
            raise SignatureUnsupported(reason="curve")
        return GostKey(core.OctetString.load(key.contents[1:]).native)
    try:
        public = load_der_public_key(encoded)
    except (ValueError, UnsupportedAlgorithm):
        raise SignatureUnsupported(reason="key") from None
    if not isinstance(public, rsa.RSAPublicKey) or public.key_size < LEAST_RSA_BITS:
        raise SignatureUnsupported(reason="key")
    return RsaKey(public)
