"""This planner and its peers side by side: ``python -m benchmarks`` (``make bench``).

Every method works in a process of its own, on the same arrays; the same scorer counts for all the members in groups
that can really meet, and the travel of those groups. Peers that know neither hosts nor slots get the kindest ones for
each group (`benchmarks.meeting`).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.arrays import write_arrays
from benchmarks.instances import Instance, make_instance, score
from benchmarks.one import NOT_INSTALLED
from benchmarks.watch import Watched, watch

OURS = "feigong"
METHODS = (OURS, "greedy", "mdav", "maxp", "kmeans")
SHOWN = {
    OURS: "this planner",
    "greedy": "greedy that respects slots",
    "mdav": "MDAV microaggregation",
    "maxp": "spopt max-p",
    "kmeans": "k-means-constrained",
}
COLUMNS = (
    ("covered", 11),
    ("%", 9),
    ("bound", 11),
    ("broken", 18),
    ("travel km", 12),
    ("bound km", 12),
    ("gap %", 8),
    ("time s", 10),
    ("MB", 8),
)
LARGE = 100_000
"""From here on the goal is 3 % instead of 0.3 %."""


@dataclass(frozen=True, slots=True)
class Case:
    size: int
    mean_area: int
    travel_m: float
    seed: int

    def __str__(self) -> str:
        return f"{self.size:,} enterprises, areas of {self.mean_area}, {self.travel_m / 1000:g} km, seed {self.seed}"


@dataclass(frozen=True, slots=True)
class Row:
    """One method on one case. ``seconds`` of the method alone, ``process_seconds`` with start, reading and writing."""

    case: str
    method: str
    status: str  # "ok", or why there are no figures
    covered: int | None = None
    covered_pct: float | None = None
    bound_covered: int | None = None
    groups: int | None = None
    broken: int | None = None
    travel_km: float | None = None
    bound_travel_km: float | None = None
    gap_pct: float | None = None
    seconds: float | None = None
    process_seconds: float | None = None
    peak_mb: float | None = None


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="feigong-bench-") as name:
        folder = Path(name)
        _say("compiling the kernels, so that no method's time has that in it …")
        for method in options.method:
            _run(method, Case(120, 40, 3000.0, 1), folder, options)
        for case in _cases(options):
            found = []
            for method in options.method:
                _say(f"{case}: {SHOWN[method]} …")
                found.append(_run(method, case, folder, options))
            print(_table(str(case), found), flush=True)
            rows += found
    _write(options.json, rows)
    _say(f"written: {options.json}")
    return 1 if any(row.status.startswith("failed") for row in rows) else 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _cases(options: argparse.Namespace) -> list[Case]:
    cases = [Case(size, 400, 3000.0, options.seed) for size in options.size]
    return [*cases, Case(5000, 40, 1000.0, options.seed)] if options.sparse else cases


def _run(method: str, case: Case, folder: Path, options: argparse.Namespace) -> Row:
    instance = make_instance(case.size, case.seed, mean_area=case.mean_area)
    source, target = folder / "instance.npz", folder / "result.npz"
    write_arrays(source, instance)
    target.unlink(missing_ok=True)
    ends = [f"--input={source}", f"--output={target}", f"--travel={case.travel_m}"]
    if method == OURS:
        goal = options.goal if options.goal is not None else (0.03 if case.size >= LARGE else 0.003)
        command = [
            "benchmarks.joint",
            *ends,
            f"--goal={goal}",
            f"--workers={options.workers}",
            f"--seed={options.seed}",
        ]
        command += [f"--time-limit={options.time_limit}"] if options.time_limit else []
        limit = float("inf")
    else:
        command, limit = ["benchmarks.one", method, *ends], options.peer_limit
    ended = watch([sys.executable, "-m", *command], folder, time_limit_s=limit, memory_limit_mb=options.memory * 1024)
    if ended.code or ended.killed:
        return Row(str(case), method, _why(ended, options), process_seconds=ended.seconds, peak_mb=ended.peak_mb)
    return _scored(method, case, instance, target, ended)


def _why(ended: Watched, options: argparse.Namespace) -> str:
    if ended.killed == "time":
        return f"ended after {options.peer_limit:g} s (--peer-limit)"
    if ended.killed == "memory":
        return f"ended above {options.memory:g} GB (--memory)"
    said = ended.err.strip().splitlines()[-1] if ended.err.strip() else "no message"
    return f"not installed: {said}" if ended.code == NOT_INSTALLED else f"failed ({ended.code}): {said}"


def _scored(method: str, case: Case, instance: Instance, target: Path, ended: Watched) -> Row:
    with np.load(target) as file:
        result = {name: file[name] for name in file.files}
    found = score(instance, result["group"], result["host"], result["slot"], travel=case.travel_m)
    bound = float(result["bound_travel_m"]) / 1000 if "bound_travel_m" in result else None
    gap = None if bound is None or not found.travel_km else 100 * max(0.0, 1 - bound / found.travel_km)
    return Row(
        case=str(case),
        method=method,
        status="ok",
        covered=found.covered,
        covered_pct=found.covered_pct,
        bound_covered=int(result["bound_covered"]) if "bound_covered" in result else None,
        groups=found.groups,
        broken=found.broken,
        travel_km=found.travel_km,
        bound_travel_km=bound,
        gap_pct=gap,
        seconds=json.loads(ended.out.strip().splitlines()[-1])["seconds"],
        process_seconds=ended.seconds,
        peak_mb=ended.peak_mb,
    )


def _table(title: str, rows: Sequence[Row]) -> str:
    """Plain text: as readable in a log as on a screen of any width."""
    lines = [title, f"  {'method':28}" + "".join(f"{head:>{width}}" for head, width in COLUMNS)]
    for row in rows:
        figures = "".join(f"{text:>{width}}" for text, (_, width) in zip(_figures(row), COLUMNS, strict=True))
        lines.append(f"  {SHOWN[row.method]:28}{figures}")
        if row.status != "ok":
            lines.append(f"      {row.status}")
    return "\n".join([*lines, ""])


def _figures(row: Row) -> list[str]:
    seconds = row.process_seconds if row.seconds is None else row.seconds
    broken = None if row.broken is None else f"{row.broken:,} of {row.groups:,}"
    return [
        _shown(row.covered, ",d"),
        _shown(row.covered_pct, ".3f"),
        _shown(row.bound_covered, ",d"),
        broken or "–",
        _shown(row.travel_km, ",.1f"),
        _shown(row.bound_travel_km, ",.1f"),
        _shown(row.gap_pct, ".3f"),
        _shown(seconds, ",.2f"),
        _shown(row.peak_mb, ",.0f"),
    ]


def _shown(value: float | None, form: str) -> str:
    return "–" if value is None else format(value, form)


def _write(path: Path, rows: Sequence[Row]) -> None:
    machine: dict[str, Any] = {"cpus": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = {"machine": machine, "rows": [asdict(row) for row in rows]}
    path.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--size", type=int, action="append", help="enterprises; may be repeated (5000)")
    parser.add_argument("--sparse", action="store_true", help="also 5,000 in towns of 40 with 1 km")
    parser.add_argument("--method", choices=METHODS, action="append", help="only these; may be repeated (all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2, help="threads of this planner (2)")
    parser.add_argument("--goal", type=float, help="gap at which this planner stops (0.003; 0.03 from 100,000 on)")
    parser.add_argument("--time-limit", type=float, help="seconds for this planner (none)")
    parser.add_argument("--peer-limit", type=float, default=600.0, help="seconds for each peer (600)")
    parser.add_argument("--memory", type=float, default=4.0, help="GB for each method (4)")
    parser.add_argument(
        "--json", type=Path, default=Path("build/bench.json"), help="figures as JSON (build/bench.json)"
    )
    options = parser.parse_args(arguments)
    options.size = options.size or [5000]
    options.method = options.method or list(METHODS)
    return options


if __name__ == "__main__":
    sys.exit(main())
