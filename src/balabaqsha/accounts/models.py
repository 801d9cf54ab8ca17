"""Tables of accounts: who may enter, as whom, and by which proofs; the demonstration's clock and persons."""

from django.db import models
from django.db.models import F, Q

from balabaqsha.kernel.actor import Role
from balabaqsha.kindergartens.models import Kindergarten
from balabaqsha.law.grounds import CounterReason, IdentityDocument
from balabaqsha.people.models import Person, Trust
from balabaqsha.territories.models import Territory

ROLES = [(role.value, role.value) for role in Role if role not in {Role.SYSTEM, Role.ANONYMOUS}]
# What bounds a role: a kindergarten, a territory with all below it, a trust, or nothing.
OF_KINDERGARTENS = [Role.KINDERGARTEN_HEAD.value, Role.EDUCATOR.value]
OF_TERRITORIES = [Role.OFFICER.value, Role.DOCTOR.value, Role.PMPK_OFFICER.value, Role.INSPECTOR.value]
UNBOUNDED = [Role.PARENT.value, Role.MINISTRY.value, Role.SUPPORT.value]
LANGUAGES = [("kk", "kk"), ("ru", "ru"), ("en", "en")]


class Account(models.Model):
    """One way into the portal for one person, who enters by IIN, telephone, e-mail or a log-in of their own choice."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    # A letter first and no @: never taken for an IIN, a telephone or an e-mail address.
    login = models.CharField(max_length=32, null=True, unique=True, db_comment="chosen by the person, small letters")
    password = models.CharField(max_length=160, db_comment="argon2id, PHC string")
    # Sessions remember the number that they began under: raising it ends them all.
    session_number = models.IntegerField(default=1, db_default=1)
    language = models.CharField(max_length=2, choices=LANGUAGES, default="kk", db_default="kk")
    created_at = models.DateTimeField()
    eds_at = models.DateTimeField(null=True, db_comment="first sign-in with a key, portal time")
    last_seen_at = models.DateTimeField(null=True, db_comment="last sign-in, portal time")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(login__isnull=True) | Q(login__regex=r"^[a-z][a-z0-9._-]{3,31}$"), name="login_is_a_name"
            ),
        ]


class RoleGrant(models.Model):
    """A role that the account may act in, from when until when: a parent of their own family, a head, an officer."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=ROLES)
    kindergarten = models.ForeignKey(Kindergarten, on_delete=models.PROTECT, null=True, related_name="+")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, null=True, related_name="+")
    trust = models.ForeignKey(Trust, on_delete=models.PROTECT, null=True, related_name="+")
    granted_from = models.DateTimeField(db_comment="when it was given")
    # Apart from the moment of giving: a clock that went back takes no role away.
    begins_at = models.DateTimeField(null=True, db_comment="a later beginning; null: at once")
    granted_until = models.DateTimeField(null=True, db_comment="set when it was given; null: without an end")
    ended_at = models.DateTimeField(null=True, db_comment="taken away, or closed after its end")
    granted_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=OF_KINDERGARTENS, kindergarten__isnull=False, territory=None, trust=None)
                | Q(role__in=OF_TERRITORIES, kindergarten=None, territory__isnull=False, trust=None)
                | Q(role__in=UNBOUNDED, kindergarten=None, territory=None, trust=None)
                | Q(role=Role.TRUSTED_PERSON.value, kindergarten=None, territory=None, trust__isnull=False),
                name="role_has_its_bounds",
            ),
            models.CheckConstraint(
                condition=Q(granted_until__isnull=True) | Q(granted_until__gte=F("granted_from")),
                name="grant_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(begins_at__isnull=True)
                | Q(begins_at__gt=F("granted_from"), granted_until__isnull=True)
                | Q(begins_at__gt=F("granted_from"), granted_until__gt=F("begins_at")),
                name="later_beginning_lies_between",
            ),
            models.CheckConstraint(
                # Whoever accepts a trust is given that role by their own act.
                condition=Q(granted_by__isnull=True) | ~Q(granted_by=F("account")) | Q(trust__isnull=False),
                name="nobody_gives_themselves_a_role",
            ),
            models.UniqueConstraint(
                fields=["account", "role", "kindergarten", "territory", "trust"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="one_live_grant_of_a_kind",
            ),
        ]


class Purpose(models.TextChoices):
    """What a code proves a telephone, or an e-mail address, for."""

    SIGN_UP = "SIGN_UP"
    RECOVERY = "RECOVERY"
    NEW_PHONE = "NEW_PHONE"
    SIGN_IN = "SIGN_IN"
    EMAIL = "EMAIL"


