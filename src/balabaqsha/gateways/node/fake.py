"""NCANode in memory, keeping the port's promises. For tests of those who ask."""

from collections.abc import Callable

from balabaqsha.gateways.node.port import Report
from balabaqsha.gateways.port import NotAnswering, Reason, System


class InMemoryNode:
    """Reports by `report`; silent without one."""

    def __init__(self, report: Callable[[bytes, bytes], Report] | None = None) -> None:
        self.report = report

    def verify(self, cms: bytes, content: bytes) -> Report:
        """See the port."""
        if self.report is None:
            raise NotAnswering(system=System.NODE.value, reason=Reason.UNREACHABLE.value)
        return self.report(cms, content)
