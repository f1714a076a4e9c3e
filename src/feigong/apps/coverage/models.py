"""Stored coverage plans. The roll planned on is not copied: it is the roll of ``on`` as known at ``known_at``."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from feigong.apps.roll.models.dated import Dated


class Plan(models.Model):
    """One run of the planner; never altered. A change by hand is another plan, whose ``previous`` is this one.

    ``content`` is the whole plan as `exchange.plan_json` writes it; the figures beside it are what lists show.
    """

    area = models.ForeignKey("roll.Area", models.PROTECT, related_name="+")  # planned: this area and all below
    on = models.DateField()
    known_at = models.DateTimeField()
    seed = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=60, blank=True)
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="later")
    parameters = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # only those chosen: id and value
    wishes = models.JSONField(default=list, encoder=DjangoJSONEncoder)  # `exchange.wishes_json`, all that hold
    by_hand = models.BooleanField(default=False)  # made of the previous one by changes by hand, on the same roll
    branches = models.PositiveIntegerField(default=0)
    covered_members = models.PositiveIntegerField(default=0)
    travel_m = models.FloatField(default=0.0)
    gap = models.FloatField(default=0.0)
    content = models.TextField()
    made = models.ForeignKey("audit.Record", models.PROTECT, related_name="+")
    job = models.OneToOneField("jobs.Job", models.PROTECT, related_name="+")  # one job makes one plan, never two


class Preset(Dated):
    """What an area plans with, from a day on: parameters by id, only those that differ from the rules."""

    KEY = ("area",)

    area = models.ForeignKey("roll.Area", models.PROTECT, related_name="+", db_index=False)
    chosen = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta(Dated.Meta):
        indexes = [models.Index(fields=["area", "recorded_to"], name="preset_of_area")]


class PlannedOutcome(models.Model):
    """What a plan says of one enterprise: what lists filter by; everything else is in the plan's content."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="outcomes")
    enterprise = models.ForeignKey("roll.Enterprise", models.PROTECT, related_name="+")
    key = models.CharField(max_length=18)  # of the enterprise in the plan
    outcome = models.CharField(max_length=12)  # core.coverage.values.Outcome
    operating = models.BooleanField()
    full_members = models.PositiveIntegerField()
    missing_members = models.PositiveIntegerField(default=0)
    branch = models.CharField(max_length=80, blank=True)  # key of the joint branch
    travel_m = models.FloatField(null=True)  # to its meeting place
    sure = models.BooleanField(default=True)  # nothing of that must be checked
    reasons = models.JSONField(default=list, encoder=DjangoJSONEncoder)  # [code, params]
    alternatives = models.JSONField(default=list, encoder=DjangoJSONEncoder)  # [outcome, code, params, extra metres]

    class Meta:
        constraints = [models.UniqueConstraint("plan", "enterprise", name="one_outcome_each")]
        indexes = [models.Index(fields=["plan", "branch"], name="outcome_branch")]


class PlannedBranch(models.Model):
    """A joint branch that a plan proposes. Who belongs to it are the outcomes with its key."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="planned_branches")
    key = models.CharField(max_length=80)
    host = models.ForeignKey("roll.Enterprise", models.PROTECT, related_name="+")
    host_key = models.CharField(max_length=18)
    host_members = models.PositiveIntegerField()  # of the organisation, where one takes the others in
    organisation = models.ForeignKey("roll.Organisation", models.PROTECT, null=True, related_name="+")
    slot = models.PositiveSmallIntegerField()
    cycle_weeks = models.PositiveSmallIntegerField()
    basis = models.CharField(max_length=12)
    enterprises = models.PositiveSmallIntegerField()
    members = models.PositiveIntegerField()
    travel_m = models.FloatField()
    farthest_m = models.FloatField()
    survival = models.FloatField()
    state = models.CharField(max_length=8)
    verified = models.BooleanField()
    reasons = models.JSONField(default=list, encoder=DjangoJSONEncoder)

    class Meta:
        constraints = [models.UniqueConstraint("plan", "key", name="one_branch_each")]
