"""The regulations that come with the program read well; a slip in a file is named with its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from feigong.core.errors import FeigongError
from feigong.core.regulations import Confidence
from feigong.exchange.rules_file import load_overrides, load_rules, rules_from
from feigong.exchange.rules_words import as_data, source_text, value_lines
from feigong.wording import LANGUAGES, Words

ON = date(2026, 11, 1)
SOURCES = "branch_2018: {zh: 支部条例, en: Branch Regulation}"
GOOD = """
rules:
  - id: joint.max_units
    title: {zh: 单位数, en: Units}
    value: {is: 5, unit: units, sense: at_most, range: [2, 10]}
    source: {regulation: branch_2018, article: "5"}
    confidence: H-
    valid_from: 2018-10-28
    general: true
"""


@pytest.mark.parametrize(
    ("id", "name", "value"),
    [
        ("org.min_full_members", "value", 3),
        ("branch.max", "value", 50),
        ("joint.max_units", "value", 5),
        ("committee.when", "full_members", 7),
        ("committee.when", "seats_most", 7),
        ("term.branch", "value", 3),
        ("term.committee", "value", 5),
        ("elect.quorum", "value", 0.8),
        ("elect.win", "value", "due"),
        ("meet.members", "every", 3),
        ("train.secretary", "value", 56),
        ("member.lost", "removed", 24),
        ("dev.training", "hours", 24),
        ("dev.probation", "extension_most", 12),
        ("cover.denominator", "value", 10),
        ("liaison.load", "value", 3),
        ("liaison.load", "warn", 5),
        ("fund.tax", "value", 0.01),
        ("data.log_retention", "value", 6),
    ],
)
def test_figures_in_force(id: str, name: str, value: float | str) -> None:
    assert load_rules().at(id, ON).value(name) == value


def test_dues_by_band() -> None:
    dues = load_rules().at("dues.rate", ON)
    assert [dues.band(base).value for base in (3000, 3001, 5000, 10_000, 10_001)] == [0.005, 0.01, 0.01, 0.015, 0.02]
    assert load_rules().at("dues.retired", ON).band(5001).value == 0.01


def test_twenty_five_steps_in_five_stages() -> None:
    book = load_rules()
    steps = [item.code for item in book.at("dev.steps", ON).rule.items]
    assert len(steps) == len(set(steps)) == 25
    assert steps[0] == "application"
    assert steps[12] == "pre_examination"
    assert steps[-1] == "archive"
    assert len(book.at("dev.stages", ON).rule.items) == 5


@pytest.mark.parametrize(
    ("id", "first"),
    [
        ("org.min_full_members", date(2022, 10, 22)),
        ("joint.max_units", date(2018, 10, 28)),
        ("term.shift", date(2020, 7, 13)),
        ("dev.talk", date(2014, 5, 28)),
        ("member.lost", date(2019, 5, 6)),
        ("fund.company", date(2024, 7, 1)),
    ],
)
def test_first_days(id: str, first: date) -> None:
    assert load_rules().at(id, ON).rule.valid_from == first


def test_generally_and_local_are_told_apart() -> None:
    book = load_rules()
    assert book.at("joint.max_units", ON).rule.general
    assert not book.at("org.min_full_members", ON).rule.general
    assert book.at("liaison.load", ON).rule.local
    assert not book.at("joint.max_units", ON).rule.local


def test_every_rule_that_is_remembered_only_is_shown_without_a_source() -> None:
    book = load_rules()
    low = [v for id in book.ids for v in book.versions(id) if v.confidence is Confidence.LOW]
    assert {v.id for v in low} >= {"train.member", "train.secretary"}
    zh = Words("zh")
    for version in low:
        found = book.at(version.id, version.valid_from)
        assert source_text(found, zh) == zh.word("rules.source.low")
        assert as_data(found)["source"] is None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_rule_can_be_said(lang: str) -> None:
    book, words = load_rules(), Words(lang)
    for id in book.ids:
        for version in book.versions(id):
            found = book.at(id, version.valid_from)
            assert source_text(found, words)
            assert len(value_lines(found, words)) == len(version.quantities) + len(version.bands) + len(version.items)


def test_figures_in_words() -> None:
    book, zh, en = load_rules(), Words("zh"), Words("en")
    assert value_lines(book.at("org.min_full_members", ON), zh) == ("≥ 3 名正式党员",)
    assert value_lines(book.at("joint.max_units", ON), en) == ("generally ≤ 5 enterprises",)
    assert value_lines(book.at("dues.retired", ON), zh) == ("≤ 5,000 元/月：0.5%", "以上：1%")
    assert source_text(book.at("org.min_full_members", ON), en).endswith("(2022 amendment), Art. 30")
    assert source_text(book.at("dues.use", ON), zh).endswith("第 19、20 条")


def test_an_override_is_shown_where_the_rule_is(tmp_path: Path) -> None:
    file = tmp_path / "本区.yaml"
    file.write_text(
        "overrides:\n  - {rule: joint.max_units, value: 6, reason: 楼宇集中, by: 区里, since: 2026-01-01}\n",
        encoding="utf-8",
    )
    found = load_rules(file).at("joint.max_units", ON)
    assert found.whole() == 6
    assert value_lines(found, Words("zh")) == (
        "一般 ≤ 6 家",
        "本区改为 6 家（原为 5 家）：楼宇集中；区里，自 2026-01-01 起",
    )
    assert as_data(found)["overrides"][0]["by"] == "区里"
    assert load_rules().at("joint.max_units", ON).whole() == 5


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        ("general: true", "generaly: true", "error.yaml.unknown_key", "rules.0.generaly"),
        ("    confidence: H-\n", "", "error.yaml.missing_key", "rules.0.confidence"),
        ("2018-10-28", "二〇一八年", "error.yaml.value", "rules.0.valid_from"),
        ("is: 5,", "is: 50,", "error.yaml.value", "rules.0.value"),
        ("is: 5,", "is: some,", "error.yaml.value", "rules.0.value"),
        ("H-", "H+", "error.yaml.value", "rules.0.confidence"),
        ("source: {regulation: branch_2018", "source: {regulation: nowhere", "error.rules.unknown_source", None),
        ('    source: {regulation: branch_2018, article: "5"}\n', "", "error.yaml.value", "rules.0"),
        ("title: {", "title: {{", "error.yaml.broken", None),
    ],
)
def test_a_slip_is_named(old: str, new: str, code: str, where: str | None) -> None:
    assert old in GOOD
    with pytest.raises(FeigongError) as error:
        rules_from({"sources.yaml": SOURCES, "mine.yaml": GOOD.replace(old, new, 1)})
    assert error.value.reason.code == code
    assert error.value.reason.params["file"] == "mine.yaml"
    assert error.value.reason.params.get("where") == where


def test_the_same_rule_twice_is_refused() -> None:
    with pytest.raises(FeigongError) as error:
        rules_from({"sources.yaml": SOURCES, "a.yaml": GOOD, "b.yaml": GOOD})
    assert error.value.reason.code == "error.rules.overlap"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("overrides: [{rule: joint.max_units, value: 6, by: 区里, since: 2026-01-01}]", "error.yaml.missing_key"),
        ("overrides: [{rule: joint.max_units, value: 6, reason: '', by: 区里, since: 2026-01-01}]", "error.yaml.value"),
        ("overrides: 3", "error.yaml.value"),
        ("", "error.yaml.value"),
    ],
)
def test_an_override_needs_reason_and_author(tmp_path: Path, text: str, code: str) -> None:
    file = tmp_path / "o.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(FeigongError) as error:
        load_overrides(file)
    assert error.value.reason.code == code


def test_a_file_that_is_not_there_or_not_utf8(tmp_path: Path) -> None:
    with pytest.raises(FeigongError) as missing:
        load_overrides(tmp_path / "none.yaml")
    assert missing.value.reason.code == "error.yaml.missing"
    file = tmp_path / "gbk.yaml"
    file.write_bytes("overrides: 区里".encode("gbk"))
    with pytest.raises(FeigongError) as unreadable:
        load_overrides(file)
    assert unreadable.value.reason.code == "error.yaml.unreadable"
