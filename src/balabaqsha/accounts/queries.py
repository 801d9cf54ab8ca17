"""What others read of accounts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from balabaqsha.accounts import digests, names, rules
from balabaqsha.accounts.models import (
    Account,
    Code,
    CounterSession,
    DemonstrationNewcomer,
    DemonstrationPerson,
    Purpose,
    RoleGrant,
)
from balabaqsha.accounts.roles.rules import DECIDES
from balabaqsha.kernel.actor import Actor, Counter, Power, Role, Trusted
from balabaqsha.law.lists import CaseDecider
from balabaqsha.law.terms import Term
from balabaqsha.people.models import Kinship
from balabaqsha.people.queries import card, representing


@dataclass(frozen=True)
class Entry:
    """Who is behind a session: the account, the role it acts in now, and how the page greets the person."""

    account_id: int
    grant_id: int
    actor: Actor
    session_number: int
    language: str
    person_name: str
    roles: int
    counter_ends_at: datetime | None = None
    """When the officer's counter session ends, while one runs; in real time."""


@dataclass(frozen=True)
class LogIn:
    """What a sign-in is checked against."""

    account_id: int
    password: str
    session_number: int
    language: str
    grant_id: int | None
    role: Role | None


@dataclass(frozen=True)
class RoleChoice:
    """A role that the account may act in; what bounds it, a kindergarten, territory or child, is named in two languages."""

    grant_id: int
    role: Role
    name_kk: str
    name_ru: str


@dataclass(frozen=True)
class DemonstrationEntry:
    """A made-up person to sign in as; texts `demo.<key>.title` and `demo.<key>.todo`."""

    position: int
    key: str
    account_id: int
    login: str
    password: str
    name: str
    role: Role


def entry(*, account_id: int, grant_id: int, visit_id: int, now: datetime) -> Entry | None:
    """Who the session of this account, grant and visit is, or None where one of them has ended. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_ENTRY, [account_id, now, now, now, visit_id])
        grants = cursor.fetchall()
    found = next((row for row in grants if row[0] == grant_id), None)
    if found is None:
        return None
    _, role, kindergarten_id, territory_code, person_id, session_number, language, surname, given_name, *trust = found
    actor = Actor(
        role=Role(role),
        account_id=account_id,
        person_id=person_id,
        kindergarten_id=kindergarten_id,
        territory_code=territory_code,
        trusted=_trusted(*trust),
    )
    return Entry(
        account_id=account_id,
        grant_id=grant_id,
        actor=actor,
        session_number=session_number,
        language=language,
        person_name=f"{surname} {given_name}",
        roles=len(grants),
    )


def at_the_counter(entry: Entry, *, session_id: int, real_now: datetime) -> Entry | None:
    """The officer's entry as it acts for the person at the counter, or None once that session is over. One query."""
    row = (
        CounterSession.objects.select_related("person")
        .filter(id=session_id, account_id=entry.account_id, ended_at=None, ends_at__gt=real_now)
        .first()
    )
    officer = entry.actor
    if row is None or officer.role is not Role.OFFICER:
        return None
    counter = Counter(row.id, officer.person_id or 0, officer.territory_code or "")
    actor = Actor(role=Role.PARENT, account_id=entry.account_id, person_id=row.person_id, counter=counter)
    return replace(entry, actor=actor, counter_ends_at=row.ends_at)


# Written out: every request of everybody signed in asks this, and four models of rows would take ten times as long.
# A role given until a moment, and a trust, let nothing be done from that moment on, whether or not the worker lives. A trust
# ends with the kinship under which it was given: a later one revives nothing.
_ENTRY = """
SELECT g.id, g.role, g.kindergarten_id, coalesce(k.territory_id, g.territory_id), a.person_id, a.session_number,
    a.language, p.surname, p.given_name, t.id, t.giver_id, t.child_id, t.powers
FROM accounts_rolegrant AS g JOIN accounts_account AS a ON a.id = g.account_id
    JOIN people_person AS p ON p.id = a.person_id LEFT JOIN kindergartens_kindergarten AS k ON k.id = g.kindergarten_id
    LEFT JOIN people_trust AS t ON t.id = g.trust_id
WHERE g.account_id = %s AND g.ended_at IS NULL AND (g.begins_at IS NULL OR g.begins_at <= %s)
    AND (g.granted_until IS NULL OR g.granted_until > %s) AND a.closed_at IS NULL
    AND (t.id IS NULL OR EXISTS (SELECT 1 FROM people_kinship AS i
        WHERE i.representative_id = t.giver_id AND i.child_id = t.child_id AND i.ended_at IS NULL
            AND (i.ends_at IS NULL OR i.ends_at > %s) AND i.confirmed_at <= t.given_at))
    AND EXISTS (SELECT 1 FROM accounts_visit AS v WHERE v.id = %s AND v.account_id = a.id AND v.ended_at IS NULL)
ORDER BY g.id
"""


