"""The table of applications that the other parent sees."""

from django.db import models
from django.db.models import F, Q

from balabaqsha.applications.models.application import Application
from balabaqsha.people.models import Person


class LinkEnd(models.TextChoices):
    """Why somebody sees an application no longer that was linked to their IIN; label keys `link-end.COURT` and so on."""

    BY_PARENT = "BY_PARENT"
    NOT_IN_REGISTER = "NOT_IN_REGISTER"
    COURT = "COURT"
    WRONG_RECORD = "WRONG_RECORD"


# An officer's reasons. After these the person cannot link an application of the child anew.
LINK_ENDED_BY_OFFICER = (LinkEnd.COURT, LinkEnd.WRONG_RECORD)


class ApplicationLink(models.Model):
    """The other parent's sight of an application, on the word of the register of births (003); acts stay the applicant's.

    It counts only together with a live kinship to the child: whatever ends the one ends the sight.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="links")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="linked_applications")
    reference = models.CharField(max_length=80, blank=True, db_comment="the register's number of its latest answer")
    linked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(db_comment="when the register last named the person as a parent of the child")
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=15, choices=LinkEnd, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "person"], condition=Q(ended_at__isnull=True), name="one_live_link_of_a_person"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_because="")
                | Q(ended_at__gte=F("linked_at"), ended_because__in=LinkEnd.values),
                name="an_ended_link_has_its_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["confirmed_at", "id"], condition=Q(ended_at=None), name="link_to_be_confirmed"),
        ]
