"""The department's desk: one list of everything that waits, who looks after what, numbers that lead to their rows."""

import html
import io
import re
import zipfile
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from balabaqsha.accounts.models import RoleGrant
from balabaqsha.applications.models import BenefitClaim
from balabaqsha.checks.models import Finding
from balabaqsha.desk import actions, kinds
from balabaqsha.desk.models import Assignment
from balabaqsha.desk.queries import Asked, Desk, Key
from balabaqsha.kernel.actor import Role
from balabaqsha.law import queries as law
from balabaqsha.notifications import actions as notifications
from balabaqsha.notifications.models import Message
from balabaqsha.people.models import Person
from balabaqsha.people.tests.family import made_up_iin
from balabaqsha.record.models import JournalEntry
from balabaqsha.territories.models import Territory
from tests.workplaces import world
from tests.workplaces.world import CITY, NOW, client_of

LIST = "officer.work"


@pytest.fixture
def second(town):
    return world.staff(made_up_iin(date(1983, 3, 3), serial=610), Role.OFFICER, territory_code=CITY)


@pytest.fixture
def oblast(town):
    """An officer of the oblast of the city, and another city of it."""
    above = Territory.objects.get(code=CITY).parent
    return world.staff(made_up_iin(date(1984, 4, 4), serial=620), Role.OFFICER, territory_code=above.code)


def claim(town, *, now=NOW, benefit: str = "TEACHER") -> BenefitClaim:
    case = town.applies(benefit=benefit, proof=world.picture(), now=now)
    return BenefitClaim.objects.get(application=case.id)


def key(found: BenefitClaim) -> str:
    return f"claim-{found.id}"


def act(who, name: str, *rows: str, **more):
    return client_of(who).post(reverse("officer.work-act"), {"act": name, "row": rows} | more, follow=True)


def shown(who, **query) -> str:
    return html.unescape(client_of(who).get(reverse(LIST), query).content.decode())


def numbers(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]*">([^<]*)</a>', page)


class TestList:
    def test_holds_what_waits_and_the_soonest_first(self, town):
        far, near = claim(town), claim(town, now=NOW - timedelta(days=2))

        page = shown(town.officer)

        assert numbers(page) == [near.application.number, far.application.number]
        assert "Жеңілдікті растау" in page
        assert numbers(shown(town.officer, sort="-due")) == [far.application.number, near.application.number]

    def test_is_narrowed_by_kind_term_holder_and_number(self, town, second):
        late, fresh = claim(town, now=NOW - timedelta(days=40)), claim(town)
        act(second, "take", key(fresh))
        who = town.officer

        assert numbers(shown(who, kind="contract")) == []
        assert numbers(shown(who, kind="claim", due="over")) == [late.application.number]
        assert numbers(shown(who, due="later")) == [fresh.application.number]
        assert numbers(shown(who, due="today")) == []
        assert numbers(shown(who, holder="nobody")) == [late.application.number]
        assert numbers(shown(second, holder="me")) == [fresh.application.number]
        assert numbers(shown(who, number=fresh.application.number)) == [fresh.application.number]
        assert numbers(shown(who, number="999999999999")) == []

    def test_names_nobody_before_a_case_is_opened(self, town):
        found = claim(town)
        child = found.application.child

        page = shown(town.officer)

        assert child.given_name not in page
        assert child.iin not in page

    def test_holds_nothing_of_another_city(self, town):
        found = claim(town)
        stranger = world.staff(made_up_iin(date(1983, 3, 3), serial=611), Role.OFFICER, territory_code=world.OTHER_CITY)

        assert found.application.number not in shown(stranger)
        assert act(stranger, "take", key(found)).status_code == 200
        assert not Assignment.objects.exists()

    def test_costs_the_same_however_much_waits(self, town):
        counted = []
        for _ in range(2):
            for _ in range(4):
                claim(town)
            client = town.as_officer()
            client.get(reverse(LIST))
            with CaptureQueriesContext(connection) as captured:
                client.get(reverse(LIST))
            counted.append(len(captured))

        assert counted[0] == counted[1]
        assert counted[0] <= 32

    @pytest.mark.parametrize("kind", [kind.code for kind in kinds.KINDS])
    def test_reads_every_kind_by_every_question(self, town, kind):
        desk = Desk(town.officer, now=NOW, calendar=law.calendar())
        for due in ("", "over", "today", "soon", "later", "none"):
            for holder in ("", "me", "nobody"):
                asked = Asked(kinds=(kind,), due=due, holder=holder, number="1", territory_code=CITY)

                assert desk.page(asked, first=0, size=5) == []
                assert desk.count(asked) == 0


