"""What a web process serves. It ends at once when the process that started it is gone."""

import signal

from balabaqsha.config import processes

processes.die_with_parent(signal.SIGKILL)

from balabaqsha.config.wsgi import application  # noqa: E402 - tied to its parent before anything else

__all__ = ["application"]
