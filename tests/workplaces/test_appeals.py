"""Appeals at their pages and by the journeys: what is kept, who decides, what is given back, what goes on."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from balabaqsha.applications.models import Appeal
from balabaqsha.applications.states import Kept, Reason, State
from balabaqsha.commands.rehearsal.stage import OFFICER
from balabaqsha.journeys import appealing, distribution, escalating, removing, sweep
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.law.grounds import AppealGround, AppealRejection
from balabaqsha.law.lists import RemovalReason
from balabaqsha.notifications import actions as notifications
from balabaqsha.notifications.models import Message
from balabaqsha.people.tests.family import made_up_iin
from balabaqsha.record.models import JournalEntry
from balabaqsha.vouchers.models import Voucher
from tests import promises
from tests.workplaces import world
from tests.workplaces.test_department import stranger, text
from tests.world import World, group

WORDS = "Ауруханада жаттық, хабарламаны көрмедік."
NOTE = "Ауруханадан анықтама берілді."
GRANT = appealing.Verdict(AppealGround.VALID_REASON, NOTE)
REJECT = appealing.Verdict(AppealRejection.NOT_PROVEN, NOTE)


@pytest.fixture
def second(town):
    return world.staff(made_up_iin(date(1983, 3, 3), serial=610), Role.OFFICER, territory_code=world.CITY)


def contests(application_id: int, actor: Actor, *, now) -> Appeal:
    return appealing.file(application_id=application_id, filing=appealing.Filing(words=WORDS), actor=actor, now=now)


def decides(appeal: Appeal, verdict: appealing.Verdict, actor: Actor, *, now) -> None:
    appealing.decide(application_id=appeal.application_id, token=appeal.token, verdict=verdict, actor=actor, now=now)


class TestAgainstARemoval:
    """An officer has closed an application that waited."""

    @pytest.fixture
    def removed(self, town):
        case = town.applies()
        town.applies()
        removing.remove(
            application_id=case.id, because=RemovalReason.DATA_FALSE, note=NOTE, actor=town.officer, now=world.NOW
        )
        return case

    def test_another_officer_grants_it_at_the_pages_and_the_first_place_is_back(self, town, second, removed):
        before = removed.application.original_at
        appeal = contests(removed.id, removed.parent, now=world.NOW)
        officer = world.client_of(second)
        assert removed.number in text(officer.get(reverse("officer.appeals")))
        page = text(officer.get(reverse("officer.appeal", args=[appeal.token])))
        assert WORDS in page

        typed = {"verdict": "grant", "because": "AUTHORITY_ERRED", "note": NOTE}
        answer = officer.post(reverse("officer.appeal", args=[appeal.token]), typed, follow=True)

        assert "қанағаттандырылды" in text(answer)
        case = removed.application
        assert (case.state, case.reason, case.archived_at, case.original_at) == (State.WAITING, None, None, before)
        assert promises.broken() == []
        notifications.tell_untold(now=world.NOW)
        assert Message.objects.get(key="appeal-granted-line").facts["place"] == 1
        public = Client()
        public.cookies["location"] = world.CITY
        acts = text(public.get(reverse("public.acts")))
        assert "Отбасының шағымы қаралды: Қанағаттандырылды" in acts
        assert removed.number not in acts
        assert NOTE not in str(list(JournalEntry.objects.values_list("facts", flat=True)))

    def test_others_read_why_they_stand_behind_it_again(self, town, second, removed):
        other = town.applies()
        appeal = contests(removed.id, removed.parent, now=world.NOW)
        later = world.NOW + timedelta(hours=1)
        decides(appeal, GRANT, second, now=later)

        from balabaqsha.transparency import queries as transparency

        causes = [cause.code for line in transparency.ledger_of(other.application) for cause in line.causes]
        assert "AHEAD_GIVEN_BACK" in causes

    def test_whoever_closed_it_may_not_decide(self, town, removed):
        appeal = contests(removed.id, removed.parent, now=world.NOW)
        address = reverse("officer.appeal", args=[appeal.token])
        assert "Шағымды басқа қызметкер қарауы керек" in text(town.as_officer().get(address))

        with pytest.raises(appealing.OwnDecision):
            decides(appeal, GRANT, town.officer, now=world.NOW)
        with pytest.raises(IntegrityError), transaction.atomic():
            Appeal.objects.update(
                state="GRANTED",
                decided_at=appeal.filed_at,
                decided_by_account_id=town.officer.account_id,
                because="VALID_REASON",
                note=NOTE,
            )

    @pytest.mark.parametrize("because", ["", "WHIM", "RULE_FOLLOWED"])
    def test_reason_has_to_fit_the_decision(self, second, removed, because):
        appeal = contests(removed.id, removed.parent, now=world.NOW)
        typed = {"verdict": "grant", "because": because, "note": NOTE}
        answer = world.client_of(second).post(reverse("officer.appeal", args=[appeal.token]), typed)

        assert 'class="errors"' in text(answer)
        assert removed.state == State.ARCHIVED

    def test_two_clicks_and_two_officers_decide_once(self, second, removed):
        appeal = contests(removed.id, removed.parent, now=world.NOW)
        with pytest.raises(appealing.AppealFiled):
            contests(removed.id, removed.parent, now=world.NOW)
        decides(appeal, REJECT, second, now=world.NOW)
        third = world.staff(made_up_iin(date(1984, 4, 4), serial=620), Role.OFFICER, territory_code=world.CITY)

        with pytest.raises(appealing.AppealDecided):
            decides(appeal, GRANT, third, now=world.NOW)
        with pytest.raises(appealing.AppealFiled):
            contests(removed.id, removed.parent, now=world.NOW)
        assert (removed.application.state, removed.application.reason) == (State.ARCHIVED, Reason.REMOVED_BY_OFFICER)

    def test_a_newer_application_that_waits_gives_way_to_the_earlier_date(self, town, second, removed):
        from balabaqsha.applications.models import Application
        from balabaqsha.journeys import applying

        old = removed.application
        filing = applying.Filing(
            child_id=old.child_id,
            applicant_id=old.applicant_id,
            born_on=old.born_on,
            kind=old.kind,
            territory_code=world.CITY,
        )
        newer = applying.apply(filing=filing, actor=removed.parent, now=world.NOW)
        appeal = contests(removed.id, removed.parent, now=world.NOW)
        decides(appeal, GRANT, second, now=world.NOW)

        assert removed.state == State.WAITING
        newer = Application.objects.get(id=newer.id)
        assert (newer.state, newer.reason) == (State.ARCHIVED, Reason.DUPLICATE)
        assert promises.broken() == []

    def test_ten_working_days_and_no_more(self, removed):
        last = appealing.may_contest(removed.application, now=world.NOW).until
        assert last.date() == date(2026, 12, 2)
        with pytest.raises(appealing.AppealTooLate):
            contests(removed.id, removed.parent, now=last + timedelta(seconds=1))
        assert contests(removed.id, removed.parent, now=last).state == "OPEN"

    def test_a_stranger_finds_nothing(self, removed):
        appeal = contests(removed.id, removed.parent, now=world.NOW)
        foreign = stranger()
        assert foreign.get(reverse("officer.appeal", args=[appeal.token])).status_code == 404
        assert removed.number not in text(foreign.get(reverse("officer.appeals")))

    def test_a_withdrawn_application_has_nothing_to_contest(self, town):
        from balabaqsha.journeys import applying

        case = town.applies()
        applying.withdraw(application_id=case.id, actor=case.parent, now=world.NOW)
        with pytest.raises(appealing.NothingToContest):
            contests(case.id, case.parent, now=world.NOW)

    def test_late_authority_is_noted_once_and_the_family_told(self, removed):
        appeal = contests(removed.id, removed.parent, now=world.NOW)
        assert escalating.escalate_appeals(now=appeal.due_at) == 0
        assert escalating.escalate_appeals(now=appeal.due_at + timedelta(seconds=1)) == 1
        assert escalating.escalate_appeals(now=appeal.due_at + timedelta(days=1)) == 0
        notifications.tell_untold(now=appeal.due_at)
        assert Message.objects.filter(key="appeal-late").count() == 1

    @pytest.mark.parametrize("rows", [1, 6])
    def test_the_list_costs_the_same_however_many(self, town, second, rows, django_assert_max_num_queries):
        for _ in range(rows):
            case = town.applies()
            removing.remove(
                application_id=case.id, because=RemovalReason.COURT, note=NOTE, actor=town.officer, now=world.NOW
            )
            contests(case.id, case.parent, now=world.NOW)
        client = world.client_of(second)
        client.get(reverse("officer.appeals"))
        with django_assert_max_num_queries(18):
            client.get(reverse("officer.appeals"))


@pytest.mark.usefixtures("db")
class TestInTheVoucherRegime:
    def test_a_lapsed_voucher_keeps_the_very_place_and_gives_it_back(self):
        town = World(group("A"))
        town.with_voucher("aru")
        town.choose("aru", "A")
        town.send("aru")
        due = town.application("aru").due_at
        town.now = due + timedelta(hours=1)
        town.sweep()
        assert town.application("aru").reason == Reason.VOUCHER_LAPSED

        appeal = contests(town.id("aru"), town.stage.parent, now=town.tick())

        assert appeal.kept == Kept.PLACE
        assert town.free("A") == 0
        town.apply("dana")
        assert distribution.supply("551010000", now=town.now)[0].supply == 0
        assert promises.broken() == []
        decides(appeal, GRANT, OFFICER, now=town.tick())
        back = town.application("aru")
        assert back.state == State.CONTRACT_AWAITED
        assert back.due_from == town.now
        assert promises.broken() == []
        town.send("aru")
        assert town.state("aru") == State.CONTRACT_WITH_PARENT

    def test_rejected_the_place_is_free_again(self):
        town = World(group("A"))
        town.with_voucher("aru")
        town.choose("aru", "A")
        town.send("aru")
        town.now = town.application("aru").due_at + timedelta(hours=1)
        appeal = contests(town.id("aru"), town.stage.parent, now=town.tick())
        decides(appeal, REJECT, OFFICER, now=town.tick())

        assert town.free("A") == 1
        assert town.state("aru") == State.ARCHIVED
        assert promises.broken() == []

    def test_a_voucher_without_a_place_sets_one_aside_and_comes_back_with_its_whole_term(self):
        town = World(group("A"))
        town.with_voucher("aru")
        town.now = town.application("aru").due_at + timedelta(hours=1)
        town.apply("dana")
        appeal = contests(town.id("aru"), town.stage.parent, now=town.tick())
        town.run()

        assert appeal.kept == Kept.SHARE
        assert town.state("dana") == State.WAITING
        decides(appeal, GRANT, OFFICER, now=town.tick())
        assert town.state("aru") == State.VOUCHER_ACTIVE
        assert Voucher.objects.filter(application=town.id("aru"), state="ACTIVE").count() == 1
        assert promises.broken() == []

    def test_taken_back_the_share_goes_to_the_next_run(self):
        town = World(group("A"))
        town.with_voucher("aru")
        town.now = town.application("aru").due_at + timedelta(hours=1)
        town.apply("dana")
        contests(town.id("aru"), town.stage.parent, now=town.tick())
        appealing.take_back(application_id=town.id("aru"), actor=town.stage.parent, now=town.tick())
        town.run()

        assert town.state("dana") == State.VOUCHER_OFFERED

    def test_silence_contested_on_the_stop_list_does_not_lapse_under_the_appeal(self):
        town = World(group("A"))
        town.apply("aru")
        town.run()
        town.now = town.application("aru").due_at + timedelta(days=8)
        appeal = contests(town.id("aru"), town.stage.parent, now=town.tick())
        # The authority is very late: the stop list would have ended.
        town.now = town.application("aru").due_at + timedelta(days=30)
        town.sweep()

        assert town.state("aru") == State.STOP_LISTED
        decides(appeal, GRANT, OFFICER, now=town.tick())
        assert town.state("aru") == State.VOUCHER_OFFERED
        assert promises.broken() == []

    def test_rejected_on_the_stop_list_everything_follows_as_it_would_have(self):
        town = World(group("A"))
        town.apply("aru")
        town.run()
        town.now = town.application("aru").due_at + timedelta(days=1)
        appeal = contests(town.id("aru"), town.stage.parent, now=town.tick())
        decides(appeal, REJECT, OFFICER, now=town.tick())
        town.now = town.application("aru").due_at + timedelta(hours=1)
        sweep.sweep(before=town.now)

        assert town.application("aru").reason == Reason.NOT_RESTORED
