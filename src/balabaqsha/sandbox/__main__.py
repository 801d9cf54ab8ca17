"""`python -m balabaqsha.sandbox`: start the state systems and serve them until told to end."""

import argparse
import os
import signal
import socket
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

from balabaqsha.sandbox import identities
from balabaqsha.sandbox.addresses import AddressRegister
from balabaqsha.sandbox.api import Api
from balabaqsha.sandbox.arkotek import Arkotek
from balabaqsha.sandbox.authority_pages import authority_paths
from balabaqsha.sandbox.http import Route, plain, route
from balabaqsha.sandbox.mail import Letters, MailServer
from balabaqsha.sandbox.medical import Medical
from balabaqsha.sandbox.messages import Messages
from balabaqsha.sandbox.modes import Systems
from balabaqsha.sandbox.node import Node
from balabaqsha.sandbox.pages import Pages, static
from balabaqsha.sandbox.people import PEOPLE
from balabaqsha.sandbox.phone_page import PhonePage
from balabaqsha.sandbox.population import Population
from balabaqsha.sandbox.registers import Gateway
from balabaqsha.sandbox.server import Server
from balabaqsha.sandbox.sms import SmsSender

_HIGHEST_PORT = 65535


def now() -> datetime:
    """The sandbox is outside the portal: it lives on real time, whatever the demonstration clock says."""
    return datetime.now(UTC)


def all_routes(
    *, systems: Systems, messages: Messages, population: Population, data: Path, address: str
) -> list[Route]:
    """Every path of the sandbox, itself at `address` (without the last slash)."""
    keys = identities.ensure(data / "gateway", now=now())
    gateway = Gateway(population=population, systems=systems, clock=now, security=keys.gateway)
    sms = SmsSender(messages=messages, systems=systems, clock=now)
    node = Node(systems=systems, folder=data / "authority", clock=now)
    pages = Pages(systems=systems, messages=messages, population=population)
    api = Api(systems=systems, messages=messages)
    return [
        route("POST", "/gateway/syncchannel", gateway.answer),
        route("POST", "/sms/messages", sms.send),
        route("GET", "/sms/messages/(?P<identity>[^/]+)", sms.delivery),
        route("GET", "/addresses", AddressRegister(systems=systems).search),
        route("POST", "/medical/forms", Medical(population=population, systems=systems).forms),
        route("POST", "/arkotek/conclusions", Arkotek(population=population, systems=systems).conclusions),
        route("GET", "/", pages.home),
        route("POST", "/systems/(?P<name>[a-z]+)", pages.set_mode),
        route("GET", "/phones", pages.phones),
        route("GET", "/phones/(?P<number>[^/]+)", pages.phone),
        route("GET", "/mail", pages.mail),
        route("GET", r"/(?:style\.css|refresh\.js)", static),
        route("GET", "/api/systems", api.systems),
        route("POST", "/api/systems/(?P<name>[a-z]+)", api.set_mode),
        route("POST", r"/api/phones/(?P<number>\+7\d{10})", sms.switch),
        route("GET", "/api/messages", api.messages),
        route("DELETE", "/api/messages", api.forget),
        route("GET", r"/favicon\.ico", lambda request: plain(204, "")),  # noqa: ARG005 - every route gets the request
        route("GET", "/health", lambda request: plain(200, "ok")),  # noqa: ARG005 - every route gets the request
        route("POST", "/ncanode/cms/verify", node.verify),
        route("GET", "/ncanode/actuator/health", node.health),
        *PhonePage(population=population, folder=data / "authority", clock=now).paths(),
        *authority_paths(folder=data / "authority", systems=systems, clock=now, address=address),
    ]


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """What was asked for; ends with status 2 and one line where it makes no sense."""
    parser = argparse.ArgumentParser(prog="balabaqsha sandbox", description=__doc__)
    parser.add_argument(
        "--port",
        type=int,
        default=os.environ.get("BALABAQSHA_PORT", "8000"),
        help="the portal's port; HTTP is served on the next one, SMTP on the one after it",
    )
    parser.add_argument("--data", type=Path, default=os.environ.get("BALABAQSHA_DATA", "var"), help="data folder")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at")
    parser.add_argument("--http-port", type=int, help="instead of PORT+1")
    parser.add_argument("--smtp-port", type=int, help="instead of PORT+2")
    found = parser.parse_args(given)
    found.http_port = found.port + 1 if found.http_port is None else found.http_port
    found.smtp_port = found.port + 2 if found.smtp_port is None else found.smtp_port
    if not all(0 < port <= _HIGHEST_PORT for port in (found.http_port, found.smtp_port)):
        parser.error(f"ports are 1 to {_HIGHEST_PORT}")
    return found


def main(given: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; returns the exit status: 2 where a port is taken."""
    asked = arguments(given)
    # Before anything is made in the data folder; the mail controller would also notice a taken port only after seconds.
    for port in (asked.http_port, asked.smtp_port):
        try:
            socket.create_server((asked.host, port)).close()
        except OSError as problem:
            print(f"sandbox: cannot listen at {asked.host}:{port}: {problem.strerror or problem}", file=sys.stderr)
            return 2
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    serve(asked, ended)
    return 0


def serve(asked: argparse.Namespace, ended: threading.Event) -> None:
    """Serve as asked until the event comes."""
    systems = Systems()
    messages = Messages(asked.data / "sandbox" / "messages.jsonl")
    population = Population(file=asked.data / "sandbox" / "population.jsonl", otherwise=PEOPLE)
    address = f"http://{asked.host}:{asked.http_port}"
    routes = all_routes(systems=systems, messages=messages, population=population, data=asked.data, address=address)
    server = Server((asked.host, asked.http_port), routes)
    letters = Letters(messages=messages, systems=systems, clock=now)
    mail = MailServer(letters=letters, systems=systems, host=asked.host, port=asked.smtp_port)
    mail.start()
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    print(f"sandbox: {address}/ and mail on port {asked.smtp_port}", flush=True)
    ended.wait()
    mail.stop(no_assert=True)
    server.shutdown()


if __name__ == "__main__":
    sys.exit(main())
