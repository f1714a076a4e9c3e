"""The peers that are always there, what is chosen for those that know no hosts, and the limits each works under."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from numpy import array

from benchmarks import __main__ as bench
from benchmarks.instances import make_instance, score
from benchmarks.meeting import give_hosts
from benchmarks.peers import PEERS, NotInstalledError, greedy, load, mdav
from benchmarks.watch import watch

ROOT = Path(__file__).resolve().parents[2]


def test_the_greedy_one_makes_no_broken_group_and_covers_nearly_all() -> None:
    arrays = make_instance(600, seed=2, mean_area=200)
    plan = greedy(arrays, 3000.0)
    found = score(arrays, plan.group, plan.host, plan.slot)
    assert found.broken == 0
    assert found.covered_pct > 99


def test_the_greedy_one_gathers_the_nearest_and_lets_the_last_one_join() -> None:
    arrays = {
        "x": array([0.0, 10.0, 20.0, 500.0]),
        "y": np.zeros(4),
        "members": array([1, 1, 1, 1]),
        "slots": array([1, 1, 1, 1]),
        "area": np.zeros(4, np.int64),
    }
    plan = greedy(arrays, 1000.0)
    assert set(plan.group.tolist()) == {0} and plan.slot.tolist() == [0] * 4
    assert score(arrays, plan.group, plan.host, plan.slot).covered == 4


def test_microaggregation_makes_groups_of_three_to_five_of_neighbours() -> None:
    arrays = make_instance(300, seed=3, mean_area=100)
    plan = mdav(arrays, 3000.0)
    sizes = np.bincount(plan.group[plan.group >= 0])
    assert set(sizes[sizes > 0].tolist()) <= {3, 4, 5}
    assert len({(g, a) for g, a in zip(plan.group, arrays["area"], strict=True)}) == (sizes > 0).sum()
    line = {**arrays, **{k: v[:7] for k, v in arrays.items()}}
    line["x"], line["y"] = array([0.0, 1, 2, 100, 101, 102, 103]), np.zeros(7)
    line["area"] = np.zeros(7, np.int64)
    apart = mdav(line, 3000.0).group
    assert len(set(apart[:3].tolist())) == len(set(apart[3:].tolist())) == 1


def test_hosts_and_slots_are_the_kindest() -> None:
    arrays = {"x": array([0.0, 8.0, 10.0, 50.0]), "y": np.zeros(4), "slots": array([1, 6, 4, 4])}
    given = give_hosts(arrays, array([3, 3, 3, -1]), 100.0)
    assert given.host.tolist() == [1, 1, 1, -1]
    assert given.slot.tolist() == [2, 2, 2, -1]
    near = give_hosts({**arrays, "x": array([0.0, 7.0, 30.0, 31.0])}, array([0, 0, 0, 0]), 25.0)
    assert near.host.tolist() == [1] * 4 or near.host.tolist() == [2] * 4
    assert give_hosts({**arrays, "x": array([0.0, 1.0, 2.0, 40.0])}, array([0, 0, 0, 0]), 38.0).host[0] == 2


def test_a_peer_that_is_not_installed_says_how_to_get_it() -> None:
    with pytest.raises(NotInstalledError, match=r"pip install -r requirements/bench\.txt"):
        load("no_such_library_at_all")


def test_limits_end_a_process_and_say_which(tmp_path: Path) -> None:
    forever = [sys.executable, "-c", "import time; time.sleep(60)"]
    assert watch(forever, tmp_path, time_limit_s=0.5, memory_limit_mb=1000).killed == "time"
    hungry = [sys.executable, "-c", "import time; a = bytearray(300 << 20); time.sleep(60)"]
    ended = watch(hungry, tmp_path, time_limit_s=30, memory_limit_mb=150)
    assert ended.killed == "memory" and ended.peak_mb > 150


def test_a_process_is_measured(tmp_path: Path) -> None:
    held = bytearray(300 << 20)  # what the caller holds is not the command's
    code = "import sys, time; a = bytearray(100 << 20); time.sleep(0.3); print('出'); sys.stderr.write('err'); exit(4)"
    ended = watch([sys.executable, "-c", code], tmp_path, time_limit_s=30, memory_limit_mb=1000)
    assert (ended.code, ended.killed, ended.out, ended.err) == (4, "", "出\n", "err")
    assert len(held) >> 20 == 300
    assert 100 < ended.peak_mb < 250 and ended.seconds > 0.3


def test_one_run_prints_and_writes_them_side_by_side(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "figures" / "bench.json"
    methods = ["--method=feigong", "--method=greedy", "--method=mdav"]
    assert bench.main(["--size=200", *methods, f"--json={target}"]) == 0
    table = capsys.readouterr().out
    assert "this planner" in table and "MDAV microaggregation" in table
    ours, slow, blind = json.loads(target.read_text(encoding="utf-8"))["rows"]
    assert [row["status"] for row in (ours, slow, blind)] == ["ok"] * 3
    assert ours["broken"] == 0 and ours["covered"] >= slow["covered"] > blind["covered"]
    assert ours["bound_covered"] >= ours["covered"] and 0 <= ours["gap_pct"] < 1
    assert all(row["peak_mb"] > 30 and row["process_seconds"] > row["seconds"] for row in (ours, slow, blind))
    assert slow["gap_pct"] is None


def test_a_peer_without_figures_stays_in_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "watch", lambda *_, **__: bench.Watched(3, "", 1.0, 50.0, "", "pip install x\n"))
    row = bench._run("maxp", bench.Case(50, 40, 1000.0, 1), tmp_path, bench._options([]))
    assert row.status == "not installed: pip install x"
    assert "not installed: pip install x" in bench._table("case", [row])
    monkeypatch.setattr(bench, "watch", lambda *_, **__: bench.Watched(-9, "memory", 1.0, 5000.0, "", ""))
    row = bench._run("maxp", bench.Case(50, 40, 1000.0, 1), tmp_path, bench._options([]))
    assert row.status == "ended above 4 GB (--memory)" and row.covered is None


def test_every_peer_has_a_name_in_the_table() -> None:
    assert {*PEERS, bench.OURS} == set(bench.METHODS) == set(bench.SHOWN)


def test_clusters_of_the_library_have_three_to_five_also_in_the_smallest_areas() -> None:
    if find_spec("k_means_constrained") is None:
        pytest.skip("pip install -r requirements/bench.txt")
    # In a process of its own: its library brings HiGHS in another version than ours, and both at once do not load.
    code = (
        "import json; from benchmarks.instances import make_instance; from benchmarks.peers import kmeans;"
        "print(json.dumps(kmeans(make_instance(23, seed=2, mean_area=6), 3000.0).group.tolist()))"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    sizes = np.bincount(np.array(json.loads(ended.stdout)) + 1)[1:]
    areas = np.bincount(make_instance(23, seed=2, mean_area=6)["area"])
    assert set(sizes[sizes > 0].tolist()) <= {3, 4, 5}
    assert sizes.sum() == areas[areas >= 3].sum()
