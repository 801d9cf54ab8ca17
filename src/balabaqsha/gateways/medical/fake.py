"""A digital health system in memory that keeps the port's promises. For tests of those who ask."""

from collections.abc import Mapping
from datetime import datetime

from balabaqsha.gateways.medical.port import FormAnswer, MedicalForm
from balabaqsha.gateways.port import NotAnswering, Reason, System
from balabaqsha.kernel.iin import Iin
from balabaqsha.law.lists import DocumentKind


class InMemoryMedical:
    """Knows these forms by the child's IIN; silent while `silent` is set."""

    def __init__(self, known: Mapping[str, tuple[MedicalForm, ...]] | None = None) -> None:
        self.known = dict(known or {})
        self.silent = False

    def form(self, kind: DocumentKind, child: Iin, *, now: datetime) -> FormAnswer:
        """See the port."""
        if self.silent:
            raise NotAnswering(system=System.MEDICAL.value, reason=Reason.TIME_OUT.value)
        found = [one for one in self.known.get(child.text, ()) if one.kind is kind]
        newest = max(found, key=lambda one: one.issued_on) if found else None
        return FormAnswer(form=newest, reference=f"fake-{child.text}", asked_at=now)
