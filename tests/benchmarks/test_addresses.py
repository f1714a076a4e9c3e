"""Addresses against labels, and areas against registers, where the shared data is there."""

from __future__ import annotations

import pytest

from benchmarks.addresses import PEER, SHARED, key_agreement, located, rows_of, scores

pytestmark = [
    pytest.mark.district,
    pytest.mark.skipif(not (SHARED / "data").is_dir(), reason=f"no registers at {SHARED} (FEIGONG_SHARED)"),
]


@pytest.mark.parametrize("field", PEER)
def test_nowhere_behind_the_best_library(field: str) -> None:
    recall, precision, labels = scores(rows_of("address_labels.csv"))[field]
    assert labels > 0
    assert recall >= min(1.0, PEER[field] + 0.1)
    assert precision >= 0.9


def test_area_agrees_with_the_register() -> None:
    rows = rows_of("register_ganjingzi_210211.csv.gz")
    places = located(rows, "210211")
    found = sum(p.area is not None and len(p.area) == 9 for p in places)
    codes = [(r["town_code"], p.area) for r, p in zip(rows, places, strict=True) if r["town_code"]]
    assert found > 0.5 * len(rows)
    assert sum(a == b for a, b in codes) > 0.99 * len(codes)


def test_road_and_number_as_in_the_geocoders_key() -> None:
    rows = rows_of("register_shanghai_geocoded.csv.gz")
    assert key_agreement(rows, located(rows, "310115")) > 0.995
