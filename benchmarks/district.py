"""Districts made from real registers that lie outside the project, and what is true of them.

The registers and their script are found through FEIGONG_SHARED (default: ``../shared`` beside the project); their
licence keeps them out of it. The script makes six departmental tables as offices keep them and knows what it invented.
"""

from __future__ import annotations

import csv
import gzip
import importlib.util
import json
import os
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from feigong.core.text import fold

REGISTERS = {
    "benxi": ("register_benxi_2105.csv.gz", "210502"),
    "benxi-all": ("register_benxi_2105.csv.gz", ""),
    "ganjingzi": ("register_ganjingzi_210211.csv.gz", ""),
    "shanghai": ("register_shanghai_geocoded.csv.gz", "310107"),
}


@dataclass(frozen=True)
class Truth:
    """``employers``: of every person of the members' table by ID number; ``rough``: (employer, the name as written)."""

    on: date
    enterprises: frozenset[str]
    dormant: frozenset[str]
    written: dict[str, str]  # a wrong code as written: the right one
    employers: dict[str, str]  # without the numbers that the script gave to two persons
    rough: frozenset[tuple[str, str]]
    unknown: frozenset[str]  # ID numbers of persons whose employer nobody knows
    members: dict[
        str, frozenset[tuple[int, bool]]
    ]  # of each open enterprise: who is known there; full or not
    times: dict[str, tuple[str, str, str]]  # of each open enterprise: address, shift, free times
    private: frozenset[str]  # what must leave no trace: ID numbers and phones


def shared() -> Path | None:
    """The folder with the registers, if it is there."""
    root = Path(os.environ.get("FEIGONG_SHARED", "") or Path(__file__).resolve().parents[2] / "shared")
    return root if (root / "data" / "make_district.py").is_file() else None


def make_tables(
    root: Path, district: str, out: Path, *, seed: int, limit: int | None, months: Sequence[int] = (1, 2),
    area_code: str | None = None,
) -> dict[int, Truth]:  # fmt: skip
    """Write each month's tables into ``out/<month>`` and say what is true of them. ``area_code``: another area of the
    register than the usual one."""
    script = _script(root / "data" / "make_district.py")
    file, area = REGISTERS[district]
    area = area if area_code is None else area_code
    with gzip.open(root / "data" / file, "rt", encoding="utf-8-sig") as text:
        rows = {r["uscc"]: r for r in csv.DictReader(text) if not area or r["area_code"] == area}
    chosen = list(rows.values())
    if limit:
        chosen = random.Random(seed).sample(chosen, min(limit, len(chosen)))
    found = {}
    for month in months:
        made = script.District(chosen, seed)
        if month == 2:
            made.next_month()
        folder = out / str(month)
        folder.mkdir(parents=True, exist_ok=True)
        script.write(made, folder, seed, True)
        found[month] = _truth(made, json.loads((folder / "truth.json").read_text(encoding="utf-8")))
    return found


def _script(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("make_district", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_district"] = module
    spec.loader.exec_module(module)
    return module


def _truth(made: Any, told: dict[str, Any]) -> Truth:
    there = [m for m in made.members if not m["gone"]]
    firms = [f for f in made.firms if not f["closed"]]
    staff: dict[str, set[tuple[int, bool]]] = {f["uscc"]: set() for f in firms}
    unknown = set(told["unknown_employer"])
    for m in there:
        if m["number"] in unknown:  # for the office this person works nowhere
            continue
        staff[m["firm"]].add((m["id"], m["full"]))
    times = Counter(m["number"] for m in there)
    return Truth(
        on=made.today,
        enterprises=frozenset(f["uscc"] for f in made.firms if not f["closed"]),
        dormant=frozenset(f["uscc"] for f in made.firms if f["dormant"] and not f["closed"]),
        written={wrong: right for right, wrong in told["bad_code"]},
        employers={m["number"]: m["firm"] for m in there if times[m["number"]] == 1},
        rough=frozenset((uscc, fold(name)) for uscc, name in told["rough_employer"]),
        unknown=frozenset(told["unknown_employer"]),
        members={uscc: frozenset(who) for uscc, who in staff.items()},
        times={f["uscc"]: (f["row"]["address"], f["shift"], f["free"]) for f in firms},
        private=frozenset(str(m[key]) for m in there for key in ("number", "phone")),
    )
