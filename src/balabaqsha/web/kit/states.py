"""How the state of an application looks: its badge and the stage of the five that it stands at."""

from collections.abc import Mapping
from dataclasses import dataclass

STAGES = (
    "steps.queue",
    "steps.waiting",
    "steps.choice",
    "steps.funding",
    "steps.enrolment",
)


@dataclass(frozen=True)
class Look:
    """The icon and tone of a badge and the place of the stage (0-4); `stopped` where the way has ended there."""

    icon: str
    tone: str
    stage: int
    stopped: bool = False
    finished: bool = False


LOOKS: Mapping[str, Look] = {
    "DRAFT": Look("pencil", "off", 0),
    "DOCUMENTS_CHECK": Look("hourglass", "", 0),
    "WAITING": Look("list-ordered", "", 1),
    "VOUCHER_OFFERED": Look("ticket", "sun", 1),
    "TURN_OFFERED": Look("send", "sun", 1),
    "VOUCHER_ACTIVE": Look("circle-check", "sun", 2),
    "REFERRAL_ISSUED": Look("ticket", "sun", 2),
    "CONTRACT_AWAITED": Look("file-pen-line", "", 2),
    "REGISTERED": Look("file-check", "ok", 3),
    "CONTRACT_WITH_PARENT": Look("file-pen-line", "sun", 3),
    "CONTRACT_WITH_KINDERGARTEN": Look("hourglass", "", 3),
    "ENROLLED": Look("school", "ok", 4, finished=True),
    "STOP_LISTED": Look("circle-alert", "bad", 1, stopped=True),
    "ARCHIVED": Look("archive", "off", 0, stopped=True),
}


@dataclass(frozen=True)
class Stage:
    """One of the five stages of ui/journey.html."""

    key: str
    step: str
    note: str = ""


def stages(state: str, *, note: str = "", stopped_at: int | None = None) -> list[Stage]:
    """The five stages for an application in this state; `note` stands under the present one.

    `stopped_at` (0-4) is where an archived application ended.
    """
    look = LOOKS[state]
    here = look.stage if stopped_at is None else stopped_at

    def step(place: int) -> str:
        if place < here or look.finished:
            return "done"
        if place > here:
            return "next"
        return "stop" if look.stopped else "now"

    return [Stage(key=key, step=step(place), note=note if place == here else "") for place, key in enumerate(STAGES)]
