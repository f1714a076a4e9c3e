"""Who holds a job: one worker at a time, for some seconds, again and again.

Times of leases are the database's, so that workers on machines whose clocks differ agree. A claim carries the worker's
name and the number of the attempt; whatever a worker writes about a job it writes only where both still stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Now

from feigong.apps.jobs.models import Job, JobState
from feigong.apps.jobs.registry import LeaseLostError

LEASE: Final = timedelta(seconds=12)  # a dead worker's job is taken up after this long


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt of one worker at one job."""

    job_id: int
    holder: str
    attempt: int

    def mine(self) -> models.QuerySet[Job]:
        """The job's row as long as this attempt holds it; else nothing."""
        return Job.objects.filter(pk=self.job_id, holder=self.holder, attempts=self.attempt, state=JobState.RUNNING)

    def renew(self, **values: Any) -> bool | None:
        """Hold on for another while, and write how far it is. None: lost; else whether somebody asked to stop."""
        if not self.mine().update(lease_until=Now() + LEASE, **values):
            return None
        return self.asked_to_stop()

    def asked_to_stop(self) -> bool | None:
        """Whether somebody asked to stop; None where another has the job."""
        return self.mine().values_list("cancel_asked", flat=True).first()

    def fence(self) -> None:
        """Inside a transaction: nobody else can take the job up before it ends, or `LeaseLostError`."""
        if not connection.in_atomic_block:
            raise transaction.TransactionManagementError("a fence stands inside the transaction that it guards")
        if not self.mine().select_for_update().exists():
            raise LeaseLostError

    def end(self, state: JobState, *, at: datetime, **values: Any) -> bool:
        """Say how it ended; False where another has it by now."""
        return bool(self.mine().update(state=state, ended_at=at, lease_until=None, holder="", **values))

    def put_back(self, after: timedelta, *, counts: bool) -> bool:
        """Have it tried again after a while. An attempt that this side broke off does not count."""
        attempts = self.attempt if counts else self.attempt - 1
        return bool(
            self.mine().update(state=JobState.WAITING, holder="", lease_until=Now() + after, attempts=attempts)
        )  # fmt: skip


def _free() -> models.QuerySet[Job]:
    held = Q(lease_until__gt=Now())
    return Job.objects.filter(state__in=(JobState.WAITING, JobState.RUNNING)).exclude(held).order_by("pk")


def claim(holder: str, at: datetime) -> tuple[Claim, Job] | None:
    """The oldest job that nobody holds, now held by ``holder``; None if there is none.

    On PostgreSQL the row is locked and rows locked by others are passed by; on SQLite the transaction itself is
    exclusive (`transaction_mode=IMMEDIATE`). The first look needs no lock: an idle worker keeps nobody waiting.
    """
    if not _free().exists():
        return None
    with transaction.atomic():
        job = _free().select_for_update(skip_locked=True).first()
        if job is None:
            return None
        claimed = Claim(job.pk, holder, job.attempts + 1)
        job.state, job.holder, job.attempts = JobState.RUNNING, holder, claimed.attempt
        Job.objects.filter(pk=job.pk).update(
            state=job.state, holder=holder, attempts=claimed.attempt, lease_until=Now() + LEASE,
            started_at=job.started_at or at, stage="", done=0, total=0, reached={},
        )  # fmt: skip
    return claimed, job
