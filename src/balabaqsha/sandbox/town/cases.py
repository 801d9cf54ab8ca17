"""One case of the town: an application and every act on it, each leaving the rows that the real act leaves."""

from datetime import datetime
from typing import Any

from balabaqsha.admissions.models import WaitingListEntry, WaitingListOffer
from balabaqsha.applications._steps import NO_BENEFIT, Term
from balabaqsha.applications.states import State
from balabaqsha.kernel.actor import SYSTEM, Actor
from balabaqsha.law.lists import BenefitStatus, CaseRejection
from balabaqsha.sandbox.town import special
from balabaqsha.sandbox.town.case_rows import CaseRows
from balabaqsha.sandbox.town.gardens import TownGroup, show
from balabaqsha.sandbox.town.rows import Row
from balabaqsha.sandbox.town.wanted import Entry, Wanted
from balabaqsha.territories.regimes import Regime


class Case(CaseRows):
    """An application of one family. Methods are named after the acts of the journeys."""

    # Coming into the portal.

    def apply(self, wanted: Wanted, *, at: datetime) -> None:
        """File the application with the portal itself."""
        state = State.DOCUMENTS_CHECK if wanted.correction else State.WAITING
        self._file(wanted, state=state, original_at=at, entered_at=at)
        if wanted.correction:
            self.check = special.order_check(self, told=wanted.told, at=at)
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
        show(self.place)
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
        decider = self._settle(True, at=at)
        self._move("confirm_documents", actor=decider, at=at)
        self._tell("documents-confirmed", at=at, facts={"place": self.world.stand(self.application)})

    def reject_documents(self, *, because: str, at: datetime, reason: CaseRejection | None = None) -> None:
        decider = self._settle(False, at=at, because=reason.value if reason else "", note=because)
        facts = {"because": reason.value} if reason else {}
        self._move("reject_documents", actor=decider, at=at, reason="REJECTED", facts=facts)
        told = {"reason": reason.value, "note": because} if reason else {"reason": because}
        self._tell("documents-rejected", at=at, facts=told | {"employee": decider.person_id})

    def _settle(self, confirmed: bool, *, at: datetime, because: str = "", note: str = "") -> Actor:
        """Write how the check came out; returns who decided."""
        check = self.check or {}
        decider = self.world.deciders.get(check.get("decider", ""), self.world.officer)
        check |= {"decided_at": at, "decided_by_account_id": decider.account_id, "confirmed": confirmed}
        check |= {"rejected_because": because, "note": note}
        return decider

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
