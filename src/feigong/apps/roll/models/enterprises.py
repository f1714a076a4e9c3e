"""Enterprises and other units: registered at one address, operating at another, in one area."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from feigong.apps.roll.models.areas import Area
from feigong.apps.roll.models.dated import Dated, Identity, name_index, time_index


class UnitKind(models.TextChoices):
    ENTERPRISE = "enterprise"
    SOCIAL_ORGANISATION = "social_organisation"
    SELF_EMPLOYED = "self_employed"
    OTHER = "other"


class ControlType(models.TextChoices):
    PRIVATE = "private"
    FOREIGN = "foreign"
    HONG_KONG_MACAO_TAIWAN = "hong_kong_macao_taiwan"
    COLLECTIVE = "collective"
    STATE = "state"
    MIXED = "mixed"
    UNKNOWN = "unknown"


class Standing(models.TextChoices):
    """What the tables say of its business; flags say why."""

    ACTIVE = "active"
    DORMANT = "dormant"
    CLOSED = "closed"


class Enterprise(Identity):
    pass


class EnterpriseState(Dated):
    KEY = ("enterprise",)

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="states")
    uscc = models.CharField(max_length=40, blank=True)  # as written where its check character is wrong
    name = models.CharField(max_length=200)
    search = models.CharField(max_length=600, blank=True)  # name, code, pinyin in full and initials, in lower case
    kind = models.CharField(max_length=24, choices=UnitKind.choices, default=UnitKind.ENTERPRISE)
    control = models.CharField(max_length=24, choices=ControlType.choices, default=ControlType.UNKNOWN)
    standing = models.CharField(max_length=12, choices=Standing.choices, default=Standing.ACTIVE)
    flags = models.JSONField(default=list, encoder=DjangoJSONEncoder)  # [code, reason code, params]
    legal_representative = models.CharField(max_length=60, blank=True)
    registered_on = models.DateField(null=True)
    registered_address = models.CharField(max_length=300, blank=True)
    operating_address = models.CharField(max_length=300, blank=True)  # empty: the registered one
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)  # the district if need be
    longitude = models.FloatField(null=True)  # WGS-84
    latitude = models.FloatField(null=True)
    industry = models.CharField(max_length=2, blank=True)  # GB/T 4754-2017 division
    scope = models.TextField(blank=True)
    staff = models.PositiveIntegerField(null=True)  # None: no table says
    shift = models.CharField(max_length=100, blank=True)  # as written
    free_text = models.CharField(max_length=200, blank=True)  # as written
    slots = models.CharField(max_length=120, blank=True)  # a 21-bit mask for each week of the cycle, by commas
    parent_uscc = models.CharField(max_length=18, blank=True)  # of the company a branch office belongs to

    class Meta(Dated.Meta):
        indexes = [
            time_index(),
            time_index("area", also=("enterprise",)),
            name_index(),
            models.Index(fields=["uscc"]),
        ]
