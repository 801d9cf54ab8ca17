"""Public pages in a browser: each errand to its end, with and without script."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from balabaqsha.insight.tests import town
from balabaqsha.transparency.models import Feedback
from tests.browser import looking


@pytest.fixture
def portal(live_portal):
    """The portal with two kindergartens, a special group, eight families and a run of two hours ago."""
    garden = town.open_garden(1)
    town.open_garden(2, settlement_id=town.VILLAGE, type="MINI_CENTRE")
    town.open_special_group(garden, correction="LOW_VISION")
    start = datetime.now(UTC) - timedelta(days=60)
    families = [town.apply(n, at=start + timedelta(minutes=n), year=2022 + n % 2) for n in range(1, 8)]
    special = town.apply_special(8, correction="LOW_VISION", at=start)
    run = town.run(limit=2, at=datetime.now(UTC) - timedelta(hours=2))
    return live_portal, [*families, special], run


@pytest.mark.parametrize("script", [True, False])
def test_a_number_leads_from_the_home_page_to_its_place(portal, script):
    address, families, _ = portal
    with looking.chromium() as browser:
        page = browser.new_context(java_script_enabled=script).new_page()
        page.goto(address)
        page.get_by_label("Кезекті өтініш нөмірімен тексеру").fill(families[3].number[:-1])
        page.get_by_role("button", name="Тексеру").click()
        expect(page.locator(".field__error").first).to_contain_text("бақылау цифры")

        page.get_by_label("Өтініш нөмірі").fill(families[3].number)
        page.get_by_role("button", name="Тексеру").click()

        expect(page.get_by_role("heading", level=1)).to_have_text(f"Өтініш № {families[3].number}")
        expect(page.locator(".place__num")).to_have_text("2")
        expect(page.locator(".ledger")).to_contain_text("4 → 2")
        assert town.SURNAME not in page.content().upper()


def test_another_region_is_chosen_in_the_header_and_kept(portal):
    with looking.chromium() as browser:
        page = browser.new_page()
        page.goto(portal[0] + "/ru/queue/")
        page.get_by_role("button", name=re.compile("Павлодар")).click()
        page.get_by_role("button", name="Актогайский район").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Очередь на ваучер: Актогайский район")
        page.goto(portal[0] + "/ru/catalogue/")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Актогайский район")


@pytest.mark.parametrize("script", [True, False])
def test_filters_narrow_the_catalogue_to_a_passport(portal, script):
    with looking.chromium() as browser:
        page = browser.new_context(java_script_enabled=script, viewport={"width": 360, "height": 800}).new_page()
        page.goto(portal[0] + "/catalogue/")
        page.get_by_role("button", name="Сүзгілер").click()
        page.get_by_text("Шағын орталық", exact=True).first.click()
        page.get_by_role("button", name="Қолдану").click()

        expect(page.get_by_role("status").first).to_contain_text("1 балабақша")
        page.get_by_role("heading", level=3).get_by_role("link").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("№2")
        expect(page.get_by_role("table")).to_contain_text("2022")


def test_a_message_reaches_the_staff_and_mistakes_keep_what_was_typed(portal):
    with looking.chromium() as browser:
        page = browser.new_page(viewport={"width": 360, "height": 800})
        page.goto(portal[0] + "/feedback/?topic=UNLAWFUL_DEMAND")
        page.get_by_label("Хабар мәтіні").fill("Қысқа")
        page.get_by_role("button", name="Жіберу").click()
        expect(page.get_by_label("Хабар мәтіні")).to_have_value("Қысқа")

        page.get_by_label("Хабар мәтіні").fill("Балабақша тізімде жоқ қағаз сұрады.")
        page.get_by_role("button", name="Жіберу").click()

        expect(page.locator(".notice").first).to_contain_text("Хабарыңыз қабылданды")
        kept = Feedback.objects.get()
        assert (kept.topic, kept.territory_id) == ("UNLAWFUL_DEMAND", town.AREA)
        expect(page.locator(".notice").first).to_contain_text(kept.number)


def test_tables_and_a_run_are_downloaded_and_the_run_is_verified(portal, tmp_path):
    from balabaqsha.vouchers import verify

    address, _, run = portal
    with looking.chromium() as browser:
        page = browser.new_page()
        page.goto(f"{address}/protocol/{run.number}/")
        with page.expect_download() as coming:
            page.get_by_role("link", name="JSON").click()
        path = tmp_path / coming.value.suggested_filename
        coming.value.save_as(path)
        page.goto(f"{address}/statistics/")
        with page.expect_download() as table:
            page.get_by_role("link", name=re.compile("CSV.*Туған жылы")).click()

        assert table.value.suggested_filename.endswith(".csv")
        assert verify.verify(path)[1]
