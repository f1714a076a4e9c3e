"""An existing output: asked about on a terminal, refused elsewhere; signals and faults end in one sentence."""

from __future__ import annotations

import io
import signal
from pathlib import Path

import pytest
import typer

from feigong.cli import main, outputs
from feigong.cli.deadline import Deadline, interruptible
from feigong.cli.outputs import may_replace
from feigong.core.errors import FeigongError
from feigong.wording import Words

WORDS = Words("en")


@pytest.fixture
def there(tmp_path: Path) -> Path:
    path = tmp_path / "plan.xlsx"
    path.write_text("old")
    return path


def answer(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(outputs, "_somebody_there", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_refused_where_nobody_can_be_asked(there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "_somebody_there", lambda: False)
    with pytest.raises(FeigongError) as caught:
        may_replace([there], [], WORDS, force=False)
    assert caught.value.reason.code == "error.output_exists"


@pytest.mark.parametrize("said", ["y\n", "Yes\n", "是\n"])
def test_asked_and_allowed(there: Path, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    answer(monkeypatch, said)
    assert may_replace([there], [], WORDS, force=False) is True


@pytest.mark.parametrize("said", ["\n", "n\n", ""])
def test_asked_and_refused(there: Path, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    answer(monkeypatch, said)
    with pytest.raises(typer.Exit) as ended:
        may_replace([there], [], WORDS, force=False)
    assert ended.value.exit_code == 2
    assert there.read_text() == "old"


def test_no_answer_lets_an_input_be_written(there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, "y\n")
    with pytest.raises(FeigongError) as caught:
        may_replace([there], [there], WORDS, force=False)
    assert caught.value.reason.code == "error.output_is_input"


def test_a_fault_shows_no_value(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*_: object) -> None:
        raise ValueError("210502197001010018")

    monkeypatch.delenv("FEIGONG_TRACEBACK", raising=False)
    monkeypatch.setattr(main, "build", broken)
    with pytest.raises(SystemExit) as ended:
        main.run(["plan", "--lang", "en"])
    shown = capsys.readouterr().err
    assert ended.value.code == 1
    assert "ValueError, " in shown
    assert "2105" not in shown
    assert "Traceback" not in shown


def test_the_signal_to_end_becomes_an_exit() -> None:
    with pytest.raises(SystemExit) as ended:
        main._leave(signal.SIGTERM, None)
    assert ended.value.code == 143


def test_leaving_early_stops_the_threads_that_still_work() -> None:
    deadline = Deadline()
    with pytest.raises(SystemExit), interruptible(deadline, lambda: None):
        raise SystemExit(143)
    assert deadline(0)
