"""Settings of a process that only rehearses a story: those of the portal without its jobs.

The modules of jobs bring the verifier of signatures and the gateways with them; a story needs neither, and starts without.
"""

from balabaqsha.config.settings import *  # noqa: F403 - the same settings but for what follows

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
