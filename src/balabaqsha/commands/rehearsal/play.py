"""Playing a story: each step calls the act that a page calls, and time passes by the worker's own sweep."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from balabaqsha.admissions.models import Contract
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import Kind, State
from balabaqsha.commands.rehearsal import showing
from balabaqsha.commands.rehearsal.stage import HEAD, OFFICER, Stage, build
from balabaqsha.commands.rehearsal.story import Step, Story
from balabaqsha.journeys import (
    applying,
    choosing,
    contracts,
    distribution,
    leaving,
    publishing,
    referring,
    renewing,
    sweep,
    vouchers,
)
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law import lists
from balabaqsha.signatures import _steps as signatures
from balabaqsha.signatures.models import Signature
from balabaqsha.territories.regimes import Regime

REFUSAL_GROUNDS = {
    "unvaccinated_share": lists.RefusalGround.VACCINATION_THRESHOLD,
    "group_closed": lists.RefusalGround.GROUP_CLOSED,
}

_NO_LIMIT = 1_000_000


def play(story: Story) -> dict[str, Any]:
    """Play a story in the database at hand, which must be a scratch copy; returns the output of the interface."""
    if not story.steps:
        return {"steps": []}
    play_ = Play(build(story, now=story.steps[0].at))
    return {"steps": [play_.step(step) for step in story.steps]}


class Play:
    """A story being played: its stage, and the newest application of each name."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.applications: dict[str, int] = {}

    def step(self, step: Step) -> dict[str, Any]:
        """Let time pass until the step, perform it, and show the story after it."""
        sweep.sweep(before=step.at)
        refusal = None
        try:
            self._perform(step)
        except Refusal as refused:
            refusal = refused.code
        groups = self.stage.groups
        return {
            "at": showing.moment(step.at),
            "do": step.do,
            "ok": refusal is None,
            "refusal": refusal,
            "applications": showing.applications(self.applications, groups=groups),
            "groups": showing.groups(groups, now=step.at),
        }

    def _perform(self, step: Step) -> None:
        arguments: dict[str, Any] = {"now": step.at}
        if step.do == "apply":
            self._apply(step)
            return
        if "application" in step.keys:
            arguments["application_id"] = self._named(step)
        if "group" in step.keys:
            arguments["group_id"] = self.stage.groups[step.keys["group"]]
        _ACTS[step.do](self.stage, step, arguments)

    def _named(self, step: Step) -> int:
        name = step.keys["application"]
        if name not in self.applications:
            raise NotInThisState(move=step.do, state=None)
        return self.applications[name]

    def _apply(self, step: Step) -> None:
        keys = step.keys
        name = keys["application"]
        # A name stands for one application at a time, of whichever kind; the product knows one of each kind.
        earlier = Application.objects.get(id=self.applications[name]) if name in self.applications else None
        if earlier is not None and earlier.state != State.ARCHIVED:
            raise applying.AlreadyApplied(number=earlier.number)
        child = self.stage.child(name, born_on=keys["born"], now=step.at)
        filing = applying.Filing(
            child_id=child.id,
            applicant_id=self.stage.parent_id,
            born_on=child.born_on,
            kind=Kind(keys["kind"].upper()),
            territory_code=self.stage.territory_code,
            settlement_code=self.stage.settlements.get(keys["settlement"]),
            correction=keys["correction"],
            wished_from=keys["wished_from"],
            benefit=keys["benefit"],
        )
        self.applications[name] = applying.apply(filing=filing, actor=self.stage.parent, now=step.at).id


def _by_family(perform: Callable[..., Any]) -> Callable[[Stage, Step, dict[str, Any]], None]:
    def act(stage: Stage, _step: Step, arguments: dict[str, Any]) -> None:
        perform(actor=stage.parent, **arguments)

    return act


def _rehearsed(stage: Stage, now: datetime) -> contracts.Sign:
    """What a page does with a signed message: here the evidence says of itself that it was rehearsed."""

    def sign(contract: Contract) -> Signature:
        return signatures.keep_rehearsed_signature(
            content=f"contract {contract.id}".encode(),
            document_kind="contract",
            document_id=contract.id,
            actor=stage.parent,
            now=now,
        )

    return sign


def _check_documents(_stage: Stage, step: Step, arguments: dict[str, Any]) -> None:
    # The stories know one officer.
    applying.check_documents(
        confirm=step.keys["verdict"] == "confirm", because="rehearsal", officers=1, actor=OFFICER, **arguments
    )


def _run_vouchers(stage: Stage, step: Step, arguments: dict[str, Any]) -> None:
    limit = step.keys["limit"]
    # More than anybody could apply for is no limit at all.
    limit = None if limit is None or limit > _NO_LIMIT else limit
    distribution.perform(territory_code=stage.territory_code, limit=limit, actor=OFFICER, **arguments)


