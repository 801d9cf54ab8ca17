"""Tables of the signatures: the evidence of each, and the revocation lists it was found by."""

from django.db import models


class RevocationList(models.Model):
    """A list of revoked certificates as its authority published it. Its signature was checked before it was kept."""

    authority_sha256 = models.BinaryField(max_length=32, db_comment="SHA-256 of the certificate of the authority")
    number = models.DecimalField(max_digits=49, decimal_places=0, db_comment="CRL number, up to 20 octets")
    this_update = models.DateTimeField()
    next_update = models.DateTimeField()
    entries = models.PositiveIntegerField(db_comment="how many certificates it names")
    content = models.BinaryField(db_comment="the list as published")
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority_sha256", "number"], name="list_once"),
            models.CheckConstraint(condition=models.Q(next_update__gt=models.F("this_update")), name="list_dates"),
        ]


class KeptAuthority(models.Model):
    """The certificate of an authority by which a signature was judged: kept though it may be unpinned one day."""

    sha256 = models.BinaryField(max_length=32, unique=True)
    content = models.BinaryField(db_comment="the certificate, DER")
    kept_at = models.DateTimeField()


class Kind(models.TextChoices):
    """Of what kind the evidence is. A trigger refuses rehearsed evidence outside a scratch database."""

    EDS = "eds"
    REHEARSAL = "rehearsal"


class SignaturePurpose(models.TextChoices):
    """What the key was for."""

    SIGN = "SIGN"
    AUTH = "AUTH"


class Signature(models.Model):
    """That somebody signed exactly these bytes, and by what that was found. Never changed and never deleted.

    The name and the IIN of the signer stand in the certificate only.
    """

    kind = models.CharField(max_length=9, choices=Kind)
    purpose = models.CharField(max_length=4, choices=SignaturePurpose)
    document_kind = models.CharField(max_length=40, db_comment="what was signed: contract, choice, and so on")
    document_id = models.BigIntegerField(db_comment="id of the document among those of its kind")
    content_sha256 = models.BinaryField(max_length=32, db_comment="of the exact bytes that were signed")
    person_id = models.BigIntegerField(null=True, db_comment="the signer, where the portal knows the person")
    cms = models.BinaryField(null=True, db_comment="the message, DER")
    signature_sha256 = models.BinaryField(max_length=32, null=True, db_comment="of the signature value itself")
    certificate = models.BinaryField(null=True, db_comment="of the signer, DER")
    authority_sha256 = models.BinaryField(max_length=32, null=True, db_comment="of the certificate of its issuer")
    revocation_list = models.ForeignKey(RevocationList, on_delete=models.PROTECT, null=True, related_name="+")
    authority_list = models.ForeignKey(
        RevocationList,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_comment="by which its authority was not revoked",
    )
    status_answer = models.BinaryField(null=True, db_comment="OCSP response, where one was used")
    claimed_at = models.DateTimeField(null=True, db_comment="the signer's own claim")
    stamped_at = models.DateTimeField(null=True, db_comment="by a time-stamping authority")
    signed_at = models.DateTimeField(db_comment="moment by our clock for which the certificate was judged")
    verifier = models.CharField(max_length=40, db_comment="name and version of the verifier")

    class Meta:
        indexes = [
            models.Index(fields=["document_kind", "document_id", "id"], name="signature_by_document"),
            models.Index(fields=["person_id", "id"], name="signature_by_person"),
        ]
        constraints = [
            # One act of signing counts once: a message that somebody kept cannot be sent in again. The bytes around the
            # signature value can be changed without harm to it, so the message itself would be no key.
            models.UniqueConstraint(fields=["signature_sha256"], name="signature_once"),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="signature_kind"),
            models.CheckConstraint(condition=models.Q(purpose__in=SignaturePurpose.values), name="signature_purpose"),
            models.CheckConstraint(
                condition=~models.Q(kind=Kind.EDS)
                | models.Q(
                    cms__isnull=False,
                    signature_sha256__isnull=False,
                    certificate__isnull=False,
                    authority_sha256__isnull=False,
                ),
                name="signature_eds_is_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind=Kind.EDS)
                | models.Q(revocation_list__isnull=False)
                | models.Q(status_answer__isnull=False),
                name="signature_eds_was_checked",
            ),
        ]


class MobileErrand(models.Model):
    """What a telephone is asked to sign, for one session, once, in real time. Deleted the day after.

    The secret of its address is made from the token and the portal's key and kept nowhere.
    """

    token = models.UUIDField(unique=True)
    owner = models.BinaryField(max_length=32, db_comment="keyed digest of the session that asked")
    purpose = models.CharField(max_length=4, choices=SignaturePurpose)
    content = models.BinaryField(db_comment="the exact bytes to sign; empty once the errand is cancelled")
    titles = models.JSONField(db_comment="name of the document in kk, ru, en")
    media_type = models.CharField(max_length=20, blank=True)
    person_id = models.BigIntegerField(null=True, db_comment="who alone may sign")
    organisation_bin = models.CharField(max_length=12, blank=True, db_comment="whose key alone may sign")
    back = models.TextField(db_comment="address that takes the signature")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, db_comment="the telephone fetched the document")
    answered_at = models.DateTimeField(null=True, db_comment="an answer came, right or wrong")
    cms = models.BinaryField(null=True, db_comment="the signature that was found good, DER")
    refusal = models.CharField(max_length=60, blank=True, db_comment="why the answer was not accepted")
    facts = models.JSONField(default=dict, db_comment="of the refusal")
    ended_at = models.DateTimeField(null=True, db_comment="cancelled on the page, or replaced")
    taken_at = models.DateTimeField(null=True, db_comment="the signature was used for the act")

    class Meta:
        indexes = [
            models.Index(fields=["owner"], name="errand_by_session"),
            models.Index(fields=["expires_at"], name="errand_by_end"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(purpose__in=SignaturePurpose.values), name="errand_purpose"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="errand_expires_after_it_is_made"
            ),
            # Nothing is a signature before an answer came, and what was refused is none.
            models.CheckConstraint(
                condition=models.Q(cms__isnull=True) | models.Q(answered_at__isnull=False, refusal=""),
                name="errand_signature_came",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_at__isnull=True) | models.Q(cms__isnull=False), name="errand_taken_is_signed"
            ),
        ]
