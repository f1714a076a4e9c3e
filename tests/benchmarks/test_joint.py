"""Arrays in, plan out, and what is said about arrays that cannot be planned."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.instances import Instance, make_instance, score
from benchmarks.joint import main


def saved(folder: Path, arrays: Instance) -> list[str]:
    np.savez(folder / "in.npz", **arrays)
    return [f"--input={folder / 'in.npz'}", f"--output={folder / 'out.npz'}"]


def test_the_plan_and_its_proof_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arrays = make_instance(150, seed=2, mean_area=75)
    assert main([*saved(tmp_path, arrays), "--travel=2500", "--seed=3"]) == 0
    with np.load(tmp_path / "out.npz") as result:
        found = score(arrays, result["group"], result["host"], result["slot"], travel=2500.0)
        covered, travel = int(result["bound_covered"]), float(result["bound_travel_m"])
        assert result["group"].dtype == result["host"].dtype == result["slot"].dtype == np.int64
        assert ((result["group"] < 0) == (result["host"] < 0)).all()
    said = capsys.readouterr()
    summary = json.loads(said.out)
    assert found.broken == 0
    assert found.covered <= covered <= found.total
    assert 0.99 * found.travel_km * 1000 <= travel <= found.travel_km * 1000
    assert (summary["covered"], summary["bound_covered"], summary["broken"]) == (found.covered, covered, 0)
    assert "joint" in said.err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.npz", "out.npz"]


def test_areas_may_be_names_and_members_may_be_many(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arrays = make_instance(60, seed=4, mean_area=30)
    arrays["area"] = np.array([f"town {a}" for a in arrays["area"]])
    arrays["members"] = np.where(np.arange(60) % 7 == 0, 9, arrays["members"]).astype(np.float64)
    del arrays["building"], arrays["industry"]
    assert main(saved(tmp_path, arrays)) == 0
    assert json.loads(capsys.readouterr().out)["broken"] == 0


def test_the_name_of_the_output_is_kept(tmp_path: Path) -> None:
    arguments = saved(tmp_path, make_instance(30))
    assert main([arguments[0], f"--output={tmp_path / 'plan'}", "--work=1"]) == 0
    assert (tmp_path / "plan").exists()


def nothing(arrays: Instance) -> Instance:
    return {name: values[:0] for name, values in arrays.items()}


def without_slots(arrays: Instance) -> Instance:
    return {name: values for name, values in arrays.items() if name != "slots"}


def replaced(name: str, at: int, value: float) -> Instance:
    arrays = make_instance(30)
    arrays[name] = arrays[name].astype(np.float64)
    arrays[name][at] = value
    return arrays


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        (without_slots(make_instance(30)), "no array slots; found: area, building"),
        ({**make_instance(30), "y": np.zeros(29)}, "of one length"),
        ({**make_instance(30), "x": np.zeros((30, 1))}, "flat"),
        ({**make_instance(30), "x": np.array(["a"] * 30)}, "x must be numbers"),
        (replaced("x", 4, np.nan), "x must be finite (metres); wrong at 1 place(s), first at index 4"),
        (replaced("y", 5, np.inf), "y must be finite"),
        (replaced("members", 6, 0), "members must be 1 or more; wrong at 1 place(s), first at index 6"),
        (replaced("members", 6, 1.5), "members must be whole numbers"),
        (replaced("slots", 7, 1 << 21), "slots must be a mask of 21 bits"),
        (replaced("slots", 7, -1), "slots must be a mask of 21 bits"),
        (replaced("area", 8, np.nan), "area must not be NaN"),
    ],
)
def test_bad_arrays_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str], arrays: Instance, said: str) -> None:
    assert main(saved(tmp_path, arrays)) == 2
    assert said in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["in.npz"]


def test_a_file_that_is_no_npz_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for content, said in ((None, "no such file"), (b"PK\x03\x04 broken", "not an .npz"), (b"", "not an .npz")):
        path = tmp_path / "in.npz"
        path.unlink(missing_ok=True)
        if content is not None:
            path.write_bytes(content)
        assert main([f"--input={path}", f"--output={tmp_path / 'out.npz'}"]) == 2
        error = capsys.readouterr().err
        assert said in error and "in.npz" in error
    np.save(tmp_path / "one.npy", np.zeros(3))
    assert main([f"--input={tmp_path / 'one.npy'}", f"--output={tmp_path / 'out.npz'}"]) == 2
    assert "not an .npz" in capsys.readouterr().err


def test_an_output_that_cannot_be_written_is_said_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = saved(tmp_path, make_instance(30))
    assert main([arguments[0], f"--output={tmp_path / 'no' / 'out.npz'}"]) == 2
    assert "no such folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    "option", ["--travel=0", "--travel=-5", "--travel=nan", "--workers=0", "--goal=1", "--time-limit=0"]
)
def test_an_option_out_of_range_is_refused(option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*saved(tmp_path, make_instance(30)), option])
    assert ended.value.code == 2
    assert option.split("=")[0] in capsys.readouterr().err
