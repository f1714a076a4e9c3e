"""Which code does which kind of job. Apps register theirs in `jobs.py`, imported by whoever runs jobs: pages that only
ask for them need not load what does them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from feigong.apps.accounts.sight import Actor

Params = Mapping[str, Any]


class Context(Protocol):
    """What a job may ask of the worker that runs it."""

    actor: Actor  # on whose behalf, with the permissions the account has now
    job_id: int

    def progress(self, stage: str, done: int = 0, total: int = 0, **reached: object) -> None:
        """Say how far it is: cheap, may be called often. Raises `CancelledError` if somebody asked to stop and
        `LeaseLostError` if another worker has the job."""

    def stopped(self) -> bool:
        """Whether somebody asked to stop or the lease is lost: for long computations that end early by themselves."""

    def fence(self) -> None:
        """Call in the transaction that writes the result, last: raises `LeaseLostError` unless this worker still holds
        the job, so that a job taken up by another is never written twice. Called early it holds up the progress that
        others see until the transaction ends."""


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


def discover() -> Mapping[str, Kind]:
    """All kinds: imports `jobs.py` of every app of ours."""
    for config in apps.get_app_configs():
        if config.name.startswith("feigong.apps.") and module_has_submodule(config.module, "jobs"):
            import_module(f"{config.name}.jobs")
    return KINDS
