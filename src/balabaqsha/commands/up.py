"""`balabaqsha up`: everything at once, in the foreground, until Ctrl-C.

What ends before the portal is open, ends all. Later whatever ends is named and started again: families are waiting.
"""

import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from balabaqsha.commands import demo, keeping, preparing, starting
from balabaqsha.commands.children import Child
from balabaqsha.config import cluster, data_folder, env

_BETWEEN_LOOKS_SECONDS = 0.25
_STARTING_SECONDS = 60


class Ended(Exception):
    """Somebody asked for the end."""


def run(*, port: int | None, data: Path | None) -> int:
    """Start the town of the data folder and keep it until told to end; returns the exit status."""
    began = time.monotonic()
    environment = _choose(port, data)
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGHUP, _end)
    with ExitStack() as stack:
        try:
            _refuse_busy_ports(environment)
            stack.enter_context(data_folder.alone(environment.data))
            own = stack.enter_context(_database(environment))
            _prepare()
            children: list[Child] = []
            for names in _order(environment):
                children += [_start(name, environment, stack) for name in names]
                _wait_until_served(environment, children)
            _greet(environment, seconds=time.monotonic() - began)
            _watch(children, own)
        except (Ended, KeyboardInterrupt):
            print("\nstopping", flush=True)
    return 0


def _choose(port: int | None, data: Path | None) -> env.Environment:
    """Settle the environment for this process and its children; the options win."""
    if port is not None:
        env.choose(BALABAQSHA_PORT=str(port))
    if data is not None:
        env.choose(BALABAQSHA_DATA=str(data.absolute()))
    chosen = env.current()
    try:
        data_folder.ensure(chosen.data)
    except OSError as problem:
        raise starting.Stop(f"cannot use the data folder {chosen.data}: {problem.strerror}") from None
    # Children may start elsewhere and must find the same folder.
    env.choose(BALABAQSHA_DATA=str(chosen.data), BALABAQSHA_PORT=str(chosen.port))
    return env.current()


def _end(*_: object) -> None:
    raise Ended


def _refuse_busy_ports(environment: env.Environment) -> None:
    ports = [environment.port]
    if environment.demonstration:
        ports += [environment.port + 1, environment.port + 2]
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((environment.address, port))
            except OSError as problem:
                others = f" (the portal takes {ports[0]} to {ports[-1]})" if len(ports) > 1 else ""
                raise starting.Stop(f"port {port} cannot be used: {problem.strerror}{others}") from None


@contextmanager
def _database(environment: env.Environment) -> Iterator[cluster.Cluster | None]:
    """The named server, which is nobody's to start, or our own."""
    if environment.database_url:
        yield None
        return
    own = cluster.Cluster(environment.data)
    try:
        own.start()
        own.ensure_database()
        yield own
    finally:
        own.stop()


def _prepare() -> None:
    starting.set_up()
    preparing.compile_texts()
    demo.migrate()
    preparing.collect_static()
    from django.conf import settings
    from django.db import connections

    if settings.ENVIRONMENT.demonstration and not demo.has_town():
        print("building the demonstration town", flush=True)
        for line in demo.build(seed=demo.USUAL_SEED):
            print(line, flush=True)
    starting.refuse_unfit()
    connections.close_all()


def _order(environment: env.Environment) -> list[list[str]]:
    """Who starts together; the worker asks the state systems at once, so it comes after them."""
    return [["sandbox", "web"], ["worker"]] if environment.demonstration else [["web"], ["worker"]]


def _start(name: str, environment: env.Environment, stack: ExitStack) -> Child:
    child = Child(name, log=environment.data / data_folder.LOGS / f"{name}.log")
    child.start()
    stack.callback(child.stop)
    return child


def _wait_until_served(environment: env.Environment, children: list[Child]) -> None:
    """Wait until pages and state systems answer; raises Stop where a child ends or answers too late."""
    until = time.monotonic() + _STARTING_SECONDS
    ports = [environment.port, environment.port + 1] if environment.demonstration else [environment.port]
    while not all(_is_served(environment, port) for port in ports):
        _refuse_ended(children)
        if time.monotonic() > until:
            said = "\n".join(f"{child.name}: {child.last_lines()}" for child in children)
            raise starting.Stop(f"not everything answers after {_STARTING_SECONDS} s:\n{said}", starting.NO)
        time.sleep(0.1)


def _is_served(environment: env.Environment, port: int) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(
        f"http://{environment.address}:{port}/health", headers={"Host": environment.hosts[0]}
    )
    try:
        opener.open(request, timeout=10).close()
    except urllib.error.HTTPError as answer:
        # Whatever it says, it is there; what is wrong stands in its log.
        answer.close()
    except OSError:
        return False
    return True


def _greet(environment: env.Environment, *, seconds: float) -> None:
    print(f"\nBalabaqsha is open: {environment.base_url}/   ({seconds:.1f} s)")
    if environment.demonstration:
        print(f"State systems, telephones and mail: http://{environment.address}:{environment.port + 1}/")
        print("Sign in as:")
        print("\n".join(demo.persons()))
        from django.db import connections

        connections.close_all()
    print(f"Logs: {environment.data / data_folder.LOGS}    Ctrl-C stops everything.", flush=True)


def _watch(children: list[Child], own: cluster.Cluster | None) -> None:
    lives = [keeping.of_cluster(own)] if own else []
    lives += [keeping.of_child(child) for child in children]
    keepers = [keeping.Keeper(life, now=time.monotonic(), say=_say) for life in lives]
    while True:
        time.sleep(_BETWEEN_LOOKS_SECONDS)
        for keeper in keepers:
            keeper.look(now=time.monotonic())


def _say(line: str) -> None:
    # What it says may go to a full disk: families are served all the same.
    with suppress(OSError):
        print(line, flush=True)


def _refuse_ended(children: list[Child]) -> None:
    for child in children:
        status = child.status()
        if status is not None:
            raise starting.Stop(
                f"{child.name} ended ({status}), so everything is stopped. Its last words:\n{child.last_lines()}",
                starting.NO,
            )
