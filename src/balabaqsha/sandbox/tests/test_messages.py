"""The store of messages: newest first, each reference once, bounded."""

from datetime import UTC, datetime

from balabaqsha.sandbox import messages as store
from balabaqsha.sandbox.messages import Messages, Way

NOON = datetime(2026, 4, 6, 12, tzinfo=UTC)


def sms(messages, text, reference="", to="+77010000101"):
    return messages.keep(way=Way.SMS, to=to, sender="Balabaqsha", text=text, reference=reference, at=NOON)


class TestMessages:
    def test_are_found_newest_first(self):
        messages = Messages(None)
        for text in ("1", "2", "3"):
            sms(messages, text)

        assert [message.text for message in messages.find(limit=2)] == ["3", "2"]

    def test_are_kept_once_for_a_reference(self):
        messages = Messages(None)

        assert sms(messages, "1", "r") == sms(messages, "1", "r")

    def test_are_repetitions_under_a_known_reference_even_with_other_words(self):
        """The family may have changed its language between the two."""
        messages = Messages(None)

        assert sms(messages, "1", "r") == sms(messages, "2", "r")
        assert [message.text for message in messages.find()] == ["1"]

    def test_of_different_ways_may_share_a_reference(self):
        messages = Messages(None)
        sms(messages, "1", "r")

        letter = messages.keep(way=Way.EMAIL, to="a@example.kz", sender="p", text="2", reference="r", at=NOON)

        assert letter.text == "2"

    def test_are_bounded_in_memory_and_in_the_file(self, tmp_path, monkeypatch):
        monkeypatch.setattr(store, "MOST_KEPT", 3)
        file = tmp_path / "messages.jsonl"
        first = Messages(file)
        for number in range(7):
            sms(first, str(number))

        second = Messages(file)

        assert [message.text for message in second.find()] == ["6", "5", "4"]
        assert len(file.read_text(encoding="utf-8").splitlines()) == 3

    def test_can_be_forgotten(self, tmp_path):
        file = tmp_path / "messages.jsonl"
        messages = Messages(file)
        sms(messages, "1")

        messages.forget()

        assert messages.find() == []
        assert sms(messages, "2", "r").text == "2"
        messages.forget()
        assert Messages(file).find() == []

    def test_cut_short_by_a_kill_spoil_no_other(self, tmp_path):
        file = tmp_path / "messages.jsonl"
        messages = Messages(file)
        sms(messages, "1")
        with file.open("a", encoding="utf-8") as lines:
            lines.write('\n{"id": "cut sho')
        sms(messages, "2")

        assert [message.text for message in Messages(file).find()] == ["2", "1"]
        assert messages.get(messages.find()[0].id).text == "2"
