"""Rows dated twice: when a fact holds, and when the roll knew it. Nothing is altered, only superseded."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import ClassVar, Self, TypeVar

from django.db import models

from feigong.core.roll.history import FOREVER

NEVER = datetime(9999, 12, 31, tzinfo=UTC)


class Dated(models.Model):
    """A fact over ``[valid_from, valid_to)``, known over ``[recorded_at, recorded_to)``.

    ``KEY`` names the fields that say what the fact is about: for one key, rows that are known at the same moment never
    overlap. All other fields are ``facts``.
    """

    KEY: ClassVar[tuple[str, ...]]

    valid_from = models.DateField()
    valid_to = models.DateField(default=FOREVER)
    recorded_at = models.DateTimeField()
    recorded_to = models.DateTimeField(default=NEVER)
    change = models.ForeignKey("audit.Record", models.PROTECT, related_name="+")  # wrote it
    ended_by = models.ForeignKey("audit.Record", models.PROTECT, null=True, related_name="+")  # superseded it

    rows: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        abstract = True
        base_manager_name = "rows"

    @classmethod
    def facts(cls) -> tuple[str, ...]:
        """Names of the columns that say what is known (attnames: ``area_id``), without key and dates."""
        return tuple(f.attname for f in cls._meta.concrete_fields if f.attname not in _DATES and f.name not in cls.KEY)

    @classmethod
    def key_columns(cls) -> tuple[str, ...]:
        return tuple(cls._meta.get_field(name).attname for name in cls.KEY)  # type: ignore[union-attr]


_DATES = {"id", "valid_from", "valid_to", "recorded_at", "recorded_to", "change_id", "ended_by_id"}


def time_index(*columns: str, also: tuple[str, ...] = ()) -> models.Index:
    """An index by which rows of a day as known at a moment are counted without reading them, and ``also`` read."""
    return models.Index(fields=[*columns, "recorded_to", "valid_to", "valid_from", "recorded_at", *also])


def name_index(*, also: tuple[str, ...] = ()) -> models.Index:
    """An index in which a list lies in the order of names, with all that a search asks of a row, and ``also`` that."""
    return models.Index(fields=["name", "id", "recorded_to", "valid_to", "valid_from", "recorded_at", "search", *also])


class Identity(models.Model):
    """A thing that facts are about. It has a number that is never used again, and nothing else."""

    created = models.ForeignKey("audit.Record", models.PROTECT, related_name="+")

    class Meta:
        abstract = True


D = TypeVar("D", bound=Dated)


def as_of(model: type[D], on: date, known_at: datetime) -> models.QuerySet[D]:
    """Rows that held on a day, as known at a moment: at most one for each key."""
    return model.rows.filter(valid_from__lte=on, valid_to__gt=on, recorded_at__lte=known_at, recorded_to__gt=known_at)


def known(model: type[D], known_at: datetime) -> models.QuerySet[D]:
    """All days, as known at a moment: the time line."""
    return model.rows.filter(recorded_at__lte=known_at, recorded_to__gt=known_at)
