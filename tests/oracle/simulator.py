"""The rules played: a story in, what happens out. Naive on purpose; made from the pages of the rules alone."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from balabaqsha.law import calendar_seed
from tests.oracle import days, family_acts, lapses, line, official_acts
from tests.oracle.world import TERMS, Group, Refused, World

OF_ONE = {
    **{
        name: getattr(family_acts, name)
        for name in (
            "confirm_interest decline restore withdraw leave choose unchoose extend give_back "
            "join_waiting_list leave_waiting_list accept_offer"
        ).split()
    },
    **{
        name: getattr(official_acts, name)
        for name in (
            "check_documents register grant_papers_time send_contract sign_by_parent return_papers "
            "refuse_contract sign_by_kindergarten"
        ).split()
    },
}
OF_ALL = {
    "apply": family_acts.apply,
    "run_vouchers": official_acts.run_vouchers,
    "publish": official_acts.publish,
    "renew": official_acts.renew,
    "show": lambda world, step: None,
}
JUNE_30 = (6, 30)
NATIONAL = days.WorkingDays(
    days_off=frozenset(seed.day for seed in calendar_seed.DAYS if not seed.working),
    worked=frozenset(seed.day for seed in calendar_seed.DAYS if seed.working),
)


def play(story: Mapping[str, Any]) -> dict[str, Any]:
    """Play the story; returns the output object of a rehearsal."""
    world = begin(story)
    return {"steps": [play_step(world, step) for step in story["steps"]]}


def begin(story: Mapping[str, Any]) -> World:
    """The world before the first step."""
    began = datetime.fromisoformat(story["steps"][0]["at"])
    first = days.day_of(began)
    world = World(
        is_linear=story["territory"]["regime"] == "linear",
        terms=TERMS | story.get("terms", {}),
        calendar=_added(NATIONAL, story.get("calendar", {})),
        groups={group.id: group for group in _groups(story)},
        intake=first.year - ((first.month, first.day) < JUNE_30),
        now=began,
    )
    lapses.offer(world)
    return world


def _added(calendar: days.WorkingDays, more: Mapping[str, list[str]]) -> days.WorkingDays:
    off = frozenset(map(date.fromisoformat, more.get("days_off", [])))
    worked = frozenset(map(date.fromisoformat, more.get("working_days", [])))
    return days.WorkingDays((calendar.days_off - worked) | off, (calendar.worked - off) | worked)


def _groups(story: Mapping[str, Any]) -> list[Group]:
    return [
        Group(
            id=group["id"],
            line=(group["birth_year"], group.get("correction")),
            capacity=group["capacity"],
            published=group["published"],
            is_private=kindergarten["ownership"] == "private",
            settlement=kindergarten.get("settlement"),
        )
        for kindergarten in story["kindergartens"]
        for group in kindergarten["groups"]
    ]


def play_step(world: World, step: Mapping[str, Any]) -> dict[str, Any]:
    """Let time pass until the step, perform it, and show the story after it."""
    refusal = attempt(world, step)
    return {
        "at": _written(world.now),
        "do": step["do"],
        "ok": refusal is None,
        "refusal": refusal,
        "applications": {name: _shown(world, name) for name in world.applications},
        "groups": {group: {"free": world.free(group)} for group in world.groups},
    }


def attempt(world: World, step: Mapping[str, Any]) -> str | None:
    """Let time pass until the step and perform it; returns the code of the refusal."""
    lapses.sweep(world, datetime.fromisoformat(step["at"]))
    try:
        _act(world, step)
    except Refused as refused:
        return str(refused.args[0])
    lapses.offer(world)
    return None


def _act(world: World, step: Mapping[str, Any]) -> None:
    if step["do"] in OF_ALL:
        OF_ALL[step["do"]](world, step)
    elif step["application"] not in world.applications:
        raise Refused("not-in-this-state")
    else:
        OF_ONE[step["do"]](world, world.applications[step["application"]], step)


def _shown(world: World, name: str) -> dict[str, Any]:
    application = world.applications[name]
    due = application.transfer.due if application.transfer is not None else application.due
    return {
        "state": application.state,
        "reason": application.reason,
        "due": None if due is None else _written(due),
        "place": application.place,
        "line_place": line.place_in_line(world, application),
        "misses": application.misses,
    }


def _written(moment: datetime) -> str:
    return moment.astimezone(days.ALMATY).isoformat()
