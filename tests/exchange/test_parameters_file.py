"""Planning parameters: sensible defaults with their sources, a district's own on top, slips named."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from feigong.core.coverage.joint.solve import check
from feigong.core.coverage.joint.values import JointInstance
from feigong.core.coverage.parameters import CoverageParameters
from feigong.core.coverage.values import Basis
from feigong.core.errors import FeigongError
from feigong.core.regulations import Override
from feigong.core.roll.places.distance import DistanceTable
from feigong.exchange.parameters_file import load_parameters, parameter_infos
from feigong.exchange.parameters_words import parameter_notes
from feigong.exchange.rules_file import load_rules
from feigong.wording import LANGUAGES, Words

ON = date(2026, 11, 1)
RULES = load_rules()


def write(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "参数.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_there_is_one_entry_for_every_field() -> None:
    wanted = [f.name for f in fields(CoverageParameters) if f.name != "distances"]
    wanted += [f"distances.{f.name}" for f in fields(DistanceTable)]
    assert sorted(info.id for info in parameter_infos()) == sorted(wanted)


def test_defaults() -> None:
    parameters, shown = load_parameters(None, RULES, ON)
    assert parameters.least_members == 3
    assert parameters.most_enterprises == 5
    assert parameters.travel_m == 3000.0
    assert parameters.industry_travel_m == 8000.0
    assert parameters.bases == (Basis.BUILDING, Basis.STREET, Basis.AREA, Basis.INDUSTRY)
    assert (parameters.officer_usual, parameters.officer_warn) == (3, 5)
    assert parameters.operating_staff == 10
    assert parameters.changed_share == 0.1
    assert parameters.allow_unverified is False
    assert dict(shown)["travel_m"] == "3000"
    assert dict(shown)["bases"] == "building, street, area, industry"
    assert len(shown) == len(parameter_infos())


def test_a_district_changes_what_it_wants(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "travel_m: 2500\nbases: [area, building]\nallow_unverified: true\n"
        "distances: {village_m: 900}\ndistances.park_m: 1500\n",
    )
    parameters, shown = load_parameters(file, RULES, ON)
    assert parameters.travel_m == 2500.0
    assert parameters.bases == (Basis.AREA, Basis.BUILDING)
    assert parameters.allow_unverified is True
    assert parameters.distances.village_m == 900.0
    assert parameters.distances.park_m == 1500.0
    assert parameters.distances.building_m == 30.0
    assert dict(shown)["distances.village_m"] == "900"


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    assert load_parameters(write(tmp_path, "# 暂无\n"), RULES, ON) == load_parameters(None, RULES, ON)


def test_a_default_follows_the_rule_in_force() -> None:
    changed = RULES.with_overrides([Override("joint.max_units", 8, "楼宇集中", "区里", date(2026, 1, 1))])
    assert load_parameters(None, changed, ON)[0].most_enterprises == 8
    assert load_parameters(None, changed, date(2025, 12, 31))[0].most_enterprises == 5


@pytest.mark.parametrize(
    ("text", "code", "key", "found"),
    [
        ("travel: 2500", "error.parameters.unknown", "travel", "2500"),
        ("distances: {lane_m: 3}", "error.parameters.unknown", "distances.lane_m", "3"),
        ("travel_m: 3公里", "error.parameters.number", "travel_m", "3公里"),
        ("travel_m: true", "error.parameters.number", "travel_m", "true"),
        ("travel_m:", "error.parameters.number", "travel_m", "None"),
        ("travel_m: 5", "error.parameters.range", "travel_m", "5"),
        ("travel_m: .nan", "error.parameters.range", "travel_m", "nan"),
        ("travel_m: .inf", "error.parameters.range", "travel_m", "inf"),
        ("least_members: 1", "error.parameters.range", "least_members", "1"),
        ("least_members: 4", "error.parameters.range", "least_members", "4"),
        ("most_enterprises: 1", "error.parameters.range", "most_enterprises", "1"),
        ("most_enterprises: 11", "error.parameters.range", "most_enterprises", "11"),
        ("changed_share: 1.5", "error.parameters.range", "changed_share", "1.5"),
        ("most_enterprises: 4.5", "error.parameters.whole", "most_enterprises", "4.5"),
        ("turnover: 1", "error.parameters.range", "turnover", "1"),
        ("allow_unverified: 1", "error.parameters.yes_no", "allow_unverified", "1"),
        ("bases: []", "error.parameters.bases", "bases", ""),
        ("bases: [area, area]", "error.parameters.bases", "bases", "area, area"),
        ("bases: [area, city]", "error.parameters.bases", "bases", "area, city"),
        ("bases: [[area]]", "error.parameters.bases", "bases", "['area']"),
        ("bases: area", "error.parameters.bases", "bases", "area"),
    ],
)
def test_a_slip_is_named_with_key_and_value(tmp_path: Path, text: str, code: str, key: str, found: str) -> None:
    with pytest.raises(FeigongError) as error:
        load_parameters(write(tmp_path, text), RULES, ON)
    reason = error.value.reason
    assert (reason.code, reason.params["key"], reason.params["found"]) == (code, key, found)
    for lang in LANGUAGES:
        assert key in Words(lang).say(reason)


def test_the_range_is_said(tmp_path: Path) -> None:
    with pytest.raises(FeigongError) as error:
        load_parameters(write(tmp_path, "travel_m: 5"), RULES, ON)
    assert Words("zh").say(error.value.reason) == "参数 travel_m 现在是 5，超出允许的范围 100 到 50000。请改正。"


def joint_instance(least: int, most_enterprises: int) -> JointInstance:
    """Two enterprises that may gather each other, as a district's figures would have it."""
    both = np.arange(2)
    return JointInstance(
        members=np.array([2, 2]), masks=np.array([1, 1]), at_stake=np.array([2, 2]), seed_owner=both,
        seed_room=np.full(2, most_enterprises - 1), seed_cost=np.zeros(2), arc_start=np.array([0, 1, 2]),
        arc_item=both[::-1], arc_cost=np.ones(2), price=100.0, least=least,
    )  # fmt: skip


