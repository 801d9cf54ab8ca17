"""Terms that were met and missed: by kind, by kindergarten, by officer; and lapses with their causes."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.fields.json import KT

from balabaqsha.admissions.models import Admission, WaitingListOffer
from balabaqsha.admissions.states import Outcome
from balabaqsha.applications.models import BenefitClaim, DocumentsCheck
from balabaqsha.applications.states import State
from balabaqsha.insight.reports.asked import Asked, Row

Ends = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FamilyTerm:
    """A term of the family, told by the journal: acts that meet it and those that say it was missed.

    Each act stands with the state from which it was done, "" for any.
    """

    code: str
    met: Ends
    missed: Ends


# Declining and giving back are answers, too.
FAMILY_TERMS = (
    FamilyTerm(
        "voucher.confirm",
        met=(("confirm_interest", ""), ("decline", "")),
        missed=(("lapse_offer", ""), ("lapse_offer_again", "")),
    ),
    FamilyTerm(
        "voucher.choose_and_sign",
        met=(("sign_by_parent", State.CONTRACT_WITH_PARENT),),
        missed=(("lapse_voucher", ""),),
    ),
    FamilyTerm("voucher.restore_within", met=(("restore", ""),), missed=(("lapse_restoring", ""),)),
    FamilyTerm("turn.choose", met=(("issue_referral", State.TURN_OFFERED),), missed=(("lapse_turn", ""),)),
    FamilyTerm(
        "referral.validity",
        met=(("register", ""), ("give_back", "")),
        missed=(
            ("lapse_referral", State.REFERRAL_ISSUED),
            ("lapse_referral_again", State.REFERRAL_ISSUED),
            ("lapse_after_review", ""),
        ),
    ),
)
# What lapsed and how far the family had come: the causes.
LAPSES = (
    "lapse_offer",
    "lapse_offer_again",
    "lapse_voucher",
    "lapse_restoring",
    "lapse_turn",
    "lapse_referral",
    "lapse_referral_again",
    "lapse_after_review",
    "lapse_transfer",
    "lapse_waiting_offer",
)


def by_kind(asked: Asked) -> list[Row]:
    """Terms that ended in the period: term, met, missed, and the share met in per cent. Five queries.

    A term of a family counts when it was met or missed; one of an office when it was done, or was due and was not.
    """
    ends = _family_ends(asked)
    rows = [(one.code, _sum(ends, one.met), _sum(ends, one.missed)) for one in FAMILY_TERMS]
    rows += [
        ("waiting_list.answer", *_offers(asked)),
        ("contract.with_kindergarten", *_counted(_contracts(asked))),
        ("benefit.proof_check", *_counted(_claims(asked))),
        ("special.check", *_counted(_checks(asked))),
    ]
    return [(code, met, missed, round(100 * met / (met + missed), 1)) for code, met, missed in rows if met + missed]


def _family_ends(asked: Asked) -> Counter[tuple[str, str]]:
    acts = {act for one in FAMILY_TERMS for act, _ in (*one.met, *one.missed)}
    found = asked.journal(*sorted(acts)).values_list("act", KT("facts__from")).annotate(n=Count("id"))
    counts: Counter[tuple[str, str]] = Counter()
    for act, state, n in found:
        counts[act, state or ""] += n
    return counts


def _sum(counts: Counter[tuple[str, str]], ends: Ends) -> int:
    return sum(n for (act, state), n in counts.items() if (act, "") in ends or (act, str(state)) in ends)


def _offers(asked: Asked) -> tuple[int, int]:
    rows = asked.during(asked.of_cases(WaitingListOffer.objects.all(), "entry__application__"), "ended_at")
    found = rows.aggregate(
        met=Count("id", filter=Q(outcome=Outcome.ACCEPTED)), missed=Count("id", filter=Q(outcome=Outcome.LAPSED))
    )
    return found["met"], found["missed"]


@dataclass(frozen=True)
class _Work:
    """Work of an office with a term: the rows, which of them were done in time, and which were not."""

    rows: QuerySet[Any]
    met: Q
    missed: Q


def _contracts(asked: Asked) -> _Work:
    """Contracts that the head had to sign: in time, or the department was told that they were kept too long.

    A contract that was refused or returned in time counts in neither.
    """
    rows = asked.of_cases(Admission.objects.filter(signed_by_parent_at__isnull=False), "application__")
    in_time = _during(asked, "enrolled_at") & Q(escalated_at__isnull=True)
    return _Work(rows, in_time, _during(asked, "escalated_at"))


def _claims(asked: Asked) -> _Work:
    # A claim that the family dropped waited for nobody.
    claims = BenefitClaim.objects.exclude(decided_at__isnull=True, ended_at__isnull=False)
    return _decided(asked, claims, due="check_due_at")


def _checks(asked: Asked) -> _Work:
    live = DocumentsCheck.objects.filter(Q(decided_at__isnull=False) | ~Q(application__state=State.ARCHIVED))
    return _decided(asked, live, due="due_at")


def _decided(asked: Asked, rows: QuerySet[Any], *, due: str) -> _Work:
    """Decisions: missed are those made too late in the period, and those that were due in it and are not made."""
    made = _during(asked, "decided_at")
    open_ = Q(**{"decided_at__isnull": True, f"{due}__lt": asked.now}) & _during(asked, due)
    return _Work(
        asked.of_cases(rows, "application__"),
        Q(decided_at__lte=F(due)) & made,
        (Q(decided_at__gt=F(due)) & made) | open_,
    )


def _during(asked: Asked, field: str) -> Q:
    return Q(**{f"{field}__gte": asked.begins_at, f"{field}__lt": asked.before})


def _counted(work: _Work) -> tuple[int, int]:
    found = work.rows.aggregate(met=Count("id", filter=work.met), missed=Count("id", filter=work.missed))
    return found["met"], found["missed"]


def by_kindergarten(asked: Asked) -> list[Row]:
    """Contracts that a kindergarten had to sign: kindergarten, in time, late or still not, share in time. One query."""
    work = _contracts(asked)
    return _shares(_grouped(work, "group__kindergarten_id"))


def by_officer(asked: Asked) -> list[Row]:
    """Claims and special cases that officers decided: account, in time, late, share in time. Two queries."""
    counts: dict[int, list[int]] = {}
    for work in (_claims(asked), _checks(asked)):
        for account, met, missed in _grouped(work, "decided_by_account_id"):
            if account is not None:
                known = counts.setdefault(account, [0, 0])
                known[0] += met
                known[1] += missed
    return _shares([(account, *both) for account, both in counts.items()])


def _grouped(work: _Work, key: str) -> list[tuple[Any, int, int]]:
    found = work.rows.annotate(key=F(key)).values_list("key")
    return list(
        found.annotate(met=Count("id", filter=work.met), missed=Count("id", filter=work.missed)).filter(
            Q(met__gt=0) | Q(missed__gt=0)
        )
    )


def _shares(rows: list[tuple[Any, int, int]]) -> list[Row]:
    shares = [(key, met, missed, round(100 * met / (met + missed), 1)) for key, met, missed in rows if met + missed]
    return sorted(shares, key=lambda row: (row[3], -row[2], row[0]))


def lapses(asked: Asked) -> list[Row]:
    """What lapsed in the period and how far the family had come: act, state before, lapses, children. One query."""
    found = asked.journal(*LAPSES).values_list("act", KT("facts__from"))
    counted = found.annotate(n=Count("id"), cases=Count("application_id", distinct=True))
    rows = [(act, state or "", n, cases) for act, state, n, cases in counted]
    return sorted(rows, key=lambda row: (-row[2], row[0], row[1]))
