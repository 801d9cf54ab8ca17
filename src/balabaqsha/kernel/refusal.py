"""The one way an act is refused: a code for programs, a detail for the sentence, facts for its blanks."""

from typing import Any, ClassVar


class Refusal(Exception):
    """An act that may not happen now.

    `code` is one of the codes that rehearsals and programs see; `detail` picks the sentence of the
    glossary (section 6) and is the code itself where one sentence serves; `facts` fill its blanks.
    Subclass as ``class NoFreePlace(Refusal, code="no-free-place")``.
    """

    code: ClassVar[str] = ""
    detail: ClassVar[str] = ""

    def __init_subclass__(cls, *, code: str, detail: str | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.code = code
        cls.detail = detail or code

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.detail)
        self.facts = facts

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.code} ({self.detail}): {facts}" if facts else f"{self.code} ({self.detail})"
