"""A job as a page shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from django.urls import reverse

from feigong.core.reasons import Reason
from feigong.wording import Words

TARGETS: Final[Mapping[str, tuple[str, str]]] = {
    "audit.verify": ("audit:check", "check"),
    "coverage.plan": ("coverage:detail", "plan"),
    "imports.dry_run": ("imports:detail", "import"),
    "imports.apply": ("imports:detail", "import"),
    "imports.take_back": ("imports:detail", "import"),
}
"""Where what a job made is looked at: the name of the address, and its number's name in result or parameters."""

TONES: Final = {"waiting": "plain", "running": "", "done": "good", "failed": "bad", "cancelled": "warn"}


class Row(Protocol):
    """What is read of a job's row."""

    pk: int
    kind: str
    params: Any
    state: str
    actor_name: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    attempts: int
    stage: str
    done: int
    total: int
    reached: Any
    result: Any
    error: Any
    cancel_asked: bool


@dataclass(frozen=True, slots=True)
class Shown:
    row: Row
    title: str
    state: str
    tone: str
    stage: str
    reached: tuple[str, ...]
    seconds: int | None  # how long it took, or has taken so far
    error: Reason | None
    target: str | None

    @property
    def under_way(self) -> bool:
        return self.row.state in ("waiting", "running")

    @property
    def may_stop(self) -> bool:
        return self.under_way and not self.row.cancel_asked

    @property
    def may_retry(self) -> bool:
        return self.row.state in ("failed", "cancelled")


def _reached(values: Mapping[str, Any], words: Words) -> Iterator[str]:
    """Sentences for what was reached so far; what has no words is not for people."""
    for name, value in values.items():
        code = f"job.reached.{name}"
        if code in words.codes() and value is not None:
            yield words.word(code, n=value)


def _target(row: Row) -> str | None:
    name, number = TARGETS.get(row.kind, ("", ""))
    pk = (row.result or {}).get(number) or row.params.get(number)
    if not name or pk is None or row.state != "done":
        return None
    return reverse(name, args=[pk])


def _worded(code: str, otherwise: str, words: Words) -> str:
    """Words of a code that another version of the program may have written."""
    return words.word(code) if code in words.codes() else otherwise


def shown(row: Row, words: Words, at: datetime) -> Shown:
    end = row.ended_at or at
    error = Reason(row.error["code"], row.error["params"]) if row.error else None
    state = "stopping" if row.cancel_asked and row.state == "running" else row.state
    return Shown(
        row=row,
        title=_worded(f"job.{row.kind}", row.kind, words),
        state=words.word(f"job_state.{state}"),
        tone=TONES[row.state],
        stage=_worded(f"job.stage.{row.stage}", "", words),
        reached=tuple(_reached(row.reached, words)),
        seconds=round((end - row.started_at).total_seconds()) if row.started_at else None,
        error=error,
        target=_target(row),
    )
