"""fold(): one form for one meaning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feigong.core.text import fold, prose


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("９１２１０５０２ＭＡ０１", "91210502MA01"),
        ("  东街　１２号　", "东街 12号"),
        ("（二层）", "(二层)"),
        ("甲\u200b乙\ufeff", "甲乙"),
        ("甲\r\n 乙\t丙", "甲 乙 丙"),
        ("e\u0301", "\u00e9"),
        ("100㎡①", "100㎡①"),
        ("", ""),
    ],
)
def test_fold(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("都同意，周日（上午）在Ａ座１２层。", "都同意，周日（上午）在A座12层。"),
        ("  业主\u200b出差；\r\n 下周：再谈！ ", "业主出差； 下周：再谈！"),
    ],
)
def test_prose_keeps_its_punctuation(written: str, kept: str) -> None:
    assert prose(written) == kept
    assert prose(kept) == kept
