"""What every port of a state system shares: its name and the refusal of one that does not answer."""

from enum import StrEnum

from balabaqsha.kernel.refusal import Refusal


class System(StrEnum):
    """The systems that the portal asks. The words of each are the text `system.<value>`."""

    POPULATION = "population"
    PHONES = "phones"
    BIRTHS = "births"
    SMS = "sms"
    EMAIL = "email"
    REVOCATION = "revocation"
    ADDRESSES = "addresses"
    STATUS = "status"
    NODE = "node"
    ARKOTEK = "arkotek"
    SOCIAL = "social"
    MEDICAL = "medical"


class Reason(StrEnum):
    """Why no answer can be used. For logs and the health page, never for families."""

    UNREACHABLE = "unreachable"
    TIME_OUT = "time-out"
    FAULT = "fault"
    NONSENSE = "nonsense"
    RESTING = "resting"
    ADDRESS_NOT_ALLOWED = "address-not-allowed"
    NO_KEY = "no-key"


class NotAnswering(Refusal, code="state-system-silent"):
    """The system gave no answer that can be used; facts: system, reason."""
