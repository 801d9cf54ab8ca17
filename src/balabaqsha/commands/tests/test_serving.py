"""A worker whose schedules would wait for the clock to come again to where it was ends, to be started anew."""

import signal
import subprocess
import sys

WATCHED = """
import threading, time
from balabaqsha.commands import serving
threading.Thread(target=serving._end_when_the_clock_goes_back, daemon=True).start()
time.sleep(1.5)
shown = time.time
time.time = lambda: shown() - {back}
time.sleep({then})
"""


def test_the_clock_that_goes_back_by_an_hour_ends_it():
    done = subprocess.run([sys.executable, "-c", WATCHED.format(back=3600, then=60)], capture_output=True, text=True)

    assert done.returncode == -signal.SIGTERM
    assert "the clock went back" in done.stderr


def test_the_clock_that_is_slewed_does_not():
    done = subprocess.run([sys.executable, "-c", WATCHED.format(back=0.3, then=3)], capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
