"""Jobs that an actor may see: one's own, or everybody's with the permission for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Q, QuerySet

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.jobs.models import Job, JobState, Worker

UNDER_WAY: Final = (JobState.WAITING, JobState.RUNNING)
ALIVE: Final = timedelta(seconds=60)  # a worker that has said nothing for so long is taken for dead


def own(actor: Actor) -> QuerySet[Job]:
    """What this account asked for. Commands have no account, hence no jobs of their own."""
    return Job.objects.none() if actor.user_id is None else Job.objects.filter(user_id=actor.user_id)


def visible(actor: Actor) -> QuerySet[Job]:
    return Job.objects.all() if actor.may(Permission.JOBS_VIEW) else own(actor)


def own_or_managed(actor: Actor) -> QuerySet[Job]:
    """Jobs that may be cancelled or tried again: one's own, or all for who runs the system."""
    return Job.objects.all() if actor.may(Permission.SYSTEM_MANAGE) else own(actor)


@dataclass(frozen=True, slots=True)
class Notice:
    """What the bell says: how many are under way, how many ended and were not looked at."""

    running: int
    ended: int
    failed: int


def notice(actor: Actor) -> Notice:
    found = own(actor).aggregate(
        running=Count("pk", filter=Q(state__in=UNDER_WAY)),
        ended=Count("pk", filter=Q(ended_at__isnull=False, seen_at=None)),
        failed=Count("pk", filter=Q(state=JobState.FAILED, seen_at=None)),
    )
    return Notice(found["running"] or 0, found["ended"] or 0, found["failed"] or 0)


def alive_workers(at: datetime) -> QuerySet[Worker]:
    return Worker.objects.filter(seen_at__gte=at - ALIVE)


def waiting_since(at: datetime, longer_than: timedelta) -> QuerySet[Job]:
    """Jobs that nobody has begun for too long."""
    return Job.objects.filter(state=JobState.WAITING, attempts=0, created_at__lt=at - longer_than)
