"""Evidence is kept whole, once, and for ever; lists are kept when a pinned authority signed them."""

import hashlib
import io
from datetime import timedelta

import psycopg
import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from psycopg import sql

from balabaqsha.gateways import registry
from balabaqsha.gateways.revocation.fake import InMemoryRevocation
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.record.models import JournalEntry
from balabaqsha.signatures import actions, queries, tasks, verifier
from balabaqsha.signatures.models import Kind, RevocationList, Signature
from tests.signatures import making
from tests.signatures.making import HEAD, MOTHER, NOW, message, town

pytestmark = pytest.mark.django_db
CONTENT = "Шарт № 17".encode() * 50


def keep(sent=None, content=CONTENT, **given):
    sent = sent or message(CONTENT).dump()
    arguments = {
        "content": content,
        "cms": sent,
        "expected_iin": MOTHER.iin,
        "document_kind": "contract",
        "document_id": 17,
        "actor": SYSTEM,
        "now": NOW,
    }
    return making.keep_signature(**(arguments | given))


def store(content: bytes) -> RevocationList:
    return actions.store_revocation_list(content=content, actor=SYSTEM, now=NOW)


@pytest.fixture
def lists(pinned_town):
    """Fresh lists of both authorities."""
    store(town().root_list())
    return store(town().revocation_list())


class TestKeepSignature:
    def test_keeps_the_whole_evidence(self, lists):
        sent = message(CONTENT, stamp="stamping").dump()

        signature = keep(sent, person_id=5)

        signature.refresh_from_db()
        assert signature.kind == Kind.EDS
        assert bytes(signature.content_sha256) == hashlib.sha256(CONTENT).digest()
        assert bytes(signature.cms) == sent
        assert bytes(signature.certificate) == town().keys["mother"].der
        assert bytes(signature.authority_sha256) == town().authorities[1].sha256
        assert signature.revocation_list_id == lists.id
        assert (signature.signed_at, signature.stamped_at, signature.claimed_at) == (NOW, NOW, NOW)
        assert (signature.verifier, signature.person_id) == (verifier.VERSION, 5)

    def test_writes_the_journal_without_names_or_iin(self, lists):
        signature = keep(application_id=3, territory_code="551010000")

        entry = JournalEntry.objects.get(act="signature-kept")
        assert entry.facts["signature"] == signature.id
        assert (entry.application_id, entry.territory_code) == (3, "551010000")
        assert MOTHER.iin not in str(entry.facts)

    def test_refuses_without_a_list(self, pinned_town):
        with pytest.raises(verifier.SignatureNotChecked):
            keep()

    def test_refuses_when_the_list_has_become_stale(self, lists):
        with pytest.raises(verifier.SignatureNotChecked):
            keep(now=NOW + timedelta(days=2))

    def test_refuses_the_same_act_of_signing_twice(self, lists):
        sent = message(CONTENT).dump()
        keep(sent)

        with pytest.raises(actions.SignedAlready):
            keep(sent, document_id=18)

    def test_takes_both_sides_of_a_contract(self, lists):
        keep()
        keep(message(CONTENT, "head").dump(), expected_iin=None, expected_bin=HEAD.bin, roles=(verifier.HEAD,))

        mother, head = queries.evidence(document_kind="contract", document_id=17)
        assert (mother.name, mother.iin, mother.organisation) == ("СЕРІКОВА АЙГҮЛ", MOTHER.iin, None)
        assert (head.bin, head.issued_by[:8]) == (HEAD.bin, "ДЕМО ҰКО")

    def test_a_refused_signature_leaves_nothing(self, lists):
        with pytest.raises(verifier.SignatureOfOtherPerson), transaction.atomic():
            keep(message(CONTENT, "neighbour").dump())

        assert not Signature.objects.exists()

    def test_costs_five_queries_with_the_lists_in_memory(self, lists, django_assert_num_queries):
        keep()

        with django_assert_num_queries(5):  # newest lists, kept before?, authorities kept?, insert, journal
            keep(message(CONTENT, claimed_at=NOW + timedelta(seconds=1)).dump())


