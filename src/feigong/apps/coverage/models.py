"""Stored coverage plans. The roll planned on is not copied: it is the roll of ``on`` as known at ``known_at``."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Plan(models.Model):
    """One run of the planner. ``content`` is the whole plan as `exchange.plan_json` writes it."""

    area = models.ForeignKey("roll.Area", models.PROTECT, related_name="+")  # planned: this area and all below
    on = models.DateField()
    known_at = models.DateTimeField()
    seed = models.PositiveIntegerField(default=0)
    content = models.TextField()
    made = models.ForeignKey("audit.Record", models.PROTECT, related_name="+")
    job = models.OneToOneField("jobs.Job", models.PROTECT, related_name="+")  # one job makes one plan, never two


class PlannedOutcome(models.Model):
    """What a plan says of one enterprise: what lists filter by; everything else is in the plan's content."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="outcomes")
    enterprise = models.ForeignKey("roll.Enterprise", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12)  # core.coverage.values.Outcome
    operating = models.BooleanField()
    full_members = models.PositiveIntegerField()
    missing_members = models.PositiveIntegerField(default=0)
    branch = models.CharField(max_length=80, blank=True)  # key of the joint branch
    reasons = models.JSONField(default=list, encoder=DjangoJSONEncoder)  # [code, params]

    class Meta:
        constraints = [models.UniqueConstraint("plan", "enterprise", name="one_outcome_each")]
