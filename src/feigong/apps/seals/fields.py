"""Fields that are sealed at rest. In Python a sealed field is the text as sealed; `seals.open_seal` is the only way in,
and whoever opens one records it (`audit` action `reveal`)."""

from __future__ import annotations

from typing import Any

from django.db import models


class SealedField(models.CharField):  # type: ignore[type-arg]
    """Holds what `seals.seal` returns: `key:cipher:nonce and text`; empty: nothing known."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)


class IndexField(models.CharField):  # type: ignore[type-arg]
    """Holds what `seals.index_of` returns: a keyed digest by which an exact value is found."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 44)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        kwargs.setdefault("db_index", True)
        super().__init__(*args, **kwargs)
