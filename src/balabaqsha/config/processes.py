"""Child processes that never outlive the process that started them."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def die_with_parent(end: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel to send this process `end` when its parent is gone. Only Linux can; elsewhere nothing happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(end))


def tied(end: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """What to run in a child between fork and exec: it gets `end` when this process is gone.

    Linux forgets the wish when the child changes its user, so it must be made after that, as Popen does.
    """
    parent = os.getpid()

    def tie() -> None:
        die_with_parent(end)
        if os.getppid() != parent:
            os.kill(os.getpid(), end)

    return tie
