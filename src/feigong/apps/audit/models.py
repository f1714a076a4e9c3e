"""What was done, by whom, from where, why; each record chained to the one before it."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class Record(models.Model):
    """One action. Written when the action begins, closed (numbered and chained) when it ends, in one transaction."""

    number = models.BigIntegerField(null=True, unique=True)  # without a gap, from 1
    at = models.DateTimeField(db_index=True)
    code = models.CharField(max_length=60, db_index=True)  # what was done: wording `action.<code>`
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=80)
    role = models.CharField(max_length=32, blank=True)
    door = models.CharField(max_length=10)
    address = models.CharField(max_length=60, blank=True)
    request_id = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    params = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    takes_back = models.ForeignKey("self", models.PROTECT, null=True, related_name="taken_back_by")
    entries_count = models.PositiveIntegerField(default=0)
    entries_digest = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        # What a reader may read is asked of these four: counting reads the index alone, not the long rows.
        indexes = [models.Index(fields=["role", "door", "code", "number"])]


class Done(models.Model):
    """A key under which an account had something done once: what is sent again under it is not done again."""

    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    request_id = models.CharField(max_length=40)  # one request may make several records
    record = models.ForeignKey(Record, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("user", "key", name="done_once")]


class Entry(models.Model):
    """One thing that a record changed, revealed or exported: a row superseded (``before``), written (``after``) or
    altered (both), or a thing that was touched (neither). Sealed texts stand as markers (`seals.marker`)."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=40)  # a model's label: `roll.enterprisestate`, or what was touched
    object_id = models.BigIntegerField()
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, encoder=DjangoJSONEncoder)

    class Meta:
        indexes = [models.Index(fields=["kind", "object_id"])]


class Head(models.Model):
    """The end of the chain: one row, locked while a record is closed."""

    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
    keys = models.CharField(max_length=32, blank=True)  # fingerprint of the keys that the chain is written with
