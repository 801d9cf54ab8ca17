"""Every check by its code, which names its texts: `finding.<code>` says what is wrong, see `words.advice` for what to do."""

from collections.abc import Iterator
from datetime import datetime

from balabaqsha.checks import cases, places, records, work
from balabaqsha.checks.found import Check, Found

# Hold after every act, whoever sleeps.
OF_CASES: tuple[Check, ...] = (
    cases.two_live_applications,
    cases.state_without_its_voucher,
    cases.two_live_vouchers,
    cases.state_without_its_turn,
    cases.state_without_its_referral,
    cases.contract_without_admission,
    cases.enrolled_without_enrolment,
    cases.admission_out_of_place,
    cases.admission_without_place,
    cases.enrolment_by_another_hold,
    cases.listed_without_right,
    cases.offer_without_place,
    cases.benefit_without_decision,
    cases.special_without_its_check,
    records.place_without_cause,
)
OF_PLACES: tuple[Check, ...] = (
    places.two_holders,
    places.hold_serves_nobody,
    places.hold_without_its_referral,
    places.hidden_place_held,
)
OF_ROWS = OF_CASES + OF_PLACES
# Hold as long as the worker and the people do their work.
OF_WORK: tuple[Check, ...] = (
    work.contract_overdue,
    work.special_check_overdue,
    work.message_undelivered,
    work.due_and_not_done,
    work.hold_outlived,
    work.fact_untold,
    work.entry_unsealed,
    work.job_failed,
)
# Read the journal far back.
OF_THE_RECORD: tuple[Check, ...] = (
    records.ledger_without_beginning,
    records.journal_gap,
    records.entry_passed_over,
    records.journal_broken,
)
ALL = OF_ROWS + OF_WORK + OF_THE_RECORD


def code(check: Check) -> str:
    """The name of a check in tables and texts."""
    return check.__name__.replace("_", "-")


def ask(checks: tuple[Check, ...], *, now: datetime) -> Iterator[tuple[str, Found]]:
    """What these checks find at a moment, each with the code of its check."""
    for check in checks:
        for found in check(now):
            yield code(check), found