class TestAssignment:
    def test_is_taken_written_down_and_shown(self, town, second):
        found = claim(town)

        answer = act(town.officer, "take", key(found)).content.decode()

        assert "Өзіңізге алдыңыз: 1" in answer
        held = Assignment.objects.get()
        assert (held.kind, held.subject_id, held.account_id) == ("claim", found.id, town.officer.account_id)
        entry = JournalEntry.objects.get(act="work-taken")
        assert (entry.application_id, entry.facts["kind"], entry.actor["account"]) == (
            found.application_id,
            "claim",
            town.officer.account_id,
        )
        history = client_of(second).get(reverse("officer.case", args=[found.application.number]), {"tab": "history"})
        assert "Қызметкер істі өзіне алды" in history.content.decode()

    def test_of_two_who_take_the_same_the_second_is_told_who_has_it(self, town, second):
        found = claim(town)
        act(town.officer, "take", key(found))

        answer = html.unescape(act(second, "take", key(found)).content.decode())

        assert "жүргізеді: 1" in answer
        assert Assignment.objects.get(ended_at=None).account_id == town.officer.account_id

    def test_taken_twice_by_the_same_is_written_once(self, town):
        found = claim(town)
        act(town.officer, "take", key(found))
        act(town.officer, "take", key(found))

        assert JournalEntry.objects.filter(act="work-taken").count() == 1

    def test_is_given_to_a_colleague_of_the_territory(self, town, second):
        found, other = claim(town), claim(town)
        act(town.officer, "take", key(found))

        asked = act(town.officer, "give", key(found), key(other)).content.decode()
        assert f'<option value="{second.account_id}"' in asked
        act(town.officer, "give", key(found), key(other), colleague=str(second.account_id))

        assert set(Assignment.objects.filter(ended_at=None).values_list("account_id", "given_by_id")) == {
            (second.account_id, town.officer.account_id)
        }
        assert JournalEntry.objects.filter(act="work-given").count() == 2

    def test_is_given_to_nobody_of_another_territory(self, town):
        found = claim(town)
        stranger = world.staff(made_up_iin(date(1983, 3, 3), serial=611), Role.OFFICER, territory_code=world.OTHER_CITY)

        with pytest.raises(actions.NoOfficerHere):
            actions.give(keys=[Key("claim", found.id)], account_id=stranger.account_id, actor=town.officer, now=NOW)
        act(town.officer, "give", key(found), colleague=str(stranger.account_id))
        assert not Assignment.objects.exists()

    def test_is_given_back_by_whoever_has_it_alone(self, town, second):
        found = claim(town)
        act(town.officer, "take", key(found))

        act(second, "give-back", key(found))
        assert Assignment.objects.filter(ended_at=None).exists()
        act(town.officer, "give-back", key(found))

        assert not Assignment.objects.filter(ended_at=None).exists()
        assert act(second, "take", key(found)).status_code == 200
        assert Assignment.objects.get(ended_at=None).account_id == second.account_id

    def test_says_that_work_is_done_already(self, town):
        found = claim(town)
        client_of(town.officer).post(
            reverse("officer.check", args=[found.application.number]), {"verdict": "confirm", "because": ""}
        )

        assert "енді күтпейді: 1" in act(town.officer, "take", key(found)).content.decode()

    def test_needs_a_choice(self, town):
        assert "Алдымен тізімнен істі белгілеңіз" in act(town.officer, "take").content.decode()
        assert "Алдымен тізімнен істі белгілеңіз" in act(town.officer, "take", "nonsense-x").content.decode()

    def test_keeps_what_the_list_was_narrowed_by(self, town):
        found = claim(town)
        url = reverse("officer.work-act") + "?kind=claim&due=later&forged=1"

        answer = client_of(town.officer).post(url, {"act": "take", "row": [key(found)]})

        assert answer["Location"] == reverse(LIST) + "?kind=claim&due=later"


class TestTold:
    def test_settles_the_families_alone(self, town):
        case = town.applies()
        town.run()
        while notifications.tell_untold(now=NOW):
            pass
        found = claim(town)
        later = NOW + timedelta(minutes=5)
        client = client_of(town.officer, moment=later)

        rows = [f"undelivered-{case.id}", key(found)]
        page = client.post(reverse("officer.work-act"), {"act": "told", "row": rows}, follow=True).content.decode()

        assert "жазылды: 1" in page
        assert "өзгермеді: 1" in page
        assert not Message.objects.filter(application_id=case.id, told_at=None).exists()


