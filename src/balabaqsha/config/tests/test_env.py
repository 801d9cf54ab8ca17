import stat

import pytest

from balabaqsha.config import addresses, data_folder, env

PRODUCTION = {
    "BALABAQSHA_MODE": "production",
    "DATABASE_URL": "postgresql://portal:secret@db.example:5432/portal",
    "BALABAQSHA_SECRET_KEY": "s" * 60,
    "BALABAQSHA_BASE_URL": "https://balabaqsha.example/",
    "BALABAQSHA_HOSTS": "balabaqsha.example",
    "BALABAQSHA_AUTHORITIES": "/etc/balabaqsha/authorities",
    "BALABAQSHA_AUTHORITY_PINS": "ab, cd",
    "BALABAQSHA_REVOCATION_LISTS": "http://lists.example/a.crl",
    "BALABAQSHA_GATEWAY_SOAP_URL": "http://soap.example",
    "BALABAQSHA_GATEWAY_SENDER_ID": "sender",
    "BALABAQSHA_GATEWAY_SENDER_PASSWORD": "secret",
    "BALABAQSHA_GATEWAY_SOAP_KEY_FILE": "/etc/balabaqsha/portal.pem",
    "BALABAQSHA_GATEWAY_SOAP_TRUSTED_FILE": "/etc/balabaqsha/gateway.crt",
    "BALABAQSHA_GATEWAY_SMS_URL": "http://sms.example",
    "BALABAQSHA_GATEWAY_SMS_TOKEN": "token",
    "BALABAQSHA_GATEWAY_ADDRESSES_URL": "http://addresses.example",
    "BALABAQSHA_GATEWAY_ADDRESSES_TOKEN": "token",
    "BALABAQSHA_GATEWAY_OCSP_URL": "http://ocsp.example/",
    "BALABAQSHA_GATEWAY_ARKOTEK_URL": "http://arkotek.example",
    "BALABAQSHA_GATEWAY_ARKOTEK_TOKEN": "token",
    "BALABAQSHA_GATEWAY_MEDICAL_URL": "http://medical.example",
    "BALABAQSHA_GATEWAY_MEDICAL_TOKEN": "token",
    "BALABAQSHA_GATEWAY_SMTP_HOST": "mail.example",
    "BALABAQSHA_GATEWAY_MAIL_FROM": "portal@balabaqsha.example",
    "BALABAQSHA_GATEWAY_REVOCATION_PREFIXES": "http://lists.example/",
}


@pytest.fixture
def nowhere(tmp_path):
    return {"BALABAQSHA_DATA": str(tmp_path / "data")}


class TestDemonstration:
    def test_needs_nothing(self, nowhere):
        found = env.read(nowhere)

        assert found.demonstration
        assert found.port == 8000
        assert found.gateways["sms_url"] == "http://127.0.0.1:8001/sms"
        assert found.gateways["smtp_port"] == 8002

    def test_moves_its_sandbox_with_its_port(self, nowhere):
        found = env.read({**nowhere, "BALABAQSHA_PORT": "8123"})

        assert found.base_url == "http://127.0.0.1:8123"
        assert found.gateways["soap_url"].startswith("http://127.0.0.1:8124/")
        assert found.signature_revocation_lists[0].startswith("http://127.0.0.1:8124/")

    def test_keeps_its_secret_in_the_data_folder(self, nowhere, tmp_path):
        kept = data_folder.ensure(tmp_path / "data")

        assert env.read(nowhere).secret_key == kept[data_folder.SECRET_KEY]

    def test_the_environment_wins_over_what_is_kept(self, nowhere, tmp_path):
        data_folder.ensure(tmp_path / "data")

        assert env.read({**nowhere, "BALABAQSHA_SECRET_KEY": "k" * 60}).secret_key == "k" * 60


class TestProduction:
    def test_starts_with_everything_named(self, nowhere):
        found = env.read({**nowhere, **PRODUCTION})

        assert not found.demonstration
        assert found.base_url == "https://balabaqsha.example"
        assert found.signature_authority_pins == {"ab", "cd"}
        assert found.gateways["smtp_port"] == 8002

    def test_names_everything_that_is_missing_at_once(self, nowhere):
        with pytest.raises(env.WrongEnvironment) as refused:
            env.read({**nowhere, "BALABAQSHA_MODE": "production"})

        missing = {problem.split()[0] for problem in refused.value.problems}
        assert missing == set(PRODUCTION) - {"BALABAQSHA_MODE"}

    def test_assumes_no_secret(self, nowhere):
        given = {**nowhere, **PRODUCTION, "BALABAQSHA_SECRET_KEY": "short"}

        with pytest.raises(env.WrongEnvironment, match="50 characters"):
            env.read(given)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BALABAQSHA_MODE", "test", "must be one of: demonstration, production"),
        ("BALABAQSHA_PORT", "http", "whole number"),
        ("BALABAQSHA_PORT", "65534", "from 1 to 65533"),
        ("DATABASE_URL", "mysql://x/y", "postgresql://"),
        ("DATABASE_URL", "postgresql://host", "postgresql://"),
        ("BALABAQSHA_GATEWAY_SMTP_TLS", "perhaps", "yes or no"),
        ("BALABAQSHA_LOG_LEVEL", "LOUD", "must be one of"),
    ],
)
def test_a_wrong_value_is_named(nowhere, name, value, said):
    with pytest.raises(env.WrongEnvironment) as refused:
        env.read({**nowhere, name: value})

    (problem,) = refused.value.problems
    assert problem.startswith(name)
    assert said in problem


def test_secrets_are_for_their_owner_only(tmp_path):
    data_folder.ensure(tmp_path / "data")

    mode = (tmp_path / "data" / "settings.env").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_files_and_logs_are_for_their_owner_only(tmp_path):
    data_folder.ensure(tmp_path / "data")

    closed = [stat.S_IMODE((tmp_path / "data" / name).stat().st_mode) for name in ("files", "logs", "sandbox")]
    assert closed == [0o700] * 3


def test_secrets_stay_as_they_are(tmp_path):
    assert data_folder.ensure(tmp_path / "data") == data_folder.ensure(tmp_path / "data")


class TestAddresses:
    def test_are_taken_apart(self):
        found = addresses.parts("postgresql://me:p%40ss@%2Frun%2Fpg/town?sslmode=require")

        assert found == {
            "NAME": "town",
            "USER": "me",
            "PASSWORD": "p@ss",
            "HOST": "/run/pg",
            "PORT": "",
            "OPTIONS": {"sslmode": "require"},
        }

    def test_may_name_several_hosts(self):
        found = addresses.parts("postgresql://me@one:5432,two:5433/town?target_session_attrs=read-write")

        assert (found["HOST"], found["PORT"]) == ("one,two", "5432,5433")

    def test_can_name_another_database(self):
        assert addresses.with_database("postgresql://me@h:1/town?a=b", "other") == "postgresql://me@h:1/other?a=b"
