"""``feigong rules`` says what is in force and from where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.console import Console

from feigong.cli import main, rules


def ended(*line: str) -> int:
    with pytest.raises(SystemExit) as end:
        main.run(line)
    return int(end.value.code or 0)


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FEIGONG_LANG", raising=False)
    monkeypatch.setattr(rules, "out", Console(width=200, highlight=False))


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("rules", "--on", "2026-11-01") == 0
    text = capsys.readouterr().out
    assert "2026-11-01 有效的规定" in text
    assert "org.min_full_members" in text
    assert "≥ 3 名正式党员" in text
    assert "《中国共产党章程》（2022年修正）第 30 条" in text
    assert "共 25 项，见 feigong rules dev.steps" in text


def test_one_rule_in_english(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("rules", "dev.steps", "--lang", "en") == 0
    text = capsys.readouterr().out
    assert "25. archive" in text
    assert "Detailed Rules on Developing Party Members" in text


def test_an_old_day_has_the_old_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("rules", "org.min_full_members", "--on", "2020-01-01") == 0
    assert "凭记忆录入" in capsys.readouterr().out
    assert ended("rules", "joint.max_units", "--on", "2018-10-27") == 2
    assert "2018-10-28" in capsys.readouterr().err


def test_json_with_an_override(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "o.yaml"
    file.write_text(
        "overrides: [{rule: joint.max_units, value: 7, reason: 楼宇集中, by: 区里, since: 2026-01-01}]",
        encoding="utf-8",
    )
    assert ended("rules", "--json", "--on", "2026-11-01", "--overrides", str(file)) == 0
    shown = {rule["id"]: rule for rule in json.loads(capsys.readouterr().out)}
    assert shown["joint.max_units"]["values"]["value"]["value"] == 7
    assert shown["joint.max_units"]["values"]["value"]["original"] == 5
    assert shown["joint.max_units"]["overrides"][0]["reason"] == "楼宇集中"
    assert shown["org.min_full_members"]["overrides"] == []
    assert len(shown) > 60


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("rules", "no.such"), "没有编号为 no.such 的规定"),
        (("rules", "--on", "昨天"), "“昨天”不是日期"),
        (("rules", "--lang", "fr"), "没有 fr 这种语言"),
        (("rules", "--overrides", "没有.yaml"), "找不到文件 没有.yaml"),
    ],
)
def test_slips_are_said(capsys: pytest.CaptureFixture[str], line: tuple[str, ...], said: str) -> None:
    assert ended(*line) == 2
    assert said in capsys.readouterr().err
