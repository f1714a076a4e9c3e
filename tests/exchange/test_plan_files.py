"""Plans are written whole, can be read back, and hold no person's data."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import openpyxl
import pytest
from plan_sample import Sample

from feigong.core.coverage.values import CoveragePlan, Outcome
from feigong.core.errors import FeigongError
from feigong.core.roll.values import Identity, Member
from feigong.exchange import plan_file
from feigong.exchange.plan_file import read_plan, write_plan
from feigong.exchange.plan_json import plan_from_json, plan_to_json
from feigong.wording import Words

SAMPLE = Sample(150)


def bare(plan: CoveragePlan) -> CoveragePlan:
    """What `--previous` needs: no sentences, no shortages."""
    return dataclasses.replace(
        plan,
        decisions=tuple(dataclasses.replace(d, reasons=(), alternatives=()) for d in plan.decisions),
        branches=tuple(dataclasses.replace(b, reasons=()) for b in plan.branches),
        shortages=(),
        changes=(),
        left_out=(),
        notes=(),
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["plan.xlsx", "plan.csv", "plan.parquet"])
def test_what_is_written_is_read_back(tmp_path: Path, name: str, lang: str) -> None:
    write_plan(SAMPLE.plan, SAMPLE.roll, tmp_path / name, Words(lang))
    assert read_plan(tmp_path / name) == bare(SAMPLE.plan)


def test_any_file_of_a_set_stands_for_it(tmp_path: Path) -> None:
    files = write_plan(SAMPLE.plan, SAMPLE.roll, tmp_path / "p.csv", Words())
    assert [f.name for f in files][:2] == ["p.decisions.csv", "p.branches.csv"]
    assert read_plan(files[1]) == read_plan(tmp_path / "p.csv")


def test_json_is_complete(tmp_path: Path) -> None:
    assert plan_from_json(plan_to_json(SAMPLE.plan)) == SAMPLE.plan
    write_plan(SAMPLE.plan, SAMPLE.roll, tmp_path / "p.json", Words())
    assert read_plan(tmp_path / "p.json") == SAMPLE.plan


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda d: d.update(schema="x"), "error.plan_not_json"),
        (lambda d: d.update(version=99), "error.plan_version"),
        (lambda d: d["plan"]["decisions"][0].update(full_members="3"), "error.plan_field"),
        (lambda d: d["plan"]["branches"][0].update(basis="moon"), "error.plan_field"),
        (lambda d: d["plan"].pop("on"), "error.plan_field"),
    ],
)
def test_a_changed_json_is_refused(change: object, code: str) -> None:
    document = json.loads(plan_to_json(SAMPLE.plan))
    change(document)  # type: ignore[operator]
    with pytest.raises(FeigongError) as caught:
        plan_from_json(json.dumps(document))
    assert caught.value.reason.code == code


def test_the_workbook_has_a_sheet_an_outcome_and_computed_totals(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    write_plan(SAMPLE.plan, SAMPLE.roll, path, Words())
    values, formulas = openpyxl.load_workbook(path, data_only=True), openpyxl.load_workbook(path)
    assert values.sheetnames[:9] == [
        "概况",
        "保持",
        "单独建",
        "联合建",
        "加入现有",
        "先招后建",
        "派联络员",
        "整顿",
        "待定",
    ]
    assert values.sheetnames[9:] == ["联合党支部", "联络安排", "联络员缺口", "与上期比较", "未纳入", "参数与依据"]
    summary = {r[0].value: r[1].value for r in values["概况"].iter_rows(min_row=6, max_col=2)}
    typed = [r[1].value for r in formulas["概况"].iter_rows(min_row=6, max_col=2) if r[0].value]
    assert all(str(v).startswith("=") for v in typed)
    decisions = SAMPLE.plan.decisions
    assert summary["纳入方案的企业"] == len(decisions)
    assert summary["派联络员"] == sum(d.outcome is Outcome.LIAISON for d in decisions)
    assert summary["正式党员"] == sum(d.full_members for d in decisions)
    assert summary["联合党支部"] == len(SAMPLE.plan.branches)
    assert summary["到活动地点的总路程（米）"] == SAMPLE.plan.proof.travel_m
    assert summary["等待联络员的企业"] == len(SAMPLE.plan.waiting)
    operating = [d for d in decisions if d.operating]
    organised = [d for d in operating if d.outcome in ("keep", "own", "joint", "join", "repair")]
    assert summary["组织覆盖率（方案落实后）"] == pytest.approx(len(organised) / len(operating))
    sheet = formulas["派联络员"]
    assert (sheet.freeze_panes, sheet.page_setup.orientation, sheet.print_title_rows) == ("C2", "landscape", "$1:$1")
    assert sheet.auto_filter.ref is not None


def test_totals_name_the_rows_they_count(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    write_plan(SAMPLE.plan, SAMPLE.roll, path, Words())
    book = openpyxl.load_workbook(path)
    rows = book["联合党支部"].max_row
    cells = {r[0].value: r[1].value for r in book["概况"].iter_rows(min_row=6, max_col=2)}
    assert cells["联合党支部的正式党员"] == f"=SUM('联合党支部'!$E$2:$E${rows})"


def test_no_person_gets_into_the_files(tmp_path: Path) -> None:
    member = Member("k", True, identity=Identity("张三丰", "990101197001010018", "13800001234"), employer_text="x")
    roll = dataclasses.replace(SAMPLE.roll, members=(member,))
    for name in ("p.csv", "p.json"):
        for file in write_plan(SAMPLE.plan, roll, tmp_path / name, Words()):
            text = file.read_text(encoding="utf-8")
            assert not any(secret in text for secret in ("张三丰", "990101197001010018", "13800001234"))


def test_an_existing_file_stays_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    path.write_text("mine")
    with pytest.raises(FeigongError) as caught:
        write_plan(SAMPLE.plan, SAMPLE.roll, path, Words())
    assert (caught.value.reason.code, path.read_text()) == ("error.output_exists", "mine")
    write_plan(SAMPLE.plan, SAMPLE.roll, path, Words(), force=True)
    assert read_plan(path).seed == 7


def test_an_error_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def failing(*args: object) -> None:
        calls.append(args)
        if len(calls) == 3:
            raise RuntimeError

    monkeypatch.setattr(plan_file, "_write_csv", failing)
    with pytest.raises(RuntimeError):
        write_plan(SAMPLE.plan, SAMPLE.roll, tmp_path / "p.csv", Words())
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_looks_like_a_formula_is_text(tmp_path: Path) -> None:
    evil = "=HYPERLINK(1)"
    firms = [dataclasses.replace(e, name=evil) for e in SAMPLE.roll.enterprises]
    roll = dataclasses.replace(SAMPLE.roll, enterprises=tuple(firms))
    write_plan(SAMPLE.plan, roll, tmp_path / "p.xlsx", Words())
    cell = openpyxl.load_workbook(tmp_path / "p.xlsx")["派联络员"]["B2"]
    assert (cell.value, cell.data_type) == (evil, "s")
    write_plan(SAMPLE.plan, roll, tmp_path / "p.csv", Words())
    assert f",'{evil}," in (tmp_path / "p.decisions.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", None, "error.plan_missing"),
        ("a.xlsx", b"not a workbook", "error.plan_unreadable"),
        ("a.json", b"{", "error.plan_not_json"),
        ("a.csv", None, "error.plan_missing"),
        ("a.docx", b"", "error.plan_kind"),
    ],
)
def test_what_is_no_plan_is_refused(tmp_path: Path, name: str, content: bytes | None, code: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FeigongError) as caught:
        read_plan(path)
    assert caught.value.reason.code == code


def test_a_cell_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    write_plan(SAMPLE.plan, SAMPLE.roll, tmp_path / "p.csv", Words())
    file = tmp_path / "p.decisions.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",派联络员,", ",派人,", 1), encoding="utf-8")
    with pytest.raises(FeigongError) as caught:
        read_plan(file)
    assert (caught.value.reason.params["column"], caught.value.reason.params["found"]) == ("覆盖方式", "派人")


def test_the_first_sheet_adds_up(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    write_plan(SAMPLE.plan, SAMPLE.roll, path, Words())
    book = openpyxl.load_workbook(path, data_only=True)
    figures = {r[0].value: r[1].value for r in book["概况"].iter_rows(min_row=6, max_col=2)}
    assert figures["台账中的企业"] == len(SAMPLE.roll.enterprises)
    assert figures["台账中的企业"] == figures["纳入方案的企业"] + figures["未纳入的企业"]
    recruits = [d for d in SAMPLE.plan.decisions if d.outcome is Outcome.RECRUIT]
    assert figures["先招后建还差的正式党员"] == sum(d.missing_members for d in recruits)
    joined = [d for d in SAMPLE.plan.decisions if d.outcome in (Outcome.JOINT, Outcome.JOIN)]
    assert figures["联合建、加入现有覆盖的正式党员"] == sum(d.full_members for d in joined)
    head = [c.value for c in book["待定"][1]]
    assert head[5:7] == ["待定原因", "所属公司"]
    hidden = [d for d in book["保持"].column_dimensions.values() if d.hidden]
    assert [(book["保持"].cell(1, d.min).value, book["保持"].cell(1, d.max).value) for d in hidden] == [
        ("党组织编号", "比对码")
    ]
