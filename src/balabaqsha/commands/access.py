"""The page `docs/access.md`: which role may open which address, made from the policies on the views.

Run as ``python -m balabaqsha.commands.access`` after a change of a policy or of the URL table.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from balabaqsha.kernel.actor import Role

PAGE = Path(__file__).resolve().parents[3] / "docs" / "access.md"
_HEAD = """# Who may open what

Made from the policies in `accounts/access.py` by `python -m balabaqsha.commands.access`; a test keeps it current and tries
every address as every role. An account acts in one role at a time: a role that was not switched to opens nothing. Whoever
is not let in is answered as for a page that does not exist; nobody signed in is led to the sign-in page.
"""
_ROLES = tuple(role for role in Role if role is not Role.SYSTEM)


def render() -> str:
    """The whole page."""
    found: dict[Any, list[tuple[str, str]]] = {}
    for address, name, policy in addresses():
        found.setdefault(policy, []).append((address, name))
    policies = sorted(found, key=lambda policy: (policy.roles is not None, policy.name))
    parts = [_HEAD, "## Policies\n", *_policies(policies), "", "## Addresses\n"]
    for policy in policies:
        parts += [f"### `{policy.name}`\n", "| address | name |", "|---|---|"]
        parts += [f"| `/{address}` | `{name}` |" for address, name in sorted(found[policy])]
        parts.append("")
    return "\n".join(parts).rstrip("\n") + "\n"


def addresses() -> Iterator[tuple[str, str, Any]]:
    """Every address of the portal with its name and its policy; those without one are files served by a library."""
    from django.urls import get_resolver

    yield from _below(get_resolver().url_patterns, "")


def _below(patterns: list[Any], before: str) -> Iterator[tuple[str, str, Any]]:
    for pattern in patterns:
        address = before + _plain(pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _below(pattern.url_patterns, address)
        elif hasattr(pattern.callback, "policy"):
            yield address, pattern.name or "", pattern.callback.policy


def _plain(pattern: Any) -> str:
    """The pattern as it is written; the prefix of a language, which Kazakh lacks, is left out."""
    return "" if hasattr(pattern.pattern, "prefix_default_language") else str(pattern.pattern)


def _policies(policies: list[Any]) -> list[str]:
    heads = [role.value for role in _ROLES]
    lines = ["| policy | of these rows | " + " | ".join(heads) + " |", "|---|---|" + "---|" * len(heads)]
    for policy in policies:
        rows = policy.rows.__name__.strip("_").replace("_", " ") if policy.rows else ""
        cells = " | ".join(_cell(policy, role) for role in _ROLES)
        lines.append(f"| `{policy.name}` | {rows} | {cells} |")
    return lines


def _cell(policy: Any, role: Role) -> str:
    if policy.roles is not None and role not in policy.roles:
        return ""
    return f"with {policy.power}" if policy.power and role is Role.TRUSTED_PERSON else "yes"


def main() -> None:
    """Write the page."""
    import django

    from balabaqsha.config import env

    env.choose(DJANGO_SETTINGS_MODULE="balabaqsha.config.settings")
    django.setup()
    PAGE.write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
