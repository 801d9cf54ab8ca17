"""Who may open what: named policies, each one definition for one object and for a list.

Every view carries one: ``@access(own_child)``. Nobody signed in: the sign-in page. Foreign, unknown and another
role's pages answer 404 alike.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from balabaqsha.accounts import clock, sessions
from balabaqsha.accounts.roles.rules import DECIDES, MAY_GIVE
from balabaqsha.applications.links import queries as links
from balabaqsha.applications.models import SecondOpinion
from balabaqsha.applications.states import State
from balabaqsha.kernel.actor import ANONYMOUS, DECIDERS, Actor, Power, Role
from balabaqsha.people import queries as people
from balabaqsha.people.models import Kinship, Person
from balabaqsha.territories import queries as territories

Filter = Callable[[Actor], Q]
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Policy:
    """Which roles it lets in (None: everybody) and which rows of its table an actor may see.

    `power` is what a trusted person must have been given; without one the policy asks them for nothing more.
    `counter`: an officer with the family at the counter is let in too; else the page is the person's alone.
    """

    name: str
    roles: frozenset[Role] | None
    rows: Filter | None = None
    power: Power | None = None
    counter: bool = False

    def admits(self, actor: Actor) -> bool:
        """Whether the actor's role is let in at all, and a trusted person with what they were given."""
        if self.roles is None:
            return True
        if actor.counter is not None and not self.counter:
            return False
        return actor.role in self.roles and (self.power is None or self._is_given(actor))

    def _is_given(self, actor: Actor) -> bool:
        if actor.role is not Role.TRUSTED_PERSON:
            return True
        return actor.trusted is not None and self.power in actor.trusted.powers

    def scope(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the rows that the actor may see."""
        if not self.admits(actor):
            return rows.none()
        return rows.filter(self.rows(actor)) if self.rows else rows

    def allows(self, actor: Actor, row: Model) -> bool:
        """Whether the actor may see this row: whether it is in the actor's scope."""
        return self.scope(actor, type(row)._default_manager.filter(pk=row.pk)).exists()  # noqa: SLF001 - the manager of whichever model it is


def _signed_in(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


def _my_children(actor: Actor) -> Q:
    # A guardian's time runs out at a moment, and only the edge, where policies are asked, knows which it is.
    return Q(representative_id=actor.person_id) & people.representing(now=clock.now())


def _trusts_given(actor: Actor) -> Q:
    return Q(giver_id=actor.person_id)


def _trusts_offered(actor: Actor) -> Q:
    # The surname has to be the person's too: `trust.queries.offered_to`.
    return Q(trusted_iin__in=Person.objects.filter(pk=actor.person_id).values("iin"))


def _my_applications(actor: Actor) -> Q:
    if actor.role is Role.TRUSTED_PERSON:
        # Of the one child and of the parent who gave the trust: another parent's application is theirs to entrust.
        trusted = actor.trusted
        return Q(applicant_id=trusted.giver_id, child_id=trusted.child_id) if trusted else Q(pk=None)
    return Q(applicant_id=actor.person_id) & _within_the_counter(actor)


def _within_the_counter(actor: Actor) -> Q:
    """At the counter an officer sees of a family what is of the officer's own territory."""
    if actor.counter is None:
        return Q()
    return Q(territory_id__in=territories.subtree(actor.counter.territory_code).values("code"))


def _applications_to_act_on(actor: Actor) -> Q:
    if actor.role is Role.TRUSTED_PERSON:
        # Whether the parent still represents the child is asked when the role is entered, at every request.
        return _my_applications(actor)
    # Whoever once represented the child and does no longer (a guardian whose day has passed, a parent whom the register
    # no longer names) sees what they filed. A family of an earlier system's list may have no kinship on record yet.
    kin = Kinship.objects.filter(representative_id=actor.person_id, child_id=OuterRef("child_id"))
    return _my_applications(actor) & (Exists(kin.filter(people.representing(now=clock.now()))) | ~Exists(kin))


def _applications_in_sight(actor: Actor) -> Q:
    if actor.role is Role.TRUSTED_PERSON:
        return _my_applications(actor)
    # The other parent sees it after linking it to their own IIN (003; rules, section 1). Every act is the applicant's.
    linked = Q(id__in=links.in_sight(actor.person_id).values("application_id"))
    return _my_applications(actor) | (linked & _within_the_counter(actor))


def _my_kindergarten(actor: Actor) -> Q:
    return Q(kindergarten_id=actor.kindergarten_id)


def _my_territory(actor: Actor) -> Q:
    return Q(territory_id__in=territories.subtree(actor.territory_code or "").values("code"))


def _admissions_of_my_kindergarten(actor: Actor) -> Q:
    return Q(group__kindergarten_id=actor.kindergarten_id)


def _cases_of_my_territory(actor: Actor) -> Q:
    return Q(application__territory_id__in=territories.subtree(actor.territory_code or "").values("code"))


def _checks_that_i_decide(actor: Actor) -> Q:
    within = territories.subtree(actor.territory_code or "").values("code")
    return Q(decider=DECIDES[actor.role].value, application__territory_id__in=within)


def _checks_that_i_am_asked_about(actor: Actor) -> Q:
    # Until the answer is given: afterwards the case is no concern of a colleague's any more.
    asked = SecondOpinion.objects.filter(asked_of_account_id=actor.account_id, answered_at=None)
    waits = Q(decided_at=None, application__state=State.DOCUMENTS_CHECK)
    return waits & Q(pk__in=asked.values("check_asked_about"))


def _findings_of_my_territory(actor: Actor) -> Q:
    # What concerns the portal as a whole has no territory and is told to every department.
    return Q(territory=None) | _my_territory(actor)


def _messages_to_me(actor: Actor) -> Q:
    # Support answers for the portal, wherever somebody writes from; the ministry sees what a department left unanswered.
    if actor.role is Role.MINISTRY:
        return Q(escalated_at__isnull=False)
    return Q() if actor.role is Role.SUPPORT else _my_territory(actor)


def _answers_of_mine(actor: Actor) -> Q:
    return Q() if actor.role in {Role.SUPPORT, Role.MINISTRY} else _my_territory(actor)


def _my_report_orders(actor: Actor) -> Q:
    mine = Q(account_id=actor.account_id)
    return mine if actor.role is Role.MINISTRY else mine & _my_territory(actor)


def _questions_to_edit(actor: Actor) -> Q:
    # Those of the country are the ministry's and support's; a department adds its own.
    return Q() if actor.role in {Role.MINISTRY, Role.SUPPORT} else _my_territory(actor)


def _notices_to_write(actor: Actor) -> Q:
    return Q() if actor.role is Role.MINISTRY else _my_territory(actor)


def _roles_to_give(actor: Actor) -> Q:
    roles = Q(role__in=[role.value for role in MAY_GIVE.get(actor.role, ())])
    if actor.role is Role.KINDERGARTEN_HEAD:
        return roles & Q(kindergarten_id=actor.kindergarten_id)
    if actor.role is Role.OFFICER:
        codes = territories.subtree(actor.territory_code or "").values("code")
        return roles & (Q(territory_id__in=codes) | Q(kindergarten__territory_id__in=codes))
    return roles


public = Policy("public", None)
_FAMILY = _signed_in(Role.PARENT, Role.TRUSTED_PERSON)
signed_in = Policy("signed_in", frozenset(Role) - {Role.SYSTEM, Role.ANONYMOUS})
signed_in_parent = Policy("signed_in_parent", _signed_in(Role.PARENT))
# The same where the family may be served at the counter; what is of its account (passwords, sessions, trust) stays its own.
parent_desk = Policy("parent_desk", _signed_in(Role.PARENT), counter=True)
family_desk = Policy("family_desk", _FAMILY, counter=True)
own_child = Policy("own_child", _signed_in(Role.PARENT), _my_children, counter=True)
given_trust = Policy("given_trust", _signed_in(Role.PARENT), _trusts_given)
offered_trust = Policy("offered_trust", _signed_in(Role.PARENT), _trusts_offered)
# What only the parent may do: apply, sign, claim, give up. The others a trusted person may do with the power for it.
own_application = Policy("own_application", _signed_in(Role.PARENT), _applications_to_act_on, counter=True)
seen_application = Policy("seen_application", _signed_in(Role.PARENT), _applications_in_sight, counter=True)
# The page of an application and the list of them: for the applicant, the linked parent and the trusted person.
application_in_sight = Policy("application_in_sight", _FAMILY, _applications_in_sight, Power.SEE, counter=True)
application_to_see = Policy("application_to_see", _FAMILY, _my_applications, Power.SEE, counter=True)
# Whether the reader still represents the child, whatever a trusted person was given: pages hide what nobody else may press.
application_to_act_on = Policy("application_to_act_on", _FAMILY, _applications_to_act_on, Power.SEE, counter=True)
application_to_answer = Policy("application_to_answer", _FAMILY, _applications_to_act_on, Power.ANSWER, counter=True)
application_to_choose = Policy("application_to_choose", _FAMILY, _applications_to_act_on, Power.CHOOSE, counter=True)
kindergarten_staff = Policy("kindergarten_staff", _signed_in(Role.KINDERGARTEN_HEAD), _my_kindergarten)
department_officer = Policy("department_officer", _signed_in(Role.OFFICER), _my_territory)
kindergarten_admission = Policy(
    "kindergarten_admission", _signed_in(Role.KINDERGARTEN_HEAD), _admissions_of_my_kindergarten
)
kindergarten_roll = Policy(
    "kindergarten_roll", _signed_in(Role.KINDERGARTEN_HEAD, Role.EDUCATOR), _admissions_of_my_kindergarten
)
kindergarten_groups = Policy("kindergarten_groups", _signed_in(Role.KINDERGARTEN_HEAD, Role.EDUCATOR), _my_kindergarten)
# An inspector reads what an officer reads, and decides nothing.
department_reader = Policy("department_reader", _signed_in(Role.OFFICER, Role.INSPECTOR), _my_territory)
visitors_messages = Policy("visitors_messages", _signed_in(Role.OFFICER, Role.SUPPORT, Role.MINISTRY), _messages_to_me)
# How messages were answered: of the territory and below, of the country for whoever answers for it.
answers_reader = Policy(
    "answers_reader", _signed_in(Role.OFFICER, Role.INSPECTOR, Role.SUPPORT, Role.MINISTRY), _answers_of_mine
)
# Reports, and the files of them that the actor has ordered.
report_reader = Policy("report_reader", _signed_in(Role.OFFICER, Role.INSPECTOR, Role.MINISTRY), _my_report_orders)
notice_writer = Policy("notice_writer", _signed_in(Role.OFFICER, Role.MINISTRY), _notices_to_write)
question_editor = Policy("question_editor", _signed_in(Role.OFFICER, Role.MINISTRY, Role.SUPPORT), _questions_to_edit)
role_giver = Policy("role_giver", frozenset(MAY_GIVE), _roles_to_give)
department_claim = Policy("department_claim", _signed_in(Role.OFFICER), _cases_of_my_territory)
department_admission = Policy("department_admission", _signed_in(Role.OFFICER), _cases_of_my_territory)
department_case = Policy("department_case", _signed_in(Role.OFFICER), _cases_of_my_territory)
ministry = Policy("ministry", _signed_in(Role.MINISTRY))
special_check = Policy("special_check", DECIDERS, _checks_that_i_decide)
asked_check = Policy("asked_check", DECIDERS, _checks_that_i_am_asked_about)
department_finding = Policy("department_finding", _signed_in(Role.OFFICER), _findings_of_my_territory)


def access(policy: Policy) -> Callable[[View], View]:
    """Put a view behind a policy; the view narrows its rows by `get_or_404` or `policy.scope`."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if policy.admits(request.actor):
                # The rows of the page are those of the policy that opened it: `frame.application`.
                request.policy = policy
                return view(request, *args, **kwargs)
            if request.actor == ANONYMOUS:
                return to_sign_in(request)
            if request.session.get(sessions.COUNTER_OVER):
                # The family's half hour is over while its page was open; the page of the counter says so.
                return redirect("officer.counter")
            raise Http404

        # The test that walks the URL table reads it here.
        guarded.policy = policy  # type: ignore[attr-defined]
        return guarded

    return guard


def get_or_404(policy: Policy, actor: Actor, rows: QuerySet[Any], **lookup: Any) -> Any:
    """The one row of the actor's scope; a foreign and an unknown one answer 404 alike."""
    row = policy.scope(actor, rows).filter(**lookup).first()
    if row is None:
        raise Http404
    return row


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page, which leads back to where the visitor was going."""
    target = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
    query = f"?{urlencode({'next': target})}" if target else ""
    return redirect(reverse("header.sign-in") + query)
