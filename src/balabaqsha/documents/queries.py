"""Every read of the app that others use. Who may see an answer is the caller's policy."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import BinaryIO

from balabaqsha.documents import store
from balabaqsha.documents.models import MadeDocument, StoredFile, Upload
from balabaqsha.law.lists import DocumentKind


@dataclass(frozen=True)
class FileAnswer:
    """A content: size in bytes, SHA-256 in hexadecimal digits."""

    sha256: str
    size: int
    media_type: str

    def open(self) -> BinaryIO:
        """The content as a binary file; raises store.FileMissing."""
        return store.open(self.sha256)

    def read(self) -> bytes:
        """The whole content, proven by its digest; raises store.FileMissing, store.FileDamaged."""
        return store.read(self.sha256)


@dataclass(frozen=True)
class UploadAnswer:
    """An attached paper; `valid_until` is the first day on which it is out of date."""

    id: int
    token: str
    owner_person_id: int
    child_person_id: int | None
    kind: DocumentKind
    name: str
    file: FileAnswer
    issued_on: date | None
    valid_until: date | None
    uploaded_at: datetime
    removed_at: datetime | None

    def is_out_of_date(self, on: date) -> bool:
        """Whether the paper is stale on this national day."""
        return self.valid_until is not None and on >= self.valid_until


@dataclass(frozen=True)
class MadeAnswer:
    """A paper that the portal made; `in_force` until superseded or void."""

    id: int
    token: str
    number: str
    kind: DocumentKind
    file: FileAnswer
    application_id: int | None
    made_at: datetime
    in_force: bool


@dataclass(frozen=True)
class CheckAnswer:
    """All that the public may learn of a made paper; whose case it is (`application_id`) stays with the caller."""

    application_id: int | None
    kind: DocumentKind
    number: str
    made_at: datetime
    valid: bool
    ended_at: datetime | None
    initials: str
    masked_iin: str
    sha256: str


def last_good_day(valid_until: date) -> date:
    """The last day on which a paper with this first stale day is good."""
    return valid_until - timedelta(days=1)


def uploads_of(
    *, owner_person_id: int, kinds: Collection[DocumentKind] | None = None, child_person_id: int | None = None
) -> list[UploadAnswer]:
    """The papers that this person attached and did not remove, newest first. One query."""
    rows = Upload.objects.filter(owner_person_id=owner_person_id, removed_at__isnull=True)
    if kinds is not None:
        rows = rows.filter(kind__in=kinds)
    if child_person_id is not None:
        rows = rows.filter(child_person_id=child_person_id)
    return [_upload(row) for row in rows.select_related("file").order_by("-id")]


def uploads_by_id(ids: Collection[int]) -> dict[int, UploadAnswer]:
    """These papers, removed ones included, for whoever keeps their ids. One query."""
    return {row.id: _upload(row) for row in Upload.objects.filter(id__in=ids).select_related("file")}


def upload_by_token(token: str) -> UploadAnswer | None:
    """The attached paper of this address, None where there is none or it was removed. One query."""
    row = Upload.objects.filter(token=token, removed_at__isnull=True).select_related("file").first()
    return _upload(row) if row else None


def made_by_token(token: str) -> MadeAnswer | None:
    """The made paper of this address. One query."""
    row = MadeDocument.objects.filter(token=token).select_related("file").first()
    return _made(row) if row else None


def made_by_id(document_id: int) -> MadeAnswer | None:
    """The made paper of this id. One query."""
    row = MadeDocument.objects.filter(id=document_id).select_related("file").first()
    return _made(row) if row else None


def made_of(*, application_id: int, kind: DocumentKind | None = None) -> list[MadeAnswer]:
    """The papers made for an application, newest first, ended ones included. One query."""
    rows = MadeDocument.objects.filter(application_id=application_id)
    if kind is not None:
        rows = rows.filter(kind=kind)
    return [_made(row) for row in rows.select_related("file").order_by("-id")]


def in_force(*, application_id: int, kind: DocumentKind) -> MadeDocument | None:
    """The paper of this kind that the application has in force, for whoever is about to keep another. One query."""
    rows = MadeDocument.objects.filter(application_id=application_id, kind=kind)
    return rows.filter(superseded_at__isnull=True, void_at__isnull=True).first()


def file_by_digest(sha256: str) -> FileAnswer | None:
    """The content of this SHA-256 (a photo beside a person). One query."""
    row = StoredFile.objects.filter(sha256=sha256).first()
    return _file(row) if row else None


def check(token: str) -> CheckAnswer | None:
    """What the public check page says of the paper behind a QR code, None where there is none. One query."""
    row = MadeDocument.objects.filter(token=token).select_related("file").first()
    return (
        _check(row, initials=row.public_facts["initials"], masked_iin=row.public_facts["masked_iin"]) if row else None
    )


def check_number(number: str) -> CheckAnswer | None:
    """The same of the paper with this number, without whose it is: numbers can be guessed, tokens cannot. One query."""
    row = MadeDocument.objects.filter(number=number).select_related("file").first()
    return _check(row, initials="", masked_iin="") if row else None


def _check(row: MadeDocument, *, initials: str, masked_iin: str) -> CheckAnswer:
    ended_at = min((moment for moment in (row.superseded_at, row.void_at) if moment), default=None)
    return CheckAnswer(
        application_id=row.application_id,
        kind=DocumentKind(row.kind),
        number=row.number,
        made_at=row.made_at,
        valid=ended_at is None,
        ended_at=ended_at,
        initials=initials,
        masked_iin=masked_iin,
        sha256=row.file.sha256,
    )


def _file(row: StoredFile) -> FileAnswer:
    return FileAnswer(sha256=row.sha256, size=row.size, media_type=row.media_type)


def _upload(row: Upload) -> UploadAnswer:
    return UploadAnswer(
        id=row.id,
        token=row.token,
        owner_person_id=row.owner_person_id,
        child_person_id=row.child_person_id,
        kind=DocumentKind(row.kind),
        name=row.name,
        file=_file(row.file),
        issued_on=row.issued_on,
        valid_until=row.valid_until,
        uploaded_at=row.uploaded_at,
        removed_at=row.removed_at,
    )


def _made(row: MadeDocument) -> MadeAnswer:
    return MadeAnswer(
        id=row.id,
        token=row.token,
        number=row.number,
        kind=DocumentKind(row.kind),
        file=_file(row.file),
        application_id=row.application_id,
        made_at=row.made_at,
        in_force=row.superseded_at is None and row.void_at is None,
    )
