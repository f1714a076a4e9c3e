"""From tables made from a real register to the plan of two months: nothing lost, nothing invented, no rule broken."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from plan_values import branch, plan_of

from benchmarks import district, roll
from feigong.core.reasons import reason


@pytest.mark.district
def test_two_months_of_a_real_district(tmp_path: Path) -> None:
    if district.shared() is None:
        pytest.skip("no registers: FEIGONG_SHARED does not lead to data/make_district.py")
    target = tmp_path / "figures.json"
    assert roll.main(["--district=benxi-all", "--seed=905", "--limit=250", f"--json={target}"]) == 0
    first, second = json.loads(target.read_text(encoding="utf-8"))
    for figures in (first, second):
        assert figures["missed"] == figures["invented"] == figures["rows lost"] == figures["violations"] == 0
        assert figures["found"] + figures["reported as unmendable"] == figures["enterprises true"]
        assert figures["wrong codes caught"] == figures["wrong codes"]
        assert figures["wrong and certain"] == figures["unknown employers matched"] == 0
        assert figures["roughly named right"] >= 95
        assert figures["covered"] <= figures["bound covered"]
        assert figures["bound cost m"] <= figures["cost m"]
    assert second["untouched"] > 0 and second["changed without a reason"] == 0


def test_without_the_registers_it_says_what_to_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FEIGONG_SHARED", str(tmp_path))
    assert roll.main([]) == 3
    assert "FEIGONG_SHARED" in capsys.readouterr().err


def test_stability_counts_only_branches_whose_enterprises_did_not_change() -> None:
    before = plan_of(branch("A", "a1", "a2"), branch("B", "b1", "b2"), branch("C", "c1", "c2"))
    after = plan_of(branch("A", "a1", "a2"), branch("D", "b1", "c1"), touched={"c2"})
    was, now = facts(), facts(c2=frozenset({(1, True)}))
    figures: dict[str, Any] = roll.stability(before, after, was, now)
    assert (figures["branches in force"], figures["untouched"]) == (3, 2)
    assert (figures["untouched but changed %"], figures["changed without a reason"]) == (50.0, 1)
    told = plan_of(branch("A", "a1", "a2"), touched={"c2"}, changed={"B": reason("change.better")})
    assert roll.stability(before, told, was, now)["changed without a reason"] == 0


def test_a_closed_or_moved_enterprise_is_touched() -> None:
    before = plan_of(branch("A", "a1", "a2"), branch("B", "b1", "b2"), branch("C", "c1", "c2"))
    was, now = facts(), facts()
    del now.members["a1"], now.times["a1"]
    now.times["b2"] = ("elsewhere", "", "")
    assert roll.stability(before, before, was, now)["untouched"] == 1


def test_private_numbers_are_found_in_any_file(tmp_path: Path) -> None:
    (tmp_path / "plain.html").write_text("<p>13800001234</p>", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w") as book:
        book.writestr("sheet.xml", "<c>210502198001010016</c><c>13800009999</c>")
    truth = replace(facts(), private=frozenset({"13800001234", "210502198001010016", "13900000000"}))
    assert roll.leaks(tmp_path, truth) == 2


def facts(**members: frozenset[tuple[int, bool]]) -> district.Truth:
    """A truth of six enterprises without members but those given."""
    usccs = ("a1", "a2", "b1", "b2", "c1", "c2")
    return district.Truth(
        on=date(2026, 10, 31),
        enterprises=frozenset(usccs),
        dormant=frozenset(),
        written={},
        employers={},
        rough=frozenset(),
        unknown=frozenset(),
        members={u: members.get(u, frozenset()) for u in usccs},
        times=dict.fromkeys(usccs, ("here", "", "")),
        private=frozenset(),
    )
