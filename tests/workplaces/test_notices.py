"""Announcements, the calendar of an intake, questions and answers: who writes them, who reads them, what is refused."""

import re
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, resolve, reverse

from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens.models import Group
from balabaqsha.law import actions as law
from balabaqsha.notices import calendar, queries
from balabaqsha.notices.models import Notice, Question, QuestionVersion
from balabaqsha.people.tests.family import made_up_iin
from balabaqsha.record.models import JournalEntry
from balabaqsha.territories.models import RegimePeriod
from tests.families import home as homes
from tests.workplaces import world
from tests.workplaces.world import NOW

TODAY = localdate(NOW)
WORDS = {
    "title_kk": "Жаңа балабақша ашылды",
    "text_kk": "Құжаттарды [тізіммен](/refusable/) салыстырыңыз.",
    "title_ru": "Открылся новый сад",
    "text_ru": "Сверьте документы со [списком](/refusable/).",
}
ASKED = {
    "section": "LINE",
    "position": "5",
    "question_kk": "Біздің ауданда кезек неше?",
    "answer_kk": "Екі кезек. Мерзімі – {voucher.confirm}.",
    "question_ru": "Сколько очередей в районе?",
    "answer_ru": "Две.",
    "published": "on",
}


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def somebody(role: Role, serial: int, territory_code: str | None = None) -> Actor:
    return world.staff(made_up_iin(date(1977, 7, 7), serial=serial), role, territory_code=territory_code)


def told(**changes: str) -> dict[str, str]:
    days = {"first_day": f"{TODAY:%d.%m.%Y}", "last_day": f"{TODAY + timedelta(days=3):%d.%m.%Y}"}
    return {"kind": "ANNOUNCEMENT", "territory": world.CITY} | days | WORDS | changes


def tells(client: Client, **changes: str) -> str:
    return text(client.post(reverse("officer.notice-write"), told(**changes), follow=True))


class TestAnAnnouncement:
    def test_is_read_by_everybody_of_the_territory_and_by_its_families(self, town):
        tells(town.as_officer())
        parent, _ = town.family()
        mother = homes.with_account(parent, phone="+77010000009")
        case = town.applies()
        family = homes.with_account(case.parent, phone="+77010000010")

        for page in ("/", "/queue/"):
            shown = text(Client().get(page))
            assert "Жаңа балабақша ашылды" in shown
            assert '<a href="/refusable/">тізіммен</a>' in shown
        russian = text(Client().get("/ru/"))
        assert "Открылся новый сад" in russian
        assert '<a href="/ru/refusable/">списком</a>' in russian
        assert re.search(r'lang="kk">\s*<h2>Жаңа балабақша ашылды', text(Client().get("/en/")))
        assert "Жаңа балабақша ашылды" in text(world.client_of(family).get("/cabinet/applications/"))
        assert "Жаңа балабақша ашылды" not in text(world.client_of(mother).get("/cabinet/applications/"))
        elsewhere = Client()
        elsewhere.cookies["location"] = "553200000"
        assert "Жаңа балабақша ашылды" not in text(elsewhere.get("/"))

    def test_lasts_from_its_first_day_to_its_last(self, town):
        tomorrow, after = TODAY + timedelta(days=1), TODAY + timedelta(days=2)
        tells(town.as_officer(), first_day=f"{tomorrow:%d.%m.%Y}", last_day=f"{tomorrow:%d.%m.%Y}")

        shown = {day: queries.announcements([world.CITY], on=day) for day in (TODAY, tomorrow, after)}

        assert [len(rows) for rows in shown.values()] == [0, 1, 0]

    def test_is_withdrawn_and_both_acts_are_journalled(self, town):
        tells(town.as_officer())
        notice = Notice.objects.get()

        for _ in range(2):
            town.as_officer().post(reverse("officer.notice-withdraw", args=[notice.token]))

        assert "Жаңа балабақша ашылды" not in text(Client().get("/"))
        assert "алынды" in text(town.as_officer().get(reverse("officer.notices")))
        acts = JournalEntry.objects.filter(act__startswith="notice-").values_list("act", "territory_code")
        assert list(acts) == [("notice-written", world.CITY), ("notice-withdrawn", world.CITY)]

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"text_kk": "[сөз](https://evil.example/)"}, "Сілтеме тек порталдың өз бетіне апара алады"),
            ({"text_ru": "{no.such}"}, "Ережелер жинағында мұндай мерзім жоқ: no.such"),
            ({"last_day": "01.01.2026", "first_day": "01.01.2026"}, "Соңғы күні өтіп кеткен"),
            ({"text_kk": ""}, "Хабарландырудың мәтінін жазыңыз."),
            ({"title_ru": ""}, "errors-title"),
            ({"first_day": "ертең"}, "errors-title"),
            ({"territory": world.OTHER_CITY}, "errors-title"),
        ],
    )
    def test_with_a_mistake_says_so_and_loses_nothing(self, town, changes, said):
        page = tells(town.as_officer(), **changes)

        assert said in page
        assert 'value="Жаңа балабақша ашылды"' in page
        assert not Notice.objects.exists()

    def test_prints_markup_as_text(self, town):
        tells(town.as_officer(), text_kk='<script>alert(1)</script> <b onclick="x">қалың</b>')

        page = text(Client().get("/"))

        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<script>alert" not in page

    def test_of_another_territory_is_not_there(self, town):
        tells(town.as_officer())
        notice = Notice.objects.get()
        stranger = world.client_of(somebody(Role.OFFICER, 905, world.OTHER_CITY))

        assert stranger.post(reverse("officer.notice-withdraw", args=[notice.token])).status_code == 404
        assert "Жаңа балабақша" not in text(stranger.get(reverse("officer.notices")))
        assert "Жаңа балабақша" not in text(stranger.get(reverse("officer.notice-write"), {"again": str(notice.token)}))
        assert "Жаңа балабақша" in text(town.as_officer().get(reverse("officer.notice-write"), {"again": notice.token}))
        assert town.as_head().get(reverse("officer.notices")).status_code == 404

    def test_of_the_ministry_reaches_the_country(self, town):
        ministry = world.client_of(somebody(Role.MINISTRY, 903))
        tells(ministry, territory="")

        elsewhere = Client()
        elsewhere.cookies["location"] = "553200000"
        assert "Жаңа балабақша ашылды" in text(elsewhere.get("/"))
        assert Notice.objects.get().territory_id is None
        assert "Жаңа балабақша" not in text(town.as_officer().get(reverse("officer.notices")))

    def test_that_ends_before_it_begins_is_no_row(self, town):
        tells(town.as_officer())

        with pytest.raises(IntegrityError, match="notice_ends_after_it_begins"), transaction.atomic():
            Notice.objects.update(last_day=TODAY - timedelta(days=1))

    def test_lists_cost_the_same_however_many_there_are(self, town):
        officer, address = town.as_officer(), reverse("officer.notices")
        tells(officer)
        text(officer.get(address))
        with CaptureQueriesContext(connection) as few:
            text(officer.get(address))
            counted = len(few)
        for _ in range(4):
            tells(officer)

        with CaptureQueriesContext(connection) as many:
            text(officer.get(address))
            assert len(many) <= counted


