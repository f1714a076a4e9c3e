"""Party organisations, the tree of superior organisations, and which enterprises each covers."""

from __future__ import annotations

from django.db import models

from feigong.apps.roll.models.areas import Area
from feigong.apps.roll.models.dated import Dated, Identity, name_index, time_index
from feigong.apps.roll.models.enterprises import Enterprise
from feigong.apps.roll.models.venues import Venue


class OrganisationKind(models.TextChoices):
    WORKING_COMMITTEE = "working_committee"  # 非公企业党工委
    INDUSTRY_COMMITTEE = "industry_committee"  # 行业党委
    COMMITTEE = "committee"  # 基层党委
    GENERAL_BRANCH = "general_branch"
    BRANCH = "branch"
    JOINT_BRANCH = "joint_branch"
    TEMPORARY = "temporary"
    FLOATING = "floating"
    OTHER = "other"


class Organisation(Identity):
    pass


class OrganisationState(Dated):
    KEY = ("organisation",)

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="states")
    name = models.CharField(max_length=200)
    search = models.CharField(max_length=600, blank=True)
    kind = models.CharField(max_length=24, choices=OrganisationKind.choices)
    superior = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    path = models.CharField(max_length=200)  # identities from the top down, each eight digits and a stroke
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    venue = models.ForeignKey(Venue, models.PROTECT, null=True, related_name="+")
    founded_on = models.DateField(null=True)
    elected_on = models.DateField(null=True)
    claimed_members = models.PositiveIntegerField(null=True)  # as a table has it; compared, never a figure

    class Meta(Dated.Meta):
        indexes = [
            time_index(),
            time_index("area", also=("organisation",)),
            name_index(),
            models.Index(fields=["path"]),
        ]


class Coverage(Dated):
    """An organisation covers an enterprise; a joint branch has one host."""

    KEY = ("organisation", "enterprise")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="coverage")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="coverage")
    host = models.BooleanField(default=False)
