"""Every write of the app: keep and remove what is attached, number and keep what the portal makes."""

import secrets
from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Greatest

from balabaqsha.documents import inspection, papers, rules, store
from balabaqsha.documents.facts import PaperFacts
from balabaqsha.documents.models import MadeDocument, StoredFile, Upload
from balabaqsha.kernel import time
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law.lists import DocumentKind
from balabaqsha.record import actions as record


class NoSuchFile(Refusal, code="page-not-found"):
    """No such paper, or not this person's, or removed before: one answer for all three."""


def keep_upload(
    *,
    owner_person_id: int,
    kind: DocumentKind,
    content: bytes,
    name: str,
    actor: Actor,
    now: datetime,
    child_person_id: int | None = None,
    issued_on: date | None = None,
    valid_until: date | None = None,
) -> Upload:
    """Keep a paper that a person attaches; pictures are drawn anew, `name` is cleaned.

    `valid_until` is the first day on which the paper is out of date. Raises FileTooBig, FileWrongType,
    FileUnreadable, and ValueError for a kind that the portal makes itself.
    """
    if rules.is_made_by_portal(kind):
        message = f"{kind} is made by the portal, not attached"
        raise ValueError(message)
    examined = inspection.paper(content)
    # Before the transaction: writing a file to the disk is slow and harms nobody if the row never comes.
    sha256 = store.put(examined.content)
    with transaction.atomic(durable=True):
        upload = Upload.objects.create(
            token=new_token(),
            owner_person_id=owner_person_id,
            child_person_id=child_person_id,
            kind=kind,
            file=_stored(sha256, examined, now=now),
            name=rules.safe_name(name, media_type=examined.media_type),
            issued_on=issued_on,
            valid_until=valid_until,
            uploaded_at=now,
        )
        facts = {"upload": upload.id, "kind": upload.kind, "sha256": sha256, "owner": owner_person_id}
        record.record("paper_attached", actor=actor, now=now, facts=facts)
    return upload


@transaction.atomic(durable=True)
def remove_upload(*, token: str, owner_person_id: int, actor: Actor, now: datetime) -> Upload:
    """Take an attached paper out of its owner's list; its row and content stay as evidence. Raises NoSuchFile.

    Whether another subject still needs the paper is for the caller to decide before.
    """
    # Rival: the same person in a second tab.
    upload = (
        Upload.objects.select_for_update(no_key=True)
        .filter(token=token, owner_person_id=owner_person_id, removed_at__isnull=True)
        .first()
    )
    if upload is None:
        raise NoSuchFile
    # The clock may have gone back since.
    upload.removed_at = max(now, upload.uploaded_at)
    upload.save(update_fields=["removed_at"])
    record.record("paper_removed", actor=actor, now=now, facts={"upload": upload.id, "kind": upload.kind})
    return upload


def keep_photo(*, content: bytes, now: datetime) -> StoredFile:
    """Keep a photo drawn anew; the caller writes its SHA-256 beside the person and journals that.

    Raises FileTooBig, FileWrongType, FileUnreadable.
    """
    examined = inspection.photo(content)
    sha256 = store.put(examined.content)
    with transaction.atomic(savepoint=False):
        return _stored(sha256, examined, now=now)


