"""The environment, read once and typed. No other module reads it."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from balabaqsha.config import addresses, data_folder

DEMONSTRATION = "demonstration"
PRODUCTION = "production"

Value = TypeVar("Value")

_HIGHEST_WEB_PORT = 65533
_SHORTEST_SECRET = 50
_GATEWAY = "BALABAQSHA_GATEWAY_"
_MADE_UP_BIN = "120340001234"


class WrongEnvironment(Exception):
    """The process must not start; `problems` names everything that is missing or wrong, each in one line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("the settings are not right:\n" + "\n".join(f"  {problem}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Environment:
    """What a process was told from outside."""

    mode: str
    data: Path
    address: str
    port: int
    secret_key: str
    database_url: str | None
    base_url: str
    hosts: tuple[str, ...]
    trusted_proxies: tuple[str, ...]
    workers: int
    crowd_full: int
    log_level: str
    signature_authorities: Path
    signature_authority_pins: frozenset[str]
    signature_revocation_lists: tuple[str, ...]
    signature_revocation_policy: str
    signature_node: bool
    egov_mobile_bin: str
    key_files: bool
    gateways: dict[str, Any]

    @property
    def demonstration(self) -> bool:
        """Whether the clock, the bar and the development authority exist."""
        return self.mode == DEMONSTRATION

    @property
    def database(self) -> str:
        """The address of the database: the named one, else that of the data folder's own cluster."""
        if self.database_url:
            return self.database_url
        kept = data_folder.kept(self.data)
        if data_folder.CLUSTER not in kept:
            # Nothing has been made in the data folder yet: whoever connects is told that no server is there.
            return f"postgresql://balabaqsha@{str(self.data.resolve()).replace('/', '%2F')}/balabaqsha"
        # Imported here: the cluster's code is of no use to a server that is named.
        from balabaqsha.config import cluster  # noqa: PLC0415

        return cluster.url(kept, "balabaqsha")


def current() -> Environment:
    """Read this process's environment; raises WrongEnvironment."""
    return read(os.environ)


def changed(**values: str | None) -> dict[str, str]:
    """This process's environment with these changes, for a child; None takes a name away."""
    merged: dict[str, str | None] = {**os.environ, **values}
    return {name: value for name, value in merged.items() if value is not None}


def choose(**values: str) -> None:
    """Let this process and its children see these values from now on: what a command's options say."""
    os.environ.update(values)


def read(environ: Mapping[str, str]) -> Environment:
    """Read an environment; raises WrongEnvironment with every problem at once."""
    data = Path(environ.get("BALABAQSHA_DATA") or "var").absolute()
    reader = _Reader({**data_folder.kept(data), **environ})
    mode = reader.choice("BALABAQSHA_MODE", (DEMONSTRATION, PRODUCTION))
    port = reader.number("BALABAQSHA_PORT", 8000, most=_HIGHEST_WEB_PORT)
    reader.required = mode == PRODUCTION
    sandbox = f"http://127.0.0.1:{port + 1}"
    found = Environment(
        mode=mode,
        data=data,
        address=reader.text("BALABAQSHA_ADDRESS", "127.0.0.1", optional=True),
        port=port,
        secret_key=reader.secret(data_folder.SECRET_KEY),
        database_url=reader.address("DATABASE_URL"),
        base_url=reader.text("BALABAQSHA_BASE_URL", f"http://127.0.0.1:{port}").rstrip("/"),
        hosts=reader.several("BALABAQSHA_HOSTS", ("127.0.0.1", "localhost", "[::1]", "testserver")),
        trusted_proxies=reader.several("BALABAQSHA_TRUSTED_PROXIES", (), optional=True),
        workers=reader.number("BALABAQSHA_WORKERS", os.cpu_count() or 1, most=256),
        crowd_full=reader.number("BALABAQSHA_CROWD_FULL", 70, most=100),
        log_level=reader.choice("BALABAQSHA_LOG_LEVEL", ("INFO", "DEBUG", "WARNING", "ERROR")),
        **_signatures(reader, sandbox, data, demonstration=mode == DEMONSTRATION),
        gateways=_gateways(reader, sandbox, port + 2, data),
    )
    if reader.problems:
        raise WrongEnvironment(reader.problems)
    return found


def _signatures(reader: "_Reader", sandbox: str, data: Path, *, demonstration: bool) -> dict[str, Any]:
    """Whose signatures are believed, how that is found out, and by which ways people sign."""
    return {
        "signature_authorities": Path(reader.text("BALABAQSHA_AUTHORITIES", str(data / "authority" / "trusted"))),
        "signature_authority_pins": frozenset(reader.several("BALABAQSHA_AUTHORITY_PINS", ())),
        "signature_revocation_lists": reader.several(
            "BALABAQSHA_REVOCATION_LISTS", (f"{sandbox}/authority/root.crl", f"{sandbox}/authority/issuing.crl")
        ),
        "signature_revocation_policy": reader.choice(
            "BALABAQSHA_REVOCATION_POLICY", ("list-first", "status-first", "both", "list-only")
        ),
        # Where a certified provider is demanded, NCANode has to agree with our own verifier.
        "signature_node": reader.yes_or_no("BALABAQSHA_NCANODE"),
        # Whose agreement lets eGov Mobile open this portal's addresses; without one the way is not offered.
        "egov_mobile_bin": reader.text(
            "BALABAQSHA_EGOV_MOBILE_BIN", _MADE_UP_BIN if demonstration else "", optional=True
        ),
        # To open a key file in a page is forbidden by some security offices: it is allowed by name.
        "key_files": reader.yes_or_no("BALABAQSHA_KEY_FILES", otherwise=demonstration),
    }


def _gateways(reader: "_Reader", sandbox: str, mail_port: int, data: Path) -> dict[str, Any]:
    """The addresses of the state systems (docs/state-systems.md); in the demonstration those of the sandbox."""

    def must(name: str, otherwise: str) -> str:
        return reader.text(_GATEWAY + name, otherwise)

    def may(name: str, otherwise: str) -> str:
        return reader.text(_GATEWAY + name, otherwise, optional=True)

    return {
        "soap_url": must("SOAP_URL", f"{sandbox}/gateway/syncchannel"),
        "sender_id": must("SENDER_ID", "balabaqsha"),
        "sender_password": must("SENDER_PASSWORD", "sandbox"),
        "soap_key_file": must("SOAP_KEY_FILE", str(data / "gateway" / "portal.pem")),
        "soap_trusted_file": must("SOAP_TRUSTED_FILE", str(data / "gateway" / "gateway.crt")),
        "population_service": may("POPULATION_SERVICE", "GBDFL_UniversalServiceSync"),
        "phones_service": may("PHONES_SERVICE", "BMG_PhoneOwner"),
        "births_service": may("BIRTHS_SERVICE", "ZAGS_BirthRecords"),
        "social_service": may("SOCIAL_SERVICE", "MT_SocialStatus"),
        "districts_file": may("DISTRICTS_FILE", ""),
        "sms_url": must("SMS_URL", f"{sandbox}/sms"),
        "sms_token": must("SMS_TOKEN", "sandbox"),
        "sms_sender": may("SMS_SENDER", "Balabaqsha"),
        "addresses_url": must("ADDRESSES_URL", f"{sandbox}/addresses"),
        "addresses_token": must("ADDRESSES_TOKEN", "sandbox"),
        "ncanode_url": may("NCANODE_URL", f"{sandbox}/ncanode"),
        "ocsp_url": must("OCSP_URL", f"{sandbox}/authority/ocsp"),
        "arkotek_url": must("ARKOTEK_URL", f"{sandbox}/arkotek"),
        "arkotek_token": must("ARKOTEK_TOKEN", "sandbox"),
        "medical_url": must("MEDICAL_URL", f"{sandbox}/medical"),
        "medical_token": must("MEDICAL_TOKEN", "sandbox"),
        "smtp_host": must("SMTP_HOST", "127.0.0.1"),
        "smtp_port": reader.number(f"{_GATEWAY}SMTP_PORT", mail_port, most=65535),
        "smtp_user": may("SMTP_USER", ""),
        "smtp_password": may("SMTP_PASSWORD", ""),
        "smtp_tls": reader.yes_or_no(f"{_GATEWAY}SMTP_TLS"),
        "mail_from": must("MAIL_FROM", "Balabaqsha <portal@balabaqsha.example>"),
        "revocation_prefixes": list(reader.several(f"{_GATEWAY}REVOCATION_PREFIXES", (f"{sandbox}/authority/",))),
    }


class _Reader:
    """Reads values of one environment and gathers what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        # In production nothing is assumed: what has no value of its own is missing.
        self.required = False
        self.problems: list[str] = []

    def text(self, name: str, otherwise: str, *, optional: bool = False) -> str:
        given = self.environ.get(name, "")
        if not given and self.required and not optional:
            self.problems.append(f"{name} is missing")
        return given or otherwise

    def choice(self, name: str, among: tuple[str, ...]) -> str:
        """One of the words; the first where none is given."""
        return self._parsed(
            name, among[0], lambda text: among[among.index(text)], f"must be one of: {', '.join(among)}"
        )

    def number(self, name: str, otherwise: int, *, most: int) -> int:
        def parse(text: str) -> int:
            if not 1 <= int(text) <= most:
                raise ValueError(text)
            return int(text)

        return self._parsed(name, otherwise, parse, f"must be a whole number from 1 to {most}")

    def yes_or_no(self, name: str, *, otherwise: bool = False) -> bool:
        return self._parsed(name, otherwise, lambda text: {"yes": True, "no": False}[text], "must be yes or no")

    def several(self, name: str, otherwise: tuple[str, ...], *, optional: bool = False) -> tuple[str, ...]:
        """Words between commas."""
        given = tuple(part.strip() for part in self.text(name, "", optional=optional).split(",") if part.strip())
        return given or otherwise

    def address(self, name: str) -> str | None:
        given = self.text(name, "")
        if given:
            try:
                addresses.parts(given)
            except addresses.WrongAddress as wrong:
                self.problems.append(f"{name} {wrong}")
        return given or None

    def secret(self, name: str) -> str:
        given = self.text(name, secrets.token_urlsafe(48))
        if len(given) < _SHORTEST_SECRET:
            self.problems.append(f"{name} must have {_SHORTEST_SECRET} characters or more")
        return given

    def _parsed(self, name: str, otherwise: Value, parse: Callable[[str], Value], must: str) -> Value:
        given = self.environ.get(name, "")
        if not given:
            return otherwise
        try:
            return parse(given)
        except (ValueError, KeyError):
            self.problems.append(f"{name} {must}, not {given!r}")
            return otherwise
