"""Several files appear together or not at all."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from feigong.core.errors import FeigongError
from feigong.exchange.atomic import check_outputs, writing


def test_files_appear_when_the_block_ends_well(tmp_path: Path) -> None:
    a, b = tmp_path / "a.csv", tmp_path / "b.csv"
    with writing([a, b], force=False) as parts:
        for part, text in zip(parts, "12", strict=True):
            part.write_text(text)
        assert not a.exists()
    assert (a.read_text(), b.read_text()) == ("1", "2")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "b.csv"]


def test_an_error_leaves_what_was_there(tmp_path: Path) -> None:
    a, b = tmp_path / "a.csv", tmp_path / "b.csv"
    a.write_text("old")
    with pytest.raises(ZeroDivisionError), writing([a, b], force=True) as parts:
        parts[0].write_text("new")
        raise ZeroDivisionError
    assert a.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


def test_a_move_that_fails_half_way_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = tmp_path / "a.csv", tmp_path / "b.csv"
    a.write_text("old a")
    real = Path.replace

    def failing(source: Path, target: Path) -> Path:
        if target == b:
            raise PermissionError(13, "no", str(target))
        return real(source, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(FeigongError) as caught, writing([a, b], force=True) as parts:
        for part in parts:
            part.write_text("new")
    assert caught.value.reason.code == "error.output_not_writable"
    assert a.read_text() == "old a"
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


def test_outputs_are_checked_before_work(tmp_path: Path) -> None:
    there = tmp_path / "there.xlsx"
    there.write_text("x")

    def code(paths: list[Path], force: bool = False) -> str:
        with pytest.raises(FeigongError) as caught:
            check_outputs(paths, force=force)
        return caught.value.reason.code

    assert code([there]) == "error.output_exists"
    assert code([tmp_path]) == "error.output_is_folder"
    assert code([tmp_path / "no" / "a.xlsx"]) == "error.output_folder_missing"
    assert code([there, there], force=True) == "error.output_twice"
    check_outputs([there], force=True)


def test_what_is_read_is_never_written(tmp_path: Path) -> None:
    table = tmp_path / "table.xlsx"
    table.write_text("x")
    with pytest.raises(FeigongError) as caught:
        check_outputs([tmp_path / "." / "table.xlsx"], force=True, inputs=[table])
    assert caught.value.reason.code == "error.output_is_input"


def test_an_output_is_there_at_every_moment_of_the_move(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = tmp_path / "a.csv", tmp_path / "b.csv"
    for path in (a, b):
        path.write_text("old")
    real = Path.replace
    seen: list[tuple[str, str]] = []

    def watched(source: Path, target: Path) -> Path:
        seen.append((a.read_text(), b.read_text()))
        return real(source, target)

    monkeypatch.setattr(Path, "replace", watched)
    with writing([a, b], force=True) as parts:
        for part in parts:
            part.write_text("new")
    assert seen == [("old", "old"), ("new", "old")]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "b.csv"]


@pytest.mark.skipif(os.name != "posix", reason="modes and process numbers of POSIX")
def test_litter_of_a_killed_run_goes_and_private_files_are_private(tmp_path: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    mine, theirs = tmp_path / f".a.{gone.pid}.part.csv", tmp_path / f".b.{gone.pid}.part.csv"
    running = tmp_path / f".a.{os.getppid()}.part.csv"
    for path in (mine, theirs, running):
        path.write_text("half")
    with writing([tmp_path / "a.csv"], force=False, private=True) as [part]:
        part.write_text("whole")
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([running.name, theirs.name, "a.csv"])
    assert (tmp_path / "a.csv").stat().st_mode & 0o777 == 0o600
