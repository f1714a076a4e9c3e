"""What a dry run of an import costs before the database: read, merge with identities onto a known roll, compare.

``python -m benchmarks.dry_run`` makes a fictional district of two months, takes the first as the roll and the second as
what comes in, and prints seconds and memory of each step and the verdicts. Each month in a process of its own, so that
the peak is that of one dry run.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pickle
import pstats
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.watch import watch
from feigong.core.roll.compare import compare
from feigong.core.roll.merge.day import stated_day
from feigong.core.roll.merge.known import known_of
from feigong.core.roll.merge.merge import merge_tables
from feigong.core.roll.merge.values import MergeResult, RawTable
from feigong.core.roll.values import Roll
from feigong.exchange.demo import AREA_FILE, DISTRICT_CODE, write_demo
from feigong.exchange.merge_reference import load_merge_reference
from feigong.exchange.pseudonym import pseudonymiser
from feigong.exchange.tables import read_all
from feigong.wording import Words

WORDS = Words("zh")
ON = date(2026, 10, 31)
TIME_LIMIT_S = 600.0
MEMORY_LIMIT_MB = 4000.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 1 where a month failed."""
    options = _options(arguments)
    if options.month:
        return _one(options)
    with tempfile.TemporaryDirectory(prefix="feigong-dry-run-") as name:
        folder = Path(name)
        for month in (1, 2):
            write_demo(
                folder / str(month), WORDS, seed=options.seed, enterprises=options.enterprises, month=month, force=False
            )
        for month in (1, 2):
            profile = ["--profile"] if options.profile and month == 2 else []
            command = [sys.executable, "-m", "benchmarks.dry_run", "--month", str(month), "--folder", name, *profile]
            ended = watch(command, folder, time_limit_s=TIME_LIMIT_S, memory_limit_mb=MEMORY_LIMIT_MB)
            if ended.code:
                print(ended.err, file=sys.stderr)
                return 1
            print(f"month {month}: {ended.out.strip()}  process {ended.seconds:.1f} s, peak {ended.peak_mb:.0f} MB")
            if profile:
                print(ended.err)
    return 0


def _one(options: argparse.Namespace) -> int:
    """One month's dry run against the month before, which the process before has left."""
    folder, kept = Path(options.folder) / str(options.month), Path(options.folder) / "roll.pickle"
    current = pickle.loads(kept.read_bytes()) if kept.exists() else None
    figures: dict[str, Any] = {"before MB": _resident_mb()}
    watcher = cProfile.Profile()
    if options.profile:
        watcher.enable()
    begun = time.perf_counter()
    tables = read_all(sorted(folder.glob("*.xlsx")))
    figures |= {"rows": sum(len(t.rows) for t in tables), "read s": round(time.perf_counter() - begun, 2)}
    begun = time.perf_counter()
    result = _merged(tables, folder, current)
    figures["merge s"] = round(time.perf_counter() - begun, 2)
    begun = time.perf_counter()
    found = compare(current or Roll(result.roll.on, ()), result.roll)
    figures["compare s"] = round(time.perf_counter() - begun, 2)
    watcher.disable()
    figures |= dict(Counter(d.verdict.value for d in found))
    figures |= {"problems": len(result.problems), "peak MB": _resident_mb()}
    print(json.dumps(figures))
    if current is None:
        kept.write_bytes(pickle.dumps(result.roll))
    if options.profile:
        pstats.Stats(watcher, stream=sys.stderr).sort_stats("tottime").print_stats(options.profile_lines)
    return 0


def _merged(tables: Sequence[RawTable], folder: Path, current: Roll | None) -> MergeResult:
    reference = load_merge_reference(DISTRICT_CODE, folder / WORDS.word(AREA_FILE))
    known = known_of(current) if current is not None else None
    keyed, on = pseudonymiser(b"benchmark" * 4), stated_day(tables) or ON
    return merge_tables(tables, on=on, reference=reference, pseudonym=keyed, identify=True, known=known)


def _resident_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.dry_run", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--enterprises", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--profile", action="store_true", help="where the time of the second month goes")
    parser.add_argument("--profile-lines", type=int, default=45)
    parser.add_argument("--month", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
