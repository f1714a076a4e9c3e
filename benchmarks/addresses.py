"""How well addresses are split and located, on labels and registers outside the project (``FEIGONG_SHARED``).

``python -m benchmarks.addresses`` prints recall and precision of town, road, number and building on labelled addresses,
the share of firms whose township-level area is found and how, the agreement with a geocoder's key of road and number,
the real distances behind equal keys, from which the defaults of the distance table are taken.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from feigong.core.roll.places.address import split
from feigong.core.roll.places.distance import between_points
from feigong.core.roll.places.gazetteer import Gazetteer
from feigong.core.roll.places.locate import PlaceInput, locate
from feigong.core.roll.places.values import AreaFrom, AreaKind, Datum, Place
from feigong.core.text import fold
from feigong.exchange.reference import guess_district, load_gazetteer

FIELDS = ("town", "road", "number", "building")
# The best library tried on a larger set of the same kind: recall; precision where known.
PEER = {"town": 1.0, "road": 0.82, "number": 0.80, "building": 0.65}
SHARED = Path(os.environ.get("FEIGONG_SHARED", Path(__file__).resolve().parents[2] / "shared"))
Row = Mapping[str, str]


def rows_of(name: str) -> list[Row]:
    """Rows of a csv file of the shared data."""
    path = SHARED / "data" / name
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if name.endswith(".gz") else raw).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


@cache
def gazetteer_of(district: str) -> Gazetteer:
    return load_gazetteer(district)


def _same(label: str, found: str) -> bool:
    return fold(label).rstrip("号") == found.rstrip("号")


def scores(labels: Iterable[Row]) -> dict[str, tuple[float, float, int]]:
    """Recall, precision and number of labels of each field; a value counts when equal but for a final 号."""
    right, labelled, found = Counter[str](), Counter[str](), Counter[str]()
    for row in labels:
        parts = split(row["address"], gazetteer_of(row["area_code"]))
        for field in FIELDS:
            value = getattr(parts, field)
            labelled[field] += bool(row[field])
            found[field] += bool(value)
            right[field] += bool(row[field]) and _same(row[field], value)
    return {f: (right[f] / max(1, labelled[f]), right[f] / max(1, found[f]), labelled[f]) for f in FIELDS}


def located(rows: Sequence[Row], district: str) -> list[Place]:
    """Places of a register's rows, with points where it has them."""
    inputs = [
        PlaceInput(r["address"], (float(r["lng_gcj02"]), float(r["lat_gcj02"])), Datum.GCJ02)
        if r.get("lng_gcj02")
        else PlaceInput(r["address"])
        for r in rows
    ]
    return locate(inputs, gazetteer_of(district))


def area_report(name: str, rows: Sequence[Row], district: str) -> list[str]:
    """How the areas were found, and whether they agree with the register's own column where it is filled."""
    places, names = located(rows, district), gazetteer_of(district).by_code
    how = Counter(p.area_from for p in places)
    known = sum(how[k] for k in (AreaFrom.GIVEN, AreaFrom.NAME, AreaFrom.ALIAS, AreaFrom.STREET))
    labelled = [(r["town_name"], p) for r, p in zip(rows, places, strict=True) if r["town_name"]]
    right = sum(p.area is not None and names[p.area].name == town for town, p in labelled)
    shares = ", ".join(f"{k.value} {how[k] / len(places):.1%}" for k in AreaFrom if how[k])
    keys = ", ".join(
        f"{n} {sum(getattr(p, a) is not None for p in places) / len(places):.1%}"
        for n, a in (("building", "building_key"), ("street", "street_key"), ("village", "village_key"))
    )
    return [
        f"{name}: {len(places)} firms, township-level area found {known / len(places):.1%} ({shares})",
        f"  area as in the register's column: {right} of {len(labelled)}; keys: {keys}",
    ]


