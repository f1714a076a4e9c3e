"""`feigong merge` from end to end: tables in, a roll out, or a plain sentence and nothing left behind."""

from datetime import date
from pathlib import Path

import pytest

from feigong.cli.main import run
from feigong.exchange.roll_file import read_roll
from merge_tables_maker import make_code, make_id

CODES = [make_code(31000001 + i) for i in range(3)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FEIGONG_KEY", "k" * 32)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    tables = tmp_path / "tables"
    tables.mkdir()
    rows = [f"{c},第{i}工贸有限公司,平山区平山路{i + 1}号" for i, c in enumerate(CODES)]
    register = ["企业登记表（截至2026年9月30日）", "信用代码,企业名称,住所", *rows]
    (tables / "登记.csv").write_text("\n".join(register), encoding="gbk")
    people = [
        "姓名,身份证号,人员类别,工作单位",
        f"欧阳锦绣,{make_id(1)},正式党员,第0工贸",
        f"司马长风,{make_id(2)},正式党员,某某行",
    ]
    (tables / "党员.csv").write_text("\n".join(people), encoding="utf-8")
    return tables


def feigong(*line: object) -> int:
    try:
        run([str(part) for part in line])
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def test_a_folder_becomes_a_roll(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "roll.xlsx"
    assert feigong("merge", folder, "--out", path) == 0
    roll = read_roll(path)
    assert {e.uscc for e in roll.enterprises} == set(CODES)
    assert roll.on == date(2026, 9, 30)
    assert roll.district == "210502"
    assert sorted(m.employer or "" for m in roll.members) == ["", CODES[0]]
    said = capsys.readouterr().out
    assert "找到企业 3 家、党员 2 名" in said
    assert "1 名党员的单位“某某行”找不到对应企业" in said
    assert "欧阳锦绣" not in said


def test_english_csv_day_and_district(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "roll.csv"
    assert feigong("merge", folder, "--out", path, "--on", "2026年11月1日", "--district", "210504", "--lang", "en") == 0
    roll = read_roll(path)
    assert (roll.on, roll.district) == (date(2026, 11, 1), "210504")
    assert "Found 3 enterprises, 2 members" in capsys.readouterr().out


def test_keys_stay_the_same_and_identities_only_when_asked(folder: Path, tmp_path: Path) -> None:
    assert feigong("merge", folder, "--out", tmp_path / "a.xlsx") == 0
    assert feigong("merge", folder, "--out", tmp_path / "b.xlsx", "--identify") == 0
    a, b = (read_roll(tmp_path / f"{n}.xlsx") for n in "ab")
    assert [m.key for m in a.members] == [m.key for m in b.members]
    assert [m.identity for m in a.members] == [None, None]
    assert {m.identity.name for m in b.members if m.identity} == {"欧阳锦绣", "司马长风"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--on", "某天"], "日期“某天”看不懂"),
        (["--datum", "xyz"], "坐标系“xyz”不认识"),
        (["--district", "999999"], "999999"),
    ],
)
def test_a_wrong_option_is_a_sentence(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    assert feigong("merge", folder, "--out", tmp_path / "roll.xlsx", *options) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "roll.xlsx").exists()


def test_bad_tables_and_existing_output_leave_everything_as_it_was(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "roll.xlsx"
    path.write_text("kept", encoding="utf-8")
    assert feigong("merge", folder, "--out", path) == 2
    assert "--force" in capsys.readouterr().err
    (folder / "坏.csv").write_text("姓名,身份证号,入党日期\n王一,,2001-01-01\n", encoding="utf-8")
    assert feigong("merge", folder, "--out", path, "--force") == 2
    said = capsys.readouterr().err
    assert "坏.csv" in said
    assert "缺少一列：工作单位" in said
    assert "Traceback" not in said
    assert path.read_text(encoding="utf-8") == "kept"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["roll.xlsx", "tables"]


def test_columns_that_are_not_used_are_named(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"{c},第{i}工贸有限公司,甲{i},蓝" for i, c in enumerate(CODES)]
    (folder / "登记.csv").write_text("\n".join(["信用代码,企业名称,党建展板,外墙颜色", *rows]), encoding="utf-8")
    assert feigong("merge", folder, "--out", tmp_path / "roll.xlsx", "--district", "210502") == 0
    told = [line for line in capsys.readouterr().out.splitlines() if "没有用到的列" in line]
    assert told == ["登记.csv 里没有用到的列：党建展板、外墙颜色。如果需要，请改列名，或把这些内容另列一张表。"]
