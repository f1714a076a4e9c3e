"""Secrets of second factors are sealed inside allauth's table: a change of keys renews them too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from allauth.mfa.models import Authenticator

from feigong.apps.seals.places import Renewed, opens, register, renewed_rows, sealed_anew

PURPOSE: Final = "account.totp"
_KEPT = ("secret", "seed")  # of one-time codes, of codes on paper


class SecondFactors:
    name = "mfa.authenticator.data"

    def renew(self) -> Iterator[Renewed]:
        yield from renewed_rows(Authenticator.objects.all(), "data", _renewed)

    def used(self, key: str) -> int:
        return sum(
            opens(text, PURPOSE)
            for data in Authenticator.objects.values_list("data", flat=True)
            for text in _texts(data).values()
            if text.startswith(f"{key}:")
        )


def _texts(data: dict[str, Any]) -> dict[str, str]:
    return {name: str(data[name]) for name in _KEPT if data.get(name)}


def _renewed(data: dict[str, Any]) -> dict[str, Any] | None:
    new = {name: sealed_anew(text, PURPOSE) for name, text in _texts(data).items()}
    return None if None in new.values() else {**data, **new}


register(SecondFactors())
