"""Accounts: who may come in, in which role, for which part of the roll."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from feigong.apps.accounts.roles import Role


class User(AbstractUser):
    """An account. One role each; who has two duties has two accounts."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField(max_length=60)
    role = models.CharField(max_length=32, choices=Role.choices)
    language = models.CharField(max_length=8, default="zh")
    must_change_password = models.BooleanField(default=False)

    REQUIRED_FIELDS = ["display_name", "role"]

    def __str__(self) -> str:
        return self.display_name


class Grant(models.Model):
    """A part of the roll that an account may see: exactly one of the four is set."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    area = models.ForeignKey("roll.Area", models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("roll.Organisation", models.PROTECT, null=True, related_name="+")
    worker = models.ForeignKey("roll.Worker", models.PROTECT, null=True, related_name="+")
    member = models.ForeignKey("roll.Member", models.PROTECT, null=True, related_name="+")
    granted_by = models.ForeignKey("audit.Record", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="grant_names_exactly_one",
                condition=(
                    models.Q(area__isnull=False, organisation=None, worker=None, member=None)
                    | models.Q(area=None, organisation__isnull=False, worker=None, member=None)
                    | models.Q(area=None, organisation=None, worker__isnull=False, member=None)
                    | models.Q(area=None, organisation=None, worker=None, member__isnull=False)
                ),
            )
        ]
