"""Accounts: who may come in, in which role, for which part of the roll."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac

from feigong.apps.accounts.roles import Role


class User(AbstractUser):
    """An account. One role each; who has two duties has two accounts."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    display_name = models.CharField(max_length=60)
    role = models.CharField(max_length=32, choices=Role.choices)
    language = models.CharField(max_length=8, default="zh")
    must_change_password = models.BooleanField(default=False)
    subject = models.CharField(max_length=255, null=True, unique=True)  # who this is at the OIDC provider
    epoch = models.PositiveIntegerField(default=0)  # raised to end every session of the account at once

    REQUIRED_FIELDS = ["display_name", "role"]

    def __str__(self) -> str:
        return self.display_name

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """A session holds while this is the same: the password and the epoch of the account."""
        text = f"{self.password}:{self.epoch}:{self.role}"
        return salted_hmac("feigong.accounts.session", text, secret=secret, algorithm="sha256").hexdigest()


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


class Invitation(models.Model):
    """A link by which an account is taken into use, once. Only a digest of its secret is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey("audit.Record", models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # used, or replaced by a newer one


class ApiToken(models.Model):
    """A key for programs that work in an account's name. Only a digest of its secret is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    start = models.CharField(max_length=12)  # how the secret begins: by this people tell tokens apart
    digest = models.CharField(max_length=64, unique=True)
    permissions = models.JSONField(default=list)  # never more than the role has on the day of use
    read_only = models.BooleanField(default=True)
    areas = models.JSONField(default=list)  # part of the owner's areas; empty with ``narrowed`` False: all of them
    organisations = models.JSONField(default=list)
    narrowed = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)  # to the hour
    revoked_at = models.DateTimeField(null=True)


class Sitting(models.Model):
    """A session of an account in a browser. Ending a sitting ends the session: a session without its row is over."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sittings")
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # to the minute
    address = models.CharField(max_length=60, blank=True)


class Failures(models.Model):
    """Failed log-ins in a row, for a name that was typed (as a keyed digest: it may be a password) or an address."""

    subject = models.CharField(max_length=80, unique=True)  # "name:<digest>" or "address:<address>"
    count = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)


class SavedView(models.Model):
    """A list as somebody wants it again: what is asked for and which columns. Nothing of what was found."""

    user = models.ForeignKey(User, models.CASCADE, related_name="views")
    list_code = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    query = models.TextField(blank=True)  # as in the address, without "?"
    columns = models.JSONField(default=list)
    shared = models.BooleanField(default=False)  # with accounts of the same role and the same part of the roll
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "list_code", "name"], name="saved_view_once")]
