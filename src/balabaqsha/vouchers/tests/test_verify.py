"""A published run is recomputed from its file, and a forged or damaged file is told."""

import json

import pytest

from balabaqsha.vouchers import verify


def row(number: str, **changes: object) -> dict[str, object]:
    return {
        "number": number,
        "line": "GENERAL",
        "category": 21,
        "original_at": f"2026-01-01T00:00:0{number}.000000+00:00",
        "demand": "2022",
        "too_young": False,
        "wished_later": False,
        "settlement_without_place": False,
    } | changes


def published(**changes: object) -> dict[str, object]:
    return {
        "format": verify.FORMAT,
        "number": 1,
        "territory": "551010000",
        "performed_at": "2026-11-20T05:00:00+00:00",
        "rule": "voucher-run/1",
        "limit": None,
        "input_digest": "0" * 64,
        "supply": {"2022": 1, "special-1": 1},
        "line": [row("1", too_young=True), row("2"), row("3"), row("4", line="SPECIAL", demand="special-1")],
        "served": ["2", "4"],
        "passed": [["1", "TOO_YOUNG"], ["3", "NO_SUPPLY"]],
    } | changes


@pytest.fixture
def judged(tmp_path):
    def judge(content: object) -> tuple[list[str], bool]:
        path = tmp_path / "run.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return verify.verify(path)

    return judge


def test_an_honest_file_holds(judged):
    lines, holds = judged(published())

    assert holds
    assert lines[-1] == "the published result follows from the published input"


@pytest.mark.parametrize(
    ("forged", "said"),
    [
        ({"served": ["3", "4"]}, "served differs at position 1"),
        ({"served": ["2", "4", "3"]}, "served differs in length"),
        ({"passed": [["1", "NO_SUPPLY"], ["3", "NO_SUPPLY"]]}, "passed differs at position 1"),
        ({"limit": 1}, "served differs in length"),
        ({"supply": {"2022": 2, "special-1": 1}}, "served differs"),
        (
            {"line": [row("2"), row("1", too_young=True), row("3"), row("4", line="SPECIAL", demand="special-1")]},
            "out of order",
        ),
    ],
)
def test_a_forged_result_or_order_is_told(judged, forged, said):
    lines, holds = judged(published(**forged))

    assert not holds
    assert any(said in line for line in lines)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "not JSON"),
        ("[1]", "not a published run"),
        ("[" * 100_000, "not JSON"),
        (published(format="other/1"), "not a published run"),
        (published(rule="voucher-run/9"), "this program knows voucher-run/1"),
        (published(line=[row("1"), row("1")]), "stands twice"),
        (published(line=[row("1", line="OTHER")]), "damaged"),
        (published(supply={"2022": True}), "damaged"),
        (published(line=[{}]), "damaged"),
        (published(limit="many"), "damaged"),
    ],
)
def test_a_damaged_file_is_one_clear_line(judged, content, said):
    lines, holds = judged(content)

    assert not holds
    assert len(lines) == 1
    assert said in lines[0]


def test_a_missing_file_is_one_clear_line(tmp_path):
    lines, holds = verify.verify(tmp_path / "nothing.json")

    assert (len(lines), holds) == (1, False)
