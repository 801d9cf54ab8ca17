"""The signer in a real browser: what it posts is accepted, and everything else is said to the person at the page."""

import base64
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from balabaqsha.sandbox.authority import authority as authorities
from balabaqsha.sandbox.authority import signing
from balabaqsha.sandbox.authority.profile import Holder, Usage
from balabaqsha.signatures import verifier
from balabaqsha.web.kit.texts import say
from tests.browser import looking

CONTENT = "Шарт № 17. Бала: …\n".encode() * 3000
MOTHER = Holder(iin="900101400123", surname="Серікова", given_name="Айгүл", patronymic="Болатқызы")
HEAD = Holder(iin="770707300789", surname="Ахметов", given_name="Ерлан", bin="120340001234", organisation="Балапан")
LAYER = "wss://127.0.0.1:13579"
POLICY = (
    f"default-src 'none'; script-src 'self'; connect-src 'self' {LAYER}; "
    "style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ICON = '<link rel="icon" href="/static/kit/img/favicon.svg">'
pytestmark = pytest.mark.skipif(looking.CHROMIUM is None, reason="Chromium is not installed")


@dataclass
class Portal:
    """A server with one page: the panel, the bytes to sign, and a check of what is posted."""

    authority: authorities.Authority
    holder: str = "person"
    iin: str = MOTHER.iin
    content_status: int = 200
    posted: list[dict[str, list[str]]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    address: str = ""

    def page(self) -> bytes:
        context = {
            "action": "/signed",
            "content_url": "/content",
            "holder": self.holder,
            "iin": self.iin,
            "authorities": "any",
        }
        panel = render_to_string("ui/sign_panel.html", context)
        head = f'<!doctype html><html lang="kk"><meta charset="utf-8"><title>Шарт</title>{ICON}'
        style = '<link rel="stylesheet" href="/static/kit/balabaqsha.css">'
        script = '<script type="module" src="/static/sign/sign.js"></script>'
        return f"{head}{style}<main><h1>Шарт</h1>{panel}</main>{script}".encode()

    def check(self, body: bytes) -> bytes:
        self.raw.append(body)
        form = parse_qs(body.decode())
        self.posted.append(form)
        now = datetime.now(UTC)
        trusted = [verifier.read_authority(path.read_bytes()) for path in self.authority.trusted.iterdir()]
        lists = [
            verifier.read_revocation_list(content, tuple(trusted))
            for content in self.authority.revocation_lists(now=now).values()
        ]
        try:
            verified = verifier.verify(
                verifier.read_posted(form["cms"][0]),
                CONTENT,
                purpose=verifier.SIGN,
                moment=now,
                trust=verifier.store_of(trusted, lists),
            )
        except verifier.SignatureRefused as refusal:
            return f"{ICON}<title>refused</title><p id=result>{refusal.code}".encode()
        return f"{ICON}<title>accepted</title><p id=result>{verified.holder.iin} {verified.holder.bin}".encode()


def handler(portal: Portal) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/":
                self.answer(portal.page(), "text/html; charset=utf-8")
            elif self.path == "/content":
                self.answer(CONTENT, "application/pdf", portal.content_status)
            else:
                found = finders.find(self.path.removeprefix("/static/"))
                kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
                self.answer(Path(found).read_bytes(), kinds.get(Path(found).suffix, "application/octet-stream"))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.answer(portal.check(body), "text/html; charset=utf-8")

        def answer(self, body: bytes, kind: str, status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments) -> None:
            """Keep quiet."""

    return Handler


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> authorities.Authority:
    return authorities.open_or_found(tmp_path_factory.mktemp("authority"), now=datetime.now(UTC))


@pytest.fixture
def portal(settings, authority) -> Iterator[Portal]:
    # The page server of these tests serves files under their own names.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    portal = Portal(authority)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(portal))
    portal.address = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield portal
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with looking.chromium() as browser:
        yield browser


@pytest.fixture
def page(chromium) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 360, "height": 740})
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.problems = []
    page.on("console", lambda line: page.problems.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    yield page
    context.close()


def choose_file(page: Page) -> None:
    page.get_by_role("radio", name=re.compile(f"^{say('sign.file')}")).check()


def sign_with_file(page: Page, portal: Portal, path: Path, password: str = authorities.PASSWORD) -> None:
    page.goto(portal.address)
    choose_file(page)
    page.get_by_label(say("sign.file-field")).set_input_files(path)
    page.get_by_label(say("sign.password")).fill(password)
    page.get_by_role("button", name=say("sign.submit"), exact=True).click()


def sign_through_layer(page: Page, portal: Portal) -> None:
    page.goto(portal.address)
    page.get_by_role("button", name=say("sign.submit"), exact=True).click()


def says(page: Page, name: str, *, timeout: float = 5000) -> None:
    expect(page.get_by_role("status")).to_have_text(say(f"sign.status.{name}"), timeout=timeout)


class TestPanel:
    @pytest.mark.parametrize("theme", ["light", "dark"])
    @pytest.mark.parametrize("width", [320, 1366])
    def test_has_nothing_to_complain_of(self, chromium, portal, width, theme):
        context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=theme)

        assert looking.complaints(context.new_page(), portal.address) == []
        context.close()

    def test_shows_only_the_fields_of_the_chosen_way(self, page, portal):
        page.goto(portal.address)
        expect(page.get_by_label(say("sign.password"))).to_be_hidden()

        choose_file(page)

        expect(page.get_by_label(say("sign.password"))).to_be_visible()
        expect(page.get_by_text(say("sign.layer-permission"))).to_be_hidden()

    def test_shows_no_button_without_script_and_says_why(self, chromium, portal):
        """Chromium under test shows no <noscript> even where it runs no script: the words are looked for in the source."""
        context = chromium.new_context(java_script_enabled=False)
        page = context.new_page()

        source = page.goto(portal.address).text()

        assert say("sign.needs-script") in source.partition("<noscript>")[2].partition("</noscript>")[0]
        expect(page.get_by_role("button", name=say("sign.submit"), exact=True)).to_be_hidden()
        context.close()


