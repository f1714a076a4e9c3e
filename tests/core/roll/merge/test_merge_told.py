"""A person says what the columns of a sheet mean: nothing is guessed then."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feigong.core.errors import FeigongError
from feigong.core.roll.merge.values import RawTable, Told
from merge_tables_maker import make_code, merge

CODE = make_code(62000009)
SHEET = RawTable(
    "表.xlsx",
    "",
    (("甲栏", "乙栏", "丙栏", "丁栏"), (CODE, "本溪市甲华商贸有限公司", "12", "本溪市乙大商贸有限公司")),
)


def test_columns_mean_what_is_told() -> None:
    told = Told("enterprise", 0, 1, ("uscc", "", "staff", "name"))
    result = merge(replace(SHEET, told=told))
    (only,) = result.roll.enterprises
    assert (only.uscc, only.name, only.staff) == (CODE, "本溪市乙大商贸有限公司", 12)
    assert [(c.index, c.meaning) for c in result.tables[0].columns] == [(0, "uscc"), (2, "staff"), (3, "name")]
    assert result.tables[0].unmapped == ("乙栏",)


def test_a_meaning_told_twice_counts_for_the_first_column() -> None:
    told = Told("enterprise", 0, 1, ("uscc", "name", "staff", "name"))
    assert merge(replace(SHEET, told=told)).roll.enterprises[0].name == "本溪市甲华商贸有限公司"


def test_what_is_still_missing_is_said() -> None:
    with pytest.raises(FeigongError) as caught:
        merge(replace(SHEET, told=Told("enterprise", 0, 1, ("", "", "staff", ""))))
    assert caught.value.reason.code == "error.column_missing"
    assert caught.value.reason.params["column"] == "uscc|name"
