"""What a build of the town tells about itself."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Newcomer:
    """Somebody whom the state registers know and the portal does not yet: to register as."""

    name: str
    iin: str
    phone: str
    child_name: str
    child_iin: str


@dataclass(frozen=True)
class TownReport:
    """How large the town is and how long each step of its building took, in seconds."""

    kindergartens: int
    groups: int
    places: int
    free_places: int
    enrolled: int
    waiting: int
    persons: int
    newcomer: Newcomer
    seconds: dict[str, float] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """The report as the launcher prints it."""
        newcomer = self.newcomer
        steps = ", ".join(f"{name} {taken:.1f} s" for name, taken in self.seconds.items())
        return [
            f"{self.kindergartens} kindergartens, {self.groups} groups, {self.places} places, {self.free_places} free",
            f"{self.enrolled} enrolled children, {self.waiting} waiting applications, {self.persons} persons in the registers",
            f"to register as: {newcomer.name}, IIN {newcomer.iin}, telephone {newcomer.phone}",
            f"their child: {newcomer.child_name}, IIN {newcomer.child_iin}",
            f"built in {sum(self.seconds.values()):.1f} s: {steps}",
        ]
