"""A file that is no story is refused with the path of what is wrong, in one line."""

import copy
import json
import subprocess
import sys
from pathlib import Path

import pytest

from balabaqsha.commands.rehearsal import story
from balabaqsha.commands.rehearsal.reading import MalformedStory

STORY = json.loads((Path(__file__).parent / "stories" / "waiting-list.json").read_text(encoding="utf-8"))


def told(tmp_path, change):
    raw = copy.deepcopy(STORY)
    change(raw)
    file = tmp_path / "story.json"
    file.write_text(json.dumps(raw), encoding="utf-8")
    return story.read(file)


def put(*path_and_value):
    *path, last, value = path_and_value

    def change(raw):
        for key in path:
            raw = raw[key]
        raw[last] = value

    return change


def drop(*path):
    *path, last = path

    def change(raw):
        for key in path:
            raw = raw[key]
        del raw[last]

    return change


FIRST_STEP = {
    "at": "2024-10-07T09:00:00+05:00",
    "do": "apply",
    "application": "B",
    "born": "2021-01-01",
    "kind": "general",
}

WRONG = {
    "an unknown key": (put("mood", "good"), "mood: is not a known key"),
    "an unknown key of a step": (put("steps", 0, "colour", 1), "steps[0].colour: is not a known key"),
    "a missing key": (drop("steps", 0, "born"), "steps[0].born: is missing"),
    "an unknown act": (put("steps", 0, "do", "dance"), "steps[0].do: must be one of apply"),
    "a moment without offset": (put("steps", 0, "at", "2024-10-07T09:00:00"), "steps[0].at: must be a moment"),
    "a moment with fractions": (put("steps", 0, "at", "2024-10-07T09:00:00.5+05:00"), "steps[0].at: must be a moment"),
    "an impossible moment": (put("steps", 0, "at", "2024-02-30T09:00:00+05:00"), "steps[0].at: must be a moment"),
    "time that goes back": (put("steps", 1, "at", "2024-10-01T09:00:00+05:00"), "steps[1].at: goes back in time"),
    "an impossible date": (put("steps", 0, "born", "2021-02-29"), "steps[0].born: must be a date"),
    "a date in another form": (put("steps", 0, "born", "20210201"), "steps[0].born: must be a date"),
    "an unknown application": (put("steps", 3, "application", "Z"), "steps[3]"),
    "an unknown group": (put("steps", 7, "group", "K9.z"), "steps[7].group: there is no group 'K9.z'"),
    "an unknown term": (put("terms", {"voucher.colour": 3}), "terms.voucher.colour: is not a term"),
    "a term that is no number": (
        put("terms", {"voucher.confirm": "3"}),
        "terms.voucher.confirm: must be a whole number",
    ),
    "a truth as a term": (put("terms", {"voucher.confirm": True}), "terms.voucher.confirm: must be a whole number"),
    "a term that has no number": (put("terms", {"line.priority_cycle": 3}), "terms.line.priority_cycle: is not a term"),
    "an unknown word of a term": (put("terms", {"free_choice.mode": "race"}), "terms.free_choice.mode: must be one of"),
    "one date in both lists": (
        put("calendar", {"days_off": ["2024-10-10"], "working_days": ["2024-10-10"]}),
        "calendar.working_days: 2024-10-10 is also a day off",
    ),
    "more published than there is": (
        put("kindergartens", 0, "groups", 0, "published", 9),
        "published: is above the capacity",
    ),
    "two groups of one name": (put("kindergartens", 1, "groups", 0, "id", "K1.a"), "'K1.a' is used twice"),
    "an unknown language": (put("kindergartens", 0, "groups", 0, "language", "xx"), "language: must be one of"),
    "a correction with capitals": (
        put("kindergartens", 0, "groups", 0, "correction", "Speech"),
        "correction: must be a word",
    ),
    "an unknown benefit": (put("steps", 0, "benefit", "STAFF"), "steps[0].benefit: must be one of"),
    "a special application without correction": (
        put("steps", 0, "kind", "special"),
        "steps[0].correction: is required",
    ),
    "a child born twice": (put("steps", 1, FIRST_STEP | {"application": "A1", "born": "2021-01-02"}), "steps[1].born"),
    "a territory that is no code": (put("territory", "code", "Pavlodar"), "territory.code: must be a KATO code"),
    "a child too old for its number": (put("steps", 0, "born", "1799-12-31"), "steps[0].born: must lie in the years"),
    "a moment before the rulebook": (put("steps", 0, "at", "2019-06-01T00:00:00+05:00"), "steps[0].at: must lie in"),
    "a moment out of time": (put("steps", 0, "at", "0001-01-01T00:00:00+14:00"), "steps[0].at: must be a moment"),
    "a term without end": (put("terms", {"voucher.confirm": 10_001}), "terms.voucher.confirm: must be at most 10000"),
    "a term below nought": (put("terms", {"voucher.confirm": -1}), "terms.voucher.confirm: must be at least 0"),
    "a broken number of days": (
        put("terms", {"voucher.confirm": 2.5}),
        "terms.voucher.confirm: must be a whole number",
    ),
    "a term without a number of its own": (
        put("terms", {"voucher.refusal_by_kindergarten": 5}),
        "terms.voucher.refusal_by_kindergarten: is not a term",
    ),
    "a group of a town": (put("kindergartens", 0, "groups", 0, "capacity", 10**6), "capacity: must be at most"),
    "half a character": (put("kindergartens", 0, "groups", 0, "id", "K1.\ud800"), "id: must be a text"),
    "a key of two lines": (put("mood\nor so", "good"), "mood?or so: is not a known key"),
    "an unknown reason": (
        put("steps", 0, {"at": FIRST_STEP["at"], "do": "refuse_contract", "application": "A1", "reason": "tired"}),
        "steps[0].reason: must be one of unvaccinated_share, group_closed",
    ),
    "an unknown verdict": (
        put(
            "steps",
            3,
            {"at": "2024-10-08T10:00:00+05:00", "do": "check_documents", "application": "A1", "verdict": "no"},
        ),
        "steps[3].verdict: must be one of confirm, reject",
    ),
    "an unknown ownership": (put("kindergartens", 0, "ownership", "town"), "ownership: must be one of state, private"),
    "an unknown regime": (put("territory", "regime", "lottery"), "territory.regime: must be one of voucher, linear"),
    "an impossible day off": (put("calendar", {"days_off": ["2024-02-30"]}), "calendar.days_off[0]: must be a date"),
    "an impossible wish": (put("steps", 0, "wished_from", "2025-13-01"), "steps[0].wished_from: must be a date"),
    "steps that are no list": (put("steps", {}), "steps: must be a list"),
    "a step that is no object": (put("steps", 0, 5), "steps[0]: must be an object"),
    "no places to publish": (
        put("steps", 0, {"at": "2024-10-07T09:00:00+05:00", "do": "publish", "group": "K1.a", "places": 0}),
        "steps[0].places: must be at least 1",
    ),
}


