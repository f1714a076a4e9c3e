"""Long work: when to stop, how to say how far it is, who carries out independent tasks. The core has no clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from feigong.core.reasons import Param

T = TypeVar("T")
R = TypeVar("R")


class Stop(Protocol):
    """A stopping rule, passed in. Must be picklable: tasks may run on another machine."""

    def part(self, share: float) -> Stop:
        """The rule for one task that is ``share`` (0..1) of the whole work."""
        ...

    def __call__(self, spent: int) -> bool:
        """Whether a task that has spent so many units of work should end with the best it has."""
        ...


@dataclass(frozen=True, slots=True)
class WorkBudget:
    """Stop after ``units`` of work (one is a pricing sweep over a thousand enterprises). Repeatable on any machine."""

    units: float

    def part(self, share: float) -> WorkBudget:
        return WorkBudget(self.units * share)

    def __call__(self, spent: int) -> bool:
        return spent >= self.units


@dataclass(frozen=True, slots=True)
class NoLimit:
    """Run until the goal is reached or nothing moves any more."""

    def part(self, share: float) -> NoLimit:
        return self

    def __call__(self, spent: int) -> bool:
        return False


@dataclass(frozen=True, slots=True)
class Step:
    """One report of progress: a stage code, tasks done of all, and what was reached so far (``covered``, ``gap`` …)."""

    stage: str
    done: int
    total: int
    reached: Mapping[str, Param] = field(default_factory=dict)


Progress = Callable[[Step], None]


def silent(step: Step) -> None:
    """The progress listener that does not listen."""


class Executor(Protocol):
    """Carries out independent tasks, on threads or machines of a cluster. A task lost with its machine is run again."""

    def run(self, function: Callable[[T], R], tasks: Sequence[T]) -> Iterator[tuple[int, R]]:
        """Yield ``(index of the task, result)`` as results come, in any order."""
        ...


class Serial:
    """One after another in this thread."""

    def run(self, function: Callable[[T], R], tasks: Sequence[T]) -> Iterator[tuple[int, R]]:
        for index, task in enumerate(tasks):
            yield index, function(task)
