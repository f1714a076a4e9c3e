"""`feigong audit` and `feigong keys`: what they print and how they end."""

import pytest

from feigong.apps.accounts.actors import operator
from feigong.apps.audit.actions import record_event
from feigong.apps.audit.models import Head, Record
from feigong.apps.seals.keyring import keyring
from feigong.cli import main

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_keys(tmp_path: object, settings: object) -> None:
    settings.KEYS = tmp_path / "seals.json"  # type: ignore[attr-defined, operator]


def run(capsys: pytest.CaptureFixture[str], *line: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main.run(line)
    shown = capsys.readouterr()
    return int(ended.value.code or 0), shown.out, shown.err


def test_a_whole_chain_ends_well_and_says_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    record_event(operator("clerk"), "test")
    code, out, err = run(capsys, "audit", "verify", "--roll")
    head = Head.objects.get()
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "审计链完整：1 条记录，0 条明细，没有发现改动。"
    assert out.splitlines()[-1] == f"2 {head.hash}"
    assert Record.objects.get(number=2).params == {"number": 1, "records": 1, "findings": 0, "roll": True}
    assert run(capsys, "audit", "verify", "--expect", f"2 {head.hash}")[0] == 0


def test_an_altered_chain_ends_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(3):
        record_event(operator("clerk"), "test")
    Record.objects.filter(number=2).update(reason="altered")
    code, out, err = run(capsys, "audit", "verify", "--lang", "en", "--expect", "0" * 64)
    assert code == 1
    assert err.splitlines()[0] == "Record 2 was altered."
    assert err.splitlines()[1].startswith("The chain has no record with the hash kept last time, 000")
    assert out.startswith("2 problems found (3 records and 0 entries were checked).")


def test_the_keys_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "keys", "make")[0] == 0
    assert run(capsys, "keys", "make")[0] == 2
    assert "现用密钥 k1，算法 aes-gcm。" in run(capsys, "keys")[1]
    assert run(capsys, "keys", "rotate")[1].startswith("已换用密钥 k2，重新加密 0 处。")
    assert "旧密钥 k1" in run(capsys, "keys", "show")[1]
    code, _, err = run(capsys, "keys", "retire")
    assert code == 2
    assert err.startswith("错误 换密钥才 0 分钟")
    assert sorted(keyring().sealing) == ["k1", "k2"]
