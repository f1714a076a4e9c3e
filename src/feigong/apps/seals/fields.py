"""Fields that are sealed at rest. In Python a sealed field is the text as sealed; `seals.open_seal` is the only way in,
and whoever shows one to somebody records it first (`roll.actions.reveal`)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from feigong.apps.seals.seals import index_of, marker, same_text, seal
from feigong.core.text import fold


class SealedField(models.CharField):  # type: ignore[type-arg]
    """Holds what `seals.seal` returns: `key:cipher:nonce and text`; empty: nothing known.

    ``purpose`` is what the seal is bound to; its last part says which kind of text it is. ``index`` names the column
    by which an exact value is found. Both are the program's affair: migrations do not know them.
    """

    def __init__(self, *, purpose: str = "", index: str = "", **kwargs: Any) -> None:
        self.purpose, self.index = purpose, index
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(**kwargs)


class IndexField(models.CharField):  # type: ignore[type-arg]
    """Holds what `seals.index_of` returns: a keyed digest by which an exact value is found."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 44)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        kwargs.setdefault("db_index", True)
        super().__init__(*args, **kwargs)


@cache
def sealed_fields(model: type[models.Model]) -> tuple[SealedField, ...]:
    return tuple(f for f in model._meta.concrete_fields if isinstance(f, SealedField))


def sealed_models() -> tuple[type[models.Model], ...]:
    """Every table with a sealed column."""
    return tuple(model for model in apps.get_models() if sealed_fields(model))


def sealed_values(model: type[models.Model], plain: Mapping[str, str]) -> dict[str, str]:
    """The columns for plain texts by field name: each sealed, with its index."""
    fields = {f.attname: f for f in sealed_fields(model)}
    found: dict[str, str] = {}
    for name, text in plain.items():
        field = fields[name]
        found[name] = seal(fold(text), field.purpose)
        if field.index:
            found[field.index] = index_of(text, field.purpose)
    return found


def keeping_seals(model: type[models.Model], old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """``new`` with the old seal wherever it holds the same text: sealing the same text twice looks different, and
    would be taken for a change."""
    kept = dict(new)
    for field in sealed_fields(model):
        name = field.attname
        was, wanted = old.get(name, ""), new.get(name, "")
        if was and wanted and was != wanted and same_text(was, wanted, field.purpose):
            kept[name] = was
    return kept


def without_seals(model: type[models.Model], facts: Mapping[str, Any], about: str) -> dict[str, Any]:
    """Facts as the audit notes them: sealed texts as markers, their indexes not at all."""
    fields = sealed_fields(model)
    indexes = {f.index for f in fields}
    noted = {name: value for name, value in facts.items() if name not in indexes}
    for field in fields:
        if field.attname in noted:
            noted[field.attname] = marker(noted[field.attname], field.purpose, about)
    return noted
