"""A status service in memory that keeps the port's promises. For tests of those who ask."""

from collections.abc import Callable

from balabaqsha.gateways.port import NotAnswering, Reason, System


class InMemoryStatus:
    """Answers by `answer`, silent without one; `asked` keeps the requests."""

    def __init__(self, answer: Callable[[bytes], bytes] | None = None) -> None:
        self.answer = answer
        self.asked: list[bytes] = []

    def ask(self, request: bytes) -> bytes:
        """See the port."""
        self.asked.append(request)
        if self.answer is None:
            raise NotAnswering(system=System.STATUS.value, reason=Reason.UNREACHABLE.value)
        return self.answer(request)