class Code(models.Model):
    """A code sent to a telephone, in real time. Neither the code nor the number is kept, only keyed digests."""

    purpose = models.CharField(max_length=9, choices=Purpose)
    subject = models.BinaryField(max_length=32, db_comment="keyed digest of the telephone and the IIN")
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_comment="whom a code of sign-in lets in"
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_comment="who may register with it"
    )
    digest = models.BinaryField(max_length=32, db_comment="keyed digest of the code; empty: not yet written, or never")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    life_term = models.CharField(max_length=120, db_comment="identity of the term")
    base_reference = models.CharField(max_length=80, blank=True, db_comment="answer of the Base of Mobile Citizens")
    failures = models.SmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, db_comment="the right code was given")
    spent_at = models.DateTimeField(null=True, db_comment="what it proves was used up, or the code was withdrawn")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("sent_at")), name="code_expires_after_it_is_sent"),
            models.CheckConstraint(
                condition=Q(account__isnull=True) | Q(person__isnull=True), name="code_lets_in_or_register"
            ),
        ]
        indexes = [models.Index(fields=["subject", "purpose", "-sent_at"], name="code_by_subject")]


class Visit(models.Model):
    """One session of an account, from its sign-in on, in real time: where, by which way, since when."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="visits")
    way = models.CharField(max_length=13, db_comment="by what the person proved who they are")
    device = models.BinaryField(max_length=32, db_comment="keyed digest of the mark that the browser keeps")
    label = models.CharField(max_length=60, blank=True, db_comment="browser and system, as the browser says")
    address = models.CharField(max_length=45, blank=True, db_comment="network address, for the owner to know it by")
    remembered_until = models.DateTimeField(null=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_comment="last use, to a minute")
    ended_at = models.DateTimeField(null=True, db_comment="ended by its owner; one that outlived itself keeps none")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(seen_at__gte=F("began_at")), name="visit_is_seen_after_it_began"),
        ]
        indexes = [
            models.Index(fields=["account", "device"], name="visit_by_device"),
            models.Index(fields=["seen_at"], name="visit_by_use"),
        ]


class SecondFactor(models.Model):
    """The secret that an account shares with an application on its owner's telephone (RFC 6238)."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="second_factors")
    secret = models.BinaryField(max_length=64, db_comment="sealed by a key that the database does not hold")
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(db_comment="period of the last code that was taken: none serves twice")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(ended_at__isnull=True), name="one_live_second_factor"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("set_at")), name="factor_ends_after_it_is_set"
            ),
        ]
        indexes = [models.Index(fields=["account"], name="second_factor_by_account")]


class RecoveryCode(models.Model):
    """A code for whoever has lost that telephone: shown once, kept as a keyed digest, taken once."""

    factor = models.ForeignKey(SecondFactor, on_delete=models.PROTECT, related_name="recovery_codes")
    digest = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["factor", "digest"], name="recovery_code_once")]


class Challenge(models.Model):
    """A text that a key of sign-in has to sign, for one session, once, in real time."""

    session = models.BinaryField(max_length=32, db_comment="keyed digest of the key of the session")
    content = models.BinaryField(db_comment="the exact bytes to sign")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, db_comment="an answer came, right or wrong")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="challenge_expires_after_it_is_made"),
        ]
        indexes = [models.Index(fields=["expires_at"], name="challenge_by_end")]


class RateLimit(models.Model):
    """How often something was tried within one window of real time."""

    kind = models.CharField(max_length=24)
    subject = models.BinaryField(max_length=32, db_comment="keyed digest of a telephone, an IIN or an address")
    window_began_at = models.DateTimeField()
    count = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject"], name="one_window_of_a_subject")]
        indexes = [models.Index(fields=["window_began_at"], name="rate_limit_by_window")]


class CounterSession(models.Model):
    """One visit of a family at the counter: who serves whom, by which document, until when, in real time."""

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="counter_sessions", db_comment="the officer's"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    document = models.CharField(max_length=20, choices=[(one.value, one.value) for one in IdentityDocument])
    document_number = models.CharField(max_length=20, db_comment="of the identity document that was shown")
    reason = models.CharField(max_length=20, choices=[(one.value, one.value) for one in CounterReason])
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(ended_at__isnull=True), name="one_family_at_a_counter"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("started_at")), name="counter_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(document_number=""), name="counter_has_its_document"),
        ]
        indexes = [models.Index(fields=["person"], name="counter_by_person")]


class ConsentGiven(models.Model):
    """Consent of an account's person to one version of the data policy."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="consents")
    policy_version = models.CharField(max_length=20)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "policy_version"], name="one_consent_to_a_version")]


class ClockShift(models.Model):
    """How far the demonstration's clock runs ahead of real time. One row; it never goes back."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seconds = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="one_clock"),
            models.CheckConstraint(condition=Q(seconds__gte=0), name="clock_runs_ahead"),
        ]


class DemonstrationPerson(models.Model):
    """Somebody whom a visitor of the demonstration may sign in as. Feeds the launcher, the bar, README and tests."""

    position = models.SmallIntegerField(unique=True)
    key = models.SlugField(max_length=40, unique=True, db_comment="texts demo.<key>.title and demo.<key>.todo")
    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="demonstration")
    password = models.CharField(max_length=40, db_comment="shown openly: the person is made up")


class DemonstrationNewcomer(models.Model):
    """Somebody whom the registers of the demonstration know and the portal does not: to register as. Made up."""

    position = models.SmallIntegerField(unique=True)
    name = models.CharField(max_length=120)
    iin = models.CharField(max_length=12)
    phone = models.CharField(max_length=16)
    child_name = models.CharField(max_length=120)
    child_iin = models.CharField(max_length=12)
