"""What a case of the town consists of, and the rows that belong to it, as the real actions write them."""

from datetime import datetime
from typing import Any, cast

from balabaqsha.admissions.models import Admission
from balabaqsha.applications._steps import NO_BENEFIT, Term
from balabaqsha.applications.models import Application, BenefitClaim, Wish
from balabaqsha.applications.states import State, after
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.kernel.time import localdate, start_of
from balabaqsha.kindergartens.models import Hold
from balabaqsha.law import rules as law_rules
from balabaqsha.law.lists import IN_REGISTER, BenefitStatus
from balabaqsha.sandbox import population
from balabaqsha.sandbox.town.families import Family, Human
from balabaqsha.sandbox.town.gardens import TownGroup
from balabaqsha.sandbox.town.rows import Row
from balabaqsha.sandbox.town.wanted import Entry, Wanted
from balabaqsha.sandbox.town.world import World
from balabaqsha.territories.regimes import Regime
from balabaqsha.vouchers.models import Voucher


class CaseRows:
    """An application of one family with its claim, voucher, place and admission, as rows to be copied."""

    def __init__(self, world: World, *, family: Family, child: Human) -> None:
        self.world, self.family, self.child = world, family, child
        self.application: Row = {}
        self.claim: Row | None = None
        self.check: Row | None = None
        self.voucher: Row | None = None
        self.admission: Row | None = None
        self.hold: Row | None = None
        self.place: Row | None = None
        self.group: TownGroup | None = None
        self.entries: list[Entry] = []

    @property
    def id(self) -> int:
        return int(self.application["id"])

    @property
    def state(self) -> str:
        return str(self.application["state"])

    @property
    def due_at(self) -> datetime:
        """The moment at which the running term ends; only where one runs."""
        return cast("datetime", self.application["due_at"])

    @property
    def demand(self) -> tuple[int, str | None]:
        return self.application["birth_year"], self.application["correction"]

    @property
    def parent(self) -> Actor:
        return Actor(role=Role.PARENT, person_id=self.family.mother.id)

    def held_group(self) -> TownGroup:
        """The group whose place the case holds."""
        if self.group is None:
            raise LookupError(f"application {self.id} holds no place")
        return self.group

    def _file(self, wanted: Wanted, *, state: str, original_at: datetime, entered_at: datetime) -> None:
        mother_id, child_id = self.world.town.enter_family(self.family, self.child, now=entered_at)
        born_on = self.child.born_on
        self.application = self.world.rows.add(
            Application,
            number=self.world.next_number(),
            kind="SPECIAL" if wanted.correction else "GENERAL",
            regime=self.world.regime.value,
            state=str(state),
            child_id=child_id,
            applicant_id=mother_id,
            territory_id=self.world.territory,
            settlement_id=wanted.settlement,
            languages=wanted.languages,
            correction=wanted.correction,
            wished_from=wanted.wished_from,
            original_at=original_at,
            reached_state_at=entered_at,
            born_on=born_on,
            birth_year=born_on.year,
            ages_out_at=law_rules.max_age_moment(born_on),
            benefit=NO_BENEFIT,
            category=law_rules.category(NO_BENEFIT, born_on, self.world.intake_year),
            passed_over_until=self._passed_over_until(wanted, entered_at) if state == State.WAITING else None,
            due_term="",
            egov_number="",
            centre_number="",
        )
        for rank, kindergarten_id in enumerate(wanted.wishes, start=1):
            self.world.rows.add(Wish, application_id=self.id, kindergarten_id=kindergarten_id, rank=rank)

    def _passed_over_until(self, wanted: Wanted, entered_at: datetime) -> datetime | None:
        """The last moment at which a linear line does not serve the child: too young, or wished later."""
        if self.world.regime == Regime.VOUCHER:
            return None
        age = int(self.world.rulebook.term("turn.min_age", on=localdate(entered_at)).value)
        starts = [law_rules.birthday_moment(self.child.born_on, age)]
        if wanted.wished_from is not None:
            starts.append(start_of(wanted.wished_from))
        return max(starts) if max(starts) >= entered_at else None

    def _claim(self, benefit: str, *, at: datetime) -> Row:
        self.claim = self.world.rows.add(
            BenefitClaim,
            application_id=self.id,
            benefit=benefit,
            state="UNDECIDED",
            upload_ids=[],
            claimed_at=at,
            check_due_at=self.world.term("benefit.proof_check", since=at).due_at,
            rejected_because="",
        )
        # What families claim the register knows too, most of the times.
        if BenefitStatus(benefit) in IN_REGISTER and int(self.child.iin[-2]) % 4:
            number = f"MT-{at:%Y}-{self.child.iin[-7:]}"
            self.child.statuses.append(population.Status(benefit, number))
        return self.claim

    def _set_benefit(self, benefit: str) -> None:
        category = law_rules.category(benefit, self.child.born_on, self.world.intake_year)
        self.application |= {"benefit": benefit, "category": category}

    def _add_voucher(self, *, run_id: int | None, at: datetime) -> Row:
        return self.world.rows.add(
            Voucher,
            application_id=self.id,
            run_id=run_id,
            territory_id=self.world.territory,
            state="OFFERED",
            offered_at=at,
        )

    def _voucher(self, state: str, **values: Any) -> None:
        if self.voucher is not None:
            self.voucher |= {"state": state} | values

    def _without_voucher(self, state: str, at: datetime) -> None:
        self._voucher(state, ended_at=at)
        if self.state in {State.VOUCHER_OFFERED, State.VOUCHER_ACTIVE}:
            self.world.without_place[self.demand] -= 1

    def _add_hold(self, place: Row, purpose: str, *, at: datetime, until: datetime | None = None) -> Row:
        return self.world.rows.add(
            Hold, place_id=place["id"], child_id=self.child.id, purpose=purpose, held_at=at, until=until
        )

    def _add_admission(self, *, at: datetime) -> Row:
        return self.world.rows.add(
            Admission,
            application_id=self.id,
            group_id=self.held_group().id,
            hold_id=(self.hold or {})["id"],
            stage="CONTRACT_AWAITED",
            is_transfer=False,
            opened_at=at,
            ended_because="",
        )

    def _leave_lists(self, because: str, at: datetime) -> None:
        for entry in self.entries:
            if entry.row["left_at"] is None:
                entry.row |= {"left_at": at, "left_because": because}

    def _move(
        self,
        name: str,
        *,
        actor: Actor,
        at: datetime,
        term: Term | None = None,
        reason: str | None = None,
        facts: dict[str, Any] | None = None,
    ) -> None:
        before, application = self.state, self.application
        application["state"] = str(after(name, regime=application["regime"], state=before))
        application["reached_state_at"] = at
        if application["state"] == State.ARCHIVED:
            application |= {"reason": reason, "archived_at": at}
            if self.claim is not None and self.claim["state"] in {"UNDECIDED", "CONFIRMED"}:
                self.claim |= {"state": "DROPPED", "ended_at": at}
        application["due_at"] = term.due_at if term else None
        application["due_term"] = term.identity if term else ""
        application["due_from"] = term.counted_from if term else None
        self._journal(name, actor=actor, at=at, before=before, facts=facts)

    def _journal(
        self, act: str, *, actor: Actor, at: datetime, before: str, facts: dict[str, Any] | None = None
    ) -> None:
        application = self.application
        due_at = application["due_at"]
        line = {
            "from": before,
            "to": application["state"],
            "reason": application["reason"],
            "kind": application["kind"],
            "category": application["category"],
            "original_at": application["original_at"].isoformat(),
            "due_at": due_at.isoformat() if due_at else None,
            "due_term": application["due_term"] or None,
        }
        if self.world.regime == Regime.LINEAR:
            line |= {name: application[name] for name in ("regime", "birth_year", "correction")}
            line["counts"] = application["benefit"]
        self.world.journal(act, actor=actor, at=at, application_id=self.id, facts=line | (facts or {}))

    def _tell(self, fact: str, *, at: datetime, facts: dict[str, Any]) -> None:
        self.world.tell(fact, at=at, application_id=self.id, facts=facts)
