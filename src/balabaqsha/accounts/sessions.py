"""What a session holds, and how long. The session store is Django's table; moments in it are of real time."""

from datetime import UTC, datetime, timedelta

from django.contrib.sessions.backends.base import SessionBase

from balabaqsha.accounts import queries, rules
from balabaqsha.accounts.visits import actions as visits
from balabaqsha.kernel.actor import Role

_KEY = "account"
# The counter session in which an officer acts, and the flag that it is over.
COUNTER = "counter"
COUNTER_OVER = "counter_over"
# Writing the moment of use at every click would cost a write; a minute is exact enough for half an hour.
_NOTED_EVERY = timedelta(minutes=1)


def begin(
    session: SessionBase,
    *,
    account_id: int,
    grant_id: int,
    session_number: int,
    role: Role,
    visit_id: int,
    whole: bool,
    remembered_until: datetime | None,
    real_now: datetime,
) -> None:
    """Start a session under a new key: whoever knew the old one knows nothing now. `visit_id` is its row for the owner.

    `whole`: a second factor was shown, or the way in needs none beside it.
    """
    session.flush()
    until = None if role in rules.STAFF else remembered_until
    session[_KEY] = {
        "account": account_id,
        "grant": grant_id,
        "number": session_number,
        "role": role.value,
        "visit": visit_id,
        "whole": whole,
        "began": real_now.timestamp(),
        "seen": real_now.timestamp(),
        "remembered": until.timestamp() if until else None,
    }
    # A session that is not remembered ends with the browser too.
    session.set_expiry(round((until - real_now).total_seconds()) if until else 0)


def resume(session: SessionBase, *, address: str, now: datetime, real_now: datetime) -> queries.Entry | None:
    """Whose session it is, or None: nobody's, outlived, ended by its owner or a new password, or of a role taken away.

    A session that has ended is emptied; the flag `ended` tells the sign-in page to say why.
    """
    kept = session.get(_KEY)
    if kept is None:
        return None
    entry = None
    if rules.session_lives(_times(kept), real_now=real_now):
        visit_id = kept.get("visit", 0)
        entry = queries.entry(account_id=kept["account"], grant_id=kept["grant"], visit_id=visit_id, now=now)
    if entry is None or entry.session_number != kept["number"]:
        session.flush()
        session["ended"] = True
        return None
    if real_now - _moment(kept["seen"]) >= _NOTED_EVERY:
        session[_KEY] = kept | {"seen": real_now.timestamp()}
        visits.note_use(visit_id=kept["visit"], address=address, real_now=real_now)
    return _at_the_counter(session, entry, real_now=real_now)


def _at_the_counter(session: SessionBase, entry: queries.Entry, *, real_now: datetime) -> queries.Entry:
    """The entry as it acts: an officer with a family at the counter is at that family's pages."""
    if COUNTER not in session:
        return entry
    found = queries.at_the_counter(entry, session_id=session[COUNTER], real_now=real_now)
    if found is None:
        del session[COUNTER]
        session[COUNTER_OVER] = True
    return found or entry


def is_whole(session: SessionBase) -> bool:
    """Whether a second factor was shown in this session, so that it may act for the state."""
    kept = session.get(_KEY)
    return bool(kept and kept["whole"])


def visit_of(session: SessionBase) -> int:
    """The row of this session for its owner; 0 where nobody is signed in."""
    kept = session.get(_KEY)
    return int(kept["visit"]) if kept else 0


def glance(session: SessionBase) -> tuple[int, Role] | None:
    """Whose session it says it is, without asking whether it still lives: nothing may be shown or done by this."""
    kept = session.get(_KEY)
    return (kept["account"], Role(kept["role"])) if kept else None


def act_in(session: SessionBase, *, grant_id: int, role: Role) -> None:
    """Go on in another role of the same account, under a new key."""
    session.cycle_key()
    session.pop(COUNTER, None)
    remembered = None if role in rules.STAFF else session[_KEY]["remembered"]
    session[_KEY] = session[_KEY] | {"grant": grant_id, "role": role.value, "remembered": remembered}


def renumber(session: SessionBase, number: int) -> None:
    """Keep this session when the others of the account end, under a new key."""
    session.cycle_key()
    session[_KEY] = session[_KEY] | {"number": number}


def _times(kept: dict[str, object]) -> rules.SessionTimes:
    return rules.SessionTimes(
        began_at=_moment(kept["began"]),
        seen_at=_moment(kept["seen"]),
        remembered_until=_moment(kept["remembered"]) if kept["remembered"] else None,
        role=Role(str(kept["role"])),
    )


def _moment(stamp: object) -> datetime:
    return datetime.fromtimestamp(float(str(stamp)), tz=UTC)
