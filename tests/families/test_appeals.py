"""A family contests a decision at its pages."""

from balabaqsha.applications.models import Appeal
from balabaqsha.journeys import removing
from balabaqsha.law.lists import RemovalReason
from balabaqsha.notifications import actions as notifications
from balabaqsha.notifications.models import Message
from tests.families import home as homes
from tests.families.home import says

WORDS = "Құжат дұрыс: төлнұсқасын әкеле аламыз."


def removed(home):
    number = home.applies()
    removing.remove(
        application_id=home.application.id,
        because=RemovalReason.DATA_FALSE,
        note="Құжат сәйкес келмеді.",
        actor=home.town.officer,
        now=home.now,
    )
    return number


class TestContesting:
    def test_begins_at_the_application_and_says_what_happens_meanwhile(self, home):
        number = removed(home)

        assert says(home.get("application.page", number), "Шешімге шағым беру")
        page = home.get("application.appeal", number)
        assert says(page, "Өтініш шешіммен жабылды")
        assert says(page, "кезектегі орныңыз жоғалмайды")

    def test_is_sent_with_words_and_papers_and_then_shown_as_it_stands(self, home):
        number = removed(home)
        home.post("application.appeal", number, words="", paper=homes.picture("анықтама"), more="1")
        answer = home.post("application.appeal", number, words=WORDS, paper=homes.picture("хат"))

        assert answer.status_code == 302
        appeal = Appeal.objects.get()
        assert (appeal.words, len(appeal.upload_ids)) == (WORDS, 2)
        assert says(home.get("application.page", number), "Шағым қаралуда")
        assert says(home.get("application.appeal", number), WORDS)
        notifications.tell_untold(now=home.now)
        assert Message.objects.filter(key="appeal-filed").count() == 1

    def test_nothing_typed_and_no_file_is_lost_where_something_lacks(self, home):
        number = removed(home)
        answer = home.post("application.appeal", number, words="жоқ", paper=homes.picture("анықтама"))

        assert says(answer, 'class="errors"')
        assert says(answer, "жоқ</textarea>")
        assert says(answer, "анықтама.png")
        assert not Appeal.objects.exists()

    def test_a_second_click_is_told_in_words(self, home):
        number = removed(home)
        home.post("application.appeal", number, words=WORDS)
        answer = home.client.post(f"/cabinet/applications/{number}/appeal/", {"words": WORDS}, follow=True)

        assert says(answer, "Бұл шешімге шағым берілген")
        assert Appeal.objects.count() == 1

    def test_is_taken_back(self, home):
        number = removed(home)
        home.post("application.appeal", number, words=WORDS)
        home.post("application.appeal-end", number)

        assert Appeal.objects.get().state == "ENDED"
        assert says(home.get("application.appeal", number), "Шағым қайтарып алынды")

    def test_where_nothing_has_ended_leads_back(self, home):
        number = home.applies()

        assert not says(home.get("application.page", number), "Шешімге шағым беру")
        assert home.get("application.appeal", number).status_code == 302
        answer = home.client.post(f"/cabinet/applications/{number}/appeal/", {"words": WORDS}, follow=True)
        assert says(answer, "шағымданатын шешім жоқ")
