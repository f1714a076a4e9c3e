"""A part of the roll as values: some enterprises and organisations with all that one must know to judge them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from feigong.apps.accounts.sight import Sight
from feigong.apps.roll import queries
from feigong.apps.roll.adapters.roll import Near, roll_of
from feigong.core.roll.values import Roll


@dataclass(frozen=True, slots=True)
class RollPart:
    roll: Roll
    enterprises: Mapping[str, int]  # identities by key
    keys: Mapping[int, str]


def part_of_roll(
    sight: Sight, usccs: Iterable[str], organisations: Iterable[str], enterprises: Iterable[int] = ()
) -> RollPart:
    """Enterprises and organisations by their keys in `roll_of`, the organisations that cover these enterprises, all
    that those cover and hold; in a number of queries that does not depend on their number."""
    ids = {*enterprises, *_enterprises(sight, usccs)}
    bodies = {n for key in organisations if (n := number_of(key, "o")) is not None}
    for _ in range(2):  # who covers them, what that covers, who else covers that
        bodies |= set(_edges(sight, Q(enterprise_id__in=ids)).values_list("organisation_id", flat=True))
        ids |= set(_edges(sight, Q(organisation_id__in=bodies)).values_list("enterprise_id", flat=True))
    read = roll_of(sight, Near(frozenset(ids), frozenset(bodies)))
    return RollPart(read.roll, read.enterprises, {number: key for key, number in read.enterprises.items()})


def _edges(sight: Sight, condition: Q):  # type: ignore[no-untyped-def]
    return queries.coverage(sight).filter(condition).order_by()


def _enterprises(sight: Sight, usccs: Iterable[str]) -> set[int]:
    wanted = list(usccs)
    numbers = {n for key in wanted if (n := number_of(key, "e")) is not None}
    found = queries.enterprises(sight).filter(Q(uscc__in=wanted) | Q(enterprise_id__in=numbers)).order_by()
    return set(found.values_list("enterprise_id", flat=True))


def number_of(key: str, letter: str) -> int | None:
    """The identity that a key of the planner holds: ``o`` and eight digits for an organisation; else None."""
    return int(key[1:]) if key[:1] == letter and len(key) == 9 and key[1:].isdecimal() else None
