"""Codes become words; faults in the wording name themselves."""

from __future__ import annotations

from datetime import date
from string import Formatter

import pytest

from feigong.core.reasons import Reason
from feigong.wording import LANGUAGES, WordingError, Words
from feigong.wording.words import join_topics


def fields(sentence: str) -> set[str]:
    return {name.split(".")[0].split("[")[0] for _, name, _, _ in Formatter().parse(sentence) if name}


def test_both_languages_have_the_same_codes() -> None:
    zh, en = Words("zh").codes(), Words("en").codes()
    assert set(zh) - set(en) == set()
    assert set(en) - set(zh) == set()


def test_both_languages_ask_for_the_same_values() -> None:
    zh, en = Words("zh"), Words("en")
    differing = {c for c in zh.codes() if fields(zh._sentences[c]) != fields(en._sentences[c])}
    assert differing == set()


@pytest.mark.parametrize(
    ("metres", "zh", "en"),
    [
        (0, "0 米", "0 m"),
        (47.6, "48 米", "48 m"),
        (423, "420 米", "420 m"),
        (996, "1 公里", "1 km"),
        (1840, "1.8 公里", "1.8 km"),
        (123_456, "123 公里", "123 km"),
        (None, "未知", "unknown"),
    ],
)
def test_distances(metres: float | None, zh: str, en: str) -> None:
    assert (Words("zh").distance(metres), Words("en").distance(metres)) == (zh, en)


@pytest.mark.parametrize(
    ("slot", "cycle", "zh", "en"),
    [
        (18, 1, "周日上午", "Sunday morning"),
        (8, 2, "单周周三晚上", "Wednesday evening of odd weeks"),
        (21, 2, "双周周一上午", "Monday morning of even weeks"),
        (42 + 16, 3, "每 3 周的第 3 周周六下午", "Saturday afternoon of week 3 in every 3"),
    ],
)
def test_slots(slot: int, cycle: int, zh: str, en: str) -> None:
    assert (Words("zh").slot(slot, cycle), Words("en").slot(slot, cycle)) == (zh, en)


def words_with(**sentences: str) -> Words:
    words = Words("zh")
    words._sentences = {**words._sentences, **{k.replace("__", "."): v for k, v in sentences.items()}}
    return words


@pytest.mark.parametrize(
    ("sentence", "params", "shown"),
    [
        ("还差 {n} 名", {"n": 2}, "还差 2 名"),
        ("{m:,.0f}", {"m": 12345.6}, "12,346"),
        ("{m:distance}", {"m": 420}, "420 米"),
        ("{m:distance}", {"m": None}, "未知"),
        ("{s:slot}", {"s": 18, "cycle_weeks": 2}, "单周周日上午"),
        ("{s:slot}", {"s": 18}, "周日上午"),
        ("{p:percent}", {"p": 0.3191}, "31.9%"),
        ("{d:date}", {"d": "2026-11-01"}, "2026-11-01"),
        ("{b:of basis}", {"b": "street"}, "同一街路"),
        ("{n:plural firm firms}", {"n": 1}, "1 firm"),
        ("{n:plural firm firms}", {"n": 1200}, "1,200 firms"),
    ],
)
def test_values_in_sentences(sentence: str, params: dict[str, object], shown: str) -> None:
    assert words_with(t__x=sentence).say(Reason("t.x", params)) == shown  # type: ignore[arg-type]


def test_a_name_with_braces_is_shown_as_it_is() -> None:
    assert words_with(t__x="{name}户").word("t.x", name="{甲}") == "{甲}户"


def test_a_missing_code_is_named() -> None:
    with pytest.raises(WordingError, match=r"no\.such"):
        Words("zh").word("no.such")


def test_a_missing_value_is_named() -> None:
    with pytest.raises(WordingError, match=r"error\.output_exists.*path"):
        Words("zh").word("error.output_exists")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(WordingError, match="fr"):
        Words("fr")


def test_a_code_given_twice_is_an_error() -> None:
    with pytest.raises(WordingError, match=r"a\.b.*zh/one.*zh/two"):
        join_topics([("zh/one", 'a.b: "x"'), ("zh/two", 'a.b: "y"')])
    with pytest.raises(WordingError, match=r"zh/one.*a\.b"):
        join_topics([("zh/one", 'a.b: "x"\na.b: "y"')])


def test_every_sentence_is_text() -> None:
    with pytest.raises(WordingError, match=r"a\.b"):
        join_topics([("zh/one", "a.b: 3")])
    assert all(Words(lang)._sentences[c].strip() for lang in LANGUAGES for c in Words(lang).codes())


def test_lists_and_dates() -> None:
    zh = Words("zh")
    assert zh.join(["甲", "乙", "丙"]) == "甲、乙、丙"
    assert zh.join(["甲", "乙", "丙"], most=2) == "甲、乙等 3 项"
    assert zh.date(date(2026, 11, 1)) == "2026-11-01"
    assert [zh.yes(v) for v in (True, False, None)] == ["是", "否", "未知"]
    assert (zh.number(1234), zh.number(1234.56)) == ("1,234", "1,234.6")


def test_a_clause_is_left_out_where_there_is_nothing_to_name() -> None:
    for lang, none, some in (
        (
            "zh",
            "1 名党员的单位“甲”找不到对应企业。请核实单位。",
            "1 名党员的单位“甲”找不到对应企业。相近的有：乙。请核实单位。",
        ),
        ("en", "The employer “甲” of 1 member was not found. Please check the employer.",
         "The employer “甲” of 1 member was not found. Similar: 乙. Please check the employer."),
    ):  # fmt: skip
        words = Words(lang)
        assert words.word("merge.employer_unknown", text="甲", count=1, candidates="") == none
        assert words.word("merge.employer_unknown", text="甲", count=1, candidates="乙") == some
