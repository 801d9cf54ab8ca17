"""Only authorities that a person has pinned count, and a development authority only in the demonstration."""

import pytest

from balabaqsha.signatures import checks, pins, queries
from tests.signatures.making import town

DEMONSTRATION, PRODUCTION = "demonstration", "production"


def digests() -> frozenset[str]:
    return frozenset(authority.sha256.hex() for authority in town().authorities)


class TestPinned:
    def test_in_the_demonstration_every_file_counts(self, authority_folder):
        found = pins.pinned(authority_folder, pins=(), mode=DEMONSTRATION)

        assert (len(found.authorities), found.problems) == (2, ())

    def test_a_development_authority_is_refused_in_production(self, authority_folder):
        found = pins.pinned(authority_folder, pins=digests(), mode=PRODUCTION)

        assert not found.authorities
        assert "refused outside the demonstration" in found.problems[0]

    def test_a_file_that_is_not_pinned_is_refused(self, authority_folder):
        found = pins.pinned(authority_folder, pins={town().authorities[0].sha256.hex()}, mode=DEMONSTRATION)

        assert len(found.authorities) == 1
        assert "is not pinned" in found.problems[0]

    def test_a_pin_without_its_file_is_named(self, authority_folder):
        found = pins.pinned(authority_folder, pins=digests() | {"ab" * 32}, mode=DEMONSTRATION)

        assert found.problems == (f"no file has the pinned SHA-256 {'ab' * 32}",)

    def test_production_without_pins_is_named(self, tmp_path):
        assert pins.pinned(tmp_path, pins=(), mode=PRODUCTION).problems

    def test_a_file_that_is_no_authority_is_named(self, authority_folder):
        (authority_folder / "person.cer").write_bytes(town().keys["mother"].der)
        (authority_folder / "odd.cer").write_bytes(b"odd")

        found = pins.pinned(authority_folder, pins=(), mode=DEMONSTRATION)

        assert [problem.partition(":")[0] for problem in found.problems] == ["odd.cer", "person.cer"]


class TestStart:
    def test_passes_in_the_demonstration(self, pinned_town):
        assert checks.authorities_are_pinned(None) == []

    def test_stops_production_with_a_development_authority(self, settings, pinned_town):
        settings.MODE, settings.SIGNATURE_AUTHORITY_PINS = PRODUCTION, digests()

        assert {message.id for message in checks.authorities_are_pinned(None)} == {"signatures.E002", "signatures.E003"}

    def test_nothing_is_verified_with_a_wrong_folder(self, settings, pinned_town):
        settings.MODE = PRODUCTION

        with pytest.raises(queries.NotPinned):
            queries.authorities()