class TestKeyFile:
    def test_signs_and_posts_nothing_but_the_message(self, page, portal, authority):
        path = authority.key_file(MOTHER, Usage.SIGN)

        sign_with_file(page, portal, path)

        expect(page).to_have_title("accepted")
        expect(page.locator("#result")).to_have_text(f"{MOTHER.iin} None")
        (posted,) = portal.posted
        assert set(posted) == {"cms", "how"}
        assert authorities.PASSWORD.encode() not in portal.raw[0]
        assert page.problems == []

    def test_signs_with_the_key_of_an_organisation(self, page, portal, authority):
        sign_with_file(page, portal, authority.key_file(HEAD, Usage.SIGN))

        expect(page.locator("#result")).to_have_text(f"{HEAD.iin} {HEAD.bin}")

    @pytest.mark.parametrize("password", ["Құпия12", "Qwerty12"])
    def test_opens_files_of_today_and_kazakh_passwords(self, page, portal, authority, tmp_path, password):
        key = authority.issue(MOTHER, Usage.SIGN)
        protection = serialization.BestAvailableEncryption(password.encode())
        path = tmp_path / "new.p12"
        path.write_bytes(pkcs12.serialize_key_and_certificates(b"new", key.private, key.certificate, None, protection))

        sign_with_file(page, portal, path, password)

        expect(page).to_have_title("accepted", timeout=20_000)

    def test_leaves_the_judgement_of_the_key_to_the_server(self, page, portal, authority):
        sign_with_file(page, portal, authority.key_file(MOTHER, Usage.AUTH))

        expect(page.locator("#result")).to_have_text("signature-wrong-purpose")

    def test_says_that_the_password_is_wrong_and_lets_it_be_typed_again(self, page, portal, authority):
        sign_with_file(page, portal, authority.key_file(MOTHER, Usage.SIGN), "nope")

        says(page, "wrong-password")
        expect(page.get_by_label(say("sign.password"))).to_be_focused()
        page.get_by_label(say("sign.password")).fill(authorities.PASSWORD)
        page.get_by_role("button", name=say("sign.submit"), exact=True).click()
        expect(page).to_have_title("accepted")

    def test_says_that_the_file_is_no_key_file(self, page, portal, tmp_path):
        path = tmp_path / "photo.p12"
        path.write_bytes(b"\xff\xd8\xff\xe0 a photo")

        sign_with_file(page, portal, path)

        says(page, "file-unreadable")

    def test_asks_for_a_file(self, page, portal):
        page.goto(portal.address)
        choose_file(page)

        page.get_by_role("button", name=say("sign.submit"), exact=True).click()

        says(page, "no-file")

    def test_says_that_the_document_did_not_come(self, page, portal, authority):
        portal.content_status = 404

        sign_with_file(page, portal, authority.key_file(MOTHER, Usage.SIGN))

        says(page, "no-content")
        assert portal.posted == []

    def test_is_fetched_only_when_it_is_chosen(self, page, portal):
        asked = []
        page.on("request", lambda request: asked.append(request.url))

        page.goto(portal.address)
        page.wait_for_load_state("networkidle")

        assert any(url.endswith("/sign.js") for url in asked)
        assert not any(url.endswith("/keyfile.js") for url in asked)


