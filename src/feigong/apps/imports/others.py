"""Rows that certainly are others': nobody is asked about them.

Only what the tables themselves say, or what the verdict of an enterprise has told already, makes a row
others'. Whether a person is on the roll elsewhere never does: a question that is missing would tell.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from feigong.apps.imports.choices import Kind, Verdict
from feigong.apps.imports.facts import links_of
from feigong.apps.imports.models import Item, Problem, Row
from feigong.apps.imports.staging import Key, Staging
from feigong.core.roll.places.values import AreaFrom, Place
from feigong.core.roll.values import Enterprise, Member, Officer

_SURE: Final = (AreaFrom.GIVEN, AreaFrom.NAME)


def of_others(stage: Staging, items: Iterable[Item]) -> set[Key]:
    """Things outside the areas of who brings them: by the address that the tables have for them, or on the roll there
    though the tables have them here; and people who work or are organised only there."""
    found: set[Key] = set()
    foreign = [(Kind(i.kind), i.key) for i in items if i.verdict == Verdict.FOREIGN]
    for kind, key in foreign:
        record = stage.records.get((kind, key))
        if record is None or isinstance(record, Member):
            continue
        place = record.base if isinstance(record, Officer) else record.place
        there = isinstance(record, Enterprise) and (kind, key) in stage.current.elsewhere
        told = there and stage.area_of(place) in stage.own  # nothing else can have made the verdict "foreign"
        if told or _outside(stage, place):
            found.add((kind, key))
    for kind, key in foreign:
        record = stage.records.get((kind, key))
        if isinstance(record, Member):
            links = list(links_of(record).found.values())
            if links and all(link in found for link in links):
                found.add((kind, key))
    return found


def _outside(stage: Staging, place: Place) -> bool:
    """Whether it surely lies in an area that is neither one's own nor above one's own."""
    areas = stage.current.areas
    area = areas.by_code.get(place.area or "")
    if area is None or area in stage.own or place.area_from not in _SURE:
        return False
    return not any(areas.paths[own].startswith(areas.paths[area]) for own in stage.own)


def left_aside(others: set[Key], rows: Iterable[Row], problems: Iterable[Problem]) -> tuple[list[Problem], int]:
    """Problems without those that stand only in rows of others; and how many such rows there are."""
    theirs = {(r.sheet_id, r.row) for r in rows if r.item is not None and (Kind(r.item.kind), r.item.key) in others}
    kept = [p for p in problems if not p.rows or any((s, r) not in theirs for s, r in p.rows)]
    return kept, len(theirs)
