"""A small town for tests of the journeys: two kindergartens, families by name, every act in one short call."""

from datetime import date, datetime, timedelta

from balabaqsha.applications.models import Application
from balabaqsha.applications.states import Kind
from balabaqsha.commands.rehearsal import story
from balabaqsha.commands.rehearsal.stage import HEAD, OFFICER, build
from balabaqsha.journeys import (
    applying,
    choosing,
    contracts,
    distribution,
    leaving,
    publishing,
    referring,
    siblings,
    sweep,
    vouchers,
)
from balabaqsha.kernel.time import NATIONAL
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.law import lists
from balabaqsha.signatures import actions as signatures

TERRITORY = "551010000"
# A Monday without holidays near it.
MONDAY = datetime(2024, 9, 30, 9, 0, tzinfo=NATIONAL)
BORN = date(2021, 2, 20)


def group(name, *, capacity=1, published=None, birth_year=2021, correction=None):
    """A group of a state kindergarten; of a private one if its name begins with `private`."""
    return story.StoryGroup(name, birth_year, "kk", capacity, correction, capacity if published is None else published)


class World:
    """The town, the applications by name, and the moment now; each act happens a minute after the one before."""

    def __init__(self, *groups, now=MONDAY, days_off=(), regime="voucher", terms=None):
        kindergartens_ = tuple(
            story.StoryKindergarten(f"K{number}", "private" if one.id.startswith("private") else "state", None, (one,))
            for number, one in enumerate(groups, 1)
        )
        told = story.Story(TERRITORY, regime, terms or {}, frozenset(days_off), frozenset(), kindergartens_, ())
        self.now = now
        self.stage = build(told, now=now)
        self.groups = self.stage.groups
        self.ids = {}

    def tick(self, **length):
        self.now += timedelta(**length) if length else timedelta(minutes=1)
        return self.now

    def id(self, name):
        return self.ids[name]

    def application(self, name):
        return Application.objects.get(id=self.ids[name])

    def state(self, name):
        return self.application(name).state

    def free(self, name, *, now=None):
        return kindergartens.free_in_group(self.groups[name], now=now or self.now)

    def filing(self, name, *, born=BORN, benefit="NONE", correction=None):
        child = self.stage.child(name, born_on=born, now=self.now)
        return applying.Filing(
            child_id=child.id,
            applicant_id=self.stage.parent_id,
            born_on=child.born_on,
            kind=Kind.SPECIAL if correction else Kind.GENERAL,
            territory_code=TERRITORY,
            correction=correction,
            benefit=benefit,
        )

    def apply(self, name, **keys):
        filing = self.filing(name, **keys)
        made = applying.apply(filing=filing, actor=self.stage.parent, now=self.tick())
        self.ids[name] = made.id
        return made

    def run(self, limit=None):
        return distribution.perform(territory_code=TERRITORY, limit=limit, actor=OFFICER, now=self.tick())

    def check(self, name, *, confirm=True):
        applying.check_documents(
            application_id=self.id(name), confirm=confirm, because="test", actor=OFFICER, now=self.tick()
        )

    def confirm(self, name):
        vouchers.confirm_interest(**self._of(name))

    def restore(self, name):
        vouchers.restore(**self._of(name))

    def withdraw(self, name):
        applying.withdraw(**self._of(name))

    def choose(self, name, group_name):
        choosing.choose(group_id=self.groups[group_name], **self._of(name))

    def refer(self, name, group_name):
        referring.choose(group_id=self.groups[group_name], sign=self.chosen(), **self._of(name))

    def give_back(self, name):
        referring.give_back(**self._of(name))

    def register(self, name):
        referring.register(**self._of(name, HEAD))

    def extend_referral(self, name, days=1, *, upload_id=None):
        reason = lists.ExtensionReason.HOSPITAL
        referring.extend(days=days, reason=reason, upload_id=upload_id, **self._of(name))

    def grant(self, name):
        referring.grant_papers_time(**self._of(name, HEAD))

    def together(self, name, sibling):
        siblings.wish_together(sibling_id=self.id(sibling), **self._of(name))

    def admitted(self, name, group_name):
        """A child that takes a referral to this group and is enrolled there."""
        self.refer(name, group_name)
        self.register(name)
        self.send(name)
        self.sign(name)
        self.sign_head(name)

    def unchoose(self, name):
        choosing.unchoose(**self._of(name))

    def join(self, name, group_name):
        choosing.join_waiting_list(group_id=self.groups[group_name], **self._of(name))

    def accept(self, name, group_name):
        choosing.accept_offer(group_id=self.groups[group_name], **self._of(name))

    def publish(self, group_name, places=1):
        publishing.publish(group_id=self.groups[group_name], places=places, actor=HEAD, now=self.tick())

    def send(self, name):
        contracts.send_contract(terms={}, **self._of(name, HEAD))

    def sign(self, name):
        contracts.sign_by_parent(sign=self.evidence(), **self._of(name))

    def sign_head(self, name):
        contracts.sign_by_kindergarten(sign=self.evidence(), **self._of(name, HEAD))

    def refuse(self, name):
        contracts.refuse_contract(ground=lists.RefusalGround.GROUP_CLOSED, fact="test", **self._of(name, HEAD))

    def return_papers(self, name):
        contracts.return_papers(reason=lists.ReturnReason.OUT_OF_DATE, note="test", **self._of(name, HEAD))

    def leave(self, name):
        leaving.leave(reason=lists.LeavingReason.FAMILY_WISH, **self._of(name))

    def sweep(self):
        return sweep.sweep(before=self.now)

    def chosen(self):
        """Signs a choice as stories do."""

        def sign(choice):
            return signatures.keep_rehearsed_signature(
                content=f"choice {choice.application_id} {choice.group_id}".encode(),
                document_kind="choice",
                document_id=choice.application_id,
                actor=self.stage.parent,
                now=self.now,
            )

        return sign

    def evidence(self):
        """Signs a contract as stories do: the evidence says of itself that it was rehearsed."""

        def sign(contract):
            return signatures.keep_rehearsed_signature(
                content=f"contract {contract.id}".encode(),
                document_kind="contract",
                document_id=contract.id,
                actor=self.stage.parent,
                now=self.now,
            )

        return sign

    def with_voucher(self, *names, **keys):
        """Families that have confirmed their interest; there must be a free place for each."""
        for name in names:
            self.apply(name, **keys)
        self.run()
        for name in names:
            self.confirm(name)

    def enrolled(self, name, group_name):
        """A child of a family with a voucher that goes to this group."""
        self.choose(name, group_name)
        self.send(name)
        self.sign(name)
        self.sign_head(name)

    def _of(self, name, actor=None):
        return {"application_id": self.id(name), "actor": actor or self.stage.parent, "now": self.tick()}
