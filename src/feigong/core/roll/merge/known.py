"""What the district's roll already holds, and what its people have decided: so that one table can come alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from feigong.core.roll.merge.names import exact_key
from feigong.core.roll.merge.privacy import without_numbers
from feigong.core.roll.values import Roll


@dataclass(frozen=True, slots=True)
class KnownEnterprise:
    """A unit on the roll. ``address`` tells apart firms of one name where a row has an address but no code."""

    uscc: str
    name: str
    former_names: tuple[str, ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True)
class KnownOrganisation:
    """A Party organisation on the roll; ``covers`` tells apart organisations of one name."""

    key: str
    name: str
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownRoll:
    """Names and codes of the roll as it stands. Used for identification and matching only."""

    enterprises: tuple[KnownEnterprise, ...] = ()
    organisations: tuple[KnownOrganisation, ...] = ()


def known_of(roll: Roll) -> KnownRoll:
    """What a roll holds, in the form in which merging uses it."""
    return KnownRoll(
        tuple(KnownEnterprise(e.uscc, e.name, (), e.operating_address or e.place.text) for e in roll.enterprises),
        tuple(KnownOrganisation(o.key, o.name, o.covers) for o in roll.organisations),
    )


class Decisions:
    """What people have decided: which spellings, codes and keys mean the same unit or person, and which do not."""

    def __init__(self, same: Mapping[str, str] | None = None, not_same: Iterable[frozenset[str]] = ()) -> None:
        self._same = {exact_key(written): key for written, key in (same or {}).items()}
        self._apart: defaultdict[str, set[str]] = defaultdict(set)
        for pair in not_same:
            first, last = exact_key(min(pair)), exact_key(max(pair))
            self._apart[first].add(last)
            self._apart[last].add(first)

    def meant(self, written: str) -> str | None:
        """What a person has said a spelling, code or key means."""
        if not self._same:
            return None
        return self._same.get(exact_key(written)) or self._same.get(exact_key(without_numbers(written)))

    def not_meant(self, written: str) -> frozenset[str]:
        """Keys (in the form of `exact_key`) that a person has said a spelling, code or key is not."""
        if not self._apart:
            return frozenset()
        found = self._apart.get(exact_key(written), set()) | self._apart.get(exact_key(without_numbers(written)), set())
        return frozenset(found)

    def apart(self, a: str, b: str) -> bool:
        """Whether a person has said that two are not the same."""
        return exact_key(b) in self.not_meant(a)
