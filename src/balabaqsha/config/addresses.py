"""Database addresses in the form of DATABASE_URL."""

from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

_SCHEMES = frozenset({"postgresql", "postgres"})


class WrongAddress(ValueError):
    """The text is no address of a PostgreSQL database."""


def parts(address: str) -> dict[str, Any]:
    """The same as entries of Django's DATABASES; several hosts and libpq's options are understood. Raises WrongAddress."""
    split = urlsplit(address)
    if split.scheme not in _SCHEMES or not split.path.strip("/"):
        raise WrongAddress("must look like postgresql://user:password@host:5432/name")
    user, _, hosts = split.netloc.rpartition("@")
    name, _, password = user.partition(":")
    servers = [server.rpartition(":") if _has_port(server) else (server, "", "") for server in hosts.split(",")]
    return {
        "NAME": unquote(split.path.lstrip("/")),
        "USER": unquote(name),
        "PASSWORD": unquote(password),
        "HOST": ",".join(unquote(host) for host, _, _ in servers),
        "PORT": ",".join(port for _, _, port in servers).strip(","),
        "OPTIONS": dict(parse_qsl(split.query)),
    }


def _has_port(server: str) -> bool:
    return server.rpartition(":")[2].isdigit()


def with_database(address: str, name: str) -> str:
    """The address of another database of the same server."""
    return urlunsplit(urlsplit(address)._replace(path="/" + quote(name, safe="")))