def _publish(_stage: Stage, step: Step, arguments: dict[str, Any]) -> None:
    publishing.publish(places=step.keys["places"], actor=HEAD, **arguments)


def _send_contract(_stage: Stage, _step: Step, arguments: dict[str, Any]) -> None:
    contracts.send_contract(terms={}, actor=HEAD, **arguments)


def _sign_by_parent(stage: Stage, step: Step, arguments: dict[str, Any]) -> None:
    contracts.sign_by_parent(sign=_rehearsed(stage, step.at), actor=stage.parent, **arguments)


def _sign_by_kindergarten(stage: Stage, step: Step, arguments: dict[str, Any]) -> None:
    contracts.sign_by_kindergarten(sign=_rehearsed(stage, step.at), actor=HEAD, **arguments)


def _return_papers(_stage: Stage, _step: Step, arguments: dict[str, Any]) -> None:
    contracts.return_papers(reason=lists.ReturnReason.OUT_OF_DATE, note="rehearsal", actor=HEAD, **arguments)


def _refuse_contract(_stage: Stage, step: Step, arguments: dict[str, Any]) -> None:
    ground = REFUSAL_GROUNDS[step.keys["reason"]]
    contracts.refuse_contract(ground=ground, fact="rehearsal", actor=HEAD, **arguments)


def _leave(stage: Stage, _step: Step, arguments: dict[str, Any]) -> None:
    leaving.leave(reason=lists.LeavingReason.FAMILY_WISH, actor=stage.parent, **arguments)


def _renew(stage: Stage, _step: Step, arguments: dict[str, Any]) -> None:
    renewing.renew(territory_code=stage.territory_code, actor=OFFICER, **arguments)


def _show(_stage: Stage, _step: Step, _arguments: dict[str, Any]) -> None:
    """Nothing is done; the story is shown as it stands."""


def _choose(stage: Stage, step: Step, arguments: dict[str, Any]) -> None:
    """In a linear territory a family takes a referral; an enrolled child moves by a choice in both regimes."""
    state = Application.objects.values_list("state", flat=True).get(id=arguments["application_id"])
    if stage.regime is Regime.VOUCHER or state == State.ENROLLED:
        choosing.choose(actor=stage.parent, **arguments)
    else:
        referring.choose(sign=_rehearsed_choice(stage, step.at), actor=stage.parent, **arguments)


def _rehearsed_choice(stage: Stage, now: datetime) -> referring.Sign:
    def sign(choice: referring.Choice) -> Signature:
        return signatures.keep_rehearsed_signature(
            content=f"choice {choice.application_id} {choice.group_id}".encode(),
            document_kind="choice",
            document_id=choice.application_id,
            actor=stage.parent,
            now=now,
        )

    return sign


def _extend(stage: Stage, step: Step, arguments: dict[str, Any]) -> None:
    if stage.regime is Regime.VOUCHER:
        vouchers.extend(actor=stage.parent, **arguments)
        return
    reason = lists.ExtensionReason.HOSPITAL
    referring.extend(days=step.keys["days"], reason=reason, upload_id=None, actor=stage.parent, **arguments)


def _register(_stage: Stage, _step: Step, arguments: dict[str, Any]) -> None:
    referring.register(actor=HEAD, **arguments)


def _grant_papers_time(_stage: Stage, _step: Step, arguments: dict[str, Any]) -> None:
    referring.grant_papers_time(actor=HEAD, **arguments)


_ACTS: dict[str, Callable[[Stage, Step, dict[str, Any]], None]] = {
    "check_documents": _check_documents,
    "run_vouchers": _run_vouchers,
    "confirm_interest": _by_family(vouchers.confirm_interest),
    "decline": _by_family(vouchers.decline),
    "restore": _by_family(vouchers.restore),
    "choose": _choose,
    "unchoose": _by_family(choosing.unchoose),
    "extend": _extend,
    "publish": _publish,
    "give_back": _by_family(referring.give_back),
    "register": _register,
    "grant_papers_time": _grant_papers_time,
    "send_contract": _send_contract,
    "return_papers": _return_papers,
    "refuse_contract": _refuse_contract,
    "sign_by_parent": _sign_by_parent,
    "sign_by_kindergarten": _sign_by_kindergarten,
    "join_waiting_list": _by_family(choosing.join_waiting_list),
    "leave_waiting_list": _by_family(choosing.leave_waiting_list),
    "accept_offer": _by_family(choosing.accept_offer),
    "leave": _leave,
    "withdraw": _by_family(applying.withdraw),
    "renew": _renew,
    "show": _show,
}
