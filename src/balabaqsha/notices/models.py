"""Tables of notices: announcements and entries of the calendar, questions with their answers and earlier versions."""

from django.db import models
from django.db.models import F, Q

from balabaqsha.notices.rules import TEXT_LONGEST, TITLE_LONGEST
from balabaqsha.territories.models import Territory


class Kind(models.TextChoices):
    """An announcement is shown on pages while its days last; an entry of the calendar tells of days."""

    ANNOUNCEMENT = "ANNOUNCEMENT"
    CALENDAR = "CALENDAR"


class Notice(models.Model):
    """What an office tells the families of a territory and below. Never changed: it is withdrawn, and another is written."""

    token = models.UUIDField(unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="+", null=True, db_comment="null: the whole country"
    )
    title_kk = models.CharField(max_length=TITLE_LONGEST)
    title_ru = models.CharField(max_length=TITLE_LONGEST)
    title_en = models.CharField(max_length=TITLE_LONGEST, blank=True, db_comment="empty: the Kazakh one is shown")
    text_kk = models.CharField(max_length=TEXT_LONGEST, blank=True)
    text_ru = models.CharField(max_length=TEXT_LONGEST, blank=True)
    text_en = models.CharField(max_length=TEXT_LONGEST, blank=True)
    first_day = models.DateField()
    last_day = models.DateField(db_comment="included")
    written_at = models.DateTimeField()
    written_by_account_id = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_account_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="notice_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(title_kk="") & ~Q(title_ru=""), name="notice_has_its_titles"),
            models.CheckConstraint(
                condition=Q(kind=Kind.CALENDAR) | (~Q(text_kk="") & ~Q(text_ru="")), name="announcement_says_something"
            ),
        ]
        indexes = [
            models.Index(
                fields=["kind", "territory", "last_day"],
                condition=Q(withdrawn_at__isnull=True),
                name="notice_in_force",
            ),
        ]


class Section(models.TextChoices):
    """Sections of the questions, in the order of the page; label keys `faq-section.LINE` and so on."""

    APPLYING = "APPLYING"
    LINE = "LINE"
    TERMS = "TERMS"
    PAPERS = "PAPERS"
    KINDERGARTEN = "KINDERGARTEN"
    ACCOUNT = "ACCOUNT"


class Answered(models.Model):
    """The words of a question and its answer, as they stand and as every version keeps them."""

    section = models.CharField(max_length=12, choices=Section)
    position = models.SmallIntegerField(default=0, db_comment="within its section, the least first")
    published = models.BooleanField(default=False)
    question_kk = models.CharField(max_length=TITLE_LONGEST)
    question_ru = models.CharField(max_length=TITLE_LONGEST)
    question_en = models.CharField(max_length=TITLE_LONGEST, blank=True)
    answer_kk = models.CharField(max_length=TEXT_LONGEST)
    answer_ru = models.CharField(max_length=TEXT_LONGEST)
    answer_en = models.CharField(max_length=TEXT_LONGEST, blank=True)
    changed_at = models.DateTimeField()
    changed_by_account_id = models.BigIntegerField(null=True, db_comment="null: came with the portal")

    class Meta:
        abstract = True


class Question(Answered):
    """A question of parents: of the country, or added by a department for its territory and below."""

    token = models.UUIDField(unique=True)
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="+", null=True, db_comment="null: the whole country"
    )
    version = models.IntegerField(default=1, db_comment="number of the version that stands")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(question_kk="") & ~Q(question_ru="") & ~Q(answer_kk="") & ~Q(answer_ru=""),
                name="a_question_has_its_answer",
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="versions_from_one"),
        ]
        indexes = [
            models.Index(
                fields=["territory", "section", "position", "id"],
                condition=Q(published=True),
                name="question_published",
            ),
        ]


class QuestionVersion(Answered):
    """A question as it stood after one change; every version is kept."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="one_version_of_a_number"),
        ]
