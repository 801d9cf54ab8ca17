"""Every change of the territories: the regime of one, and a new edition of the classifier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.record import actions as record
from balabaqsha.territories import changes, kato
from balabaqsha.territories.changes import Changes, Entry, Known
from balabaqsha.territories.models import RegimePeriod, Territory
from balabaqsha.territories.regimes import Regime

_BATCH = 2000


class UnknownTerritory(Refusal, code="not-allowed", detail="territory-unknown"):
    """No territory has this code; facts: territory."""


@dataclass(frozen=True)
class RegimeChange:
    """Which regime a territory, and what lies below it, has from a day on, and by which act."""

    territory_code: str
    regime: Regime
    in_force_from: date
    source: str
    assumed: bool = False


@transaction.atomic(durable=True)
def set_regime(*, change: RegimeChange, actor: Actor, now: datetime, withdraw_later: bool = False) -> RegimePeriod:
    """Set the regime of a territory from a day on; a period that begins on the same day is replaced.

    `withdraw_later` also takes back the territory's own periods that were to begin later. Applications that stand
    in line are carried over by the journey that calls this. Raises UnknownTerritory.
    """
    # Rival: another act that sets the regime of the same territory.
    territory = Territory.objects.select_for_update(no_key=True).filter(code=change.territory_code).first()
    if territory is None:
        raise UnknownTerritory(territory=change.territory_code)
    withdrawn = _withdraw_after(change) if withdraw_later else []
    period, _ = RegimePeriod.objects.update_or_create(
        territory=territory,
        in_force_from=change.in_force_from,
        defaults={"regime": change.regime.value, "source": change.source, "assumed": change.assumed},
    )
    record.record(
        "regime-set",
        actor=actor,
        now=now,
        territory_code=change.territory_code,
        facts={
            "regime": change.regime.value,
            "in_force_from": change.in_force_from.isoformat(),
            "source": change.source,
            "withdrawn": withdrawn,
        },
    )
    return period


def _withdraw_after(change: RegimeChange) -> list[str]:
    later = RegimePeriod.objects.filter(
        territory_id=change.territory_code, in_force_from__gt=change.in_force_from
    ).order_by("in_force_from")
    days = [day.isoformat() for day in later.values_list("in_force_from", flat=True)]
    later.delete()
    return days


@transaction.atomic(durable=True)
def take_edition(*, entries: Sequence[Entry], edition: str, actor: Actor, now: datetime) -> Changes:
    """Bring the table of territories up to an edition of the classifier; returns what changed.

    `edition` names the file for the journal. Codes that the edition lacks stay, marked as no longer in the
    classifier: applications may lead to them. Raises changes.Orphans where a code has nothing above it.
    """
    # Rival: another import. The rows of the regions are always there, so the second one waits for the first.
    rows = {row.code: row for row in Territory.objects.select_for_update(no_key=True).order_by("code")}
    known = {code: _known(row) for code, row in rows.items()}
    found = changes.compare(entries, known)
    _insert(found.new)
    _update(found.altered, rows)
    Territory.objects.filter(code__in=found.missing).update(in_classifier=False)
    record.record("territories-imported", actor=actor, now=now, facts={"edition": edition, **found.counts()})
    return found


def _known(row: Territory) -> Known:
    return Known(
        name_kk=row.name_kk,
        name_ru=row.name_ru,
        kind=row.kind,
        parent=row.parent_id,
        path=row.path,
        in_classifier=row.in_classifier,
    )


def _insert(new: Mapping[str, Known]) -> None:
    Territory.objects.bulk_create(
        [
            Territory(
                code=code,
                parent_id=target.parent,
                level=kato.level(code).value,
                kind=target.kind,
                name_kk=target.name_kk,
                name_ru=target.name_ru,
                path=target.path,
            )
            for code, target in new.items()
        ],
        batch_size=_BATCH,
    )


def _update(altered: Mapping[str, Known], rows: Mapping[str, Territory]) -> None:
    for code, target in altered.items():
        row = rows[code]
        row.name_kk, row.name_ru, row.kind = target.name_kk, target.name_ru, target.kind
        row.parent_id, row.path, row.in_classifier = target.parent, target.path, target.in_classifier
    Territory.objects.bulk_update(
        [rows[code] for code in altered],
        ["name_kk", "name_ru", "kind", "parent", "path", "in_classifier"],
        batch_size=_BATCH,
    )
