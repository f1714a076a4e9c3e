"""The tree of areas: district, township / sub-district / park, commercial street, building; and their outlines."""

from __future__ import annotations

from django.db import models

from feigong.apps.roll.models.dated import Dated, Identity


class AreaKind(models.TextChoices):
    DISTRICT = "district"
    TOWNSHIP = "township"
    SUB_DISTRICT = "sub_district"
    PARK = "park"
    COMMERCIAL_STREET = "commercial_street"
    BUILDING = "building"
    OTHER = "other"


class Area(Identity):
    pass


class AreaState(Dated):
    KEY = ("area",)

    area = models.ForeignKey(Area, models.PROTECT, related_name="states")
    code = models.CharField(max_length=12, blank=True)  # of the statistics bureau: 6 digits district, 9 digits township
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=AreaKind.choices)
    parent = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    path = models.CharField(max_length=200)  # identities from the root down, each eight digits and a stroke

    class Meta(Dated.Meta):
        indexes = [models.Index(fields=["path"])]


class AreaOutline(Dated):
    """Where an area lies: what a map draws. Light: a few hundred points at most."""

    KEY = ("area",)

    area = models.ForeignKey(Area, models.PROTECT, related_name="outlines")
    shape = models.TextField()  # the coordinates of a GeoJSON MultiPolygon, WGS-84
    points = models.PositiveIntegerField()
    extent = models.BigIntegerField()  # square metres
    source = models.CharField(max_length=120, blank=True)  # the file it came from

    class Meta(Dated.Meta):
        pass
