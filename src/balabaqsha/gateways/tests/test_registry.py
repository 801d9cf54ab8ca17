"""The registry and the wiring behind it."""

import pytest
from django.db import transaction

from balabaqsha.config import wiring
from balabaqsha.gateways import registry
from balabaqsha.gateways.phones.fake import InMemoryPhones
from balabaqsha.gateways.tests.sandbox_process import MOTHER
from balabaqsha.kernel.iin import Iin


class TestRegistry:
    def test_gives_the_port_that_stands_behind_the_name(self):
        phones = InMemoryPhones()

        with registry.replaced(phones=phones):
            assert registry.phones() is phones

    def test_puts_back_what_was_there(self):
        outer, inner = InMemoryPhones(), InMemoryPhones()

        with registry.replaced(phones=outer):
            with registry.replaced(phones=inner):
                pass

            assert registry.phones() is outer

    def test_refuses_an_unknown_name(self):
        with pytest.raises(ValueError, match="no such ports: telephones"):
            registry.connect(telephones=InMemoryPhones())

    def test_tells_that_nothing_is_connected(self, monkeypatch):
        monkeypatch.setattr(registry, "_ports", {})

        with pytest.raises(registry.NotConnected, match="sms"):
            registry.sms()


@pytest.mark.django_db
class TestConnect:
    def test_puts_working_clients_behind_every_port(self, sandbox, settings, now):
        settings.GATEWAYS = sandbox.settings()

        with registry.replaced():
            wiring.connect(settings)

            assert registry.population().person(Iin.parse(MOTHER), consent=True, now=now).given_name == "ӘСЕМ"
            for port in (
                registry.phones,
                registry.births,
                registry.social,
                registry.medical,
                registry.arkotek,
                registry.sms,
                registry.email,
                registry.revocation,
                registry.addresses,
                registry.status,
                registry.node,
            ):
                assert port()

    def test_does_not_start_with_a_setting_missing(self, sandbox, settings):
        settings.GATEWAYS = {name: value for name, value in sandbox.settings().items() if name != "sms_url"}

        with pytest.raises(KeyError, match="sms_url"):
            wiring.connect(settings)


class TestDistricts:
    def test_come_from_the_file(self, tmp_path):
        table = tmp_path / "districts.csv"
        table.write_text("code,kato\n4501,551010000\n", encoding="utf-8")

        territory_of = wiring._districts(str(table))

        assert (territory_of("4501"), territory_of("9999")) == ("551010000", None)

    def test_are_taken_for_kato_only_when_they_are_without_a_file(self):
        territory_of = wiring._districts("")

        assert (territory_of("551010000"), territory_of("4501")) == ("551010000", None)


@pytest.mark.django_db
class TestRefuseInsideTransaction:
    def test_lets_a_question_pass_outside(self):
        wiring.refuse_inside_transaction()

    def test_refuses_inside(self):
        with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
            wiring.refuse_inside_transaction()