def key_agreement(rows: Sequence[Row], places: Sequence[Place]) -> float:
    """Share of addresses whose road and head of the number are those of the geocoder's key."""
    right = 0
    for row, place in zip(rows, places, strict=True):
        head = re.match(r"\d+", place.parts.number)
        kind = "弄" if "弄" in place.parts.number else "号"
        right += f"{place.parts.road}{head.group() if head else ''}{kind}" == row["key"]
    return right / len(rows)


Pairs = Iterator[tuple[int, int]]


def _pairs(rows: Iterable[int], key: Callable[[int], str | None], most: int) -> Pairs:
    """Pairs of rows of one key, at most ``most`` of each, the same on every run."""
    groups: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if (name := key(row)) is not None:
            groups[name].append(row)
    rng = random.Random(0)
    for _, members in sorted(groups.items()):
        pairs = [(a, b) for i, a in enumerate(members) for b in members[i + 1 :]]
        yield from rng.sample(pairs, most) if len(pairs) > most else pairs


def distance_report(rows: Sequence[Row], places: Sequence[Place], kinds: Mapping[str, AreaKind]) -> list[str]:
    """Real metres between firms whose keys are equal, one firm for each geocoded key."""
    first: dict[str, int] = {}
    for index, row in enumerate(rows):
        first.setdefault(row["key"] + row["area_code"], index)
    alone = sorted(first.values())
    street = list(_pairs(alone, lambda i: places[i].street_key, 3000))
    steps = [(a, b, abs((places[a].house_number or 0) - (places[b].house_number or 0))) for a, b in street]
    measured: dict[str, list[tuple[int, int]]] = {
        "same building key": list(_pairs(range(len(places)), lambda i: places[i].building_key, 200))
    }
    for low, high in ((1, 20), (21, 100), (101, 200), (201, 500), (501, 1000)):
        measured[f"same street, numbers {low}-{high} apart"] = [(a, b) for a, b, n in steps if low <= n <= high]
    measured["same street"] = list(_pairs(alone, lambda i: places[i].street_key, 60))
    for kind in (AreaKind.SUBDISTRICT, AreaKind.TOWNSHIP):
        same = [i for i in alone if kinds.get(places[i].area or "") is kind]
        measured[f"same {kind.value}"] = list(_pairs(same, lambda i: places[i].area, 200))
    return [_line(name, pairs, places) for name, pairs in measured.items()]


def _line(name: str, pairs: Sequence[tuple[int, int]], places: Sequence[Place]) -> str:
    points = [p.point for p in places]
    ends = [(points[a], points[b]) for a, b in pairs]
    x1, y1, x2, y2 = np.array([(p.longitude, p.latitude, q.longitude, q.latitude) for p, q in ends if p and q]).T
    metres = between_points(x1, y1, x2, y2)
    median, ninth = np.percentile(metres, [50, 90])
    far = (metres > 3000).mean()
    return f"  {name}: {len(metres)} pairs, median {median:.0f} m, 90 % {ninth:.0f} m, over 3 km {far:.1%}"


def main() -> int:
    if not (SHARED / "data").is_dir():
        print(f"No shared data at {SHARED}: set FEIGONG_SHARED.")
        return 0
    print("field      recall  precision  labels   peer's recall")
    for field, (recall, precision, count) in scores(rows_of("address_labels.csv")).items():
        print(f"{field:<9} {recall:7.1%} {precision:10.1%} {count:7d} {PEER[field]:12.0%}")
    benxi = [r for r in rows_of("register_benxi_2105.csv.gz") if r["area_code"] == "210502"]
    for name, rows in (("Benxi 210502", benxi), ("Ganjingzi", rows_of("register_ganjingzi_210211.csv.gz"))):
        district = guess_district([r["address"] for r in rows], [r["uscc"] for r in rows])
        print("\n".join(area_report(name, rows, district or "")))
    rows = rows_of("register_shanghai_geocoded.csv.gz")
    district = guess_district([r["address"] for r in rows], [r["uscc"] for r in rows]) or ""
    places = located(rows, district)
    print(f"Shanghai: road and number as in the geocoder's key {key_agreement(rows, places):.2%} of {len(rows)}")
    print("\n".join(distance_report(rows, places, gazetteer_of(district).kinds)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
