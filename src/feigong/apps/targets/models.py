"""Targets, dated twice like all that is decided: what was aimed at on a day, and what is known of that by now."""

from __future__ import annotations

from django.db import models

from feigong.apps.roll.models.dated import Dated


class Target(Dated):
    """What an area, or one industry in it, is to reach by the end of a year. ``valid_from``: since when it stands."""

    KEY = ("area", "year", "measure", "industry")

    area = models.ForeignKey("roll.Area", models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    measure = models.CharField(max_length=32)  # a code of data/targets.yaml
    industry = models.CharField(max_length=2, blank=True)  # GB/T 4754-2017 division; empty: all of the area
    value = models.PositiveIntegerField()  # of things; of a share: hundredths of a percent

    class Meta(Dated.Meta):
        indexes = [models.Index(fields=["area", "year", "measure", "recorded_to"])]
