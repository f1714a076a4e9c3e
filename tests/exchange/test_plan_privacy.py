"""A plan and its report show no legal representative and no phone, even where the roll keeps them."""

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from plan_sample import Sample

from feigong.exchange.plan_file import write_plan
from feigong.exchange.report import write_report
from feigong.wording import Words

SAMPLE = Sample(40)
ROLL = replace(
    SAMPLE.roll,
    enterprises=tuple(replace(e, legal_representative="欧阳锦绣") for e in SAMPLE.roll.enterprises),
    officers=tuple(replace(o, phone="13800001234") for o in SAMPLE.roll.officers),
)


def everything(path: Path) -> str:
    if not zipfile.is_zipfile(path):
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as book:
        return b"".join(book.read(n) for n in book.namelist()).decode("utf-8", "ignore")


@pytest.mark.parametrize("name", ["plan.xlsx", "plan.csv", "plan.json", "plan.html"])
def test_persons_of_the_roll_are_in_no_output(tmp_path: Path, name: str) -> None:
    if name.endswith(".html"):
        write_report(SAMPLE.plan, ROLL, tmp_path / name, Words())
    else:
        write_plan(SAMPLE.plan, ROLL, tmp_path / name, Words())
    written = "".join(everything(p) for p in sorted(tmp_path.iterdir()))
    assert SAMPLE.roll.enterprises[0].uscc in written
    assert "欧阳锦绣" not in written
    assert "13800001234" not in written
