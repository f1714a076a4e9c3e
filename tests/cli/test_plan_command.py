"""From demo to plan and report through the command, as a user does it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from feigong.cli.main import run
from feigong.core.coverage.plan import plan_coverage
from feigong.exchange.demo import DISTRICT_CODE
from feigong.exchange.plan_file import read_plan


def feigong(*words: object) -> int:
    """Run a line in this process; its exit code."""
    with pytest.raises(SystemExit) as ended:
        run([str(w) for w in words])
    return int(ended.value.code or 0)


@pytest.fixture(scope="module")
def rolls(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """The merged rolls of a small demo district, for one month and the next."""
    folder = tmp_path_factory.mktemp("rolls")
    found = {}
    for month in (1, 2):
        demo, roll = folder / f"demo{month}", folder / f"roll{month}.xlsx"
        assert feigong("demo", demo, "--enterprises", 300, "--seed", 4, "--month", month) == 0
        tables = sorted(demo.glob("*.xlsx"))
        options = ("--aliases", demo / "区划.csv", "--district", DISTRICT_CODE, "--key-file", folder / "key")
        assert feigong("merge", *tables, *options, "--out", roll) == 0
        found[month] = roll
    return found


def test_the_whole_way(rolls: dict[int, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = tmp_path / "one.xlsx", tmp_path / "two.xlsx"
    html, document = tmp_path / "one.html", tmp_path / "one.json"
    assert feigong("plan", rolls[1], "--out", first, "--report", html, "--json", document) == 0
    said = capsys.readouterr().out
    assert "已证明" in said and str(html) in said
    plan = read_plan(document)
    counted = re.search(r"纳入 ([\d,]+) 户", said)
    assert counted is not None and int(counted[1].replace(",", "")) == len(plan.decisions)
    assert len({d.uscc for d in plan.decisions}) == len(plan.decisions) > 200
    assert len(plan.branches) > 3
    assert {b.key for b in read_plan(first).branches} == {b.key for b in plan.branches}
    assert "云汀区2026年10月覆盖方案" in html.read_text(encoding="utf-8")

    later = tmp_path / "two.html"
    assert feigong("plan", rolls[2], "--out", second, "--previous", first, "--report", later) == 0
    kept = {frozenset(s.uscc for s in b.seats) for b in plan.branches}
    now = {frozenset(s.uscc for s in b.seats) for b in read_plan(second).branches}
    assert len(kept & now) > 0.5 * len(kept)
    assert "现行方案：2026-10-31" in later.read_text(encoding="utf-8")


def test_the_same_seed_gives_the_same_plan_from_any_kind_of_file(rolls: dict[int, Path], tmp_path: Path) -> None:
    a, b = tmp_path / "a.json", tmp_path / "b.json"
    assert feigong("plan", rolls[1], "--out", a, "--seed", 2) == 0
    assert feigong("plan", rolls[1], "--out", b, "--seed", 2, "--workers", 1) == 0
    assert a.read_text(encoding="utf-8") == b.read_text(encoding="utf-8")


def test_officers_can_come_from_a_table_of_their_own(rolls: dict[int, Path], tmp_path: Path) -> None:
    officers = tmp_path / "名单.csv"
    officers.write_text(
        "姓名,办公地址,最多联系企业数\n阮安然,云汀区柳港街道,4\n卓予知,云汀区石屏镇,3\n", encoding="utf-8"
    )
    out = tmp_path / "p.json"
    assert feigong("plan", rolls[1], "--out", out, "--officers", officers) == 0
    loads = read_plan(out).loads
    assert len(loads) == 2
    assert sorted(load.most for load in loads) == [3, 4]


def test_what_exists_is_refused_before_planning(
    rolls: dict[int, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "there.html"
    there.write_text("mine")
    monkeypatch.setattr("feigong.cli.plan.plan_coverage", lambda *a, **k: pytest.fail("planned"))
    assert feigong("plan", rolls[1], "--out", tmp_path / "p.xlsx", "--report", there) == 2
    assert "文件已存在" in capsys.readouterr().err
    assert there.read_text() == "mine"
    assert not (tmp_path / "p.xlsx").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--time-limit", "0"), "请写大于 0 的秒数"),
        (("--on", "明天"), "请写成 2026-11-01 这样"),
        (("--previous", "none.xlsx"), "没有找到方案文件"),
        (("--out", "plan.docx"), "类型不对"),
    ],
)
def test_wrong_wishes_are_said_in_a_sentence(
    rolls: dict[int, Path], tmp_path: Path, options: tuple[str, str], said: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert feigong("plan", rolls[1], *options) == 2
    shown = capsys.readouterr().err
    assert said in shown.replace("\n", "")
    assert "Traceback" not in shown
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_gives_the_best_plan_so_far(
    rolls: dict[int, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*args: object, **options: object) -> object:
        options["stop"].interrupted.set()  # type: ignore[attr-defined]
        return plan_coverage(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("feigong.cli.plan.plan_coverage", interrupted)
    assert feigong("plan", rolls[1], "--out", tmp_path / "p.json") == 0
    assert "提前停止" in capsys.readouterr().out
    assert read_plan(tmp_path / "p.json").stopped_early
