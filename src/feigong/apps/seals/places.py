"""Where sealed things are kept: every sealed column by itself; other places are named by their app in `sealed.py`.

A change of keys goes through all of them. A place that is not named here would be lost with the old key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import models, transaction
from django.utils.module_loading import autodiscover_modules

from feigong.apps.seals.fields import SealedField, sealed_fields, sealed_models
from feigong.apps.seals.seals import open_seal, seal, sealed_now
from feigong.core.errors import FeigongError

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Renewed:
    """Of one batch: how many were sealed anew, and how many could not be opened and stay as they are."""

    count: int
    broken: int = 0


class Place(Protocol):
    @property
    def name(self) -> str: ...

    def renew(self) -> Iterator[Renewed]:
        """Seal anew what is not sealed as it would be now, a batch a transaction: killed, it goes on where it was."""

    def used(self, key: str) -> int:
        """How many things that can be opened are sealed with this key."""


@dataclass(frozen=True, slots=True)
class Column:
    """A sealed column of a table, with all rows that were ever written."""

    model: type[models.Model]
    field: SealedField

    @property
    def name(self) -> str:
        return f"{self.model._meta.label_lower}.{self.field.attname}"

    def renew(self) -> Iterator[Renewed]:
        yield from renewed_rows(self._rows(), self.field.attname, self._new)

    def used(self, key: str) -> int:
        sealed = self._rows().filter(**{f"{self.field.attname}__startswith": f"{key}:"})
        return sum(opens(text, self.field.purpose) for text in sealed.values_list(self.field.attname, flat=True))

    def _rows(self) -> models.QuerySet[Any]:
        return self.model._base_manager.exclude(**{self.field.attname: ""})

    def _new(self, sealed: str) -> str | None:
        return sealed_anew(sealed, self.field.purpose)


def renewed_rows(rows: models.QuerySet[Any], column: str, new: Callable[[Any], Any | None]) -> Iterator[Renewed]:
    """Put ``new(value)`` into a column, batch by batch in the order of keys; None: cannot be opened, left alone."""
    seen = 0
    while True:
        with transaction.atomic():
            batch = list(rows.filter(pk__gt=seen).order_by("pk").select_for_update().only("pk", column)[:_BATCH])
            if not batch:
                return
            changed, broken = [], 0
            for row in batch:
                was = getattr(row, column)
                value = new(was)
                if value is None:
                    broken += 1
                elif value != was:
                    setattr(row, column, value)
                    changed.append(row)
            rows.model._base_manager.bulk_update(changed, [column])
        seen = batch[-1].pk
        yield Renewed(len(changed), broken)


def sealed_anew(sealed: str, purpose: str) -> str | None:
    """The same text sealed as it would be now; itself where it is; None where it cannot be opened."""
    if not sealed or sealed.startswith(sealed_now()):
        return sealed
    plain = opened(sealed, purpose)
    return None if plain is None else seal(plain, purpose)


def opened(sealed: str, purpose: str) -> str | None:
    """The text; None where what was sealed is broken."""
    try:
        return open_seal(sealed, purpose)
    except FeigongError as error:
        if error.reason.code == "error.seals.broken":
            return None
        raise


def opens(sealed: str, purpose: str) -> bool:
    return bool(opened(sealed, purpose))


_named: dict[str, Place] = {}


def register(place: Place) -> None:
    """Called by the `sealed` module of an app."""
    _named[place.name] = place


def places() -> list[Place]:
    autodiscover_modules("sealed")
    columns: list[Place] = [Column(model, field) for model in sealed_models() for field in sealed_fields(model)]
    return columns + list(_named.values())
