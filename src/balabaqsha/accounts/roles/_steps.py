"""Inner steps of roles, in the caller's transaction."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest, Least

from balabaqsha.accounts.models import Account, RoleGrant
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.record import actions as record


@transaction.atomic(savepoint=False)
def give(
    *,
    account_id: int,
    role: Role,
    reason: str,
    actor: Actor,
    now: datetime,
    kindergarten_id: int | None = None,
    territory_code: str | None = None,
    trust_id: int | None = None,
    begins_at: datetime | None = None,
    until: datetime | None = None,
) -> RoleGrant:
    """Let the account act in a role from now or a later moment on, until another or for good; the grant that runs already stays as it is."""
    # The account's row makes two who give the same role take turns.
    Account.objects.select_for_update(no_key=True).get(pk=account_id)
    bounds = {"kindergarten_id": kindergarten_id, "territory_id": territory_code, "trust_id": trust_id}
    live = RoleGrant.objects.filter(account_id=account_id, role=role.value, ended_at=None, **bounds)
    # One that has run out is closed as of its end, so that there may be a new one.
    live.filter(granted_until__lte=now).update(ended_at=F("granted_until"))
    found = live.first()
    if found is not None:
        return found
    span = {"begins_at": begins_at, "granted_until": until}
    given = {"role": role.value, "granted_from": now, "granted_by_id": actor.account_id, "reason": reason}
    grant = RoleGrant.objects.create(account_id=account_id, **given, **span, **bounds)
    facts = {"grant": grant.id, "account": account_id, "role": role.value, "kindergarten": kindergarten_id}
    facts |= {name: moment.isoformat() for name, moment in span.items() if moment}
    record.record("role-granted", actor=actor, now=now, territory_code=territory_code, facts=facts)
    return grant


@transaction.atomic(savepoint=False)
def end(*, grants: Q, reason: str, actor: Actor, now: datetime) -> int:
    """Take these roles away from now on; sessions in them end with their next request. Returns how many were live."""
    rows = list(RoleGrant.objects.select_for_update(no_key=True).filter(grants, ended_at=None).order_by("id"))
    # One whose own end has passed ended then.
    ended_at = Greatest("granted_from", Least(Value(now), "granted_until"))
    RoleGrant.objects.filter(pk__in=[row.id for row in rows]).update(ended_at=ended_at)
    for row in rows:
        facts = {"grant": row.id, "account": row.account_id, "role": row.role, "reason": reason}
        record.record("role-ended", actor=actor, now=now, territory_code=row.territory_id, facts=facts)
    return len(rows)
