"""Time-outs, limits and repeats of a channel, with time and network given."""

import httpx
import pytest

from balabaqsha.config import wiring
from balabaqsha.gateways.channel import Channel, Limits, Nonsense
from balabaqsha.gateways.port import NotAnswering, System
from balabaqsha.gateways.runtime import Runtime
from balabaqsha.gateways.tests.sandbox_process import MOTHER_PHONE
from balabaqsha.kernel.refusal import Refusal


class Machine:
    """A clock that sleeping moves, and a network that answers from a list."""

    def __init__(self, *answers):
        self.seconds = 0.0
        self.pauses = []
        self.requests = []
        self._answers = list(answers)

    def sleep(self, seconds):
        self.pauses.append(seconds)
        self.seconds += seconds

    def __call__(self, request):
        self.requests.append(request)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer() if callable(answer) else answer

    def channel(self, **limits):
        runtime = Runtime(
            monotonic=lambda: self.seconds,
            sleep=self.sleep,
            chance=lambda: 0.5,
            new_id=lambda: "id",
            before_asking=lambda: None,
        )
        return Channel(system=System.SMS, runtime=runtime, limits=Limits(**limits), transport=httpx.MockTransport(self))


def answered(status, content=b"", **headers):
    """An answer that arrives when it is asked for; a repeated one arrives anew."""
    return lambda: httpx.Response(status, headers=headers, stream=httpx.ByteStream(content))


def ask(channel, *, repeatable=True, read=lambda answer: answer.body):
    return channel.ask("GET", "http://system.example/x", read=read, repeatable=repeatable)


def reason_of(channel, **how):
    with pytest.raises(NotAnswering) as refused:
        ask(channel, **how)
    return refused.value.facts["reason"]


class TestAsk:
    def test_repeats_with_growing_pauses_until_an_answer_comes(self):
        machine = Machine(httpx.ConnectError("no"), answered(503), answered(200, b"yes"))

        assert ask(machine.channel(pause_seconds=0.2)) == b"yes"
        assert machine.pauses == pytest.approx([0.2, 0.4])

    def test_gives_up_after_its_attempts(self):
        machine = Machine(*[httpx.ReadTimeout("late")] * 3)

        assert reason_of(machine.channel()) == "time-out"
        assert len(machine.requests) == 3

    def test_does_not_repeat_what_may_not_be_repeated(self):
        machine = Machine(httpx.ReadTimeout("late"))

        assert reason_of(machine.channel(), repeatable=False) == "time-out"

    def test_does_not_repeat_when_patience_is_over(self):
        machine = Machine(httpx.ConnectError("no"), httpx.ConnectError("no"))

        assert reason_of(machine.channel(patience_seconds=0.5, pause_seconds=0.3)) == "unreachable"
        assert len(machine.requests) == 2

    def test_does_not_repeat_after_nonsense(self):
        def read(answer):
            raise Nonsense("whatever")

        machine = Machine(answered(200))

        assert reason_of(machine.channel(), read=read) == "nonsense"

    def test_lets_a_refusal_of_the_system_pass_and_counts_it_as_an_answer(self):
        class Refused(Refusal, code="refused-for-the-test"):
            pass

        def read(answer):
            raise Refused

        machine = Machine(*[answered(422)] * 9)
        channel = machine.channel()

        for _ in range(9):
            with pytest.raises(Refused):
                ask(channel, read=read)

    @pytest.mark.parametrize("status", [500, 502, 429])
    def test_takes_a_fault_for_no_answer(self, status):
        machine = Machine(*[answered(status)] * 3)

        assert reason_of(machine.channel()) == "fault"

    def test_stops_reading_an_answer_that_is_too_big(self):
        read = []

        class Endless(httpx.SyncByteStream):
            def __iter__(self):
                while True:
                    read.append(1)
                    yield b"x" * 1000

        machine = Machine(httpx.Response(200, stream=Endless()))

        assert reason_of(machine.channel(answer_bytes=10_000)) == "nonsense"
        assert len(read) == 11

    def test_stops_reading_an_answer_that_drips(self):
        machine = Machine()

        class Drip(httpx.SyncByteStream):
            def __iter__(self):
                while True:
                    machine.seconds += 1
                    yield b"x"

        machine._answers = [httpx.Response(200, stream=Drip())]

        assert reason_of(machine.channel(answer_seconds=4.0), repeatable=False) == "time-out"
        assert machine.seconds == 5

    def test_takes_no_compressed_answer(self):
        machine = Machine(answered(200, b"x", **{"Content-Encoding": "br"}))

        assert reason_of(machine.channel()) == "nonsense"

    def test_does_not_follow_a_redirect(self):
        machine = Machine(answered(302, Location="http://elsewhere.example/"))

        assert ask(machine.channel(), read=lambda answer: answer.status) == 302

    def test_asks_nothing_while_the_breaker_rests(self):
        machine = Machine(*[httpx.ConnectError("no")] * 6)
        channel = machine.channel()
        reason_of(channel)

        assert reason_of(channel) == "resting"
        assert reason_of(channel) == "resting"
        assert len(machine.requests) == 5

    def test_asks_again_after_the_rest(self):
        machine = Machine(*[httpx.ConnectError("no")] * 5, answered(200, b"back"))
        channel = machine.channel()
        reason_of(channel)
        reason_of(channel)

        machine.seconds += 30

        assert ask(channel) == b"back"

    def test_asks_nothing_inside_a_transaction(self):
        def refuse():
            raise RuntimeError("inside a transaction")

        machine = Machine()
        runtime = Runtime(
            monotonic=lambda: 0.0, sleep=machine.sleep, chance=lambda: 0.5, new_id=str, before_asking=refuse
        )

        with pytest.raises(RuntimeError, match="inside a transaction"):
            ask(Channel(system=System.SMS, runtime=runtime, transport=httpx.MockTransport(machine)))


def test_the_outcome_of_each_question_is_noted(sandbox, now):
    heard = []

    def note(system, *, reason, rest_seconds):
        heard.append((system, reason, round(rest_seconds)))

    runtime = Runtime(
        monotonic=lambda: 0.0,
        sleep=lambda _: None,
        chance=lambda: 0.5,
        new_id=lambda: "6b1e1c5e-0000-4000-8000-0000000000bb",
        before_asking=lambda: None,
        noted=note,
    )
    clients = wiring.clients(sandbox.settings(), runtime=runtime)

    clients["sms"].send(MOTHER_PHONE, "1", reference="noted", now=now)
    clients["email"].send("a@example.kz", "s", "t", reference="noted", now=now)
    with sandbox.behaving("sms", "down"), pytest.raises(NotAnswering):
        clients["sms"].send(MOTHER_PHONE, "1", reference="noted-2", now=now)
    with sandbox.behaving("sms", "down"), pytest.raises(NotAnswering):
        clients["sms"].send(MOTHER_PHONE, "1", reference="noted-3", now=now)

    assert heard == [("sms", "", 0), ("email", "", 0), *[("sms", "unreachable", 0)] * 4, ("sms", "unreachable", 30)]
