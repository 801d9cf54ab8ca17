"""The development authority makes keys that the product accepts, in the demonstration only."""

import stat
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import pkcs12

from balabaqsha.sandbox.authority import authority as authorities
from balabaqsha.sandbox.authority import signing
from balabaqsha.sandbox.authority.authority import Authority, Key
from balabaqsha.sandbox.authority.profile import Holder, Usage, authority_name
from balabaqsha.sandbox.authority.routes import routes
from balabaqsha.signatures import pins, verifier

NOW = datetime(2026, 10, 5, 11, 0, tzinfo=UTC)
MOTHER = Holder(iin="900101400123", surname="Серікова", given_name="Айгүл", patronymic="Болатқызы")
HEAD = Holder(
    iin="770707300789",
    surname="Ахметов",
    given_name="Ерлан",
    bin="120340001234",
    organisation="Павлодар қаласының «№ 14 Ертіс самалы сәбилер бақшасы» мемлекеттік қазыналық коммуналдық кәсіпорны",
)
CONTENT = "Шарт № 17".encode()


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return authorities.open_or_found(tmp_path_factory.mktemp("data") / "authority", now=NOW)


def trust(authority: Authority, *, now: datetime) -> verifier.TrustStore:
    trusted = pins.pinned(authority.trusted, pins=(), mode="demonstration").authorities
    lists = authority.revocation_lists(now=now).values()
    return verifier.store_of(trusted, [verifier.read_revocation_list(content, trusted) for content in lists])


def verify(authority: Authority, key: Key, *, now: datetime = NOW, **given) -> verifier.Verified:
    message = signing.sign(CONTENT, key, signed_at=now)
    arguments = {"purpose": verifier.SIGN, "moment": now, "trust": trust(authority, now=NOW)}
    return verifier.verify(message, CONTENT, **(arguments | given))


class TestKeys:
    def test_of_a_person_sign(self, authority):
        verified = verify(authority, authority.issue(MOTHER, Usage.SIGN), expected_iin=MOTHER.iin)

        assert verified.holder.common_name == "СЕРІКОВА АЙГҮЛ"
        assert verified.holder.patronymic == "БОЛАТҚЫЗЫ"

    def test_of_a_head_sign_for_an_organisation_with_a_long_name(self, authority):
        verified = verify(authority, authority.issue(HEAD, Usage.SIGN), expected_bin=HEAD.bin, roles=(verifier.HEAD,))

        assert verified.holder.organisation == HEAD.organisation.upper()

    def test_for_signing_in_are_of_that_purpose(self, authority):
        key = authority.issue(MOTHER, Usage.AUTH)

        assert verify(authority, key, purpose=verifier.AUTH).purpose is verifier.AUTH
        with pytest.raises(verifier.SignatureWrongPurpose):
            verify(authority, key)

    @pytest.mark.parametrize("later", [timedelta(days=-300), timedelta(weeks=2), timedelta(days=900)])
    def test_outlast_the_clock_of_the_demonstration(self, authority, later):
        verify(authority, authority.issue(MOTHER, Usage.SIGN), now=NOW + later)

    def test_are_refused_once_they_are_revoked(self, authority):
        key = authority.issue(MOTHER, Usage.SIGN)

        authority.revoke(key.certificate, now=NOW)

        with pytest.raises(verifier.SignatureRevoked):
            verify(authority, key)


class TestKeyFile:
    def test_is_made_once_and_opens_with_the_password(self, authority):
        path = authority.key_file(MOTHER, Usage.SIGN)
        before = path.read_bytes()

        assert authority.key_file(MOTHER, Usage.SIGN).read_bytes() == before
        assert path.name == "RSA256_900101400123.p12"
        _, certificate, _ = pkcs12.load_key_and_certificates(before, authorities.PASSWORD.encode())
        assert certificate.subject == MOTHER.subject()

    def test_is_made_anew_for_a_corrected_name(self, authority):
        authority.key_file(MOTHER, Usage.AUTH)
        corrected = Holder(iin=MOTHER.iin, surname="Серікқызы", given_name="Айгүл")

        path = authority.key_file(corrected, Usage.AUTH)

        _, certificate, _ = pkcs12.load_key_and_certificates(path.read_bytes(), authorities.PASSWORD.encode())
        assert certificate.subject == corrected.subject()

    def test_and_every_secret_is_readable_by_its_owner_only(self, authority):
        authority.key_file(MOTHER, Usage.SIGN)

        secrets = [*authority.folder.glob("*.key"), *authority.folder.glob("keys/*")]
        assert secrets
        assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in secrets)


class TestAuthority:
    def test_is_the_same_when_opened_again(self, authority):
        again = authorities.open_or_found(authority.folder, now=NOW + timedelta(days=3))

        assert again.issuing.certificate == authority.issuing.certificate
        assert again.founded_at == authority.founded_at

    def test_is_founded_once_however_many_ask(self, tmp_path):
        with get_context("spawn").Pool(3) as pool:
            found = pool.map(serial_of_root, [tmp_path / "authority"] * 3)

        assert len(set(found)) == 1

    def test_bears_the_mark_in_every_name(self, authority):
        trusted = pins.pinned(authority.trusted, pins=(), mode="demonstration").authorities

        assert len(trusted) == 2
        assert all(one.is_development for one in trusted)
        with pytest.raises(ValueError, match="NOT FOR PRODUCTION"):
            authority_name("ҰЛТТЫҚ КУӘЛАНДЫРУШЫ ОРТАЛЫҚ (RSA) 2022")


class TestRoutes:
    @pytest.fixture
    def served(self, authority):
        return routes(authority.folder, clock=lambda: NOW, address="http://127.0.0.1:8001/authority")

    def test_lists_are_those_of_the_authority(self, served, authority):
        trusted = pins.pinned(authority.trusted, pins=(), mode="demonstration").authorities

        for name in ("root", "issuing"):
            verifier.read_revocation_list(served[f"/authority/{name}.crl"]({}).body, trusted)

    def test_a_key_comes_as_a_download(self, served):
        answer = served["/authority/key"](
            {"iin": "210220550811", "surname": "Ахмет", "given_name": "Алия", "usage": "SIGN"}
        )

        assert (answer.status, answer.file_name) == (200, "RSA256_210220550811.p12")
        _, certificate, _ = pkcs12.load_key_and_certificates(answer.body, authorities.PASSWORD.encode())
        assert "IIN210220550811" in certificate.subject.rfc4514_string()

    @pytest.mark.parametrize(
        "query",
        [
            {},
            {"iin": "210220550812", "surname": "А", "given_name": "Б"},
            {"iin": "210220550811"},
            {"iin": "210220550811", "surname": "А", "given_name": "Б", "usage": "BOTH"},
            {"iin": "210220550811", "surname": "А", "given_name": "Б", "bin": "12"},
        ],
    )
    def test_a_wrong_question_gets_a_reason(self, served, query):
        answer = served["/authority/key"](query)

        assert answer.status == 400
        assert answer.body


def serial_of_root(folder: Path) -> int:
    return authorities.open_or_found(folder, now=NOW).root.certificate.serial_number
