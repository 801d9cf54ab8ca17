"""States and allowed moves as a table that can be read, drawn and tested."""

from collections.abc import Iterable
from dataclasses import dataclass

from balabaqsha.kernel.refusal import Refusal


class NotInThisState(Refusal, code="not-in-this-state"):
    """The act is not among the moves of the state; facts: move, state."""


@dataclass(frozen=True)
class Move:
    """One named move from any of `origins` to `target`."""

    name: str
    origins: frozenset[str]
    target: str


class Lifecycle:
    """A closed set of moves. What is not in the table cannot happen."""

    def __init__(self, moves: Iterable[Move]) -> None:
        self.moves = tuple(moves)
        self._targets = {(move.name, origin): move.target for move in self.moves for origin in move.origins}
        self.names = frozenset(move.name for move in self.moves)

    def allows(self, move: str, *, state: str) -> bool:
        """Whether the state has such a move."""
        return (move, state) in self._targets

    def after(self, move: str, *, state: str) -> str:
        """The state that the move leads to; raises NotInThisState where the table has none."""
        try:
            return self._targets[move, state]
        except KeyError:
            raise NotInThisState(move=move, state=state) from None
