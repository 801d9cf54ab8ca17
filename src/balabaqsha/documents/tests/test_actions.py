import hashlib
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from balabaqsha.documents import actions, papers, queries, rules, store
from balabaqsha.documents.models import MadeDocument, StoredFile, Upload
from balabaqsha.documents.tests import cases
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.law.lists import DocumentKind
from balabaqsha.record.models import JournalEntry

pytestmark = pytest.mark.django_db

ZHANAR, DAUREN, AIARU = 7001, 7002, 7003
PARENT = Actor(role=Role.PARENT, account_id=1, person_id=ZHANAR)
HEAD = Actor(role=Role.KINDERGARTEN_HEAD, account_id=2, kindergarten_id=14)
APPLICATION = 5001
LATER = cases.NOW + timedelta(hours=3)


def keep(**changes):
    given = {
        "owner_person_id": ZHANAR,
        "kind": DocumentKind.FORM_027,
        "content": cases.pdf(),
        "name": "анықтама.pdf",
        "actor": PARENT,
        "now": cases.NOW,
    }
    return actions.keep_upload(**{**given, **changes})


def make(**changes):
    given = {
        "kind": DocumentKind.CONTRACT,
        "facts": cases.contract_facts(),
        "public_facts": cases.PUBLIC_FACTS,
        "base_url": "https://portal.example",
        "actor": HEAD,
        "now": cases.NOW,
        "application_id": APPLICATION,
    }
    return actions.make_paper(**{**given, **changes})


class TestKeepUpload:
    def test_keeps_the_paper_for_its_owner(self):
        upload = keep(child_person_id=AIARU, issued_on=date(2026, 10, 1), valid_until=date(2026, 11, 1))

        (found,) = queries.uploads_of(owner_person_id=ZHANAR, child_person_id=AIARU)
        assert found.token == upload.token
        assert found.file.read() == cases.pdf()
        assert (found.is_out_of_date(date(2026, 10, 31)), found.is_out_of_date(date(2026, 11, 1))) == (False, True)

    def test_writes_ids_and_no_name_into_the_journal(self):
        upload = keep(name="Үлгібай Жанар.pdf")

        entry = JournalEntry.objects.get(act="paper_attached")
        assert entry.facts["upload"] == upload.id
        assert "Жанар" not in str(entry.facts)

    def test_stores_the_same_content_once(self):
        keep()
        keep(owner_person_id=DAUREN)

        assert (StoredFile.objects.count(), Upload.objects.count()) == (1, 2)

    @pytest.mark.parametrize(
        ("content", "refusal"),
        [
            (b"x" * (rules.PAPER_BYTES + 1), rules.FileTooBig),
            (b"MZ" + b"\0" * 100, rules.FileWrongType),
            (cases.pdf(action="JavaScript"), rules.FileWrongType),
            (cases.pdf()[:-300], rules.FileUnreadable),
        ],
    )
    def test_refuses_and_keeps_nothing(self, content, refusal, files_root):
        with pytest.raises(refusal):
            keep(content=content)

        assert not Upload.objects.exists()
        assert not [path for path in files_root.rglob("*") if path.is_file()]

    def test_takes_no_paper_that_the_portal_makes(self):
        with pytest.raises(ValueError, match="made by the portal"):
            keep(kind=DocumentKind.CONTRACT)

    def test_cannot_be_out_of_date_before_it_is_issued(self):
        upload = keep()

        with pytest.raises(IntegrityError), transaction.atomic():
            Upload.objects.filter(id=upload.id).update(issued_on=date(2026, 10, 2), valid_until=date(2026, 10, 1))


class TestRemoveUpload:
    def test_takes_it_out_of_the_list_and_keeps_the_evidence(self):
        upload = keep()

        actions.remove_upload(token=upload.token, owner_person_id=ZHANAR, actor=PARENT, now=LATER)

        assert queries.uploads_of(owner_person_id=ZHANAR) == []
        assert queries.upload_by_token(upload.token) is None
        assert queries.uploads_by_id([upload.id])[upload.id].removed_at == LATER
        assert store.read(upload.file.sha256)

    @pytest.mark.parametrize("owner", [DAUREN, ZHANAR])
    def test_answers_foreign_unknown_and_removed_alike(self, owner):
        upload = keep()
        token = upload.token
        if owner == ZHANAR:
            actions.remove_upload(token=token, owner_person_id=ZHANAR, actor=PARENT, now=LATER)

        for tried in (token, "A" * 22):
            with pytest.raises(actions.NoSuchFile):
                actions.remove_upload(token=tried, owner_person_id=owner, actor=PARENT, now=LATER)


