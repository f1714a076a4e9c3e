"""A roll goes into a file and comes back exactly; nothing half-written, no formula, no person."""

import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from feigong.core.errors import FeigongError
from feigong.core.reasons import reason
from feigong.core.roll.merge.values import MergeResult
from feigong.core.roll.slots import FreeSlots
from feigong.core.roll.values import Flag, FlagCode
from feigong.exchange.roll_file import read_roll, roll_outputs, write_roll
from feigong.wording import Words
from merge_tables_maker import make_code, make_id, merge, table

CODES = [make_code(90000001 + i) for i in range(4)]


def sample(*, identify: bool = False) -> MergeResult:
    reg = table(
        "登记.xlsx",
        ["信用代码", "名称", "成立日期", "住所", "经营范围", "经度", "纬度", "从业人数", "行业代码",
         "企业类型", "经营地址", "法人代表"],
        [CODES[0], "=1+2商贸有限公司", "2010-05-06", "辽宁省本溪市平山区东明路59号3栋201室",
         "=cmd|' /C calc'!A0", 123.7654321, 41.2912345, 12, "C13",
         "国有控股", "平山区平山路1号", "上官婉如"],
        [CODES[1], "+甲运输有限公司东街分公司", "2011年", "千金街道", "道路运输", "", "", "", ""],
        [CODES[2], "@辛未食品加工厂", "", "本溪市平山区北台镇某村12号", "", "", "", 0, ""],
    )  # fmt: skip
    survey = table(
        "班制.xlsx",
        ["名称", "班制", "空闲时间"],
        ["=1+2商贸有限公司", "两班倒", "单周周六，双周周日上午"],
        ["@辛未食品加工厂", "丙型", ""],
    )
    people = table(
        "党员.xlsx", ["姓名", "身份证号", "入党日期", "类别", "工作单位", "所在党支部", "是否企业主", "电话"],
        ["欧阳锦绣", make_id(1), "2001-07-01", "正式党员", "=1+2商贸有限公司", "甲支部", "是", "13800000001"],
        ["司马长风", make_id(2), "2026-03-01", "预备党员", "某某行", "", "否", "13800000002"],
    )  # fmt: skip
    organisations = table(
        "党组织.xlsx", ["党组织名称", "类别", "覆盖企业", "正式党员数", "书记", "选举日期", "上级党组织", "地址"],
        ["甲支部", "联合党支部", "=1+2商贸有限公司、辛未食品、无此厂", 3, "", "2024-03-01",
         "乙党委", "平山区平山路3号"],
        ["乙党委", "基层党委", "", "", "", "", "社会工作部", ""],
    )  # fmt: skip
    officers = table("联络员.xlsx", ["姓名", "办公地址", "最多", "电话"], ["李四", "平山区平山路1号", 4, "13800000003"])
    return merge(reg, survey, people, organisations, officers, identify=identify)


@pytest.mark.parametrize("kind", [".xlsx", ".csv", ".parquet"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_round_trip_is_exact(tmp_path: Path, kind: str, lang: str) -> None:
    result = sample()
    odd = replace(
        result.roll.enterprises[0],
        slots=FreeSlots((0, 5, 1 << 20)),
        flags=(Flag(FlagCode.CONTRADICTION, reason("merge.contradiction_staff", least=1, most=90)),),
    )
    result = replace(result, roll=replace(result.roll, enterprises=(odd, *result.roll.enterprises[1:])))
    write_roll(result, tmp_path / f"roll{kind}", Words(lang), force=False)
    assert read_roll(tmp_path / f"roll{kind}") == result.roll


@pytest.mark.parametrize("kind", [".xlsx", ".parquet"])
def test_identities_come_back_when_they_were_asked_for(tmp_path: Path, kind: str) -> None:
    result = sample(identify=True)
    assert {e.legal_representative for e in result.roll.enterprises} == {"上官婉如", ""}
    assert [o.phone for o in result.roll.officers] == ["13800000003"]
    write_roll(result, tmp_path / f"roll{kind}", Words(), force=False)
    assert read_roll(tmp_path / f"roll{kind}") == result.roll


def test_no_person_is_in_the_file_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "roll.xlsx"
    write_roll(sample(), path, Words(), force=False)
    with zipfile.ZipFile(path) as book:
        everything = b"".join(book.read(n) for n in book.namelist()).decode("utf-8", "ignore")
    for secret in (make_id(1), make_id(2), "13800000001", "欧阳锦绣", "司马长风", "上官婉如", "13800000003"):
        assert secret not in everything
    assert CODES[0] in everything


def test_nothing_becomes_a_formula_and_sheets_are_ready_to_use(tmp_path: Path) -> None:
    path = tmp_path / "roll.xlsx"
    write_roll(sample(), path, Words(), force=False)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["企业", "党员", "党组织", "联络员", "问题清单", "行去向", "说明", "区划"]
    cells = [c for page in book for row in page.iter_rows() for c in row if c.value is not None]
    assert not [c.coordinate for c in cells if c.data_type == "f"]
    assert "=1+2商贸有限公司" in {c.value for c in cells}
    page = book["企业"]
    assert page.freeze_panes == "C2"
    assert page.auto_filter.ref is not None
    assert page["A2"].number_format == "@"
    assert book["行去向"].max_row == 1 + len(sample().fates)


def test_what_exists_is_not_replaced_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "roll.csv"
    roll_outputs(path)[3].write_text("kept", encoding="utf-8")
    with pytest.raises(FeigongError) as caught:
        write_roll(sample(), path, Words(), force=False)
    assert caught.value.reason.code == "error.output_exists"
    assert [p.name for p in tmp_path.iterdir()] == ["roll.officers.csv"]
    write_roll(sample(), path, Words(), force=True)
    assert len(read_roll(path).officers) == 1


def test_nothing_is_left_when_writing_is_broken_off(tmp_path: Path) -> None:
    class Broken(Words):
        def sentences(self, reasons: object) -> str:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_roll(sample(), tmp_path / "roll.xlsx", Broken(), force=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("没有.xlsx", None, "error.roll_missing"),
        ("坏.xlsx", b"PK", "error.roll_unreadable"),
        ("表.doc", b"", "error.roll_kind"),
    ],
)
def test_what_is_no_roll_is_an_error(tmp_path: Path, name: str, content: bytes | None, code: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(FeigongError) as caught:
        read_roll(tmp_path / name)
    assert caught.value.reason.code == code


def test_a_workbook_that_is_no_roll_says_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "别的.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(FeigongError) as caught:
        read_roll(path)
    assert caught.value.reason.code == "error.roll_not_a_roll"
    assert caught.value.reason.params["missing"] == "企业"


def test_a_cell_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    path = tmp_path / "roll.csv"
    write_roll(sample(), path, Words(), force=False)
    file = tmp_path / "roll.enterprises.csv"
    file.write_text(file.read_text(encoding="utf-8-sig").replace("2010-05-06", "去年"), encoding="utf-8-sig")
    with pytest.raises(FeigongError) as caught:
        read_roll(path)
    assert caught.value.reason.code == "error.roll_cell"
    assert "去年" in str(caught.value.reason.params["found"])
