"""The data policy that a person accepts: its version, and the keys of its sections in order."""

# Raised whenever a section changes its meaning: then everybody is asked again.
VERSION = "2026-11-28"

_SECTIONS = ("who", "what", "why", "sources", "shown", "kept", "rights")


def sections() -> list[dict[str, str]]:
    """The text keys of every section's title and words, in order."""
    return [{"title": f"policy.{name}.title", "text": f"policy.{name}.text"} for name in _SECTIONS]
