"""Tables of files, of what families attached and of the papers that the portal made.

Persons and applications stand here as plain numbers with indexes, not as foreign keys: `people` and
`applications` lie above this app in the house and point down to it.
"""

from django.db import models
from django.db.models import Q

from balabaqsha.documents import rules
from balabaqsha.law.lists import DocumentKind

KINDS = [(kind.value, kind.value) for kind in DocumentKind]
TOKEN = r"^[A-Za-z0-9_-]{22}$"  # 128 bits  # noqa: S105 - a pattern, no secret


class StoredFile(models.Model):
    """One content in the folder of files."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField(db_comment="bytes")
    media_type = models.CharField(max_length=40, choices=[(name, name) for name in sorted(rules.PAPER_TYPES)])
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="stored_file_has_a_digest"),
            models.CheckConstraint(condition=Q(size__gte=1), name="stored_file_is_not_empty"),
            models.CheckConstraint(condition=Q(media_type__in=sorted(rules.PAPER_TYPES)), name="stored_file_of_a_type"),
        ]


class Upload(models.Model):
    """A paper that somebody attached. It stays on record when it is removed."""

    token = models.CharField(max_length=22, unique=True, db_comment="stands in addresses")
    owner_person_id = models.BigIntegerField(db_comment="who attached it")
    child_person_id = models.BigIntegerField(null=True, db_comment="the child it is about, if any")
    kind = models.CharField(max_length=24, choices=KINDS)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=rules.NAME_LENGTH)
    issued_on = models.DateField(null=True, db_comment="date on the paper")
    valid_until = models.DateField(null=True, db_comment="first day on which the paper is out of date")
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(token__regex=TOKEN), name="upload_has_a_token"),
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gt=models.F("issued_on")),
                name="upload_ends_after_it_is_issued",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(removed_at__gte=models.F("uploaded_at")),
                name="upload_is_removed_after_it_comes",
            ),
        ]
        indexes = [
            models.Index(fields=["owner_person_id", "kind", "id"], name="uploads_of_an_owner"),
            models.Index(
                fields=["child_person_id", "id"],
                condition=Q(child_person_id__isnull=False),
                name="uploads_about_a_child",
            ),
        ]


class MadeDocument(models.Model):
    """A paper that the portal made; its bytes never change. A newer one supersedes it, a decision voids it."""

    token = models.CharField(max_length=22, unique=True, db_comment="stands in the address behind the QR code")
    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=24, choices=KINDS)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    application_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    public_facts = models.JSONField(db_comment="initials and masked IIN, nothing else")
    superseded_at = models.DateTimeField(null=True)
    void_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(token__regex=TOKEN), name="made_document_has_a_token"),
            models.CheckConstraint(
                condition=Q(kind__in=sorted(kind.value for kind in DocumentKind if rules.is_made_by_portal(kind))),
                name="made_document_of_a_kind_we_make",
            ),
            models.CheckConstraint(
                condition=Q(superseded_at__isnull=True) | Q(superseded_at__gte=models.F("made_at")),
                name="made_document_is_superseded_later",
            ),
            models.CheckConstraint(
                condition=Q(void_at__isnull=True) | Q(void_at__gte=models.F("made_at")),
                name="made_document_is_void_later",
            ),
            # Contracts apart: that of an enrolment and that of a transfer in progress stand side by side.
            models.UniqueConstraint(
                fields=["application_id", "kind"],
                condition=Q(superseded_at__isnull=True, void_at__isnull=True) & ~Q(kind=DocumentKind.CONTRACT),
                name="one_paper_of_a_kind_in_force",
            ),
        ]
        indexes = [models.Index(fields=["application_id", "kind", "id"], name="made_of_an_application")]
