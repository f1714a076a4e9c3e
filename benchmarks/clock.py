"""A stopping rule by the clock, for runs that need not be repeatable."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass
class Deadline:
    """Stop ``seconds`` after now. A task that is a share of the work gets that share of the time of all workers,
    counted from its first question, but never more than what is left."""

    seconds: float
    workers: int = 1
    end: float = field(default=0.0)
    own: float | None = None  # seconds of this task
    begun: float | None = None

    def __post_init__(self) -> None:
        self.end = self.end or time.time() + self.seconds

    def part(self, share: float) -> Deadline:
        return Deadline(self.seconds, self.workers, self.end, share * self.seconds * self.workers)

    def __call__(self, spent: int) -> bool:
        now = time.time()
        if self.begun is None:
            self.begun = now
        return now >= self.end or (self.own is not None and now >= self.begun + self.own)
