"""Seals outside sealed columns: files as they came, and staged facts of people. A change of keys renews them too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from cryptography.exceptions import InvalidTag

from feigong.apps.imports import store
from feigong.apps.imports.choices import Kind
from feigong.apps.imports.models import File, Item
from feigong.apps.seals.blobs import key_of
from feigong.apps.seals.keyring import keyring
from feigong.apps.seals.places import Renewed, opens, register, renewed_rows, sealed_anew

PURPOSES: Final[Mapping[str, Mapping[str, str]]] = {
    Kind.MEMBER: {"id_number": "member.id_number", "phone": "member.phone"},
    Kind.OFFICER: {"phone": "worker.phone"},
}


class Files:
    """Files handed in. Their seal names its key in its head."""

    name = "imports.file"

    def renew(self) -> Iterator[Renewed]:
        for file in File.objects.exclude(place="").order_by("pk"):
            try:
                if key_of(store.sealed(file.place)) == keyring().current:
                    continue
                old, file.place = file.place, store.keep(store.fetch(file.place))
            except (FileNotFoundError, InvalidTag, KeyError):
                yield Renewed(0, 1)
                continue
            file.save(update_fields=["place"])
            store.remove(old)
            yield Renewed(1)

    def used(self, key: str) -> int:
        there = store.places()
        places = [p for p in File.objects.exclude(place="").values_list("place", flat=True) if p in there]
        return sum(key_of(store.sealed(place)) == key for place in places)


class StagedFacts:
    """What is known of people in imports that are not applied yet."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._purposes = PURPOSES[kind]
        self.name = f"imports.item.{kind.value}"

    def renew(self) -> Iterator[Renewed]:
        yield from renewed_rows(Item.objects.filter(kind=self._kind), "facts", self._renewed)

    def used(self, key: str) -> int:
        rows = Item.objects.filter(kind=self._kind).values_list("facts", flat=True)
        return sum(
            opens(facts[name], purpose)
            for facts in rows
            for name, purpose in self._purposes.items()
            if str(facts.get(name, "")).startswith(f"{key}:")
        )

    def _renewed(self, facts: dict[str, Any]) -> dict[str, Any] | None:
        new = {n: sealed_anew(facts[n], purpose) for n, purpose in self._purposes.items() if facts.get(n)}
        return None if None in new.values() else {**facts, **new}


register(Files())
register(StagedFacts(Kind.MEMBER))
register(StagedFacts(Kind.OFFICER))
