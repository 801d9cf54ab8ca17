"""The sandbox as a process: pages, interface, limits, start and end."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import uuid
from urllib.parse import urlsplit

import httpx
import pytest

from balabaqsha.gateways.tests import sandbox_process
from balabaqsha.gateways.tests.sandbox_process import MOTHER_PHONE, NOBODYS_PHONE

PAGES = ("/", "/phones", f"/phones/{MOTHER_PHONE}", f"/phones/{NOBODYS_PHONE}", "/mail", "/authority", "/egov-mobile")


def send(clients, now, text, phone=MOTHER_PHONE):
    return clients["sms"].send(phone, text, reference=str(uuid.uuid4()), now=now)


class TestPages:
    @pytest.mark.parametrize("path", PAGES)
    def test_are_whole_and_ask_nothing_of_other_hosts(self, sandbox, path):
        page = sandbox.get(path)

        assert page.status_code == 200
        assert '<html lang="kk">' in page.text
        assert page.text.count("<h1>") == 1
        assert not re.search(r"(src|href|action)=\"(https?:)?//", page.text)
        assert " style=" not in page.text
        assert "default-src 'self'" in page.headers["Content-Security-Policy"]

    @pytest.mark.parametrize("path", ["/style.css", "/refresh.js"])
    def test_bring_their_own_style_and_script(self, sandbox, path):
        assert sandbox.get(path).status_code == 200

    @pytest.mark.parametrize("path", ["/none", "/style.css/../__main__.py", "/%2e%2e/__main__.py", "/phones/a/b"])
    def test_are_not_found_elsewhere(self, sandbox, path):
        assert sandbox.get(path).status_code == 404

    def test_show_the_newest_message_of_a_telephone_first(self, sandbox, clients, now):
        send(clients, now, "бірінші 1111")
        send(clients, now, "екінші 2222")

        page = sandbox.get(f"/phones/{MOTHER_PHONE}").text

        assert page.index("екінші 2222") < page.index("бірінші 1111")
        assert MOTHER_PHONE in sandbox.get("/phones").text

    def test_show_what_a_message_says_and_never_run_it(self, sandbox, clients, now):
        send(clients, now, "<script>alert(1)</script>&")

        page = sandbox.get(f"/phones/{MOTHER_PHONE}").text

        assert "&lt;script&gt;alert(1)&lt;/script&gt;&amp;" in page
        assert "<script>alert" not in page

    def test_show_letters(self, sandbox, clients, now):
        clients["email"].send("parent@example.kz", "Ваучер <b>", "Мәтін", reference=str(uuid.uuid4()), now=now)

        page = sandbox.get("/mail").text

        assert "Ваучер &lt;b&gt;" in page
        assert "parent@example.kz" in page

    @pytest.mark.parametrize(
        "link", ["https://portal.example/mgov/1/2", "mobileSign:http://10.0.0.1/x", "file:///etc/hostname", "x"]
    )
    def test_play_a_telephone_for_this_machine_only(self, sandbox, link):
        shown = httpx.get(f"{sandbox.address}/egov-mobile", params={"link": link}, trust_env=False)
        typed = {"link": link, "iin": sandbox_process.MOTHER, "usage": "SIGN"}
        signed = httpx.post(f"{sandbox.address}/egov-mobile", data=typed, trust_env=False)

        assert (shown.status_code, signed.status_code) == (400, 400)
        assert "an address of this machine" in shown.text

    @pytest.mark.parametrize("typed", [{"iin": "1"}, {"iin": sandbox_process.MOTHER, "bin": "x"}, {}])
    def test_play_a_telephone_of_a_person_who_may_exist(self, sandbox, typed):
        link = f"{sandbox.address}/health"
        signed = httpx.post(f"{sandbox.address}/egov-mobile", data={"link": link} | typed, trust_env=False)

        assert signed.status_code == 400

    def test_change_how_a_system_behaves(self, sandbox):
        address = f"{sandbox.address}/systems/births"

        changed = httpx.post(address, data={"mode": "down"}, trust_env=False)
        shown = sandbox.get("/").text
        httpx.post(address, data={"mode": "normal"}, trust_env=False)

        assert (changed.status_code, changed.headers["Location"]) == (303, "/")
        assert 'data-mode="down"' in shown
        assert 'data-mode="down"' not in sandbox.get("/").text

    @pytest.mark.parametrize(("path", "mode"), [("/systems/births", "asleep"), ("/systems/none", "down")])
    def test_refuse_what_does_not_exist(self, sandbox, path, mode):
        assert httpx.post(sandbox.address + path, data={"mode": mode}, trust_env=False).status_code == 400

    def test_take_their_own_form_as_a_browser_sends_it(self, sandbox):
        answer = httpx.post(
            f"{sandbox.address}/systems/sms",
            data={"mode": "normal"},
            headers={"Origin": sandbox.address},
            trust_env=False,
        )

        assert answer.status_code == 303
        # With "no-referrer" a browser would send "null" for the Origin above, and the form would be refused.
        assert sandbox.get("/").headers["Referrer-Policy"] == "same-origin"

    def test_take_no_form_of_another_site(self, sandbox):
        answer = httpx.post(
            f"{sandbox.address}/systems/sms",
            data={"mode": "down"},
            headers={"Origin": "http://evil.example"},
            trust_env=False,
        )

        assert answer.status_code == 403
        assert sandbox.get("/api/systems").json()["sms"]["mode"] == "normal"


class TestApi:
    def test_finds_messages_by_telephone_with_or_without_escaping(self, sandbox, clients, now):
        send(clients, now, "код 7788")

        plain = sandbox.get(f"/api/messages?phone={MOTHER_PHONE}&limit=1").json()

        assert plain == sandbox.get("/api/messages?phone=%2B77010000101&limit=1").json()
        assert plain[0]["text"] == "код 7788"
        assert sandbox.get(f"/api/messages?phone={NOBODYS_PHONE}").json() == []

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"[]",
            b"{",
            b'{"mode": "asleep"}',
            b'{"mode": "slow", "seconds": "x"}',
            b'{"mode": "slow", "seconds": 1e9}',
            b'{"mode": "slow", "seconds": NaN}',
            b'{"mode": "wrong", "kind": "x"}',
            b'{"mode": {}}',
        ],
    )
    def test_refuses_a_broken_mode(self, sandbox, body):
        answer = httpx.post(f"{sandbox.address}/api/systems/sms", content=body, trust_env=False)

        assert answer.status_code == 400

    def test_refuses_an_unknown_system(self, sandbox):
        answer = httpx.post(f"{sandbox.address}/api/systems/none", json={"mode": "down"}, trust_env=False)

        assert answer.status_code == 404

    @pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'{"to": 5, "text": "x", "reference": "y"}', b'{"to": "+7"}'])
    def test_refuses_a_broken_message(self, sandbox, body):
        answer = httpx.post(
            f"{sandbox.address}/sms/messages", content=body, headers={"Authorization": "Bearer x"}, trust_env=False
        )

        assert answer.status_code == 400

    def test_refuses_a_sender_without_a_token(self, sandbox):
        assert httpx.post(f"{sandbox.address}/sms/messages", json={}, trust_env=False).status_code == 401

    @pytest.mark.parametrize("body", [b"", b"<a/>", b"<!DOCTYPE a><a/>", b"\xff"])
    def test_answers_a_broken_envelope_with_a_fault(self, sandbox, body):
        answer = httpx.post(f"{sandbox.address}/gateway/syncchannel", content=body, trust_env=False)

        assert answer.status_code == 500
        assert b"Fault" in answer.content


class TestLimits:
    def test_a_body_over_five_megabytes_is_refused_unread(self, sandbox):
        parts = urlsplit(sandbox.address)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
        connection.putrequest("POST", "/sms/messages")
        connection.putheader("Content-Length", "200000000")
        connection.endheaders()

        assert connection.getresponse().status == 413
        connection.close()

    def test_other_requests_are_answered_while_a_system_is_silent(self, sandbox):
        with sandbox.behaving("phones", "silent"):
            parts = urlsplit(sandbox.address)
            waiting = [socket.create_connection((parts.hostname, parts.port)) for _ in range(20)]
            for connection in waiting:
                connection.sendall(b"POST /gateway/syncchannel HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n<a")

            assert sandbox.get("/health").text == "ok\n"
            for connection in waiting:
                connection.close()


class TestProcess:
    def test_keeps_messages_over_a_restart(self, tmp_path):
        message = {"to": NOBODYS_PHONE, "text": "қалады", "reference": "r-1"}
        with sandbox_process.running(tmp_path) as first:
            httpx.post(
                f"{first.address}/sms/messages", json=message, headers={"Authorization": "Bearer x"}, trust_env=False
            ).raise_for_status()
        with (tmp_path / "sandbox" / "messages.jsonl").open("a", encoding="utf-8") as lines:
            lines.write('{"id": "cut in the mid')

        with sandbox_process.running(tmp_path) as second:
            assert [kept["text"] for kept in second.messages(NOBODYS_PHONE)] == ["қалады"]

    def test_reads_the_population_again_when_the_file_changes(self, tmp_path):
        with sandbox_process.running(tmp_path) as running:
            assert "<b>7</b>" in running.get("/").text
            file = tmp_path / "sandbox" / "population.jsonl"
            file.write_text(sandbox_process.population_lines(), encoding="utf-8")

            assert "<b>4</b>" in running.get("/").text

            file.write_text("{broken", encoding="utf-8")
            assert "<b>4</b>" in running.get("/").text

    @pytest.mark.parametrize("taken", ["--http-port", "--smtp-port"])
    def test_says_in_one_line_that_a_port_is_taken(self, tmp_path, taken):
        ports = dict(zip(("--http-port", "--smtp-port"), sandbox_process.free_ports(2), strict=True))
        with socket.create_server(("127.0.0.1", ports[taken])):
            ended = run(tmp_path, *(f"{name}={port}" for name, port in ports.items()))

        assert ended.returncode == 2
        assert re.fullmatch(r"sandbox: cannot listen at 127\.0\.0\.1:\d+: [^\n]+\n", ended.stderr)

    @pytest.mark.parametrize("arguments", [["--port", "x"], ["--port", "99999"], ["--nothing"], ["--http-port", "0"]])
    def test_refuses_arguments_that_make_no_sense(self, tmp_path, arguments):
        ended = run(tmp_path, *arguments)

        assert ended.returncode == 2
        assert "error:" in ended.stderr
        assert "Traceback" not in ended.stderr

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_ends_well_when_told_to_even_while_somebody_waits(self, tmp_path, number):
        with sandbox_process.running(tmp_path) as running:
            running.behave("email", "silent")
            with socket.create_connection(("127.0.0.1", running.smtp_port)):
                running.process.send_signal(number)

                assert running.process.wait(timeout=10) == 0


def run(data, *arguments):
    """Run the sandbox to its end."""
    return subprocess.run(
        [sys.executable, "-m", "balabaqsha.sandbox", f"--data={data}", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ,
    )


class TestAuthority:
    def test_gives_a_key_file_to_whoever_asks(self, sandbox):
        query = {"iin": "940517403106", "surname": "СЕРІКОВА", "given_name": "ӘСЕМ", "usage": "SIGN"}

        answer = httpx.get(f"{sandbox.address}/authority/key", params=query, trust_env=False, timeout=30)

        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        assert answer.content.startswith(b"\x30")

    def test_refuses_a_wrong_iin(self, sandbox):
        assert sandbox.get("/authority/key?iin=1").status_code == 400


def test_api_answers_are_json(sandbox):
    assert json.loads(sandbox.get("/api/systems").content).keys() >= {"population", "phones", "births", "sms"}
