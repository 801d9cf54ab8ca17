"""Where the rest of the house finds the ports. `config.wiring` fills it once, when a process starts."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from balabaqsha.gateways.addresses.port import AddressRegister
    from balabaqsha.gateways.arkotek.port import Arkotek
    from balabaqsha.gateways.births.port import BirthsRegister
    from balabaqsha.gateways.email.port import Email
    from balabaqsha.gateways.medical.port import MedicalSystem
    from balabaqsha.gateways.node.port import SignatureNode
    from balabaqsha.gateways.phones.port import PhoneBase
    from balabaqsha.gateways.population.port import PopulationRegister
    from balabaqsha.gateways.revocation.port import RevocationSource
    from balabaqsha.gateways.sms.port import Sms
    from balabaqsha.gateways.social.port import SocialRegister
    from balabaqsha.gateways.status.port import StatusService

_NAMES = frozenset(
    {
        "population",
        "phones",
        "births",
        "sms",
        "email",
        "revocation",
        "addresses",
        "status",
        "node",
        "arkotek",
        "social",
        "medical",
    }
)
_ports: dict[str, Any] = {}


class NotConnected(RuntimeError):
    """A port was used before the process connected its clients: a defect, not a refusal."""


def connect(**ports: Any) -> None:
    """Put these clients behind the ports of the same names; others stay as they are."""
    unknown = ports.keys() - _NAMES
    if unknown:
        raise ValueError(f"no such ports: {', '.join(sorted(unknown))}")
    _ports.update(ports)


@contextmanager
def replaced(**ports: Any) -> Iterator[None]:
    """Within the block these stand behind the ports. For tests."""
    before = dict(_ports)
    connect(**ports)
    try:
        yield
    finally:
        _ports.clear()
        _ports.update(before)


def population() -> "PopulationRegister":
    """The population register."""
    return cast("PopulationRegister", _port("population"))


def phones() -> "PhoneBase":
    """The Base of Mobile Citizens."""
    return cast("PhoneBase", _port("phones"))


def births() -> "BirthsRegister":
    """The register of births."""
    return cast("BirthsRegister", _port("births"))


def sms() -> "Sms":
    """The sender of short messages."""
    return cast("Sms", _port("sms"))


def email() -> "Email":
    """The sender of e-mail."""
    return cast("Email", _port("email"))


def revocation() -> "RevocationSource":
    """The fetcher of revocation lists."""
    return cast("RevocationSource", _port("revocation"))


def addresses() -> "AddressRegister":
    """The address register."""
    return cast("AddressRegister", _port("addresses"))


def status() -> "StatusService":
    """The status service of the certificate authority."""
    return cast("StatusService", _port("status"))


def node() -> "SignatureNode":
    """NCANode."""
    return cast("SignatureNode", _port("node"))


def arkotek() -> "Arkotek":
    """The system of the PMPK."""
    return cast("Arkotek", _port("arkotek"))


def social() -> "SocialRegister":
    """The register of social statuses."""
    return cast("SocialRegister", _port("social"))


def medical() -> "MedicalSystem":
    """The digital health system."""
    return cast("MedicalSystem", _port("medical"))


def _port(name: str) -> Any:
    try:
        return _ports[name]
    except KeyError:
        raise NotConnected(f"{name}: the process did not call config.wiring.connect") from None
