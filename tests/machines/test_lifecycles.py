"""Every table of moves: what it lists can be reached and left, and every other move is refused."""

import itertools
import sys

import pytest
from django.apps import apps

from balabaqsha.admissions import states as admissions
from balabaqsha.applications import states as applications
from balabaqsha.kernel.lifecycle import Lifecycle, NotInThisState
from balabaqsha.people import states as people
from balabaqsha.referrals import states as referrals
from balabaqsha.territories.regimes import Regime
from balabaqsha.vouchers import states as vouchers

TABLES = {
    **{
        f"applications of the {regime.value.lower()} regime": (
            applications.LIFECYCLES[regime],
            states,
            frozenset({applications.State.WAITING, applications.State.DOCUMENTS_CHECK}),
            frozenset(),
        )
        for regime, states in (
            (Regime.VOUCHER, applications.VOUCHER_STATES),
            (Regime.LINEAR, applications.LINEAR_STATES),
        )
    },
    "appeals": (
        applications.APPEAL_LIFECYCLE,
        frozenset(applications.AppealState),
        frozenset({applications.AppealState.OPEN}),
        frozenset(applications.AppealState) - {applications.AppealState.OPEN},
    ),
    "vouchers": (
        vouchers.LIFECYCLE,
        frozenset(vouchers.VoucherState),
        frozenset({vouchers.VoucherState.OFFERED}),
        frozenset(vouchers.VoucherState) - vouchers.LIVE,
    ),
    "turns": (
        referrals.TURN_LIFECYCLE,
        frozenset(referrals.TurnState),
        frozenset({referrals.TurnState.OFFERED}),
        frozenset(referrals.TurnState) - {referrals.TurnState.OFFERED},
    ),
    "referrals": (
        referrals.REFERRAL_LIFECYCLE,
        frozenset(referrals.ReferralState),
        frozenset({referrals.ReferralState.ISSUED}),
        frozenset(referrals.ReferralState) - referrals.LIVE,
    ),
    "trusts": (
        people.LIFECYCLE,
        frozenset(people.TrustState),
        frozenset({people.TrustState.GIVEN}),
        frozenset(people.TrustState) - people.LIVE,
    ),
    "guardians": (
        people.GUARDIAN_LIFECYCLE,
        frozenset(people.GuardianState),
        frozenset({people.GuardianState.UNDECIDED}),
        frozenset(people.GuardianState) - {people.GuardianState.UNDECIDED},
    ),
    "returned telephones": (
        people.RETURN_LIFECYCLE,
        frozenset(people.ReturnState),
        frozenset({people.ReturnState.PROPOSED}),
        frozenset(people.ReturnState) - {people.ReturnState.PROPOSED},
    ),
    "admissions": (
        admissions.LIFECYCLE,
        frozenset(admissions.Stage),
        frozenset({admissions.Stage.REFERRED, admissions.Stage.CONTRACT_AWAITED}),
        frozenset({admissions.Stage.ENDED}),
    ),
}
LISTED = {
    name: {(move.name, origin) for move in table[0].moves for origin in move.origins} for name, table in TABLES.items()
}
UNLISTED = [
    (name, move, state)
    for name, (lifecycle, states, _, _) in TABLES.items()
    for move, state in itertools.product(sorted(lifecycle.names), sorted(states))
    if (move, state) not in LISTED[name]
]


def test_no_table_of_the_product_is_left_out():
    """Whoever adds a lifecycle adds it here, with where it begins and ends."""
    modules = [sys.modules.get(f"{config.name}.states") for config in apps.get_app_configs()]
    values = [value for module in modules if module for value in vars(module).values()]
    # A table for each regime stands in a dictionary.
    values += [one for value in values if isinstance(value, dict) for one in value.values()]
    found = [value for value in values if isinstance(value, Lifecycle)]

    assert {id(lifecycle) for lifecycle in found} == {id(table[0]) for table in TABLES.values()}


@pytest.mark.parametrize(("name", "move", "state"), UNLISTED)
def test_a_move_that_is_not_in_the_table_is_refused(name, move, state):
    lifecycle = TABLES[name][0]

    assert not lifecycle.allows(move, state=state)
    with pytest.raises(NotInThisState) as refused:
        lifecycle.after(move, state=state)

    assert refused.value.facts == {"move": move, "state": state}


@pytest.mark.parametrize("name", TABLES)
class TestTheTable:
    def test_reaches_every_state(self, name):
        lifecycle, states, begins, _ = TABLES[name]
        reached = set(begins)
        while more := {move.target for move in lifecycle.moves if move.origins & reached} - reached:
            reached |= more

        assert reached == states

    def test_has_no_way_out_of_its_final_states_only(self, name):
        lifecycle, states, _, final = TABLES[name]
        without_way_out = states - {origin for move in lifecycle.moves for origin in move.origins}

        assert without_way_out == final

    def test_lists_a_move_of_a_state_once(self, name):
        lifecycle = TABLES[name][0]
        pairs = [(move.name, origin) for move in lifecycle.moves for origin in move.origins]

        assert len(pairs) == len(set(pairs))

    def test_speaks_of_known_states_only(self, name):
        lifecycle, states, _, _ = TABLES[name]

        assert {move.target for move in lifecycle.moves}.union(*(move.origins for move in lifecycle.moves)) <= states
