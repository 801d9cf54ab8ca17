"""The inbox and the log of the account."""

from balabaqsha.notifications import actions as notifications
from balabaqsha.notifications import queries
from tests.families.home import says


def test_inbox_tells_what_happened_with_the_fate_of_the_sms(home):
    number = home.has_voucher()
    notifications.tell_untold(now=home.now)
    unread = queries.unread(home.mother.person_id)
    assert unread == 2
    assert says(home.get("parent.applications"), f'<span class="tool__count">{unread}')

    page = home.get("parent.messages")
    assert says(page, "ваучер берілді")
    assert says(page, f"№ {number}")
    assert says(page, "SMS жіберілуде")
    assert says(page, "data-unread")
    assert queries.unread(home.mother.person_id) == 0
    assert not says(home.get("parent.messages"), "data-unread")


def test_empty_inbox_says_so(home):
    assert says(home.get("parent.messages"), "Хабарлама жоқ")


def test_log_tells_what_was_done_in_the_account(home):
    home.applies()
    home.town.applies(now=home.now)
    page = home.get("messages.log")
    assert says(page, "Өтініш жіберілді")
    assert page.content.decode().count("Өтініш жіберілді") == 1
    assert home.get("messages.log", query="?page=99").status_code == 200


def test_messages_of_others_are_not_hers(home):
    other = home.town.applies(now=home.now)
    notifications.tell_untold(now=home.now)
    assert not says(home.get("parent.messages"), other.number)