def _trusted(trust_id: int | None, giver_id: int, child_id: int, powers: list[str]) -> Trusted | None:
    if trust_id is None:
        return None
    return Trusted(trust_id, giver_id, child_id, frozenset(Power(power) for power in powers))


def actor_of(account: Account, grant: RoleGrant) -> Actor:
    """The actor of an account in one of its roles; a head is bound to a kindergarten and its territory."""
    territory = grant.kindergarten.territory_id if grant.kindergarten else grant.territory_id
    trust = grant.trust
    return Actor(
        role=Role(grant.role),
        account_id=account.id,
        person_id=account.person_id,
        kindergarten_id=grant.kindergarten_id,
        territory_code=territory,
        trusted=_trusted(trust.id, trust.giver_id, trust.child_id, trust.powers) if trust else None,
    )


def log_in_of(iin: str, *, now: datetime) -> LogIn | None:
    """What the sign-in by this IIN is checked against."""
    return log_in_by(names.Name(names.Kind.IIN, iin), now=now)


def log_in_by(name: names.Name, *, now: datetime) -> LogIn | None:
    """What the sign-in by this name is checked against. Three queries, whether there is such an account or not."""
    return log_in_of_account(names.account_id_of(name) or 0, now=now)


def log_in_of_account(account_id: int, *, now: datetime) -> LogIn | None:
    """The same by the account. Staff enter in their work; they switch to their family. Two queries."""
    account = Account.objects.filter(pk=account_id, closed_at=None).first()
    grants = sorted(_live_grants(account_id, now), key=_entered_first)
    if account is None:
        return None
    first = grants[0] if grants else None
    return LogIn(
        account_id=account.id,
        password=account.password,
        session_number=account.session_number,
        language=account.language,
        grant_id=first.id if first else None,
        role=Role(first.role) if first else None,
    )


def _entered_first(grant: RoleGrant) -> tuple[bool, bool, int]:
    return Role(grant.role) not in rules.STAFF, grant.role == Role.TRUSTED_PERSON, grant.id


def account_id_of(person_id: int) -> int | None:
    """The open account of the person."""
    return Account.objects.filter(person_id=person_id, closed_at=None).values_list("id", flat=True).first()


def language_of(person_id: int) -> str:
    """The language in which the person is written to; Kazakh for one without an account."""
    return Account.objects.filter(person_id=person_id).values_list("language", flat=True).first() or "kk"


def decides(account_id: int, *, now: datetime) -> frozenset[CaseDecider]:
    """Which special cases the account decides now, by its roles. One query."""
    roles = _live_grants(account_id, now).values_list("role", flat=True)
    return frozenset(DECIDES[Role(role)] for role in roles if role in DECIDES)


def roles_of(account_id: int, *, now: datetime) -> list[RoleChoice]:
    """The roles that the account may act in now, in the order in which they were given."""
    grants = _live_grants(account_id, now).select_related("kindergarten", "territory", "trust__child")
    return [_role_choice(grant) for grant in grants]


def code_subject(*, phone: str, iin: str) -> bytes:
    """What a code belongs to: this telephone together with this IIN."""
    return digests.subject("phone-iin", phone, iin)


def email_subject(*, email: str, iin: str) -> bytes:
    """What a code for an address belongs to: the address together with the IIN."""
    return digests.subject("email-iin", email.lower(), iin)


def person_id_of(account_id: int) -> int:
    """Whose account it is."""
    return Account.objects.values_list("person_id", flat=True).get(pk=account_id)


def login_of(account_id: int) -> str:
    """The name that the account chose to enter by, or nothing."""
    return Account.objects.values_list("login", flat=True).get(pk=account_id) or ""


