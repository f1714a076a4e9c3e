"""Rooms where organisations meet."""

from __future__ import annotations

from django.db import models

from feigong.apps.roll.models.areas import Area
from feigong.apps.roll.models.dated import Dated, Identity
from feigong.apps.roll.models.enterprises import Enterprise


class Venue(Identity):
    pass


class VenueState(Dated):
    KEY = ("venue",)

    venue = models.ForeignKey(Venue, models.PROTECT, related_name="states")
    name = models.CharField(max_length=120)
    search = models.CharField(max_length=400, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, null=True, related_name="+")  # whose room it is
    address = models.CharField(max_length=300, blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    seats = models.PositiveIntegerField(null=True)
