"""What persons decided about records: these two are not the same; this one is that one."""

from __future__ import annotations

from django.db import models

from feigong.apps.roll.models.dated import Dated


class NotSame(Dated):
    """Asked once, remembered: two keys (codes or comparable names, in order) are different units."""

    KEY = ("kind", "first", "second")

    kind = models.CharField(max_length=20)  # a Kind of core.roll.compare
    first = models.CharField(max_length=200)
    second = models.CharField(max_length=200)


class RecordMerge(Dated):
    """A record was found to be another one: what is said of ``gone`` is said of ``kept``. Ends when they are split."""

    KEY = ("kind", "gone")

    kind = models.CharField(max_length=20)
    gone = models.BigIntegerField()
    kept = models.BigIntegerField()
