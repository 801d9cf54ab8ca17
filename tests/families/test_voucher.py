"""A voucher at the family's pages: confirmed, declined, lapsed, restored, extended; and the application itself."""

from datetime import timedelta

import pytest
from django.urls import reverse

from balabaqsha.law import queries as law
from tests.families import home as homes
from tests.families.home import says
from tests.workplaces import world


class TestMyApplications:
    def test_empty_says_what_to_do(self, home):
        assert says(home.get("parent.applications"), "Әзірге өтініш жоқ")

    def test_card_shows_place_category_and_stages(self, home):
        number = home.applies()
        page = home.get("parent.applications")
        for text in (
            number,
            "Кезекте",
            "Кезектегі орныңыз",
            "Санат ішіндегі орын",
            "барлығы 1",
            "Жалпы білім беру кезегі",
            "қазақша, орысша",
            "Виртуалды ваучер",
            "2 жастан 5 жасқа дейін",
            "МДҰ таңдау",
        ):
            assert says(page, text), text

    def test_list_has_the_six_columns_and_the_archive_its_own(self, home):
        number = home.applies()
        page = home.get("applications.title")
        for column in (
            "№",
            "Берілген күні",
            "Баланың аты-жөні",
            "Елді мекен",
            "Балабақшаның атауы",
            "Өтініш мәртебесі",
        ):
            assert says(page, column)
        assert says(page, number)
        assert not says(home.get("applications.archive"), number)
        assert says(home.get("applications.title", query="?kind=SPECIAL"), "Тізім бос")

        home.post("application.withdraw", number)
        assert says(home.get("applications.archive"), number)

    def test_page_tells_the_history_and_why_the_place_changed(self, home):
        other = home.town.applies(now=home.now)
        home.later(minutes=5)
        number = home.applies()
        from balabaqsha.journeys import applying

        home.later(minutes=5)
        applying.withdraw(application_id=other.id, actor=other.parent, now=home.now)
        page = home.get("application.page", number)
        assert says(page, "Орным неге өзгерді?")
        assert says(page, "алдыңыздағы 1 өтініш кезектен шықты".capitalize())
        assert says(page, "Өтініш берілді")

    def test_of_others_is_not_found(self, home):
        other = home.town.applies(now=home.now)
        for name in (
            "application.page",
            "application.sent",
            "application.withdraw",
            "application.leave",
            "application.restore",
            "voucher.answer",
            "voucher.extend",
            "choice.open",
            "choice.cancel",
            "contract.page",
            "contract.fill",
        ):
            assert home.get(name, other.number).status_code == 404, name
            assert home.get(name, "10000000").status_code == 404, name
        assert home.post("voucher.answer", other.number, answer="no").status_code == 404
        assert other.state == "WAITING"

    def test_asks_a_stranger_to_sign_in(self, home, client):
        assert client.get(reverse("parent.applications")).url.startswith(reverse("header.sign-in"))

    def test_withdrawing_says_what_it_costs_first(self, home):
        number = home.applies()
        assert says(home.get("application.withdraw", number), "кезектегі орныңыз жоғалады")
        assert home.state == "WAITING"
        home.post("application.withdraw", number)
        assert home.application.reason == "WITHDRAWN"
        again = home.post("application.withdraw", number)
        assert says(home.client.get(again.url), "бұл әрекетті орындау мүмкін емес")


class TestAnswer:
    def test_says_both_consequences_before(self, home):
        number = home.has_voucher()
        page = home.get("voucher.answer", number)
        assert says(page, "Өз іс-әрекетіңізге сенімдісіз бе?")
        assert says(page, "5 жұмыс күні беріледі")
        assert says(page, "өтінішіңіз мұрағатқа жіберіледі")
        assert says(home.get("application.page", number), "Қызығушылықты растау")

    def test_yes_begins_the_term_to_choose(self, home):
        home.confirms()
        assert home.application.due_at == law.calendar().add(home.now, working_days=5)
        assert says(home.get("application.page", home.number), "МДҰ таңдап, шартқа қол қою мерзімі")

    def test_is_told_in_a_sentence_of_its_own(self, home):
        number = home.has_voucher()
        page = home.client.post(reverse("voucher.answer", args=[number]), {"answer": "yes"}, follow=True)
        # Not behind the title of the page, with which it made one senseless sentence.
        assert says(page, "<p>Қызығушылығыңыз расталды")

    def test_no_goes_to_the_archive(self, home):
        number = home.has_voucher()
        home.post("voucher.answer", number, answer="no")
        assert (home.state, home.application.reason) == ("ARCHIVED", "DECLINED")

    def test_neither_asks_again(self, home):
        number = home.has_voucher()
        assert home.post("voucher.answer", number, answer="maybe").url == reverse("voucher.answer", args=[number])
        assert home.state == "VOUCHER_OFFERED"

    def test_twice_says_how_things_stand(self, home):
        number = home.confirms()
        answer = home.post("voucher.answer", number, answer="yes")
        assert says(home.client.get(answer.url), "бұл әрекетті орындау мүмкін емес")
        assert home.get("voucher.answer", number).url == reverse("application.page", args=[number])


class TestLapse:
    def test_is_shown_though_no_job_has_run(self, home):
        number = home.has_voucher()
        home.later(days=7)
        page = home.get("application.page", number)
        assert says(page, "Тоқтатым парағында")
        assert says(page, "Өтінішті қалпына келтіре аласыз")
        assert says(page, "Қызығушылық расталмады: өтініш тоқтатым парағына ауысты")

    def test_late_answer_is_refused_and_the_page_tells_why(self, home):
        number = home.has_voucher()
        home.later(days=7)
        answer = home.post("voucher.answer", number, answer="yes")
        assert says(home.client.get(answer.url), "Тоқтатым парағында")
        assert home.state == "STOP_LISTED"

    def test_is_restored_once(self, home):
        number = home.has_voucher()
        home.later(days=7)
        assert says(home.get("application.restore", number), "соңғы күні")
        home.post("application.restore", number)
        assert home.state == "WAITING"
        assert home.get("application.restore", number).status_code == 302

    def test_not_restored_in_time_is_archived(self, home):
        number = home.has_voucher()
        home.later(days=40)
        page = home.get("application.page", number)
        assert says(page, "Өтініш қалпына келтірілмеді")


class TestExtension:
    def test_before_the_last_day_the_page_says_which_day(self, home):
        number = home.confirms()
        day = home.application.due_at.strftime("%d.%m.%Y")
        assert says(home.get("voucher.extend", number), day)
        refused = home.post("voucher.extend", number)
        assert says(home.client.get(refused.url), "тек соңғы күні ұзартуға болады")
        assert not home.application.extended

    def test_on_the_last_day_adds_two_working_days_once(self, home):
        number = home.confirms()
        due = home.application.due_at
        home.now = due - timedelta(hours=2)
        assert says(home.get("voucher.extend", number), "Жаңа мерзім")
        home.post("voucher.extend", number)
        assert home.application.due_at == law.calendar().add(due, working_days=2)
        assert home.get("voucher.extend", number).status_code == 302
        again = home.post("voucher.extend", number)
        assert says(home.client.get(again.url), "Бұл мүмкіндік пайдаланылған")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_page_of_an_application_speaks_the_language(home, language):
    from django.utils import translation

    number = home.confirms()
    with translation.override(language):
        for name in ("application.page", "voucher.extend", "application.withdraw", "choice.open", "application.sent"):
            page = home.get(name, number)
            assert page.status_code == 200
            assert says(page, f'lang="{language}"')


__all__ = ["homes", "world"]
