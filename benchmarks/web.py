"""How long the pages take at 20,000 enterprises and 60,000 members: ``python -m benchmarks.web`` (``make bench-web``).

A fictional district is written into a database of its own (SQLite, or the one of ``DATABASE_URL``, which must be
empty), served by the product's own server on loopback, and opened by two offices at once: the district's and a
township's.
The times are whole answers as the browser waits for them, so no less than the server's own.
"""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

PORT = 8791
TARGET_MS = 200.0
TARGET_RATIO = 1.2
ROLES = ("district_office", "township")
MAKE = """
import sys; sys.path.insert(0, "tests")
import django; django.setup()
from big_district import build_big_district
from big_plan import build_big_plan
from feigong.apps.accounts.roles import Role
build_big_plan(build_big_district({enterprises}, {members}).actor(Role.DISTRICT_OFFICE))
"""


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--enterprises", type=int, default=20_000)
    asked.add_argument("--members", type=int, default=60_000)
    asked.add_argument("--seconds", type=int, default=60)
    asked.add_argument("--home", type=Path, help="keep the district here, and use the one that is there already")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="feigong-bench-") as scratch:
        home = options.home or Path(scratch)
        environment = _environment(home)
        _make(home, environment, options.enterprises, options.members)
        lists = _measure({**environment, "FEIGONG_BENCH_PAGES": "lists"}, Path(scratch) / "lists", options.seconds)
        maps = _measure({**environment, "FEIGONG_BENCH_PAGES": "maps"}, Path(scratch) / "maps", options.seconds)
    missed = _print(lists)
    _print(maps)  # drawn at once, with every enterprise on it: no target is set for them
    return missed


def _environment(home: Path) -> dict[str, str]:
    sys.path.insert(0, "tests")
    return {
        **os.environ,
        "FEIGONG_HOME": str(home),
        "FEIGONG_ADDRESS": f"http://127.0.0.1:{PORT}",
        "DJANGO_SETTINGS_MODULE": "feigong.config.settings",
        "FEIGONG_BENCH_PASSWORD": "feigong-demo-2026",
    }


def _make(home: Path, environment: dict[str, str], enterprises: int, members: int) -> None:
    stamp = home / "made.txt"
    wanted = f"{enterprises} {members}"
    began = time.monotonic()
    home.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "feigong.cli.main", "setup"], env=environment, check=True)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    code = MAKE.format(enterprises=enterprises, members=members)
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    stamp.write_text(wanted)
    print(f"district made in {time.monotonic() - began:.0f} s")


def _measure(environment: dict[str, str], out: Path, seconds: int) -> list[dict[str, str]]:
    serve = [sys.executable, "-m", "feigong.cli.main", "serve", "--port", str(PORT), "--no-worker"]
    server = subprocess.Popen(serve, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{PORT}/health/", server)
        users = [sys.executable, "-m", "locust", "-f", "benchmarks/web_users.py", "--headless", "--only-summary"]
        host = environment["FEIGONG_ADDRESS"]
        timing = ["-u", "2", "-r", "2", "-t", f"{seconds}s", "--csv", str(out), "--host", host]
        done = subprocess.run([*users, *timing], env=environment, capture_output=True, text=True)
        if done.returncode:
            print(done.stdout[-3000:], done.stderr[-3000:])
            raise SystemExit(done.returncode)
    finally:
        server.terminate()
        server.wait(timeout=20)
    with Path(f"{out}_stats.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(120):
        if server.poll() is not None:
            raise SystemExit(f"the server ended with {server.returncode}")
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise SystemExit("the server did not answer")


def _print(rows: list[dict[str, str]]) -> int:
    """A line for each page: both offices' median and 95th percentile, in milliseconds. 1 where a target is missed.

    The ratio is that of the medians: whatever else the machine does falls on either office by chance.
    """
    found = {row["Name"]: row for row in rows}
    pages = sorted({name.partition(": ")[2] for name in found if ": " in name})
    print(f"{'page':28} {'district p50':>12} {'p95':>6} {'township p50':>12} {'p95':>6} {'ratio':>6}")
    missed = 0
    for page in pages:
        office, town = (found.get(f"{role}: {page}") for role in ROLES)
        assert office is not None
        if town is None:  # a page of the district's office alone
            print(f"{page:28} {office['50%']:>12} {office['95%']:>6}")
            continue
        ratio = float(town["50%"]) / float(office["50%"])
        shown = (office["50%"], office["95%"], town["50%"], town["95%"])
        print(f"{page:28} {shown[0]:>12} {shown[1]:>6} {shown[2]:>12} {shown[3]:>6} {ratio:6.2f}")
        missed += max(float(shown[1]), float(shown[3])) > TARGET_MS or ratio > TARGET_RATIO
    total = found["Aggregated"]
    print(f"{total['Request Count']} answers, {total['Failure Count']} failed; {total['Requests/s'][:5]} a second")
    return 1 if missed or int(total["Failure Count"]) else 0


if __name__ == "__main__":
    raise SystemExit(main())
