"""`balabaqsha verify-document`: whether a signature file fits a document, by the portal or by a folder alone."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from balabaqsha.commands import starting

if TYPE_CHECKING:
    from balabaqsha.signatures.proving import Verdict

LARGEST = 64 * 1024 * 1024


def run(*, document: Path, signature: Path, authorities: Path | None, moment: str) -> int:
    """Print what was found; status 1 where the signature does not hold."""
    content, cms = _read(document), _bare(_read(signature))
    if authorities is not None and not authorities.is_dir():
        raise starting.Stop(f"there is no folder {authorities}")
    at = _moment(moment) if moment else None
    starting.set_up()
    verdict = _by_folder(content, cms, authorities, at) if authorities else _by_portal(content, cms)
    print("\n".join(_told(verdict)))
    return 0 if verdict.holds else starting.NO


def _by_portal(content: bytes, cms: bytes) -> "Verdict":
    from balabaqsha.accounts import clock
    from balabaqsha.signatures import proving

    return proving.of_document(content=content, cms=cms, now=clock.now())


def _by_folder(content: bytes, cms: bytes, authorities: Path, moment: datetime | None) -> "Verdict":
    from balabaqsha.accounts import clock
    from balabaqsha.signatures import proving, verifier

    try:
        return proving.by_files(
            content=content, cms=cms, authorities=authorities, moment=moment or clock.real_now().astimezone(UTC)
        )
    except verifier.UnusableList as unusable:
        raise starting.Stop(f"a list in {authorities} cannot be used: {unusable}") from None


def _told(verdict: "Verdict") -> list[str]:
    lines = [f"document: SHA-256 {verdict.content_sha256}"]
    as_of = f"{verdict.judged_for:%Y-%m-%d %H:%M:%S %Z}"
    if verdict.verified is None or verdict.certificate is None:
        refusal = verdict.refusal
        reason = refusal.facts.get("reason") or refusal.facts.get("date") or "" if refusal else ""
        return [
            *lines,
            f"the signature does NOT hold as of {as_of}: {refusal.detail if refusal else ''} {reason}".rstrip(),
        ]
    holder, certificate = verdict.verified.holder, verdict.certificate
    lines.append(f"the signature holds as of {as_of} ({verdict.basis.lower()})")
    if verdict.taken_for:
        lines.append(f"taken by the portal for {verdict.taken_for} {verdict.taken_id}")
    lines.append(f"signer: {holder.common_name} {holder.patronymic or ''}".rstrip() + f", IIN {holder.iin}")
    if holder.bin:
        lines.append(f"for: {holder.organisation}, BIN {holder.bin}")
    issuer = certificate.issuer.native.get("common_name", "")
    lines.append(f"certificate {certificate.serial_number:x} by {issuer}")
    if verdict.verified.stamped_at:
        lines.append(f"time stamp: {verdict.verified.stamped_at:%Y-%m-%d %H:%M:%S %Z}")
    return lines


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size > LARGEST:
            raise starting.Stop(f"{file} is too big")
        return file.read_bytes()
    except OSError as problem:
        raise starting.Stop(f"{file}: {problem.strerror or problem}") from None


def _bare(content: bytes) -> bytes:
    """The message as DER, whether the file holds it so, in base64 or with PEM lines."""
    from balabaqsha.signatures import verifier

    return verifier.read_file(content)


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise starting.Stop(f"{text!r} is no moment; for example 2026-11-18T10:00:00+05:00") from None
    if found.tzinfo is None:
        raise starting.Stop(f"{text!r} names no zone; for example 2026-11-18T10:00:00+05:00")
    return found