class TestEvidence:
    @pytest.mark.parametrize(
        "change", ["UPDATE signatures_signature SET document_id = 1", "DELETE FROM signatures_signature"]
    )
    def test_is_never_changed_or_deleted(self, lists, change):
        keep()

        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)

    def test_of_kind_eds_cannot_lack_its_message(self, lists):
        with pytest.raises(IntegrityError, match="signature_eds_is_whole"), transaction.atomic():
            Signature.objects.create(
                kind=Kind.EDS,
                purpose="SIGN",
                document_kind="contract",
                document_id=1,
                content_sha256=b"0" * 32,
                revocation_list=lists,
                signed_at=NOW,
                verifier="nobody",
            )


class TestRehearsedSignature:
    def test_is_refused_outside_a_scratch_database(self):
        with pytest.raises(IntegrityError, match="scratch"), transaction.atomic():
            self.rehearse()

    def test_is_kept_in_a_scratch_database(self, scratch):
        scratch.execute(self.INSERT)

        assert scratch.execute("SELECT kind FROM signatures_signature").fetchall() == [("rehearsal",)]

    INSERT = """
        INSERT INTO signatures_signature
            (kind, purpose, document_kind, document_id, content_sha256, signed_at, verifier)
        VALUES ('rehearsal', 'SIGN', 'contract', 1, decode(repeat('00', 32), 'hex'), now(), 'rehearsal')
    """

    def rehearse(self):
        return actions.keep_rehearsed_signature(
            content=CONTENT, document_kind="contract", document_id=17, actor=SYSTEM, now=NOW
        )


@pytest.fixture
def scratch():
    """A database named as those of rehearsals are, with the tables of this app."""
    name = f"balabaqsha_scratch_{connection.settings_dict['NAME']}"[:63]
    settings = {
        key: value
        for key, value in connection.get_connection_params().items()
        if key in {"host", "port", "user", "password"}
    }
    with psycopg.connect(**settings, dbname="postgres", autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        try:
            with psycopg.connect(**settings, dbname=name, autocommit=True) as database:
                for migration in ("0001", "0002"):
                    script = io.StringIO()
                    call_command("sqlmigrate", "signatures", migration, stdout=script)
                    database.execute(script.getvalue())
                yield database
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


class TestStoreRevocationList:
    def test_keeps_number_dates_and_bytes(self, pinned_town):
        content = town().revocation_list()

        stored = store(content)

        assert (stored.number, stored.entries, bytes(stored.content)) == (1, 1, content)
        assert stored.next_update == NOW - timedelta(hours=1) + timedelta(days=1)
        assert JournalEntry.objects.filter(act="revocation-list-stored").count() == 1

    def test_returns_a_known_list_unchanged(self, pinned_town):
        first = store(town().revocation_list())

        assert store(town().revocation_list()).id == first.id
        assert JournalEntry.objects.count() == 1

    def test_does_not_go_back_to_an_older_list(self, pinned_town):
        newer = store(town().revocation_list(number=2))

        assert store(town().revocation_list(number=1)).id == newer.id

    def test_refuses_a_list_that_no_pinned_authority_signed(self, settings, pinned_town):
        (settings.SIGNATURE_AUTHORITIES / "issuing.cer").unlink()

        with pytest.raises(verifier.UnusableList):
            store(town().revocation_list())


class TestRefresh:
    def test_fetches_every_list_and_may_run_twice(self, settings, pinned_town):
        settings.SIGNATURE_REVOCATION_LISTS = ("http://lists/root.crl", "http://lists/issuing.crl")
        source = InMemoryRevocation(
            {"http://lists/root.crl": town().root_list(), "http://lists/issuing.crl": town().revocation_list()}
        )

        with registry.replaced(revocation=source):
            assert tasks.refresh(now=NOW) == 0
            assert tasks.refresh(now=NOW) == 0

        assert RevocationList.objects.count() == 2

    def test_a_silent_or_false_server_does_not_keep_the_others_waiting(self, settings, pinned_town):
        settings.SIGNATURE_REVOCATION_LISTS = (
            "http://lists/gone.crl",
            "http://lists/odd.crl",
            "http://lists/issuing.crl",
        )
        source = InMemoryRevocation(
            {"http://lists/odd.crl": b"0 nonsense", "http://lists/issuing.crl": town().revocation_list()}
        )

        with registry.replaced(revocation=source):
            assert tasks.refresh(now=NOW) == 2

        assert RevocationList.objects.count() == 1
