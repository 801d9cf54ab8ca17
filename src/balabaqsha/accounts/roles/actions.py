"""Giving a role to somebody and taking it away, by whoever may, with a reason that both sides read."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from balabaqsha.accounts.models import Account, RoleGrant
from balabaqsha.accounts.roles import _steps, rules
from balabaqsha.accounts.trust.rules import is_surname
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kindergartens.models import Kindergarten
from balabaqsha.people import rules as people
from balabaqsha.record import actions as record
from balabaqsha.territories import queries as territories


class NobodyToGiveTo(Refusal, code="not-allowed", detail="nobody-to-give-to"):
    """No account has this IIN together with this surname."""


class RoleToOneself(Refusal, code="not-allowed", detail="role-to-oneself"):
    """Nobody gives a role to themselves."""


class RoleHeld(Refusal, code="already-sent", detail="role-held"):
    """The person holds this role already."""


class NoSuchRole(Refusal, code="not-allowed", detail="page-not-found"):
    """No such role lives that the actor may take away."""


@dataclass(frozen=True)
class Gift:
    """What is given: the role with its bound, to whom by IIN and surname, from which day until which, why."""

    role: Role
    iin: str
    surname: str
    reason: str
    kindergarten_id: int | None = None
    territory_code: str | None = None
    first_day: date | None = None
    last_day: date | None = None


@transaction.atomic(durable=True)
def give_role(*, gift: Gift, actor: Actor, now: datetime) -> int:
    """Give somebody a role within what the actor may give; they are told. Returns the grant's id.

    Raises IinNotValid, MayNotGive, RoleWithoutBounds, RoleEndsTooSoon, NobodyToGiveTo, RoleToOneself, RoleHeld.
    """
    iin = people.parse_iin(gift.iin)
    rules.check_bounds(
        gift.role, of_kindergarten=gift.kindergarten_id is not None, of_territory=gift.territory_code is not None
    )
    _check_may(actor, gift.role, kindergarten_id=gift.kindergarten_id, territory_code=gift.territory_code)
    span = rules.span(gift.first_day, gift.last_day, now=now)
    account = Account.objects.select_related("person").filter(person__iin=iin.text, closed_at=None).first()
    if account is None or not is_surname(gift.surname, account.person.surname):
        raise NobodyToGiveTo
    if account.id == actor.account_id:
        raise RoleToOneself
    grant = _steps.give(
        account_id=account.id,
        role=gift.role,
        kindergarten_id=gift.kindergarten_id,
        territory_code=gift.territory_code,
        begins_at=span.begins_at,
        until=span.ends_at,
        reason=gift.reason,
        actor=actor,
        now=now,
    )
    if grant.granted_from != now:
        raise RoleHeld
    record.tell(
        "role-given", now=now, person_id=account.person_id, facts={"role": gift.role.value, "note": gift.reason}
    )
    return grant.id


@transaction.atomic(durable=True)
def take_role(*, grant_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Take a role away that the actor may give; sessions in it end with their next request, and the person is told.

    Raises NoSuchRole, MayNotGive.
    """
    row = RoleGrant.objects.select_related("account").filter(pk=grant_id, ended_at=None, trust=None).first()
    if row is None:
        raise NoSuchRole
    _check_may(actor, Role(row.role), kindergarten_id=row.kindergarten_id, territory_code=row.territory_id)
    # Rival: another giver who takes it at the same time; the step locks the row and finds it ended.
    if not _steps.end(grants=Q(pk=row.id), reason=reason, actor=actor, now=now):
        raise NoSuchRole
    record.tell("role-taken", now=now, person_id=row.account.person_id, facts={"role": row.role, "note": reason})


def _check_may(actor: Actor, role: Role, *, kindergarten_id: int | None, territory_code: str | None) -> None:
    if role not in rules.may_give(actor.role):
        raise rules.MayNotGive
    if actor.role is Role.KINDERGARTEN_HEAD and kindergarten_id != actor.kindergarten_id:
        raise rules.MayNotGive
    if actor.role is not Role.OFFICER:
        return
    if kindergarten_id is not None:
        territory_code = Kindergarten.objects.filter(pk=kindergarten_id).values_list("territory_id", flat=True).first()
    if territory_code is None or not territories.is_within(territory_code, actor.territory_code or "-"):
        raise rules.MayNotGive