def begin_paper(*, kind: DocumentKind, base_url: str, now: datetime, demonstration: bool = False) -> papers.Frame:
    """Take a number and a check token for a paper about to be made; a number not used is a gap, allowed.

    `base_url` is the public address of the portal without a final slash; `demonstration` prints on every page
    that the data is made up.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('documents_number')")
        sequence = cursor.fetchone()[0]
    token = new_token()
    return papers.Frame(
        kind=kind,
        number=rules.paper_number(kind=kind, year=time.localdate(now).year, sequence=sequence),
        token=token,
        check_address=base_url.rstrip("/") + papers.CHECK_PATH.format(token=token),
        made_at=now,
        demonstration=demonstration,
    )


@transaction.atomic(savepoint=False)
def keep_paper(
    *,
    frame: papers.Frame,
    content: bytes,
    public_facts: Mapping[str, str],
    actor: Actor,
    application_id: int | None = None,
    territory_code: str | None = None,
    supersede: bool = False,
) -> MadeDocument:
    """Keep the bytes that `papers.make` gave for this frame; an inner step of whoever gives the paper out.

    `public_facts` are exactly `initials` and `masked_iin` (ValueError otherwise). With `supersede` the papers of
    this kind that the application still has in force are superseded by this one.
    """
    rules.check_public_facts(public_facts)
    if supersede and application_id is not None:
        _in_force([application_id], [frame.kind]).update(superseded_at=frame.made_at)
    examined = inspection.Examined(content=content, media_type=rules.PDF)
    document = MadeDocument.objects.create(
        token=frame.token,
        number=frame.number,
        kind=frame.kind,
        file=_stored(store.put(content), examined, now=frame.made_at),
        application_id=application_id,
        made_at=frame.made_at,
        public_facts=dict(public_facts),
    )
    record.record(
        "paper_made",
        actor=actor,
        now=frame.made_at,
        territory_code=territory_code,
        application_id=application_id,
        facts={"document": document.id, "kind": frame.kind, "number": frame.number, "sha256": document.file.sha256},
    )
    return document


def make_paper(
    *,
    kind: DocumentKind,
    facts: PaperFacts,
    public_facts: Mapping[str, str],
    base_url: str,
    actor: Actor,
    now: datetime,
    application_id: int | None = None,
    territory_code: str | None = None,
    supersede: bool = False,
    demonstration: bool = False,
) -> MadeDocument:
    """Number, typeset and keep a paper in one step: `begin_paper`, `papers.make`, `keep_paper`.

    Typesetting takes some 60 ms; whoever holds locks calls the three apart and typesets before locking.
    """
    frame = begin_paper(kind=kind, base_url=base_url, now=now, demonstration=demonstration)
    return keep_paper(
        frame=frame,
        content=papers.make(frame, facts),
        public_facts=public_facts,
        actor=actor,
        application_id=application_id,
        territory_code=territory_code,
        supersede=supersede,
    )


@transaction.atomic(savepoint=False)
def supersede_paper(*, document_id: int, now: datetime) -> None:
    """Let one paper give way to another that its subject is about to keep; what has ended stays as it ended."""
    rows = MadeDocument.objects.filter(id=document_id, superseded_at__isnull=True, void_at__isnull=True)
    rows.update(superseded_at=Greatest("made_at", Value(now)))


@transaction.atomic(savepoint=False)
def void_papers(
    *, application_ids: Collection[int], kinds: Collection[DocumentKind], actor: Actor, now: datetime
) -> int:
    """Make the papers of these kinds that the applications have in force void; returns how many there were.

    One query where there are none.
    """
    rows = _in_force(application_ids, kinds)
    found = list(rows.order_by("id").values_list("id", "kind", "application_id"))
    if found:
        # A lapse takes effect at its due moment, and a paper may have been made between that and the sweep.
        rows.filter(id__in=[id_ for id_, _, _ in found]).update(void_at=Greatest("made_at", Value(now)))
        record.record_many(
            [
                record.entry(
                    "papers_voided",
                    actor=actor,
                    now=now,
                    application_id=application_id,
                    facts={"document": id_, "kind": kind},
                )
                for id_, kind, application_id in found
            ]
        )
    return len(found)


def new_token() -> str:
    """A name of 128 random bits for an address."""
    return secrets.token_urlsafe(16)


def _in_force(application_ids: Collection[int], kinds: Collection[DocumentKind]) -> QuerySet[MadeDocument]:
    return MadeDocument.objects.filter(
        application_id__in=application_ids, kind__in=kinds, superseded_at__isnull=True, void_at__isnull=True
    )


def _stored(sha256: str, examined: inspection.Examined, *, now: datetime) -> StoredFile:
    """The row of a content. Rival: somebody who keeps the same content at this moment; both get one row."""
    row = StoredFile(sha256=sha256, size=len(examined.content), media_type=examined.media_type, created_at=now)
    StoredFile.objects.bulk_create([row], ignore_conflicts=True)
    return StoredFile.objects.get(sha256=sha256)