@pytest.mark.parametrize(("change", "message"), WRONG.values(), ids=WRONG.keys())
def test_is_refused_with_the_path_of_what_is_wrong(change, message, tmp_path):
    with pytest.raises(MalformedStory) as refused:
        told(tmp_path, change)

    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "line 1, column 2"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b'{"steps": [], "steps": []}', "the key 'steps' stands twice"),
        (b'{"steps": NaN}', "NaN is not a value of JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[]", "the story: must be an object"),
        (b'{"steps": ' + b"9" * 5000 + b"}", "too many digits"),
    ],
)
def test_is_refused_when_it_is_no_json(content, message, tmp_path):
    file = tmp_path / "story.json"
    file.write_bytes(content)

    with pytest.raises(MalformedStory, match=r".") as refused:
        story.read(file)

    assert message in str(refused.value)


def test_what_may_be_left_out_may_be_left_out(tmp_path):
    def change(raw):
        del raw["terms"], raw["calendar"]
        del raw["kindergartens"][0]["groups"][0]["correction"]

    assert told(tmp_path, change).terms == {}


def test_the_command_says_one_line_and_ends_with_status_two(tmp_path):
    file = tmp_path / "story.json"
    file.write_text("{}", encoding="utf-8")

    answer = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; from pathlib import Path; from balabaqsha.commands import rehearse; sys.exit(rehearse.run(Path({str(file)!r})))",
        ],
        capture_output=True,
        text=True,
    )

    assert answer.returncode == 2
    assert answer.stderr == "balabaqsha: territory: is missing\n"
    assert answer.stdout == ""
