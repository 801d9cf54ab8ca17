"""Tables of the record: the journal, its seals, and the outbox."""

from django.db import models

# What is done to an account, its id among the facts as «account»: the owner reads it in their log.
ON_ACCOUNTS = (
    "account-opened",
    "code-issued",
    "contacts-opened",
    "phone-return-proposed",
    "phone-returned",
    "role-ended",
    "role-granted",
    "sign-in-failed",
)


class JournalEntry(models.Model):
    """One decision. Never changed and never deleted: a trigger refuses both."""

    at = models.DateTimeField(db_comment="moment at which the act took effect")
    act = models.CharField(max_length=64)
    actor = models.JSONField(db_comment="role and ids, never names")
    territory_code = models.CharField(max_length=9, null=True)
    application_id = models.BigIntegerField(null=True)
    facts = models.JSONField(db_comment="ids, codes, moments; never names, IINs or contacts")
    # Written by the database: rows of transactions that still run cannot be sealed yet.
    transaction = models.BigIntegerField(
        db_default=models.expressions.RawSQL("pg_current_xact_id()::text::bigint", ()),
        db_comment="transaction that wrote the row",
    )

    class Meta:
        indexes = [
            models.Index(fields=["application_id", "id"], name="journal_by_application"),
            models.Index(fields=["territory_code", "at", "id"], name="journal_by_territory"),
            models.Index(fields=["act", "id"], name="journal_by_act"),
            models.Index(models.F("actor__person"), "id", name="journal_by_person"),
            # What trusted persons did on somebody's behalf.
            models.Index(
                models.F("actor__for"), "id", name="journal_by_principal", condition=models.Q(actor__has_key="for")
            ),
            models.Index(
                models.F("facts__account"),
                "id",
                name="journal_by_account",
                condition=models.Q(act__in=ON_ACCOUNTS),
            ),
        ]


class JournalSeal(models.Model):
    """The link of one entry in the hash chain; positions have no gap."""

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="seal")
    digest = models.BinaryField(max_length=32, db_comment="SHA-256 over the previous digest and the entry")


class OutboxFact(models.Model):
    """Something that happened and is to be told to others, written in the transaction of the act."""

    at = models.DateTimeField()
    fact = models.CharField(max_length=64)
    application_id = models.BigIntegerField(null=True)
    person_id = models.BigIntegerField(null=True)
    facts = models.JSONField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(told_at__isnull=True), name="outbox_untold"),
            models.Index(fields=["application_id"], name="outbox_by_application"),
        ]