class TestTheCalendar:
    def test_tells_the_days_of_the_terms_and_of_what_is_planned(self, town):
        RegimePeriod.objects.create(
            territory_id=world.CITY, regime="LINEAR", in_force_from=date(2027, 3, 1), source="шешім"
        )
        Group.objects.filter(id=town.group.id).update(school_year=2027)
        town.applies()
        town.run()
        tells(town.as_officer(), kind="CALENDAR", first_day="05.05.2027", last_day="06.05.2027", text_kk="", text_ru="")

        year = calendar.of_year(world.CITY, 2026, now=NOW)

        found = {event.kind: (event.first, event.last) for event in year.events}
        assert found == {
            "service.max_age": (date(2026, 9, 1), date(2026, 9, 1)),
            "run": (TODAY, TODAY),
            "regime": (date(2027, 3, 1), date(2027, 3, 1)),
            "readiness.reminder": (date(2027, 4, 1), date(2027, 4, 1)),
            "entry": (date(2027, 5, 5), date(2027, 5, 6)),
            "queue.renewal": (date(2027, 6, 30), date(2027, 6, 30)),
            "groups-open": (date(2027, 8, 31), date(2027, 8, 31)),
        }
        assert [event.first for event in year.events] == sorted(event.first for event in year.events)
        page = text(Client().get("/calendar/"))
        assert "Жаңа балабақша ашылды" in page
        assert "Орындар бөлінді, берілген ваучер: 1" in page
        assert "2027 жылғы 30 маусым" in page
        assert "Жаңа балабақша ашылды" not in text(Client().get("/calendar/?year=next"))

    def test_of_a_linear_territory_has_the_freeze_unless_the_territory_does_without(self, town):
        officer = town.officer
        linear = "551600000"
        RegimePeriod.objects.filter(territory_id=linear).delete()
        RegimePeriod.objects.create(territory_id=linear, regime="LINEAR", in_force_from=date(2026, 1, 1), source="-")

        def kinds() -> set[str]:
            return {event.kind for event in calendar.of_year(linear, 2026, now=NOW).events}

        assert {"line.freeze", "line.group_year_from"} <= kinds()
        change = law.TermChange(
            territory_code=linear, code="line.freeze", value="off", in_force_from=date(2027, 1, 1), source="шешім"
        )
        proposed = law.propose_term(change=change, actor=officer, now=NOW)
        assert "term" not in kinds()
        second = somebody(Role.OFFICER, 911, world.CITY)
        law.approve_term(term_id=proposed.id, actor=second, now=NOW)
        assert "line.freeze" not in kinds()
        assert "term" in kinds()


