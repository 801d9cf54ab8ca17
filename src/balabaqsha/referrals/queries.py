"""Reads of turns, referrals and wishes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from balabaqsha.applications.models import Application
from balabaqsha.applications.states import SETS_ASIDE, AppealState, State
from balabaqsha.documents.models import MadeDocument
from balabaqsha.kindergartens.models import Ownership
from balabaqsha.law.lists import DocumentKind
from balabaqsha.line.linear import LineKey
from balabaqsha.line.models import Line
from balabaqsha.referrals.models import Referral, SealedWish, TogetherWish, Turn
from balabaqsha.referrals.states import LIVE, ReferralState, TurnState
from balabaqsha.territories.regimes import Regime


@dataclass(frozen=True)
class Unpromised:
    """What is free in a line; `siblings` tells whether anybody at all wishes to be served with a sibling."""

    places: int
    siblings: bool


def unpromised(line: Line) -> Unpromised:
    """Free state places of a line that nobody has a turn for and that are not open to free choice. One query.

    A hold that has run out still counts: its lapse frees the place, at its own moment.
    """
    values = {"line": line.id, "territory": line.territory_id, "year": line.birth_year, "correction": line.correction}
    with connection.cursor() as cursor:
        cursor.execute(_UNPROMISED, values)
        free, siblings = cursor.fetchone()
    return Unpromised(places=free - line.openings, siblings=siblings)


_ASIDE = ", ".join(f"'{kept.value}'" for kept in sorted(SETS_ASIDE))
_UNPROMISED = f"""
SELECT (SELECT count(*) FROM kindergartens_place AS p
        -- The few groups are looked up first, not joined to every place.
        WHERE p.published AND p.group_id = ANY(ARRAY(SELECT g.id FROM kindergartens_group AS g
                JOIN kindergartens_kindergarten AS k ON k.id = g.kindergarten_id
                WHERE g.territory_id = %(territory)s AND g.birth_year = %(year)s
                    AND g.correction IS NOT DISTINCT FROM %(correction)s
                    AND g.closed_at IS NULL AND k.ownership = '{Ownership.STATE.value}'))
            AND NOT EXISTS (SELECT FROM kindergartens_hold AS h WHERE h.place_id = p.id AND h.ended_at IS NULL))
    - (SELECT count(*) FROM referrals_turn WHERE line_id = %(line)s AND state = '{TurnState.OFFERED.value}')
    -- What an open appeal sets aside is promised, too.
    - (SELECT count(*) FROM applications_appeal AS b JOIN applications_application AS a ON a.id = b.application_id
        WHERE b.state = '{AppealState.OPEN.value}' AND b.kept IN ({_ASIDE}) AND a.regime = '{Regime.LINEAR.value}'
            AND a.territory_id = %(territory)s AND a.birth_year = %(year)s
            AND a.correction IS NOT DISTINCT FROM %(correction)s),
    EXISTS (SELECT FROM referrals_togetherwish WHERE ended_at IS NULL)
"""  # noqa: S608 - of constants


def live_turns_by_line(line_ids: Iterable[int]) -> Counter[int]:
    """How many turns of each of these lines are out. One query."""
    rows = Turn.objects.filter(line__in=list(line_ids), state=TurnState.OFFERED)
    return Counter(dict(rows.values_list("line_id").annotate(n=Count("id")).order_by()))


def live_referral(application_id: int) -> Referral | None:
    """The referral that leads the application to its place, if any. One query."""
    return Referral.objects.filter(application_id=application_id, state__in=sorted(LIVE)).first()


def latest_referral(application_id: int) -> Referral | None:
    """The last referral that the application was given, whatever became of it. One query."""
    return Referral.objects.filter(application_id=application_id).order_by("-id").first()


def without_paper(application_id: int | None = None) -> list[int]:
    """Applications whose issued referral has no paper in force that says its term as it stands, oldest first. One query.

    `application_id` asks for that one only.
    """
    papers = MadeDocument.objects.filter(
        application_id=OuterRef("application_id"),
        kind=DocumentKind.REFERRAL,
        superseded_at__isnull=True,
        void_at__isnull=True,
        made_at__gte=Coalesce(OuterRef("extended_at"), OuterRef("issued_at")),
    )
    rows = Referral.objects.filter(~Exists(papers), state=ReferralState.ISSUED).order_by("id")
    if application_id is not None:
        rows = rows.filter(application_id=application_id)
    return list(rows.values_list("application_id", flat=True))


def to_review(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    """Of these, the extended ones that no officer has looked at while they wait for the visit; the oldest first."""
    waiting = rows.filter(state=ReferralState.ISSUED, extended_at__isnull=False, review__isnull=True)
    return waiting.order_by("extended_at", "id")


def proofs_of_extensions(application_id: int) -> list[int]:
    """The uploads by which extensions of the application's referrals were proven. One query."""
    rows = Referral.objects.filter(application_id=application_id, extension_upload_id__isnull=False).order_by("id")
    return list(rows.values_list("extension_upload_id", flat=True))


def latest_lapsed(application_ids: Iterable[int]) -> dict[int, Referral]:
    """The last referral of each of these applications that was not used in time, by application. One query."""
    rows = Referral.objects.filter(application_id__in=list(application_ids), state=ReferralState.LAPSED)
    return {row.application_id: row for row in rows.order_by("id")}


def live_wishes_by_line(line_ids: Iterable[int]) -> Counter[int]:
    """How many wishes the sealed round of each of these lines has. One query."""
    rows = SealedWish.objects.filter(line__in=list(line_ids), ended_at__isnull=True)
    return Counter(dict(rows.values_list("line_id").annotate(n=Count("id")).order_by()))


def live_wish(application_id: int) -> SealedWish | None:
    """What the application wishes in the sealed round that runs, if anything. One query."""
    return SealedWish.objects.select_related("group").filter(application_id=application_id, ended_at=None).first()


def wishes_of_round(line: Line) -> list[SealedWish]:
    """Every wish of the line's sealed round. One query."""
    return list(SealedWish.objects.select_related("signature").filter(line=line, ended_at__isnull=True).order_by("id"))


def siblings_in(key: LineKey) -> dict[int, Application]:
    """For each application of the line that is to be served together with a sibling's, the sibling's. One query.

    Only wishes that both recorded bind, and only while both wait.
    """
    mutual = TogetherWish.objects.filter(
        application=OuterRef("sibling"), sibling=OuterRef("application"), ended_at__isnull=True
    )
    # From the few wishes to their applications, never from all who wait.
    stands = {"regime": Regime.LINEAR, "state": State.WAITING, "territory": key.territory_code}
    line = stands | {"birth_year": key.birth_year, "correction": key.correction}
    wishes = TogetherWish.objects.select_related("sibling").filter(
        Exists(mutual),
        **{f"application__{name}": value for name, value in line.items()},
        **{f"sibling__{name}": value for name, value in line.items()},
        ended_at__isnull=True,
    )
    return {wish.application_id: wish.sibling for wish in wishes}
