"""The HTTP server: one thread for each connection, so that a silent system holds up nobody else."""

import socket
import struct
import sys
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from balabaqsha.sandbox.http import HangUp, Request, Response, Route, dispatch, plain

BIGGEST_BODY = 5_000_000
SAFE = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": a browser would then send "Origin: null" with our own forms.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Server(ThreadingHTTPServer):
    """Serves the routes on one address."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], routes: list[Route]) -> None:
        super().__init__(address, Handler)
        self.routes = routes

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no error of ours; anything else is shown."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typeshed wants a socket


class Handler(BaseHTTPRequestHandler):
    """Reads one request whole, within limits, and writes the answer."""

    protocol_version = "HTTP/1.1"
    server_version = "BalabaqshaSandbox"
    sys_version = ""
    timeout = 60
    server: Server

    def do_GET(self) -> None:
        """Any method is answered the same way."""
        try:
            request = self._request()
            response = request if isinstance(request, Response) else self._answer(request)
        except HangUp:
            self._hang_up()
            return
        self._write(response)

    do_HEAD = do_POST = do_DELETE = do_PUT = do_GET

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the parent's name
        """Say nothing: requests hold IINs."""

    def _request(self) -> Request | Response:
        if "transfer-encoding" in self.headers:
            self.close_connection = True
            return plain(411, "length required")
        length = self.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > BIGGEST_BODY:
            self.close_connection = True
            return plain(413, "body too big")
        body = self.rfile.read(int(length))
        parts = urlsplit(self.path)
        return Request(
            method=self.command,
            path=unquote(parts.path),
            query=dict(parse_qsl(parts.query)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )

    def _answer(self, request: Request) -> Response:
        if request.method != "GET" and not _from_own_page(request):
            return plain(403, "a form of another site")
        try:
            return dispatch(self.server.routes, request)
        except HangUp:
            raise
        except Exception:  # noqa: BLE001 - one bad request must not end the process; the trace is shown to its owner
            traceback.print_exc()
            return plain(500, "the sandbox failed; its log says why")

    def _write(self, response: Response) -> None:
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        for name, value in (SAFE | dict(response.headers)).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def _hang_up(self) -> None:
        """Reset the connection, as a host does whose service is down."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


def _from_own_page(request: Request) -> bool:
    """Programs send no Origin; a browser does, and then it must be ours."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
