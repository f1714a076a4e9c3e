"""The command itself: help at once, one plain sentence for an error, exit codes."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import pytest

from feigong import __version__
from feigong.cli import main
from feigong.cli.language import chosen, spoken
from feigong.core.errors import FeigongError


def run(capsys: pytest.CaptureFixture[str], *line: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main.run(line)
    shown = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, shown.out, shown.err


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FEIGONG_LANG", raising=False)
    code, text, _ = run(capsys, "--help")
    assert code == 0
    assert all(name in text for name in ("merge", "plan", "demo", "rules"))
    assert "台账" in text
    monkeypatch.setenv("FEIGONG_LANG", "en")
    _, text, _ = run(capsys, "--help")
    assert "roll" in text


def test_help_loads_no_solver() -> None:
    script = (
        "import sys\nfrom feigong.cli.main import run\n"
        "try:\n    run(['--help'])\nexcept SystemExit:\n    pass\n"
        "slow = {'numba', 'highspy', 'scipy', 'polars', 'numpy'} & set(sys.modules)\nassert not slow, slow\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_rules_load_no_solver() -> None:
    script = (
        "import sys\nfrom feigong.cli.main import run\n"
        "try:\n    run(['rules', 'joint.max_units'])\nexcept SystemExit as end:\n    assert not end.code\n"
        "slow = {'numba', 'highspy', 'scipy', 'polars'} & set(sys.modules)\nassert not slow, slow\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--version")[:2] == (0, f"feigong {__version__}\n")


def test_a_command_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, text = run(capsys, "mrege")
    assert code == 2
    assert "merge" in text


def _with_command(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def command() -> None:
        raise error

    monkeypatch.setattr(main, "import_module", lambda name: SimpleNamespace(command=command))


@pytest.mark.parametrize(
    ("line", "environment", "sentence"),
    [
        (("rules",), "", "没有编号为 a.b 的规定"),
        (("rules",), "en", "There is no rule a.b"),
        (("rules", "--lang", "en"), "zh", "There is no rule a.b"),
        (("rules", "--lang=en"), "", "There is no rule a.b"),
    ],
)
def test_an_error_is_one_sentence(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    line: tuple[str, ...],
    environment: str,
    sentence: str,
) -> None:
    monkeypatch.setenv("FEIGONG_LANG", environment)
    _with_command(monkeypatch, FeigongError("error.rules.unknown", id="a.b"))
    monkeypatch.setattr(main, "build", lambda argv, lang: lambda **_: main.import_module("x").command())
    code, out, err = run(capsys, *line)
    assert code == 2
    assert out == ""
    assert sentence in err
    assert "Traceback" not in err


def test_a_disk_that_fails_is_said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FEIGONG_LANG", raising=False)
    _with_command(monkeypatch, PermissionError(13, "Permission denied", "roll.xlsx"))
    code, _, err = run(capsys, "rules")
    assert code == 2
    assert "读写文件 roll.xlsx 时出错" in err


def test_an_interrupt_ends_with_130(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    _with_command(monkeypatch, KeyboardInterrupt())
    assert run(capsys, "rules")[0] == 130


def test_the_language() -> None:
    assert chosen(["plan", "x"], {}) == "zh"
    assert chosen(["plan", "--lang", "en"], {}) == "en"
    assert chosen(["plan", "--lang"], {}) == "zh"
    assert chosen([], {"FEIGONG_LANG": "en_GB"}) == "en"
    assert chosen(["--lang=zh"], {"FEIGONG_LANG": "en"}) == "zh"
    assert spoken("en") == "en"
    with pytest.raises(FeigongError):
        spoken("fr")
