"""Every errand with a state system, read from the ports themselves, and what becomes of it when the system fails.

Run as ``python -m balabaqsha.gateways.errands`` to write docs/errands.md anew.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from balabaqsha import gateways

TABLE = Path(__file__).resolve().parents[3] / "docs" / "errands.md"

# What a person meets and what the portal does, by port and method: the same for each way of failing.
THEN: Mapping[tuple[str, str], str] = {
    ("addresses", "search"): "the page says so, the list has no distances; a settlement or a kindergarten serves too",
    (
        "arkotek",
        "conclusions",
    ): "what was typed stays; the family attaches the conclusion as a file, which the decider checks",
    ("births", "children"): "the page says so and keeps what was typed; the child is added by its IIN later",
    ("births", "kinship"): "the child is not added yet, what was typed stays; nothing is said of others' children",
    ("email", "send"): "the letter waits, is sent again after 1, 2, 5, 15, then each 60 minutes; the inbox has it",
    ("medical", "form"): "the family attaches the form as a file; the kindergarten looks at it",
    ("node", "verify"): "where the settings ask it the signature is refused and nothing is lost; else nobody asks",
    ("phones", "owner"): "no code is sent, what was typed stays; a code of sign-in is tried four times",
    ("population", "person"): "nothing is written, what was typed stays, the person asks again",
    ("revocation", "fetch"): "the list at hand serves until it is stale; then the status service is asked",
    ("sms", "delivery"): "asked again later; the message stays «sent, not confirmed»",
    ("sms", "send"): "the message waits as a letter does; other channels and the inbox do not",
    (
        "social",
        "status",
    ): "nothing is lost: the claim goes to an officer with its paper, who may ask again by duty",
    ("status", "ask"): "a fresh revocation list decides; without one the signature is refused and nothing is lost",
}
# How each failure shows to the client, and when: `Limits` of the channel.
FAILURES: Mapping[str, str] = {
    "down": "`unreachable`, at once",
    "slow": "`time-out` when the answer takes longer than its limit; else an answer",
    "wrong": "`nonsense`, not repeated",
    "silent": "`time-out` when all attempts together have used the patience up",
}


@dataclass(frozen=True)
class Errand:
    """One question to a system: the port's folder, the method, and the first sentence of its promise."""

    port: str
    method: str
    promise: str


def all_errands() -> list[Errand]:
    """Every public method of every port, by name."""
    found = []
    for folder in pkgutil.iter_modules(gateways.__path__):
        if not folder.ispkg or folder.name == "tests":
            continue
        port = importlib.import_module(f"{gateways.__name__}.{folder.name}.port")
        for _, kind in inspect.getmembers(port, inspect.isclass):
            if kind.__module__ == port.__name__ and Protocol in kind.__bases__:
                found += [
                    _errand(folder.name, name, method) for name, method in vars(kind).items() if _asks(name, method)
                ]
    return sorted(found, key=lambda one: (one.port, one.method))


def _asks(name: str, method: object) -> bool:
    return inspect.isfunction(method) and not name.startswith("_")


def _errand(port: str, name: str, method: object) -> Errand:
    promise = (inspect.getdoc(method) or "").split("\n\n")[0].replace("\n", " ")
    return Errand(port, name, promise)


def table() -> str:
    """The table as it stands in the documents."""
    lines = [
        "# Errands with state systems",
        "",
        "Made from the ports (`python -m balabaqsha.gateways.errands`); a test keeps it so and tries each errand against each failure.",
        "Whatever fails, the caller gets one refusal (`NotAnswering`, facts `system` and `reason`), in time and without a trace.",
        "",
        "| port | errand | what is asked | "
        + " | ".join(FAILURES)
        + " | what the person meets, what the portal does |",
        "|---" * (4 + len(FAILURES)) + "|",
    ]
    for one in all_errands():
        failures = " | ".join(FAILURES.values())
        lines.append(f"| `{one.port}` | `{one.method}` | {one.promise} | {failures} | {THEN[one.port, one.method]} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
