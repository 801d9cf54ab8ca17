"""The portal set up as it is in production: without the demonstration's clock, behind a proxy that speaks TLS."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

HOST = "balabaqsha.example"
SECRET_KEY = "benchmark" * 7
# What the proxy adds to a visitor's request.
HEADERS = f"Host: {HOST}\r\nOrigin: https://{HOST}\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 192.0.2.7\r\n"
_OTHER_USES = (
    *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
    *("encipher_only", "decipher_only"),
)
_CHOSEN = {
    "BALABAQSHA_MODE": "production",
    "BALABAQSHA_SECRET_KEY": SECRET_KEY,
    "BALABAQSHA_BASE_URL": f"https://{HOST}/",
    "BALABAQSHA_HOSTS": HOST,
    "BALABAQSHA_TRUSTED_PROXIES": "127.0.0.1",
    "BALABAQSHA_WORKERS": "2",
    # Asked by no page that is measured.
    "BALABAQSHA_REVOCATION_LISTS": "http://127.0.0.1:1/list.crl",
    "BALABAQSHA_GATEWAY_SOAP_URL": "http://127.0.0.1:1",
    "BALABAQSHA_GATEWAY_SENDER_ID": "nobody",
    "BALABAQSHA_GATEWAY_SENDER_PASSWORD": "nothing",
    "BALABAQSHA_GATEWAY_SMS_URL": "http://127.0.0.1:1",
    "BALABAQSHA_GATEWAY_SMS_TOKEN": "nothing",
    "BALABAQSHA_GATEWAY_ADDRESSES_URL": "http://127.0.0.1:1",
    "BALABAQSHA_GATEWAY_ADDRESSES_TOKEN": "nothing",
    "BALABAQSHA_GATEWAY_ARKOTEK_URL": "http://127.0.0.1:1",
    "BALABAQSHA_GATEWAY_ARKOTEK_TOKEN": "nothing",
    "BALABAQSHA_GATEWAY_SMTP_HOST": "127.0.0.1",
    "BALABAQSHA_GATEWAY_MAIL_FROM": f"portal@{HOST}",
    "BALABAQSHA_GATEWAY_REVOCATION_PREFIXES": "http://127.0.0.1:1/",
}


def environment(folder: Path) -> dict[str, str]:
    """What the portal is told; the folder receives the one signature authority that it trusts, without which it does not start."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Benchmark")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(key_cert_sign=True, crl_sign=True, **dict.fromkeys(_OTHER_USES, False)), critical=True
        )
        .sign(key, hashes.SHA256())
    )
    authorities = folder / "authorities"
    authorities.mkdir()
    (authorities / "benchmark.cer").write_bytes(made.public_bytes(serialization.Encoding.DER))
    pin = made.fingerprint(hashes.SHA256()).hex()
    return _CHOSEN | {"BALABAQSHA_AUTHORITIES": str(authorities), "BALABAQSHA_AUTHORITY_PINS": pin}
