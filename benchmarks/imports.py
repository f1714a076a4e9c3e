"""A district's tables through dry run, application and taking back: seconds and peak memory, each in a fresh process.

    python -m benchmarks.imports [--enterprises 14000] [--database URL]

14,000 enterprises make about 50,000 rows in six tables. The database is a new one, SQLite unless an empty PostgreSQL
database is given.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

LIMITS = {"check": (100, 500), "apply": (100, 500), "take_back": (100, 500)}  # seconds, MB
_ON = {1: date(2026, 11, 1), 2: date(2026, 12, 1)}
STEPS = (
    "seed", "receive", "check", "apply", "receive_next", "check_next", "apply_next", "take_back", "take_back_first",
)  # fmt: skip


def step(name: str, folder: Path) -> dict[str, Any]:
    """One step in this process; what it measured."""
    import django

    django.setup()
    began = time.monotonic()
    said = _run(name, folder)
    return {"step": name, "seconds": round(time.monotonic() - began, 1), "peak_mb": _peak(), **said}


def _peak() -> int:
    """Of this process alone, in MB: what `getrusage` says may be the peak of the process that began it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) // 1024


def _run(name: str, folder: Path) -> dict[str, Any]:
    from feigong.apps.accounts.actors import operator
    from feigong.apps.clock import now
    from feigong.apps.imports import actions
    from feigong.apps.imports.actions.checking import Alone
    from feigong.apps.imports.models import Import
    from feigong.exchange.demo import DISTRICT_CODE

    actor = operator("benchmark")

    def receive(month: int) -> dict[str, Any]:
        files = sorted((folder / str(month)).glob("*.xlsx"))
        found = actions.start_import(actor, [(f.name, f.read_bytes()) for f in files], today=_ON[month], on=_ON[month])
        return {"import": found.pk}

    def last() -> Import:
        return Import.objects.latest("pk")

    def check() -> dict[str, Any]:
        found = actions.check(last().pk, Alone(), now())
        return {"rows": sum(found["rows"].values()), "verdicts": found["verdicts"]}

    def apply() -> dict[str, Any]:
        number = last().pk
        actions.take_all_offered(actor, number)
        actions.ask_apply(actor, number)
        return {"written": actions.apply(actor, number, Alone())["written"]}

    def take_back(number: int) -> dict[str, Any]:
        actions.ask_take_back(actor, number, reason="benchmark")
        actions.take_back(actor, number, "benchmark", Alone())
        return {}

    def seed() -> dict[str, Any]:
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        actions.seed_areas(actor, DISTRICT_CODE, on=date(2026, 1, 1), names=next((folder / "1").glob("*.csv")))
        return {}

    steps: dict[str, Callable[[], dict[str, Any]]] = {
        "seed": seed, "receive": lambda: receive(1), "check": check, "apply": apply,
        "receive_next": lambda: receive(2), "check_next": check, "apply_next": apply,
        "take_back": lambda: take_back(last().pk),
        "take_back_first": lambda: take_back(Import.objects.earliest("pk").pk),
    }  # fmt: skip
    return steps[name]()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--enterprises", type=int, default=14_000)
    arguments.add_argument("--database", default="")
    arguments.add_argument("--step", choices=STEPS)
    arguments.add_argument("--folder", type=Path)
    given = arguments.parse_args()
    if given.step:
        print(json.dumps(step(given.step, given.folder), ensure_ascii=False))
        return
    from feigong.exchange.demo import write_demo
    from feigong.wording import Words

    with tempfile.TemporaryDirectory(prefix="feigong-bench-") as home:
        folder = Path(home)
        for month in (1, 2):
            write_demo(
                folder / str(month), Words("zh"), seed=3, enterprises=given.enterprises, month=month, force=True
            )
        missed = [said for name in STEPS for said in _measured(name, folder, given.database)]
    sys.exit(f"over the limit: {', '.join(missed)}" if missed else 0)


def _measured(name: str, folder: Path, database: str) -> list[str]:
    """Run a step in a process of its own and print what it measured; its name where it took too much."""
    home = {"FEIGONG_HOME": str(folder / "home"), "DJANGO_SETTINGS_MODULE": "feigong.config.settings"}
    environment = {**os.environ, **home}
    environment.pop("DATABASE_URL", None)
    if database:
        environment["DATABASE_URL"] = database
    command = [sys.executable, "-m", "benchmarks.imports", "--step", name, "--folder", str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    print(done.stdout.strip().splitlines()[-1], flush=True)
    said = json.loads(done.stdout.strip().splitlines()[-1])
    seconds, megabytes = LIMITS.get(name.removesuffix("_next").removesuffix("_first"), (float("inf"), float("inf")))
    return [name] if said["seconds"] > seconds or said["peak_mb"] > megabytes else []


if __name__ == "__main__":
    main()