def seconds_to_wait(*, subject: bytes, purpose: Purpose, resend_after: Term, real_now: datetime) -> int:
    """How many seconds are left until the subject may ask for the next code; 0: now."""
    codes = Code.objects.filter(subject=subject, purpose=purpose)
    # A code that could not be sent was withdrawn unused: nobody has to wait after it.
    last = codes.exclude(used_at=None, spent_at__isnull=False).order_by("-sent_at", "-id").first()
    return (
        0 if last is None else rules.seconds_to_wait(sent_at=last.sent_at, resend_after=resend_after, real_now=real_now)
    )


def last_code(*, subject: bytes, purpose: Purpose) -> int | None:
    """The latest code of the subject that nobody has used."""
    codes = Code.objects.filter(subject=subject, purpose=purpose, used_at=None, spent_at=None)
    return codes.order_by("-sent_at", "-id").values_list("id", flat=True).first()


def refuse_too_soon(*, subject: bytes, purpose: Purpose, resend_after: Term, real_now: datetime) -> None:
    """Raise CodeTooSoon while the last code is younger than the term."""
    seconds = seconds_to_wait(subject=subject, purpose=purpose, resend_after=resend_after, real_now=real_now)
    if seconds:
        raise rules.CodeTooSoon(seconds=seconds)


def demonstration_persons() -> list[DemonstrationEntry]:
    """The made-up persons in the order in which they are offered; empty outside the demonstration. Two queries."""
    rows = DemonstrationPerson.objects.select_related("account__person").prefetch_related("account__grants")
    return [_demonstration_entry(row) for row in rows.order_by("position")]


def demonstration_newcomers() -> list[DemonstrationNewcomer]:
    """Made-up persons to register as, who have not done so yet. One query."""
    known = Account.objects.filter(person__iin=OuterRef("iin"))
    return list(DemonstrationNewcomer.objects.exclude(Exists(known)).order_by("position"))


def _demonstration_entry(row: DemonstrationPerson) -> DemonstrationEntry:
    person = row.account.person
    roles = [Role(grant.role) for grant in row.account.grants.all() if grant.ended_at is None]
    staff = [role for role in roles if role in rules.STAFF]
    return DemonstrationEntry(
        position=row.position,
        key=row.key,
        account_id=row.account_id,
        login=person.iin,
        password=row.password,
        name=f"{person.surname} {person.given_name}",
        role=(staff or roles or [Role.PARENT])[0],
    )


def names_of(account_ids: Iterable[int]) -> dict[int, str]:
    """The full names behind accounts. One query."""
    rows = Account.objects.filter(id__in=list(account_ids)).select_related("person")
    return {row.id: card(row.person).full_name for row in rows}


def colleagues(*, role: Role, but: int | None, now: datetime) -> list[tuple[int, str]]:
    """Accounts that act in this role, this one aside, each with its name and territory in Kazakh, by name. One query."""
    grants = RoleGrant.objects.filter(live_grants(now=now), role=role.value, account__closed_at=None)
    rows = grants.exclude(account_id=but).select_related("account__person", "territory")
    named = {row.account_id: _with_territory(row) for row in rows}
    return sorted(named.items(), key=lambda one: (one[1], one[0]))


def _with_territory(grant: RoleGrant) -> str:
    place = f" ({grant.territory.name_kk})" if grant.territory else ""
    return f"{card(grant.account.person).full_name}{place}"


def live_grants(*, now: datetime) -> Q:
    """Of all grants those that let somebody act now; who represents a child no longer lets nobody act for it."""
    represented = Kinship.objects.filter(
        representing(now=now),
        representative_id=OuterRef("trust__giver_id"),
        child_id=OuterRef("trust__child_id"),
        confirmed_at__lte=OuterRef("trust__given_at"),
    )
    begun, running = Q(begins_at=None) | Q(begins_at__lte=now), Q(granted_until=None) | Q(granted_until__gt=now)
    return Q(ended_at=None) & begun & running & (Q(trust=None) | Exists(represented))


def _live_grants(account_id: int, now: datetime) -> QuerySet[RoleGrant]:
    rows = RoleGrant.objects.filter(live_grants(now=now), account_id=account_id, account__closed_at=None)
    return rows.order_by("id")


def _role_choice(grant: RoleGrant) -> RoleChoice:
    bound = grant.kindergarten or grant.territory
    child = card(grant.trust.child).short_name if grant.trust else ""
    return RoleChoice(
        grant_id=grant.id,
        role=Role(grant.role),
        name_kk=bound.name_kk if bound else child,
        name_ru=bound.name_ru if bound else child,
    )
