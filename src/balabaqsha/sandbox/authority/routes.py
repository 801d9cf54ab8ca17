"""What the sandbox serves of the authority: its certificates, its lists, and a key for whoever asks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from balabaqsha.kernel.iin import Iin, WrongIin
from balabaqsha.sandbox.authority import authority as authorities
from balabaqsha.sandbox.authority.profile import Holder, Usage

BIN_LENGTH = 12


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; `file_name` makes it a download."""

    status: int
    content_type: str
    body: bytes
    file_name: str | None = None


Route = Callable[[Mapping[str, str]], Answer]


def routes(folder: Path, *, clock: Callable[[], datetime], address: str = "") -> dict[str, Route]:
    """Paths with what answers a GET of them, given the query parameters. Founds the authority if need be."""
    authority = authorities.open_or_found(folder, now=clock(), address=address)

    def revocation_list(name: str) -> Route:
        return lambda _: Answer(200, "application/pkix-crl", authority.revocation_lists(now=clock())[name], name)

    def certificate(name: str) -> Route:
        return lambda _: Answer(200, "application/pkix-cert", (authority.trusted / name).read_bytes(), name)

    return {
        "/authority/root.crl": revocation_list("root.crl"),
        "/authority/issuing.crl": revocation_list("issuing.crl"),
        "/authority/root.cer": certificate("root.cer"),
        "/authority/issuing.cer": certificate("issuing.cer"),
        "/authority/key": lambda query: _key(authority, query),
    }


def _key(authority: authorities.Authority, query: Mapping[str, str]) -> Answer:
    try:
        holder = _holder(query)
        usage = Usage(query.get("usage", "SIGN"))
    except ValueError as error:
        return Answer(400, "text/plain; charset=utf-8", f"{error}\n".encode())
    path = authority.key_file(holder, usage)
    return Answer(200, "application/x-pkcs12", path.read_bytes(), path.name)


def _holder(query: Mapping[str, str]) -> Holder:
    """The holder that the query names; raises ValueError."""
    try:
        iin = Iin.parse(query.get("iin", ""))
    except WrongIin as wrong:
        raise ValueError(f"iin: {wrong.reason}") from None
    organisation_bin = query.get("bin", "")
    if organisation_bin and not (
        organisation_bin.isascii() and organisation_bin.isdigit() and len(organisation_bin) == BIN_LENGTH
    ):
        raise ValueError("bin: twelve digits")
    surname, given_name = query.get("surname", "").strip(), query.get("given_name", "").strip()
    if not surname or not given_name:
        raise ValueError("surname and given_name: required")
    return Holder(
        iin=iin.text,
        surname=surname[:100],
        given_name=given_name[:100],
        patronymic=query.get("patronymic", "").strip()[:100],
        bin=organisation_bin,
        organisation=query.get("organisation", "").strip()[:200],
    )
