"""A process of the town as its supervisor sees it: started, watched, stopped."""

import signal
import subprocess
import sys
from collections import deque
from pathlib import Path

from balabaqsha.config import processes

_PATIENCE_SECONDS = 25
_LOG_LIMIT = 5_000_000


class Child:
    """One command of ours as a process that ends with us; what it says goes into its log."""

    def __init__(self, name: str, *, log: Path) -> None:
        self.name = name
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process."""
        self.log.parent.mkdir(mode=0o700, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", "balabaqsha.commands.main", self.name],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C in the terminal reaches the whole group: the supervisor alone decides who ends when.
                start_new_session=True,
                preexec_fn=processes.tied(),  # noqa: PLW1509 - the supervisor has no threads
            )

    def status(self) -> str | None:
        """How the process ended, in words; None while it runs."""
        code = self._process.poll() if self._process else None
        if code is None:
            return None
        return f"by signal {signal.Signals(-code).name}" if code < 0 else f"with status {code}"

    def stop(self) -> None:
        """Ask the process to end; one that does not is ended."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def last_lines(self, count: int = 12) -> str:
        """The end of its log."""
        with self.log.open(encoding="utf-8", errors="replace") as lines:
            return "".join(deque(lines, maxlen=count)).rstrip()
