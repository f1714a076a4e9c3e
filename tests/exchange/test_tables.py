"""Tables in every kind of file and encoding; faults are said with place and mend."""

from datetime import date, datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from feigong.core.errors import FeigongError
from feigong.exchange.tables import read_all, read_tables

TEXT = (
    "企业名称,统一社会信用代码,人数\r\n"
    "庚辰木业有限公司,9121050270000001X6,12\r\n“辛未”食品加工厂,912105027000000286,3\r\n"
)
ROWS = (
    ("企业名称", "统一社会信用代码", "人数"), ("庚辰木业有限公司", "9121050270000001X6", "12"),
    ("“辛未”食品加工厂", "912105027000000286", "3"),
)  # fmt: skip
TRADITIONAL = TEXT.translate(str.maketrans("业统会码数厂“”", "業統會碼數廠「」"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "表.csv"
    file.write_bytes(TEXT.encode(encoding))
    (table,) = read_tables(file)
    assert table.rows == ROWS
    assert (table.name, table.first_row) == ("表.csv", 1)


def test_big5(tmp_path: Path) -> None:
    file = tmp_path / "表.csv"
    file.write_bytes(TRADITIONAL.encode("big5", "ignore"))
    (table,) = read_tables(file)
    assert table.rows[1][0] == "庚辰木業有限公司"


@pytest.mark.parametrize("mark", ["\t", ";"])
def test_other_delimiters(tmp_path: Path, mark: str) -> None:
    file = tmp_path / "表.txt"
    file.write_text(TEXT.replace(",", mark), encoding="gbk")
    assert read_tables(file)[0].rows == ROWS


def test_all_sheets_of_a_workbook_with_their_row_numbers(tmp_path: Path) -> None:
    file = tmp_path / "表.xlsx"
    book = openpyxl.Workbook()
    page = book.active
    page.title = "登记"
    page["B3"] = "名称"
    page["B4"] = 12
    page["C4"] = datetime(2020, 1, 2)  # noqa: DTZ001
    page["D4"] = 12.5
    book.create_sheet("说明").append(["导出"])
    book.create_sheet("空")
    book.save(file)
    first, second = read_tables(file)
    assert (first.sheet, second.sheet) == ("登记", "说明")
    assert first.rows == ((), (), (None, "名称"), (None, 12, date(2020, 1, 2), 12.5))
    assert first.ref(2).row == 3


def test_parquet(tmp_path: Path) -> None:
    file = tmp_path / "表.parquet"
    pl.DataFrame({"名称": ["甲", None], "人数": [1, 2], "日期": [date(2020, 1, 2), None]}).write_parquet(file)
    assert read_tables(file)[0].rows == (("名称", "人数", "日期"), ("甲", 1, date(2020, 1, 2)), (None, 2))


def test_a_text_under_the_name_of_a_workbook_is_read(tmp_path: Path) -> None:
    file = tmp_path / "导出.xls"
    file.write_bytes(TEXT.replace(",", "\t").encode("gbk"))
    assert read_tables(file)[0].rows == ROWS


def _encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("表.xlsx", _encrypted(), "error.table_password"),
        ("表.xlsx", b"PK\x03\x04 broken", "error.table_broken"),
        ("表.xlsx", b"<html>", "error.table_broken"),
        ("表.xlsx", b"", "error.table_empty"),
        ("表.csv", b"", "error.table_empty"),
        ("表.csv", b"\r\n , ,\r\n", "error.table_empty"),
        ("表.csv", b"\x81\xff\xfe\x00\xd8" * 9, "error.table_encoding"),
        ("表.parquet", b"PAR1", "error.table_broken"),
        ("表.pdf", b"%PDF", "error.table_kind"),
    ],
)  # fmt: skip
def test_faults_are_said(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(FeigongError) as caught:
        read_tables(file)
    assert caught.value.reason.code == code
    assert caught.value.reason.params["path"] == name


def test_a_missing_file_and_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(FeigongError) as caught:
        read_tables(tmp_path / "没有.xlsx")
    assert caught.value.reason.code == "error.table_missing"
    with pytest.raises(FeigongError) as caught:
        read_all([tmp_path])
    assert caught.value.reason.code == "error.folder_empty"


def test_folders_and_files_of_one_name_stay_apart(tmp_path: Path) -> None:
    for folder in ("甲", "乙"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "表.csv").write_text(TEXT, encoding="utf-8")
    (tmp_path / "甲" / "~$表.xlsx").write_bytes(b"lock")
    (tmp_path / "甲" / "truth.json").write_text("{}", encoding="utf-8")
    names = [t.name for t in read_all([tmp_path / "甲", tmp_path / "乙"])]
    assert len(set(names)) == 2
    assert [t.name for t in read_all([tmp_path / "甲", tmp_path / "甲" / "表.csv"])] == ["表.csv"]


@pytest.mark.parametrize("name", ["表.csv", "表.xls", "表.et", "表.txt"])
def test_a_workbook_under_another_ending(tmp_path: Path, name: str) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in ROWS:
        book.active.append(row)
    book.save(tmp_path / "表.xlsx")
    (tmp_path / "表.xlsx").rename(tmp_path / name)
    assert [t.rows for t in read_tables(tmp_path / name)] == [ROWS]
