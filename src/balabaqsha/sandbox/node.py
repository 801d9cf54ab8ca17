"""NCANode as the sandbox plays it: the API of version 3, with the faults that its real code has."""

import base64
import binascii
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from balabaqsha.sandbox.authority import authority as authorities
from balabaqsha.sandbox.http import Request, Response, as_json
from balabaqsha.sandbox.modes import Systems
from balabaqsha.signatures import verifier
from balabaqsha.signatures.verifier import certificate as certificates
from balabaqsha.signatures.verifier import message


class Node:
    """POST /ncanode/cms/verify and GET /ncanode/actuator/health."""

    def __init__(self, *, systems: Systems, folder: Path, clock: Callable[[], datetime]) -> None:
        self._systems = systems
        self._folder = folder
        self._clock = clock

    def verify(self, request: Request) -> Response:
        """The report on a message."""
        return self._systems.behave("node", lambda: self._verify(request))

    def health(self, request: Request) -> Response:  # noqa: ARG002 - every route gets the request
        """Whether it runs."""
        return self._systems.behave("node", lambda: as_json(200, {"status": "UP"}))

    def _verify(self, request: Request) -> Response:
        try:
            fields = json.loads(request.body)
            cms = base64.b64decode(fields["cms"], validate=True)
            content = base64.b64decode(fields.get("data") or "", validate=True)
            checks = [str(one) for one in fields.get("revocationCheck") or ()]
            data = message.parse(cms)
            # As in the real one: without signers everything is valid.
            signers = [self._signer(cms, content, checks)] if len(data["signer_infos"]) else []
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error, verifier.SignatureRefused):
            return as_json(400, {"status": 400, "message": "Invalid CMS"})
        valid = all(one["certificates"][0]["valid"] for one in signers)
        return as_json(200, {"status": 200, "message": "OK", "valid": valid, "signers": signers})

    def _signer(self, cms: bytes, content: bytes, checks: list[str]) -> dict[str, Any]:
        authority = authorities.open_or_found(self._folder, now=self._clock())
        trusted = tuple(verifier.read_authority(file.read_bytes()) for file in sorted(authority.trusted.glob("*.cer")))
        now = self._clock()
        lists = [verifier.read_revocation_list(one, trusted) for one in authority.revocation_lists(now=now).values()]
        found = message.certificate_of(message.parse(cms))
        usage = certificates.purpose(found)
        revoked, valid = False, True
        try:
            trust = verifier.store_of(trusted, lists)
            verifier.verify(cms, content, purpose=usage or verifier.SIGN, moment=now, trust=trust)
        except verifier.SignatureRevoked:
            revoked, valid = True, False
        except verifier.SignatureRefused:
            valid = False
        holder = certificates.holder(found)
        described = {
            "valid": valid,
            "revocations": [{"by": by, "revoked": revoked, "revocationTime": None, "reason": None} for by in checks],
            "notBefore": found.not_valid_before.isoformat(),
            "notAfter": found.not_valid_after.isoformat(),
            "keyUsage": usage.value if usage else "UNKNOWN",
            "serialNumber": f"{found.serial_number:x}",
            "signAlg": found["signature_algorithm"]["algorithm"].native,
            "keyUser": list(holder.roles),
            "subject": {"commonName": holder.common_name, "iin": holder.iin, "bin": holder.bin},
        }
        return {"certificates": [described], "tsp": None}
