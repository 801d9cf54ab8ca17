"""The table of kinds of work that wait for an officer. A new kind is one entry of `KINDS` and its words `work.kind.<code>`.

A kind says which rows wait, and by which of their fields the list reads them; what makes a row wait is decided in the app
that the row belongs to.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from balabaqsha.accounts.restoring import queries as restoring
from balabaqsha.admissions import queries as admissions
from balabaqsha.admissions.models import Admission
from balabaqsha.applications.appeals import queries as appeals
from balabaqsha.applications.models import Appeal, Application, BenefitClaim, ClaimState
from balabaqsha.applications.states import State
from balabaqsha.checks import queries as checks
from balabaqsha.notifications import arrival
from balabaqsha.people.guardians import queries as guardians
from balabaqsha.people.models import GuardianClaim, PhoneReturn
from balabaqsha.referrals import queries as referrals
from balabaqsha.referrals.models import Referral
from balabaqsha.transparency import feedback
from balabaqsha.transparency.models import Feedback

Waiting = Callable[[datetime], QuerySet[Any]]


@dataclass(frozen=True)
class Kind:
    """How one kind of work is listed: the rows that wait at a moment, and the paths of what the list shows of them.

    `page` is the URL name under which a row is dealt with, its argument the value of `ref`. An empty path: there is
    nothing of the kind. `of_authority`: its term binds the department itself. `detail` is a code in words by
    `<detail_words>.<code>`. `by_phone`: the work is to tell a family.
    """

    code: str
    waiting: Waiting
    page: str
    ref: str
    due: str = ""
    since: str = ""
    territory: str = "application__territory_id"
    application: str = "application_id"
    person: str = "application__child_id"
    number: str = "application__number"
    detail: str = ""
    detail_words: str = ""
    of_authority: bool = False
    by_phone: bool = False
    may_be_of_nobody: bool = False

    @property
    def of_applications(self) -> bool:
        """Whether its territory is that of an application."""
        return self.territory.startswith("application__") or self.application == "id"


def claims_to_decide(rows: QuerySet[BenefitClaim]) -> QuerySet[BenefitClaim]:
    """Of these claims those that wait for a decision; a special case is decided as a whole before its benefit."""
    waiting = rows.filter(state=ClaimState.UNDECIDED)
    return waiting.exclude(application__state__in=[State.ARCHIVED, State.DOCUMENTS_CHECK])


KINDS = (
    Kind(
        "claim",
        lambda _: claims_to_decide(BenefitClaim.objects.all()),
        page="officer.check",
        ref="application__number",
        due="check_due_at",
        since="claimed_at",
        detail="benefit",
        detail_words="benefit",
        of_authority=True,
    ),
    Kind(
        "extension",
        lambda _: referrals.to_review(Referral.objects.all()),
        page="officer.extension",
        ref="application__number",
        due="due_at",
        since="extended_at",
        detail="extension_reason",
        detail_words="extension",
        of_authority=True,
    ),
    Kind(
        "appeal",
        lambda _: appeals.to_decide(Appeal.objects.all()),
        page="officer.appeal",
        ref="token",
        due="due_at",
        since="filed_at",
        detail="contested_act",
        detail_words="event",
        of_authority=True,
    ),
    Kind(
        "guardian",
        lambda _: guardians.to_decide(GuardianClaim.objects.all()),
        page="officer.guardian",
        ref="token",
        due="check_due_at",
        since="claimed_at",
        territory="territory_id",
        application="",
        person="guardian_id",
        number="",
        of_authority=True,
    ),
    Kind(
        "phone",
        lambda now: restoring.to_decide(PhoneReturn.objects.all(), now=now),
        page="officer.phone",
        ref="token",
        due="expires_at",
        since="proposed_at",
        territory="territory_id",
        application="",
        person="person_id",
        number="",
        of_authority=True,
    ),
    Kind(
        "undelivered",
        lambda now: arrival.unaware(Application.objects.all(), now=now),
        page="officer.case",
        ref="number",
        due="due_at",
        since="reached_state_at",
        territory="territory_id",
        application="id",
        person="child_id",
        number="number",
        detail="state",
        detail_words="state",
        by_phone=True,
    ),
    Kind(
        "contract",
        lambda now: admissions.kept_too_long(Admission.objects.all(), now=now),
        page="officer.case",
        ref="application__number",
        due="escalates_at",
        since="signed_by_parent_at",
        detail="group__kindergarten_id",
        detail_words="kindergarten",
    ),
    Kind(
        "feedback",
        lambda _: feedback.to_settle(Feedback.objects.all()),
        page="officer.feedback-message",
        ref="number",
        due="due_at",
        since="sent_at",
        territory="territory_id",
        application="",
        person="",
        number="number",
        detail="topic",
        detail_words="feedback.topic",
        of_authority=True,
    ),
    Kind(
        "finding",
        lambda _: checks.open_findings(),
        page="officer.home",
        ref="",
        since="first_seen_at",
        territory="territory_id",
        application="application_id",
        person="",
        number="facts__number",
        detail="code",
        detail_words="finding",
        may_be_of_nobody=True,
    ),
)
BY_CODE = {kind.code: kind for kind in KINDS}
OF_AUTHORITY = tuple(kind.code for kind in KINDS if kind.of_authority)


def within(kind: Kind, territories: QuerySet[Any] | list[str], *, nobodys: bool) -> Q:
    """Which rows of the kind belong to these territories; `nobodys`: with what concerns the portal as a whole."""
    inside = Q(**{f"{kind.territory.removesuffix('_id')}__in": territories})
    return inside | Q(**{kind.territory: None}) if kind.may_be_of_nobody and nobodys else inside