class TestQuestions:
    def test_that_come_with_the_portal_are_answered_in_three_languages(self, town):
        for prefix, days in (("", "2 жұмыс күні"), ("/ru", "2 рабочих дня"), ("/en", "2 working days")):
            page = text(Client().get(f"{prefix}/questions/"))
            assert days in page
            assert page.count("<details") >= 12
            assert "{" not in re.sub(r"<(script|style).*?</\1>", "", page.split("<main")[1].split("</main>")[0])
        links = set(
            re.findall(r'href="(/[^"]*)"', text(Client().get("/questions/")).split("<main")[1].split("</main>")[0])
        )
        resolver = get_resolver()
        assert resolver is not None
        for link in {link for link in links if not link.startswith("/static/")}:
            resolve(link.split("?")[0])

    def test_are_changed_with_their_history(self, town):
        support = world.client_of(somebody(Role.SUPPORT, 913))
        question = Question.objects.filter(section="LINE").order_by("position")[0]
        address = reverse("officer.question", args=[question.token])
        text(support.get(address))

        text(support.post(address, ASKED | {"version": "1"}, follow=True))

        question.refresh_from_db()
        assert (question.version, question.question_kk) == (2, "Біздің ауданда кезек неше?")
        versions = list(QuestionVersion.objects.filter(question=question).order_by("number"))
        assert [one.question_kk for one in versions] == ["Кезектегі орным неге артқа жылжыды?", question.question_kk]
        page = text(support.get(address))
        assert "Кезектегі орным неге артқа жылжыды?" in page
        assert "порталмен бірге келген" in page
        assert JournalEntry.objects.get(act="question-changed").facts["version"] == 2

    def test_changed_by_two_at_once_lose_nobodys_words(self, town):
        support = world.client_of(somebody(Role.SUPPORT, 913))
        question = Question.objects.order_by("id")[0]
        address = reverse("officer.question", args=[question.token])
        support.post(address, ASKED | {"version": "1"})

        page = text(support.post(address, ASKED | {"version": "1", "answer_kk": "Менің жауабым мүлде басқа."}))

        assert "Бұл сұрақты басқа қызметкер өзгертіп қойған." in page
        assert "Менің жауабым мүлде басқа." in page
        assert Question.objects.get(id=question.id).version == 2
        support.post(address, ASKED | {"version": "1"})
        assert Question.objects.get(id=question.id).version == 2

    def test_of_a_department_are_added_to_those_of_the_country(self, town):
        answer = town.as_officer().post(reverse("officer.question-write"), ASKED | {"territory": world.CITY})
        assert answer.status_code == 302
        page = text(Client().get("/questions/"))
        elsewhere = Client()
        elsewhere.cookies["location"] = "553200000"

        assert "Біздің ауданда кезек неше?" in page
        assert "осы аймақтың жауабы" in page
        assert "Мерзімі – 2 жұмыс күні." in page
        assert "Біздің ауданда кезек неше?" not in text(elsewhere.get("/questions/"))

    def test_that_are_drafts_nobody_sees(self, town):
        draft = {name: value for name, value in ASKED.items() if name != "published"}
        town.as_officer().post(reverse("officer.question-write"), draft | {"territory": world.CITY})

        assert "Біздің ауданда кезек неше?" not in text(Client().get("/questions/"))
        assert "жоба" in text(town.as_officer().get(reverse("officer.questions")))

    def test_of_the_country_are_not_a_departments(self, town):
        question = Question.objects.order_by("id")[0]
        officer = town.as_officer()

        assert officer.get(reverse("officer.question", args=[question.token])).status_code == 404
        assert officer.post(reverse("officer.question", args=[question.token]), ASKED).status_code == 404
        page = text(officer.post(reverse("officer.question-write"), ASKED | {"territory": ""}))
        assert "errors-title" in page
        town.as_officer().post(reverse("officer.question-write"), ASKED | {"territory": world.CITY})
        mine = Question.objects.latest("id")
        stranger = world.client_of(somebody(Role.OFFICER, 905, world.OTHER_CITY))
        assert stranger.get(reverse("officer.question", args=[mine.token])).status_code == 404

    def test_with_a_wrong_link_say_so_beside_the_field(self, town):
        typed = ASKED | {"territory": world.CITY, "answer_ru": "[сюда](//evil.example)"}

        page = text(town.as_officer().post(reverse("officer.question-write"), typed))

        assert "Сілтеме тек порталдың өз бетіне апара алады" in page
        assert "[сюда](//evil.example)" in page
