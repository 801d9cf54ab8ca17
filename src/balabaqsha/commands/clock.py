"""`balabaqsha clock SHIFT`: let the demonstration clock jump ahead, or read it; it never goes back."""

from balabaqsha.commands import starting
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import local


def run(shift: str) -> int:
    """Print the portal's moment after the shift. Raises Stop for what is no shift, and in production."""
    from balabaqsha.law import days

    if shift != "now" and not shift.startswith("+"):
        raise starting.Stop(f"{shift!r} is no shift; write +2wd, +3d or +5h, or now to read the clock")
    try:
        length = None if shift == "now" else days.parse_length(shift[1:])
    except ValueError as wrong:
        raise starting.Stop(str(wrong)) from None
    starting.set_up_for_demonstration("the clock")
    from balabaqsha.accounts import actions
    from balabaqsha.accounts import clock as clocks
    from balabaqsha.law import queries, rules

    now = clocks.now()
    if length is not None:
        count, unit = length
        try:
            target = rules.due(now, count, unit, queries.calendar())
            actions.move_clock(by=target - now, actor=SYSTEM, now=now)
        except OverflowError:
            raise starting.Stop(f"{shift} lies beyond every calendar") from None
        except Refusal as refused:
            raise starting.Stop(f"the clock stays: {refused.detail}", starting.NO) from None
    print(local(clocks.now()).isoformat(timespec="seconds"))
    return 0
