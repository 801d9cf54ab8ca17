"""Which kind a message is of, and by which ways it goes. Pure."""

from django.db.models import TextChoices


class Kind(TextChoices):
    """Kinds of messages. For safety nobody chooses: whoever got into an account would switch the warning off first."""

    TERM = "TERM"
    DECISION = "DECISION"
    NEWS = "NEWS"
    SAFETY = "SAFETY"


class Ways(TextChoices):
    """What a person may choose for a kind, beside the inbox."""

    BOTH = "BOTH"
    SMS = "SMS"
    EMAIL = "EMAIL"
    INBOX = "INBOX"


CHOSEN = (Kind.TERM, Kind.DECISION, Kind.NEWS)

# Something is to be done until a moment.
_TERM = frozenset(
    {
        "voucher-offered",
        "interest-confirmed",
        "voucher-extension-open",
        "voucher-extended",
        "voucher-lapsed-stop",
        "stop-list-entered",
        "turn-came",
        "referral-issued",
        "referral-extended",
        "referral-registered",
        "referral-extension-refused",
        "admission-refused",
        "papers-time-granted",
        "contract-sent",
        "contract-returned",
        "waiting-list-offer",
        "sheet-to-approve",
        "benefit-proof-needed",
        "aged-out-soon",
        "appeal-granted-term",
        "term-lengthened",
        "kindergarten-closed-voucher",
        "kindergarten-closed-list",
    }
)
_SAFETY = frozenset(
    {
        "new-device",
        "second-factor-set",
        "second-factor-ended",
        "phone-changed",
        "password-changed",
        "phone-return-proposed",
        "application-linked",
        "application-linked-here",
        "role-given",
        "role-taken",
        "counter-opened",
    }
)
_NEWS = frozenset(
    {
        "application-accepted",
        "application-accepted-check",
        "application-restored",
        "contract-signed",
        "enrolled",
        "place-changed",
        "stop-list-left",
        "trust-given",
        "trust-accepted",
        "guardian-claimed",
        "appeal-filed",
        "readiness",
    }
)


def kind_of(key: str) -> Kind:
    """The kind of the message of this key; whatever is nothing else is a decision about the case."""
    if key in _TERM or key.startswith("reminder-"):
        return Kind.TERM
    if key in _SAFETY:
        return Kind.SAFETY
    return Kind.NEWS if key in _NEWS else Kind.DECISION


def may_choose(kind: Kind) -> tuple[Ways, ...]:
    """What may be chosen for the kind: a message with a term never stays in the inbox alone."""
    if kind == Kind.SAFETY:
        return (Ways.BOTH,)
    return (Ways.BOTH, Ways.SMS, Ways.EMAIL) if kind == Kind.TERM else tuple(Ways)


def goes_by(ways: Ways, *, email_confirmed: bool) -> frozenset[Ways]:
    """SMS, EMAIL, both or neither. Mail alone counts while the address is proven; afterwards SMS comes again too."""
    if ways == Ways.INBOX:
        return frozenset()
    if ways == Ways.BOTH or (ways == Ways.EMAIL and not email_confirmed):
        return frozenset({Ways.SMS, Ways.EMAIL})
    return frozenset({ways})
