"""How a command starts and how it ends: Django made ready, and what stops it said in one line."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from balabaqsha.config import binaries, cluster, data_folder, env, shelter

NO = 1
WRONG_USE = 2
INTERRUPTED = 130


class Stop(Exception):
    """The command ends here; `status` is its exit status, the text is what it says."""

    def __init__(self, text: str, status: int = WRONG_USE) -> None:
        super().__init__(text)
        self.status = status


def quit_in_one_line(run: Callable[[], int]) -> int:
    """Run a command; what stops it is said on stderr without a traceback. Returns the exit status."""
    try:
        return run()
    except Stop as stop:
        return _say(stop, stop.status)
    except (env.WrongEnvironment, data_folder.InUse) as wrong:
        return _say(wrong, WRONG_USE)
    except (cluster.ClusterFailed, binaries.NoPostgres, shelter.NotOurs) as failed:
        return _say(failed, NO)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output had enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO
    except Exception as problem:
        if _is_no_server(problem):
            return _say(f"no database answers: {_first_line(problem)}; start `make run`, or set DATABASE_URL", NO)
        raise


def set_up(settings: str = "balabaqsha.config.settings") -> None:
    """Make Django ready with the settings of the environment; raises WrongEnvironment."""
    env.choose(DJANGO_SETTINGS_MODULE=settings)
    import django

    django.setup()


def set_up_for_demonstration(what: str) -> None:
    """The same, for what production does not have; raises Stop there."""
    set_up()
    from django.conf import settings

    if not settings.ENVIRONMENT.demonstration:
        raise Stop(f"{what} exists in the demonstration only", NO)


def refuse_unfit() -> None:
    """Raise Stop, with everything at once, where this installation must not serve anybody."""
    from django.core import checks

    problems = [message.msg for message in checks.run_checks() if message.is_serious()]
    problems += _left_from_demonstration() + _without_keys()
    if problems:
        raise Stop("this installation must not start:\n" + "\n".join(f"  {problem}" for problem in problems))


def _left_from_demonstration() -> list[str]:
    from django.conf import settings

    if settings.ENVIRONMENT.demonstration:
        return []
    from balabaqsha.accounts.models import ClockShift, DemonstrationPerson

    left = []
    if ClockShift.objects.filter(seconds__gt=0).exists():
        left.append("the database has a shifted clock, which exists in the demonstration only")
    if DemonstrationPerson.objects.exists():
        left.append("the database has demonstration persons, whose passwords are public")
    return left


def _without_keys() -> list[str]:
    """What is wrong with the key by which the state gateway knows us; the sandbox makes its own at its start."""
    from django.conf import settings

    from balabaqsha.gateways.wssecurity import NoKey, Security

    if settings.ENVIRONMENT.demonstration:
        return []
    security = Security(Path(settings.GATEWAYS["soap_key_file"]), Path(settings.GATEWAYS["soap_trusted_file"]))
    problems = []
    for look in (security.identity, security.trusted):
        try:
            look()
        except NoKey as problem:
            problems.append(f"the state gateway: {problem}")
    return problems


def _is_no_server(problem: Exception) -> bool:
    # By name, so that commands without a database need not import its driver. The worker's library wraps what it met.
    kinds = [*type(problem).__mro__, *type(problem.__cause__).__mro__]
    return "OperationalError" in {kind.__name__ for kind in kinds}


def _first_line(problem: Exception) -> str:
    return (str(problem.__cause__ or problem).strip().splitlines() or [type(problem).__name__])[0]


def _say(text: object, status: int) -> int:
    print(f"balabaqsha: {text}", file=sys.stderr)
    return status
