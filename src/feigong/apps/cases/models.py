"""A case stands somewhere on each day (dated twice, as all that changes); what was done in it is only ever added."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from feigong.apps.roll.models.dated import Dated, Identity, time_index


class Case(Identity):
    """``facts``: what was known when it was opened, such as the slot and the plan it comes from. ``key`` names what
    it is about where there must be no second one."""

    kind = models.CharField(max_length=40)  # code of a core.cases CaseKind
    key = models.CharField(max_length=120, unique=True, null=True)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)


class CaseState(Dated):
    KEY = ("case",)

    case = models.ForeignKey(Case, models.PROTECT, related_name="states")
    standing = models.CharField(max_length=8)  # core.cases Standing
    step = models.CharField(max_length=40)
    step_on = models.DateField()
    due_on = models.DateField(null=True)
    held_on = models.DateField(null=True)
    held_until = models.DateField(null=True)
    outcome = models.CharField(max_length=40, blank=True)
    area = models.ForeignKey("roll.Area", models.PROTECT, related_name="+", db_index=False)
    owner = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")  # an account sees to it
    worker = models.ForeignKey("roll.Worker", models.PROTECT, null=True, related_name="+")  # or a liaison officer

    class Meta(Dated.Meta):
        indexes = [time_index(), time_index("area", also=("case",))]


class CaseSubject(models.Model):
    """What a case is about. Never changed: another enterprise is another case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="subjects")
    enterprise = models.ForeignKey("roll.Enterprise", models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("roll.Organisation", models.PROTECT, null=True, related_name="+")
    member = models.ForeignKey("roll.Member", models.PROTECT, null=True, related_name="+")
    host = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint("case", "enterprise", name="case_enterprise_once"),
            models.UniqueConstraint("case", "organisation", name="case_organisation_once"),
        ]


class EventCode(models.TextChoices):
    OPENED = "opened"
    DONE = "done"
    HELD = "held"
    RESUMED = "resumed"
    HANDED = "handed"
    REOPENED = "reopened"
    REMARKED = "remarked"


class CaseEvent(models.Model):
    """Something that was done in a case: by whom and when is in the record."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    record = models.ForeignKey("audit.Record", models.PROTECT, related_name="+")
    on = models.DateField()
    code = models.CharField(max_length=12, choices=EventCode.choices)
    step = models.CharField(max_length=40, blank=True)
    ending = models.CharField(max_length=40, blank=True)
    answers = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    warnings = models.JSONField(default=list, encoder=DjangoJSONEncoder)  # [code, params]
    text = models.CharField(max_length=2000, blank=True)


class CasePaper(models.Model):
    """A document handed in with a case, sealed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="papers")
    record = models.ForeignKey("audit.Record", models.PROTECT, related_name="+")
    step = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    content = models.BinaryField()  # sealed
