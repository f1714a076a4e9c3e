"""Which code does which kind of job. Apps register theirs in `jobs.py`, imported when Django is ready."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from feigong.apps.accounts.sight import Actor

Params = Mapping[str, Any]


class Context(Protocol):
    """What a job may ask of the worker that runs it."""

    job_id: int
    actor: Actor  # on whose behalf, with the permissions the account has now

    def progress(self, stage: str, done: int = 0, total: int = 0, **reached: object) -> None:
        """Say how far it is; also renews the lease. Raises `CancelledError` if somebody asked to stop."""

    def stopped(self) -> bool:
        """Whether somebody asked to stop or the lease is lost: for long computations that end early by themselves."""

    def fence(self) -> None:
        """Call inside the transaction that writes the result: raises `LeaseLostError` unless this worker still holds
        the job, so that a job taken up by another is never written twice."""


class CancelledError(Exception):
    """Somebody asked the job to stop."""


class LeaseLostError(Exception):
    """Another worker has taken the job up."""


@dataclass(frozen=True, slots=True)
class Kind:
    code: str
    run: Callable[[Context, Params], Mapping[str, Any]]
    attempts: int  # how often it is tried where a worker died or the database was away


KINDS: dict[str, Kind] = {}


def job(code: str, *, attempts: int = 3) -> Callable[[Callable[[Context, Params], Mapping[str, Any]]], Kind]:
    """Register a function as a kind of job. It must do nothing twice: check state first, fence when writing."""

    def register(run: Callable[[Context, Params], Mapping[str, Any]]) -> Kind:
        KINDS[code] = Kind(code, run, attempts)
        return KINDS[code]

    return register
