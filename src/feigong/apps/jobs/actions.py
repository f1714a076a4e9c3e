"""Start, cancel and retry jobs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.once import note_done
from feigong.apps.audit.recording import changing
from feigong.apps.clock import now
from feigong.apps.jobs import queries
from feigong.apps.jobs.models import Job, JobState
from feigong.core.errors import FeigongError


def start(actor: Actor, kind: str, params: Mapping[str, Any]) -> Job:
    """Ask for a job; it begins when the transaction that asked is committed. The caller has checked the permission."""
    with transaction.atomic():
        note_done(actor)
        return Job.objects.create(
            kind=kind, params=dict(params), user_id=actor.user_id, actor_name=actor.name, address=actor.address,
            created_at=now(),
        )  # fmt: skip


def _to_change(actor: Actor, job_id: int) -> Job:
    job = queries.own_or_managed(actor).select_for_update(of=("self",)).filter(pk=job_id).first()
    if job is None:
        raise FeigongError("error.not_found", what="job")
    return job


def cancel_job(actor: Actor, job_id: int) -> Job:
    """A waiting job ends at once; a running one is asked to, and ends when its worker hears it."""
    with changing(actor, "job.cancel", params={"job": job_id}) as change:
        job = _to_change(actor, job_id)
        if job.state == JobState.WAITING:
            job.state, job.ended_at, job.seen_at = JobState.CANCELLED, change.at, change.at
        elif job.state == JobState.RUNNING:
            job.cancel_asked = True
        else:
            raise FeigongError("error.job_ended", id=job_id)
        job.save(update_fields=["state", "ended_at", "seen_at", "cancel_asked"])
        change.note("jobs.job", job.pk, None, {"state": job.state, "cancel_asked": job.cancel_asked})
    return job


def retry_job(actor: Actor, job_id: int) -> Job:
    """A job that failed or was cancelled is done again from the start, on behalf of whoever asked for it first."""
    with changing(actor, "job.retry", params={"job": job_id}) as change:
        job = _to_change(actor, job_id)
        if job.state not in (JobState.FAILED, JobState.CANCELLED):
            raise FeigongError("error.job_not_ended", id=job_id)
        before = job.state
        job.state, job.attempts, job.cancel_asked, job.error = JobState.WAITING, 0, False, None
        job.started_at = job.ended_at = job.lease_until = job.seen_at = None
        job.save()
        change.note("jobs.job", job.pk, {"state": before}, {"state": job.state})
    return job


def mark_seen(actor: Actor, job_id: int, at: datetime) -> None:
    """The owner has looked at how it ended: no notice any more."""
    queries.own(actor).filter(pk=job_id, ended_at__isnull=False, seen_at=None).update(seen_at=at)