@dataclass
class Layer:
    """Answers as NCALayer does, with keys of the development authority."""

    authority: authorities.Authority
    cancel: bool = False
    silent: bool = False
    broken: bool = False
    heartbeat: bool = False
    asked: list[dict] = field(default_factory=list)
    closed: bool = False

    def __call__(self, socket: WebSocketRoute) -> None:
        socket.on_message(lambda text: self.answer(socket, json.loads(text)))
        socket.on_close(lambda code, reason: setattr(self, "closed", True))
        socket.send(json.dumps({"result": {"version": "1.4"}}))

    def answer(self, socket: WebSocketRoute, request: dict) -> None:
        self.asked.append(request)
        if request["module"] != "kz.gov.pki.knca.basics":
            socket.send(json.dumps({"success": False, "errorCode": "MODULE_NOT_FOUND"}))
            return
        if self.heartbeat:
            socket.send("--heartbeat--")
            socket.send("{}")
        if self.cancel:
            socket.send(json.dumps({"status": True, "body": {}}))
        elif self.broken:
            socket.send(json.dumps({"status": False, "code": "SIGNING_FAILURE", "message": "m", "details": "d"}))
        elif not self.silent:
            socket.send(json.dumps({"status": True, "body": {"result": [self.signature(request["args"])]}}))

    def signature(self, arguments: dict) -> str:
        content = base64.b64decode(arguments["data"])
        holder = HEAD if "1.2.398.3.3.4.1.2" in arguments["signerParams"]["extKeyUsageOids"] else MOTHER
        message = signing.sign(content, self.authority.issue(holder, Usage.SIGN), signed_at=datetime.now(UTC))
        return f"-----BEGIN CMS-----\n{base64.encodebytes(message).decode()}-----END CMS-----\n"


class TestLayer:
    @pytest.fixture
    def layer(self, page, authority) -> Layer:
        layer = Layer(authority)
        page.route_web_socket(LAYER, layer)
        return layer

    def test_signs_with_the_keys_of_the_person_only(self, page, portal, layer):
        sign_through_layer(page, portal)

        expect(page.locator("#result")).to_have_text(f"{MOTHER.iin} None")
        arguments = layer.asked[-1]["args"]
        assert arguments["signerParams"]["iin"] == MOTHER.iin
        assert arguments["locale"] == "kk"
        assert arguments["signingParams"]["encapsulate"] is False
        assert page.problems == []

    def test_signs_with_a_key_of_the_organisation(self, page, portal, layer):
        portal.holder, portal.iin = "organisation", HEAD.iin

        sign_through_layer(page, portal)

        expect(page.locator("#result")).to_have_text(f"{HEAD.iin} {HEAD.bin}")

    def test_is_not_touched_before_the_click(self, page, portal, layer):
        page.goto(portal.address)
        page.wait_for_load_state("networkidle")

        assert layer.asked == []

    def test_does_not_take_a_keep_alive_for_the_answer(self, page, portal, layer):
        layer.heartbeat = True

        sign_through_layer(page, portal)

        expect(page).to_have_title("accepted")

    def test_says_that_the_person_cancelled_there(self, page, portal, layer):
        layer.cancel = True

        sign_through_layer(page, portal)

        says(page, "cancelled")
        assert portal.posted == []

    def test_can_be_cancelled_on_the_page(self, page, portal, layer):
        layer.silent = True
        sign_through_layer(page, portal)
        says(page, "waiting")

        page.get_by_role("button", name=say("sign.cancel"), exact=True).click()

        says(page, "cancelled")
        expect(page.get_by_role("button", name=say("sign.cancel"), exact=True)).to_be_hidden()

    def test_says_that_signing_failed_and_lets_it_be_tried_again(self, page, portal, layer):
        layer.broken = True
        sign_through_layer(page, portal)
        says(page, "failed")

        layer.broken = False
        page.get_by_role("button", name=say("sign.submit"), exact=True).click()

        expect(page).to_have_title("accepted")

    def test_says_that_nothing_is_running(self, page, portal):
        page.route_web_socket(LAYER, lambda socket: socket.close())

        sign_through_layer(page, portal)

        says(page, "not-found")

    def test_waits_no_longer_than_five_seconds(self, page, portal):
        page.route_web_socket(LAYER, lambda socket: None)

        sign_through_layer(page, portal)

        says(page, "connecting")
        says(page, "not-found", timeout=8000)
