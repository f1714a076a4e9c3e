"""Whatever a value holds, it prints; and prints what it says."""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exchange.documents.paper_maker import filled, opened, pdf_text, texts
from feigong.exchange.documents.filling import Blank, day_text, shown
from feigong.exchange.documents.printing import render_pdf

ODD = st.text(st.characters(codec=None), max_size=200)


@settings(max_examples=40, deadline=None)
@given(ODD)
@example("<w:t>&amp;</w:t> & \"'")
@example("{{党组织名称}} {% if x %} {# #} }} %}")
@example("\x00\x07\x0b\x1b\ud800\ufffe")
@example("甲\n乙\r\n丙\u2028丁")
@example("{_{ _} %_}")
@example("#set page(width: 1pt) $x$ `y` \\ *b* _i_ @z <l>")
def test_any_text_prints_as_it_is(text: str) -> None:
    word = filled("repair_notice", {"organisation": "甲支部", "finding": text, "mend": "见上"})
    said = [p.text for p in opened(word).paragraphs if p.style.name == "公文正文"]
    expected = shown(text).split("\a") if shown(text) else ["__________"]
    at = said.index("经核查，你支部存在以下情况：") + 1
    plain = {"{_{": "{{", "}_}": "}}", "{_%": "{%", "%_}": "%}"}  # what docxtpl has for brackets that are not its own
    for sign, meant in plain.items():
        expected = [line.replace(sign, meant) for line in expected]
    assert said[at : at + len(expected)] == expected
    assert render_pdf(word, text).startswith(b"%PDF")


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.none(), st.text(), st.integers(), st.floats(), st.dates(), st.lists(st.text()), st.binary()))
def test_any_value_is_text_without_what_word_cannot_hold(value: Any) -> None:
    text = shown(value)
    assert all(unicodedata.category(sign) not in ("Cc", "Cs") for sign in text.replace("\a", ""))
    assert day_text(value) is not None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), (3, "3"), (3.0, "3"), (0, "0"), (2.5, "2.5"), ("  ", ""), ("甲\t乙", "甲 乙"),
        (date(2026, 1, 5), "2026年1月5日"), ("甲\r\n\r\n乙", "甲\a乙"), ("\ufeff甲", "\ufeff甲"),
    ],
)  # fmt: skip
def test_values_as_text(value: Any, text: str) -> None:
    assert shown(value) == text


def test_a_line_of_a_value_is_a_paragraph_of_its_own() -> None:
    paragraphs = opened(filled("repair_notice", {"finding": "一是人数不足。\n二是书记空缺。"})).paragraphs
    found = [(p.text, p.style.name) for p in paragraphs if p.text.endswith(("不足。", "空缺。"))]
    assert found == [("一是人数不足。", "公文正文"), ("二是书记空缺。", "公文正文")]


def test_very_long_names_stand_whole() -> None:
    name = "中共" + "云溪新材料科技" * 60 + "支部委员会"
    for code in ("filing_form", "meeting_minutes", "reply_set_up"):
        word = filled(code, {"organisation": name, "contact": name})
        assert any(name in text for text in texts(word)), code
        assert name in pdf_text(render_pdf(word, name)).replace("—1—", ""), code


def test_nothing_counts_as_a_number() -> None:
    said = "\n".join(texts(filled("meeting_minutes", {"ballots_invalid": 0})))
    assert "无效票0张" in said and "有效票____张" in said


def test_a_blank_prints_and_does_not_hold() -> None:
    assert str(Blank("____")) == "____" and not Blank("____")


def test_rows_that_are_none_are_left_aside() -> None:
    word = filled("meeting_minutes", {"ballots": ["甲", {"name": "林望舒", "in_favour": 5}, None]})
    rows = [[cell.text for cell in row.cells] for row in opened(word).tables[1].rows]
    assert rows[1:] == [["林望舒", "", "5", "", "", ""]]
