"""Codes by time, against the vectors of RFC 6238 and RFC 4226."""

from datetime import UTC, datetime, timedelta

import pytest

from balabaqsha.accounts.factors import sealing, totp

SECRET = b"12345678901234567890"
REAL = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_codes_are_those_of_rfc_6238(seconds, code):
    assert totp.code(SECRET, seconds // totp.PERIOD, digits=8) == code


@pytest.mark.parametrize(
    ("counter", "code"),
    list(
        enumerate(["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"])
    ),
)
def test_codes_are_those_of_rfc_4226(counter, code):
    assert totp.code(SECRET, counter) == code


def test_a_clock_may_be_half_a_minute_off_and_no_more():
    now = totp.step_at(REAL)
    for drift in (-1, 0, 1):
        assert totp.matching_step(SECRET, totp.code(SECRET, now + drift), moment=REAL, after=0) == now + drift
    for drift in (-2, 2):
        assert totp.matching_step(SECRET, totp.code(SECRET, now + drift), moment=REAL, after=0) is None


def test_a_code_that_was_taken_serves_no_more():
    now = totp.step_at(REAL)
    assert totp.matching_step(SECRET, totp.code(SECRET, now), moment=REAL, after=now) is None
    assert totp.matching_step(SECRET, totp.code(SECRET, now - 1), moment=REAL, after=now) is None
    later = REAL + timedelta(seconds=totp.PERIOD)
    assert totp.matching_step(SECRET, totp.code(SECRET, now + 1), moment=later, after=now) == now + 1


def test_the_address_is_what_applications_read():
    address = totp.address(b"12345678901234567890", issuer="Balabaqsha", name="Үлгібаева Жанар")
    assert address.startswith("otpauth://totp/Balabaqsha:%D2%AE")
    assert address.endswith("?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Balabaqsha")
    assert totp.as_text(SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"


def test_a_sealed_secret_opens_for_its_owner_only():
    kept = sealing.seal(SECRET, owner="account 1")
    assert SECRET not in kept
    assert sealing.unseal(kept, owner="account 1") == SECRET
    assert sealing.unseal(kept, owner="account 2") is None
    assert sealing.unseal(kept[:-1] + b"x", owner="account 1") is None
    assert sealing.unseal(b"", owner="account 1") is None
