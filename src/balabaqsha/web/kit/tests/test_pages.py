"""Pages of lists, charts and menus."""

from django.test import RequestFactory

from balabaqsha.web.kit import charts, pages, states
from balabaqsha.web.kit.context import in_language


def test_a_pager_shows_the_ends_and_the_neighbours() -> None:
    pager = pages.pager(RequestFactory().get("/x/?q=a&page=9"), page=9, total=900)

    assert [number for number, url in pager.numbers if url] == [1, 8, 9, 10, 18]
    assert pager.next_url == "?q=a&page=10"


def test_a_page_number_that_is_nonsense_is_the_first() -> None:
    for asked in ("", "x", "-1", "9" * 20, "²"):
        assert pages.page_of(RequestFactory().get("/x/", {"page": asked})) == 1


def test_one_page_has_no_neighbours() -> None:
    pager = pages.pager(RequestFactory().get("/x/"), page=7, total=0)

    assert (pager.page, pager.last, pager.previous_url, pager.next_url) == (
        1,
        1,
        "",
        "",
    )


def test_the_same_page_in_another_language() -> None:
    assert in_language("/ru/catalogue/?page=2", "kk") == "/catalogue/?page=2"
    assert in_language("/catalogue/", "en") == "/en/catalogue/"
    assert in_language("/", "ru") == "/ru/"


def test_a_chart_without_values_is_drawn() -> None:
    chart = charts.line_chart(
        id="c",
        title="t",
        description="d",
        months=["m"],
        series=[charts.Series("a", [0])],
    )

    assert chart.lines[0].points == "36.0,170.0"


def test_a_scale_holds_every_value() -> None:
    for value in (1, 3, 4, 61, 90, 820, 1234, 38500, 1_500_000):
        assert charts._round_up(value) >= value


def test_stages_of_an_application() -> None:
    assert [stage.step for stage in states.stages("VOUCHER_ACTIVE")] == [
        "done",
        "done",
        "now",
        "next",
        "next",
    ]
    assert [stage.step for stage in states.stages("ENROLLED")] == ["done"] * 5
    assert [stage.step for stage in states.stages("ARCHIVED", stopped_at=2)][2] == "stop"
