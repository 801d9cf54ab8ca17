"""Whether somebody has to show a second factor, and has one."""

from balabaqsha.accounts import clock, rules
from balabaqsha.accounts.models import DemonstrationPerson, RecoveryCode, RoleGrant, SecondFactor


def is_needed(account_id: int) -> bool:
    """Whether the account acts for the state in any role: then every way in but a key takes two steps. Two queries.

    The persons of the demonstration are everybody's: the first visitor's telephone would lock out all others. Outside
    of the demonstration nobody is one of them, whatever the table holds.
    """
    if clock.is_demonstration() and DemonstrationPerson.objects.filter(account_id=account_id).exists():
        return False
    staff = [role.value for role in rules.STAFF]
    return RoleGrant.objects.filter(account_id=account_id, ended_at=None, role__in=staff).exists()


def has_one(account_id: int) -> bool:
    """Whether an application is set. One query."""
    return SecondFactor.objects.filter(account_id=account_id, ended_at=None).exists()


def recovery_codes_left(account_id: int) -> int:
    """How many recovery codes nobody has used. One query."""
    live = RecoveryCode.objects.filter(factor__account_id=account_id, factor__ended_at=None, used_at=None)
    return live.count()
