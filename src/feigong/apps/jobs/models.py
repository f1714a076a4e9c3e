"""Background work: what is asked for, how far it is, who holds it; and the workers that do it."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class JobState(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(models.Model):
    """One piece of background work. A worker holds it by a lease; when the lease runs out, another takes it up."""

    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField(max_length=12, choices=JobState.choices, default=JobState.WAITING)
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")  # None: a command
    actor_name = models.CharField(max_length=80)
    address = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    stage = models.CharField(max_length=60, blank=True)  # a code: wording `job.stage.<stage>`
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)  # 0: not known
    reached = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # what was reached so far, for the page
    result = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    error = models.JSONField(null=True, encoder=DjangoJSONEncoder)  # {"code":…, "params":…}: a Reason
    cancel_asked = models.BooleanField(default=False)
    holder = models.CharField(max_length=60, blank=True)  # the worker that holds the lease
    lease_until = models.DateTimeField(null=True)  # by the database's clock; of a waiting job: not to be tried before
    seen_at = models.DateTimeField(null=True)  # when the owner looked at how it ended

    class Meta:
        indexes = [
            models.Index(fields=["state", "id"], name="job_state"),
            models.Index(fields=["user", "-id"], name="job_user"),
        ]


class Worker(models.Model):
    """A process that does jobs; says now and then that it is there."""

    name = models.CharField(max_length=60, unique=True)
    version = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