class TestFirstPage:
    def test_numbers_are_those_of_plain_sql_and_lead_to_their_rows(self, town, edge):
        claim(town, now=NOW - timedelta(days=40))
        claim(town)
        claim(town)
        Finding.objects.create(
            code="job-failed",
            subject="j",
            territory=None,
            facts={"task": "x", "n": 1},
            first_seen_at=NOW,
            last_seen_at=NOW,
        )
        BenefitClaim.objects.filter(id=claim(town).id).update(check_due_at=NOW + timedelta(hours=3))
        BenefitClaim.objects.filter(id=claim(town).id).update(check_due_at=NOW + timedelta(days=1))
        client = town.as_officer()
        page = html.unescape(client.get(reverse("officer.home")).content.decode())
        tiles = re.findall(r'<dt>([^<]*)</dt><dd><a href="([^"]*\?[^"]*)">(\d+)</a>', page)
        counts = {re.sub(r"^.*\?", "", url): int(value) for _, url, value in tiles}
        over = "kind=claim&kind=extension&kind=appeal&kind=guardian&kind=phone&kind=feedback"

        by_sql = {
            "due=today": "check_due_at >= %(now)s AND check_due_at < %(tomorrow)s",
            "due=soon": "check_due_at >= %(tomorrow)s AND check_due_at < %(tomorrow)s + interval '1 day'",
            f"due=over&{over}": "check_due_at < %(now)s",
            "holder=nobody": "true",
        }
        tomorrow = NOW.replace(hour=19)  # 00:00 in Pavlodar
        with connection.cursor() as cursor:
            for query, condition in by_sql.items():
                cursor.execute(
                    f"SELECT count(*) FROM applications_benefitclaim WHERE state = 'UNDECIDED' AND {condition}",
                    {"now": NOW, "tomorrow": tomorrow},
                )
                expected = cursor.fetchone()[0] + (1 if query == "holder=nobody" else 0)
                assert counts[query] == expected, query
        assert counts["kind=finding"] == 1
        assert counts["holder=me"] == 0
        for _, url, value in tiles:
            assert len(numbers(html.unescape(client.get(url).content.decode()))) == int(value), url

    def test_leads_an_oblast_to_its_districts(self, town, oblast):
        found = claim(town, now=NOW - timedelta(days=40))
        page = html.unescape(client_of(oblast).get(reverse("officer.home")).content.decode())

        assert "Аудандар мен қалалар" in page
        assert f"territory={CITY}&due=over" in page
        assert numbers(shown(oblast, territory=CITY, due="over")) == [found.application.number]
        assert "Аудандар мен қалалар" not in town.as_officer().get(reverse("officer.home")).content.decode()

    def test_lets_an_oblast_see_no_other(self, town, oblast):
        claim(town)

        assert "Мұндай іс жоқ" in shown(oblast, territory=world.OTHER_CITY) or numbers(
            shown(oblast, territory=world.OTHER_CITY)
        ) == numbers(shown(oblast))
        desk = Desk(oblast, now=NOW, calendar=law.calendar())
        assert desk.page(Asked(territory_code=world.OTHER_CITY), first=0, size=5) == []


class TestExport:
    def test_holds_every_row_and_no_formula(self, town, second):
        found = [claim(town) for _ in range(3)]
        Person.objects.filter(id=second.person_id).update(surname='=HYPERLINK("http://x")')
        act(second, "take", key(found[0]))

        answer = client_of(second).get(reverse("officer.work-export"))
        content = b"".join(answer.streaming_content)
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()

        assert [row[0] for row in rows[1:]] == [one.application.number for one in found]
        assert rows[1][5].startswith("=HYPERLINK")
        sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet
        assert b"HYPERLINK" in sheet
        assert found[0].application.child.given_name not in str(rows)
        entry = JournalEntry.objects.get(act="work-exported")
        assert (entry.facts["rows"], entry.territory_code) == (3, CITY)

    def test_is_as_narrow_as_the_page(self, town):
        claim(town)
        late = claim(town, now=NOW - timedelta(days=40))

        answer = client_of(town.officer).get(reverse("officer.work-export"), {"due": "over"})
        content = b"".join(answer.streaming_content)

        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        assert [row[0] for row in rows[1:]] == [late.application.number]


class TestOneAfterTheOther:
    def test_a_decision_leads_from_the_list_to_the_next_claim(self, town, second):
        first, taken, last = (
            claim(town, now=NOW - timedelta(days=3)),
            claim(town, now=NOW - timedelta(days=2)),
            claim(town),
        )
        act(second, "take", key(taken))
        client = town.as_officer()
        url = reverse("officer.check", args=[first.application.number])
        assert f'href="{url}?from=work"' in client.get(reverse(LIST)).content.decode()

        answer = client.post(url + "?from=work", {"verdict": "confirm", "because": ""})
        assert answer["Location"] == reverse("officer.check", args=[last.application.number]) + "?from=work"
        answer = client.post(answer["Location"], {"verdict": "confirm", "because": ""})

        assert answer["Location"] == reverse(LIST)


class TestCase:
    def test_says_what_waits_and_lets_it_be_taken(self, town, second):
        found = claim(town)
        url = reverse("officer.case", args=[found.application.number])
        assert "Әзірге ешкім алмаған" in client_of(second).get(url).content.decode()

        answer = act(town.officer, "take", key(found), case=found.application.number)

        assert answer.redirect_chain[-1][0] == url
        assert "Мұны Сіз жүргізесіз" in answer.content.decode()
        assert "Жүргізетін: " in client_of(second).get(url).content.decode()


def test_no_grant_outlives_its_end(town, second):
    """Whoever is no officer any more is nobody's colleague."""
    found = claim(town)
    RoleGrant.objects.filter(account_id=second.account_id).update(ended_at=NOW)

    with pytest.raises(actions.NoOfficerHere):
        actions.give(keys=[Key("claim", found.id)], account_id=second.account_id, actor=town.officer, now=NOW)
