"""Object identifiers: of the standards, and of the national arc 1.2.398."""

DATA = "1.2.840.113549.1.7.1"
SIGNED_DATA = "1.2.840.113549.1.7.2"
STAMP_INFO = "1.2.840.113549.1.9.16.1.4"

CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SIGNING_TIME = "1.2.840.113549.1.9.5"
STAMP_TOKEN = "1.2.840.113549.1.9.16.2.14"  # noqa: S105 - the name of an attribute

RSA = "1.2.840.113549.1.1.1"
RSA_SIGNATURES = {
    "1.2.840.113549.1.1.11": "sha256",
    "1.2.840.113549.1.1.12": "sha384",
    "1.2.840.113549.1.1.13": "sha512",
}
GOST_KEY = "1.2.398.3.10.1.1.2.2"
GOST_CURVE = "1.2.398.3.10.1.1.2.2.1"
GOST_SIGNATURE = "1.2.398.3.10.1.1.2.3.2"
STREEBOG = "1.2.398.3.10.1.3.3"
DIGESTS = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
    STREEBOG: "streebog512",
}

EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4"
CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"
TIME_STAMPING = "1.3.6.1.5.5.7.3.8"
OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"

COMMON_NAME = "2.5.4.3"
SURNAME = "2.5.4.4"
SERIAL_NUMBER = "2.5.4.5"
ORGANISATION = "2.5.4.10"
ORGANISATIONAL_UNIT = "2.5.4.11"
GIVEN_NAME = "2.5.4.42"

# What the national authority writes into the extended key usage about the holder.
ROLES = {
    "1.2.398.3.3.4.1.1": "INDIVIDUAL",
    "1.2.398.3.3.4.1.2": "ORGANISATION",
    "1.2.398.3.3.4.1.2.1": "HEAD",
    "1.2.398.3.3.4.1.2.2": "CAN_SIGN",
    "1.2.398.3.3.4.1.2.3": "CAN_SIGN_FINANCE",
    "1.2.398.3.3.4.1.2.4": "PERSONNEL",
    "1.2.398.3.3.4.1.2.5": "EMPLOYEE",
}
# Legal person SIGN and AUTH, individual SIGN and AUTH; the arc itself stands in GOST-2015 certificates.
POLICIES = frozenset({"1.2.398.3.3.2", "1.2.398.3.3.2.1", "1.2.398.3.3.2.2", "1.2.398.3.3.2.3", "1.2.398.3.3.2.4"})
