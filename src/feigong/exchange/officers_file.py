"""Liaison officers from a table of their own, placed by what the roll knows of the district's streets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from feigong.core.errors import FeigongError
from feigong.core.roll.merge.merge import merge_tables
from feigong.core.roll.merge.values import RawTable
from feigong.core.roll.merge.vocabulary import MergeReference
from feigong.core.roll.places.gazetteer import build_gazetteer
from feigong.core.roll.values import Officer, Roll
from feigong.exchange.merge_reference import load_merge_reference
from feigong.exchange.reference import load_district_names
from feigong.exchange.tables import read_tables

ROLL_HEADER = ("统一社会信用代码", "企业名称", "住所", "所属街道")


def read_officers(path: Path, roll: Roll) -> tuple[Officer, ...]:
    """Read officers by the same rules as `feigong merge` does.

    Raises
    ------
    FeigongError
        ``error.officers_none`` where the table has none, and the errors of reading and merging tables.
    """
    areas = {a.code: a.name for a in roll.areas}
    rows = [(e.uscc, e.name, e.place.text, areas.get(e.place.area or "", "")) for e in roll.enterprises]
    # The roll goes in as one more table: an officer's base without a town gets that of the firms in the same street.
    known = RawTable("roll", "roll", (ROLL_HEADER, *rows))
    merged = merge_tables(
        [known, *read_tables(path)], on=roll.on, reference=_reference(roll), pseudonym=lambda number: ""
    )
    if not merged.roll.officers:
        raise FeigongError("error.officers_none", path=str(path))
    return merged.roll.officers


def _reference(roll: Roll) -> MergeReference:
    if roll.district in load_district_names():
        return load_merge_reference(roll.district)
    plain = load_merge_reference("")
    return replace(plain, gazetteer=build_gazetteer((*plain.gazetteer.areas, *roll.areas), (), roll.district))
