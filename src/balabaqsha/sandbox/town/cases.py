"""One case of the town: an application and every act on it, each leaving the rows that the real act leaves."""

from datetime import datetime
from typing import Any, cast

from balabaqsha.admissions.models import Admission, WaitingListEntry, WaitingListOffer
from balabaqsha.applications._steps import NO_BENEFIT, Term
from balabaqsha.applications.models import Application, BenefitClaim, Wish
from balabaqsha.applications.states import State, after
from balabaqsha.kernel.actor import SYSTEM, Actor, Role
from balabaqsha.kernel.time import localdate, start_of
from balabaqsha.kindergartens.models import Hold
from balabaqsha.law import rules as law_rules
from balabaqsha.law.lists import BenefitStatus
from balabaqsha.sandbox.town.families import Family, Human
from balabaqsha.sandbox.town.gardens import TownGroup
from balabaqsha.sandbox.town.rows import Row
from balabaqsha.sandbox.town.wanted import Entry, Wanted
from balabaqsha.sandbox.town.world import World
from balabaqsha.territories.regimes import Regime
from balabaqsha.vouchers.models import Voucher


class Case:
    """An application of one family. Methods are named after the acts of the journeys."""

    def __init__(self, world: World, *, family: Family, child: Human) -> None:
        self.world, self.family, self.child = world, family, child
        self.application: Row = {}
        self.claim: Row | None = None
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

    # Coming into the portal.

    def apply(self, wanted: Wanted, *, at: datetime) -> None:
        """File the application with the portal itself."""
        state = State.DOCUMENTS_CHECK if wanted.correction else State.WAITING
        self._file(wanted, state=state, original_at=at, entered_at=at)
        if wanted.benefit != NO_BENEFIT:
            self._claim(wanted.benefit, at=at)
        facts = {"claimed": wanted.benefit, "languages": wanted.languages}
        self._journal("apply", actor=self.parent, at=at, before="", facts=facts)
        if state == State.WAITING:
            self._tell("application-accepted", at=at, facts={"place": self.world.stand(self.application)})
        else:
            self._tell("application-accepted-check", at=at, facts={})

    def carry_over(
        self, wanted: Wanted, *, original_at: datetime, at: datetime, facts: dict[str, Any] | None = None
    ) -> None:
        """Take an application that waits over from the earlier system, its date and confirmed benefit kept."""
        self._file(wanted, state=State.WAITING, original_at=original_at, entered_at=at)
        if wanted.benefit != NO_BENEFIT:
            claim = self._claim(wanted.benefit, at=original_at)
            claim |= {"state": "CONFIRMED", "decided_at": min(claim["check_due_at"], at)}
            claim["decided_by_account_id"] = self.world.officer.account_id
            self.claim = claim
            self._set_benefit(wanted.benefit)
        self.world.stand(self.application)
        self._journal(
            "carry_over", actor=self.world.officer, at=at, before="", facts={"benefit": wanted.benefit} | (facts or {})
        )

    def carry_over_enrolled(
        self, group: TownGroup, *, enrolled_at: datetime, original_at: datetime, at: datetime
    ) -> None:
        """Take a child over that goes to a group already: a paper contract, none of the portal's."""
        wanted = Wanted([group.row["language"]], group.garden["settlement_id"], group.row["correction"])
        self._file(wanted, state=State.ENROLLED, original_at=original_at, entered_at=enrolled_at)
        self.group, self.place = group, group.hidden.pop(0)
        self.place["published"] = True
        if self.world.regime == Regime.VOUCHER:
            self.voucher = self._add_voucher(run_id=None, at=enrolled_at)
            self.voucher |= {"state": "IN_USE", "confirmed_at": enrolled_at}
        else:
            self.application["in_private_place"] = group.garden["ownership"] == "PRIVATE"
        self.hold = self._add_hold(self.place, "ENROLMENT", at=enrolled_at)
        self.admission = self._add_admission(at=enrolled_at)
        self.admission |= {"stage": "ENROLLED", "enrolled_at": enrolled_at}
        facts = {"group": group.id, "place": self.place["id"], "admission": self.admission["id"]}
        self._journal("carry_over", actor=self.world.officer, at=at, before="", facts=facts)

    def carry_over_archived(
        self, wanted: Wanted, *, reason: str, original_at: datetime, ended_at: datetime, at: datetime
    ) -> None:
        """Take an application over that ended in the earlier system."""
        self._file(wanted, state=State.ARCHIVED, original_at=original_at, entered_at=ended_at)
        self.application |= {"reason": reason, "archived_at": ended_at}
        self._journal("carry_over", actor=self.world.officer, at=at, before="", facts={})

    # Checks.

    def claim_benefit(self, benefit: str, *, at: datetime) -> None:
        self._claim(benefit, at=at)
        self._journal("claim_benefit", actor=self.parent, at=at, before=self.state, facts={"claimed": benefit})

    def confirm_benefit(self, *, at: datetime) -> None:
        if self.claim is None or self.state == State.ARCHIVED:
            return
        officer, old = self.world.officer, self.application["category"]
        benefit = self.claim["benefit"]
        self.claim |= {"state": "CONFIRMED", "decided_at": at, "decided_by_account_id": officer.account_id}
        if BenefitStatus(benefit).needs_certificate:
            self.claim["valid_until"] = self.world.term("certificate.validity", since=at).due_at
        waits = self.state == State.WAITING
        if waits:
            self.world.step_out(self.application)
        self._set_benefit(benefit)
        place = self.world.stand(self.application) if waits else None
        facts = {"benefit": benefit, "category_before": old}
        self._journal("confirm_benefit", actor=officer, at=at, before=self.state, facts=facts)
        self._tell("benefit-confirmed", at=at, facts=facts | {"place": place})

    def reject_benefit(self, *, because: str, at: datetime) -> None:
        if self.claim is None or self.state == State.ARCHIVED:
            return
        officer = self.world.officer
        self.claim |= {"state": "REJECTED", "decided_at": at, "decided_by_account_id": officer.account_id}
        self.claim |= {"rejected_because": because, "ended_at": at}
        facts = {"benefit": self.claim["benefit"]}
        self._journal("reject_benefit", actor=officer, at=at, before=self.state, facts=facts)
        self._tell("benefit-rejected", at=at, facts=facts | {"reason": because})
        self.claim = None

    def confirm_documents(self, *, at: datetime) -> None:
        self._move("confirm_documents", actor=self.world.officer, at=at)
        self._tell("documents-confirmed", at=at, facts={"place": self.world.stand(self.application)})

    def reject_documents(self, *, because: str, at: datetime) -> None:
        self._move("reject_documents", actor=self.world.officer, at=at, reason="REJECTED")
        self._tell("documents-rejected", at=at, facts={"reason": because, "employee": self.world.officer.person_id})

    # The voucher.

    def offer_voucher(self, run: Row, term: Term, *, at: datetime) -> None:
        self.world.step_out(self.application)
        self.world.without_place[self.demand] += 1
        self._move("offer_voucher", actor=self.world.officer, at=at, term=term, facts={"run": run["number"]})
        self.voucher = self._add_voucher(run_id=run["id"], at=at)
        self._tell("voucher-offered", at=at, facts={"due_at": term.due_at.isoformat()})

    def confirm_interest(self, *, at: datetime) -> None:
        term = self.world.term("voucher.choose_and_sign", since=at)
        self._voucher("ACTIVE", confirmed_at=at)
        self.application["extended"] = False
        self._move("confirm_interest", actor=self.parent, at=at, term=term)
        self._tell("interest-confirmed", at=at, facts={"due_at": term.due_at.isoformat()})

    def decline(self, *, at: datetime) -> None:
        self._without_voucher("CANCELLED", at)
        self._move("decline", actor=self.parent, at=at, reason="DECLINED")
        self._tell("voucher-declined", at=at, facts={})

    def lapse_offer(self) -> None:
        at = self.due_at
        self._without_voucher("LAPSED", at)
        if self.application["restored_at"] is not None:
            self._move("lapse_offer_again", actor=SYSTEM, at=at, reason="VOUCHER_LAPSED")
            self._tell("voucher-lapsed-archive", at=at, facts={})
            return
        term = self.world.term("voucher.restore_within", since=at)
        self._move("lapse_offer", actor=SYSTEM, at=at, term=term)
        self._tell("voucher-lapsed-stop", at=at, facts={"due_at": term.due_at.isoformat()})

    def restore(self, *, at: datetime) -> None:
        self.application["restored_at"] = at
        self._move("restore", actor=self.parent, at=at)
        self._tell("application-restored", at=at, facts={"place": self.world.stand(self.application)})

    def lapse_restoring(self) -> None:
        at = self.due_at
        self._move("lapse_restoring", actor=SYSTEM, at=at, reason="NOT_RESTORED")
        self._tell("not-restored", at=at, facts={})

    def lapse_voucher(self) -> None:
        at = self.due_at
        self._without_voucher("LAPSED", at)
        self._leave_lists("lapse_voucher", at)
        self._move("lapse_voucher", actor=SYSTEM, at=at, reason="VOUCHER_LAPSED")
        self._tell("voucher-lapsed-archive", at=at, facts={})

    def withdraw(self, *, at: datetime) -> None:
        if self.state == State.WAITING:
            self.world.step_out(self.application)
        elif self.voucher is not None:
            self._without_voucher("CANCELLED", at)
        self._leave_lists("withdraw", at)
        self._move("withdraw", actor=self.parent, at=at, reason="WITHDRAWN")
        self._tell("application-withdrawn", at=at, facts={})

    # Places.

    def choose(self, group: TownGroup, *, at: datetime) -> None:
        application = self.application
        self.group, self.place = group, self.world.take_place(group)
        self.hold = self._add_hold(self.place, "CHOICE", at=at, until=application["ages_out_at"])
        self._leave_lists("choose", at)
        self.world.without_place[self.demand] -= 1
        self.admission = self._add_admission(at=at)
        facts = {"group": group.id, "place": self.place["id"], "admission": self.admission["id"], "transfer": False}
        term = Term(application["due_at"], application["due_term"], application["due_from"])
        self._move("choose", actor=self.parent, at=at, term=term, facts=facts)
        self._tell("place-chosen", at=at, facts=facts)

    def join_waiting_list(self, group: TownGroup, *, at: datetime) -> Entry:
        row = self.world.rows.add(
            WaitingListEntry, group_id=group.id, application_id=self.id, joined_at=at, left_because=""
        )
        entry = Entry(row, group)
        self.entries.append(entry)
        self.world.lists[group.id].append((self, entry))
        self._journal("join_waiting_list", actor=self.parent, at=at, before=self.state, facts={"group": group.id})
        return entry

    def offer_place(self, entry: Entry, *, at: datetime) -> None:
        """The place that came free in the group is offered to this family."""
        term = self.world.term("waiting_list.answer", since=at)
        entry.place = self.world.take_place(entry.group)
        ends = [self.due_at, self.application["ages_out_at"]] if self.state == State.VOUCHER_ACTIVE else []
        entry.hold = self._add_hold(entry.place, "OFFER", at=at, until=min([term.due_at, *ends]))
        entry.offer = self.world.rows.add(
            WaitingListOffer,
            entry_id=entry.row["id"],
            hold_id=entry.hold["id"],
            offered_at=at,
            due_at=term.due_at,
            due_term=term.identity,
        )
        if self.state == State.VOUCHER_ACTIVE:
            self.world.without_place[self.demand] -= 1
        facts = {"group": entry.group.id, "offer": entry.offer["id"], "due_at": term.due_at.isoformat()}
        facts["due_term"] = term.identity
        self.world.journal("waiting-list-offer", actor=SYSTEM, at=at, application_id=self.id, facts=facts)
        self._tell("waiting-list-offer", at=at, facts=facts)

    def leave(self, *, because: str, at: datetime) -> TownGroup:
        """The child leaves; returns the group whose place came free."""
        group = self.held_group()
        self._voucher("CANCELLED", ended_at=at)
        (self.admission or {}).update(stage="ENDED", ended_at=at, ended_because="leave")
        (self.hold or {}).update(ended_at=at)
        self.world.give_place_back(group, self.place or {})
        facts = {"because": because, "groups": [group.id]}
        self._move("leave", actor=self.parent, at=at, reason="LEFT", facts=facts)
        self._tell("left-kindergarten", at=at, facts={"reason": because, "groups": [group.id]})
        return group

    def held_group(self) -> TownGroup:
        """The group whose place the case holds."""
        if self.group is None:
            raise LookupError(f"application {self.id} holds no place")
        return self.group

    # Rows.

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