def test_what_a_district_may_set_can_be_planned_with() -> None:
    """The ranges end where the planner of joint branches ends."""
    ranges = {info.id: (info.least, info.most) for info in parameter_infos()}
    assert ranges["least_members"] == (2, 3)
    assert ranges["most_enterprises"] == (2, 10)
    for least in (2, 3):
        for most in (2, 10):
            check(joint_instance(least, most))
    for least, most in ((4, 10), (3, 1), (3, 11)):
        with pytest.raises(ValueError):
            check(joint_instance(least, most))


def test_a_warning_below_the_usual_load(tmp_path: Path) -> None:
    with pytest.raises(FeigongError) as error:
        load_parameters(write(tmp_path, "officer_usual: 8"), RULES, ON)
    assert error.value.reason.code == "error.parameters.warn_below_usual"


@pytest.mark.parametrize("text", ["3", "[travel_m]", "travel_m"])
def test_not_a_list_of_settings(tmp_path: Path, text: str) -> None:
    with pytest.raises(FeigongError) as error:
        load_parameters(write(tmp_path, text), RULES, ON)
    assert error.value.reason.code == "error.parameters.not_a_mapping"


def test_a_day_before_the_rules() -> None:
    with pytest.raises(FeigongError) as error:
        load_parameters(None, RULES, date(2001, 1, 1))
    assert error.value.reason.code == "error.rules.not_in_force"


def test_parameters_that_follow_a_rule_name_one_that_exists() -> None:
    named = [info.rule for info in parameter_infos() if info.rule is not None]
    assert named == ["org.min_full_members", "joint.max_units", "cover.denominator", "liaison.load", "liaison.load"]
    assert set(named) <= set(RULES.ids)


def test_notes_say_name_unit_and_source() -> None:
    changed = RULES.with_overrides([Override("joint.max_units", 8, "楼宇集中", "区里", date(2026, 1, 1))])
    notes = parameter_notes(changed, ON, Words("zh"))
    assert set(notes) == {info.id for info in parameter_infos()}
    assert (notes["travel_m"].name, notes["travel_m"].unit) == ("到会路程上限", "米")
    assert notes["least_members"].source == "《中国共产党章程》（2022年修正）第 30 条（org.min_full_members）"
    assert notes["most_enterprises"].source.endswith("本区改为 8 家（原为 5 家）：楼宇集中；区里，自 2026-01-01 起")
    assert parameter_notes(RULES, ON, Words("en"))["officer_warn"].source == "local practice (liaison.load)"
