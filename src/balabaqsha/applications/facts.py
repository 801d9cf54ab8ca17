"""What the journal says of an application beside the act itself."""

from typing import Any

from balabaqsha.applications.models import Application
from balabaqsha.territories.regimes import Regime


def line_facts(application: Application, *, before: str) -> dict[str, Any]:
    """What tellings and the ledger of places need of an application: its states, its order, its term."""
    facts = {
        "from": before,
        "to": application.state,
        "reason": application.reason,
        "kind": application.kind,
        "category": application.category,
        "original_at": application.original_at.isoformat(),
        "due_at": application.due_at.isoformat() if application.due_at else None,
        "due_term": application.due_term or None,
    }
    if application.regime == Regime.LINEAR:
        # A linear line is of one birth year and correction; the counting benefit ranks within it.
        facts |= {
            "regime": application.regime,
            "birth_year": application.birth_year,
            "correction": application.correction,
            "counts": application.benefit,
        }
    return facts


def counted_before(application: Application) -> dict[str, str]:
    """The fact by which the ledger of a linear line tells in which list the application stood before its benefit changed."""
    return {"counted_before": application.benefit} if application.regime == Regime.LINEAR else {}