class TestKeepPhoto:
    def test_gives_the_digest_of_the_picture_drawn_anew(self):
        row = actions.keep_photo(content=cases.jpeg(exif=True), now=cases.NOW)

        assert queries.file_by_digest(row.sha256).media_type == rules.JPEG
        assert b"SECRET-CAMERA" not in store.read(row.sha256)


class TestMakePaper:
    def test_keeps_the_bytes_under_a_number_and_a_token(self):
        document = make()

        answer = queries.made_by_token(document.token)
        content = answer.file.read()
        assert answer.number.startswith("10-2026-")
        assert hashlib.sha256(content).hexdigest() == answer.file.sha256
        assert len(document.token) == 22
        assert queries.made_of(application_id=APPLICATION, kind=DocumentKind.CONTRACT) == [answer]

    def test_gives_each_paper_another_number(self):
        assert make().number != make().number

    def test_takes_the_year_of_the_national_day(self):
        eve = cases.NOW.replace(month=12, day=31, hour=20)  # already 2027 in the country

        assert make(now=eve).number.startswith("10-2027-")

    def test_can_be_typeset_before_the_locks(self, django_assert_num_queries):
        frame = actions.begin_paper(kind=DocumentKind.CONTRACT, base_url="https://portal.example/", now=cases.NOW)
        content = papers.make(frame, cases.contract_facts())

        with django_assert_num_queries(5):  # supersede, file, its row, document, journal
            document = actions.keep_paper(
                frame=frame,
                content=content,
                public_facts=cases.PUBLIC_FACTS,
                actor=HEAD,
                application_id=APPLICATION,
                supersede=True,
            )

        assert frame.check_address == f"https://portal.example/check/{document.token}"
        assert queries.made_by_id(document.id).file.read() == content

    def test_refuses_personal_data_for_the_public(self):
        with pytest.raises(ValueError, match="public facts"), transaction.atomic():
            make(public_facts={"initials": "Үлгібай Айару", "masked_iin": "230611650123"})

        assert not MadeDocument.objects.exists()

    def test_supersedes_the_older_one_when_told(self):
        older, other = make(), make(application_id=APPLICATION + 1)

        newer = make(now=LATER, supersede=True)

        valid = {document.id: queries.check(document.token).valid for document in (older, other, newer)}
        assert valid == {older.id: False, other.id: True, newer.id: True}


class TestVoidPapers:
    def test_makes_what_is_in_force_void_once(self):
        document = make()

        given = {"application_ids": [APPLICATION], "kinds": [DocumentKind.CONTRACT], "actor": HEAD}
        assert actions.void_papers(**given, now=LATER) == 1
        assert actions.void_papers(**given, now=LATER + timedelta(hours=1)) == 0

        answer = queries.check(document.token)
        assert (answer.valid, answer.ended_at) == (False, LATER)


class TestCheck:
    def test_tells_the_public_initials_and_a_mask_only(self, django_assert_num_queries):
        document = make()

        with django_assert_num_queries(1):
            answer = queries.check(document.token)

        assert (answer.kind, answer.number, answer.valid) == (DocumentKind.CONTRACT, document.number, True)
        assert (answer.initials, answer.masked_iin) == ("Ү. А. Н.", "2306******23")
        assert "Үлгібай" not in repr(answer)

    def test_knows_nothing_of_an_unknown_token(self):
        assert queries.check("A" * 22) is None


class TestAMadePaper:
    @pytest.mark.parametrize(
        "change",
        [{"number": "10-2026-9"}, {"token": "B" * 22}, {"application_id": 1}, {"public_facts": {}}, {"made_at": LATER}],
    )
    def test_cannot_be_changed_in_the_database(self, change):
        document = make()

        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            MadeDocument.objects.filter(id=document.id).update(**change)

    def test_cannot_be_deleted(self):
        document = make()

        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            MadeDocument.objects.filter(id=document.id).delete()

    def test_once_ended_stays_ended(self):
        document = make()
        actions.void_papers(application_ids=[APPLICATION], kinds=[DocumentKind.CONTRACT], actor=HEAD, now=LATER)

        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            MadeDocument.objects.filter(id=document.id).update(void_at=None)
