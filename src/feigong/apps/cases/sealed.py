"""Papers of cases are sealed; a change of keys renews them too."""

from __future__ import annotations

from collections.abc import Iterator

from cryptography.exceptions import InvalidTag

from feigong.apps.cases.models import CasePaper
from feigong.apps.seals.blobs import key_of, open_bytes, seal_bytes
from feigong.apps.seals.keyring import keyring
from feigong.apps.seals.places import Renewed, register, renewed_rows


class Papers:
    name = "cases.casepaper"

    def renew(self) -> Iterator[Renewed]:
        yield from renewed_rows(CasePaper.objects.all(), "content", _renewed)

    def used(self, key: str) -> int:
        kept = CasePaper.objects.values_list("content", flat=True)
        return sum(key_of(bytes(one)) == key for one in kept.iterator())


def _renewed(kept: bytes) -> bytes | None:
    if key_of(bytes(kept)) == keyring().current:
        return kept
    try:
        return seal_bytes(open_bytes(bytes(kept)))
    except (InvalidTag, KeyError):
        return None


register(Papers())
