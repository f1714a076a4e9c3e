"""Visits. Only ever added: what was wrong is put right by another one that points to it."""

from __future__ import annotations

from django.db import models


class Visit(models.Model):
    """Somebody was at an enterprise. No name of whom was met, no place, no picture.

    ``key`` is made where the visit was written down: sent twice, it is one visit.
    """

    record = models.ForeignKey("audit.Record", models.PROTECT, related_name="+")
    key = models.CharField(max_length=40, unique=True)
    enterprise = models.ForeignKey("roll.Enterprise", models.PROTECT, related_name="visits")
    worker = models.ForeignKey("roll.Worker", models.PROTECT, null=True, related_name="+")  # None: an office
    on = models.DateField()
    met = models.CharField(max_length=24)  # codes of data/liaison.yaml
    purpose = models.CharField(max_length=24)
    note = models.CharField(max_length=500, blank=True)
    members = models.PositiveIntegerField(null=True)  # learned of; never their names
    problem = models.CharField(max_length=500, blank=True)
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="+")  # that the problem became
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    took_place = models.BooleanField(default=True)  # False: a correction says that there was none

    class Meta:
        indexes = [models.Index(fields=["enterprise", "on"], name="visit_of_enterprise")]
