"""Targets are set by whoever stands above, split so that they add up, dated, recorded, and taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Sight
from feigong.apps.audit.models import Record
from feigong.apps.clock import now
from feigong.apps.roll.queries.agreement import disagreements
from feigong.apps.roll.taking_back import take_back
from feigong.apps.targets import queries
from feigong.apps.targets.actions import Part, Wanted, set_targets, split_target, suggested
from feigong.apps.targets.models import Target
from feigong.apps.targets.reading import table, weights
from feigong.core.coverage.targets import Pace
from feigong.core.errors import FeigongError
from feigong.exchange.targets_file import load_measures
from platform_district import ON, SmallDistrict, build_small_district
from targets_district import build_year

pytestmark = pytest.mark.django_db

OFFICE, TOWN = Role.DISTRICT_OFFICE, Role.TOWNSHIP
RATE, NEW = "coverage_rate", "new_organisations"
MEASURES = {one.code: one for one in load_measures()}


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def _set(district: SmallDistrict, role: Role, area: str, value: int | None, measure: str = RATE, **more: object) -> int:
    on = more.pop("on", ON)
    wanted = Wanted(district.areas[area], measure, value, **more)  # type: ignore[arg-type]
    return set_targets(district.actor(role), 2026, [wanted], on=on)  # type: ignore[arg-type]


def _stands(sight: Sight, measure: str = RATE) -> dict[int | str, int]:
    return {key: one.value for key, one in queries.standing(sight, 2026, measure).items()}


def _refused(code: str, district: SmallDistrict, role: Role, area: str, value: int | None, **more: object) -> None:
    with pytest.raises(FeigongError) as refused:
        _set(district, role, area, value, **more)  # type: ignore[arg-type]
    assert refused.value.reason.code == code


def test_dated_twice(district: SmallDistrict) -> None:
    areas = district.areas
    _set(district, OFFICE, "district", 8000, on=date(2026, 2, 1))
    before = now()
    _set(district, OFFICE, "district", 8500, on=date(2026, 9, 1))
    _set(district, OFFICE, "east", 9000)
    assert _stands(district.sight(OFFICE, date(2026, 1, 31))) == {}
    assert _stands(district.sight(OFFICE, date(2026, 8, 31))) == {areas["district"]: 8000}
    assert _stands(district.sight(OFFICE)) == {areas["district"]: 8500, areas["east"]: 9000}
    assert _stands(district.sight(OFFICE, ON, before)) == {areas["district"]: 8000}
    assert _stands(district.sight(TOWN)) == {areas["east"]: 9000}
    found = queries.stretches(district.sight(OFFICE), 2026, areas["district"], RATE)
    assert [(one.value, one.first) for one in found] == [(8500, date(2026, 9, 1)), (8000, date(2026, 2, 1))]
    _set(district, OFFICE, "district", None, on=ON)
    assert _stands(district.sight(OFFICE)) == {areas["east"]: 9000}
    assert list(disagreements()) == []


def test_nothing_is_written_twice(district: SmallDistrict) -> None:
    assert _set(district, OFFICE, "east", 9000) == 1
    assert _set(district, OFFICE, "east", 9000, on=ON + timedelta(days=1)) == 0
    assert Target.rows.count() == 1


def test_who_may_set_what(district: SmallDistrict) -> None:
    _refused("error.targets.set_above", district, TOWN, "east", 9000)
    _refused("error.not_found", district, TOWN, "park", 9000)
    _refused("error.not_found", district, TOWN, "district", 9000)
    _refused("error.not_permitted", district, Role.DEPARTMENT, "east", 9000)
    _refused("error.not_permitted", district, Role.LIAISON_OFFICER, "east", 9000)
    assert _set(district, TOWN, "east", 9000, industry="35") == 1  # its own, split
    assert Record.objects.filter(code="targets.set").count() == 1


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("error.targets.value", {"value": 10_001}),
        ("error.targets.value", {"value": -1}),
        ("error.targets.measure", {"value": 5, "measure": "score"}),
        ("error.targets.industry", {"value": 5, "industry": "ZZ"}),
        ("error.targets.industry", {"value": 5, "measure": NEW, "industry": "35"}),
        ("error.targets.year", {"value": 5, "on": date(2028, 1, 1)}),
        ("error.changed_meanwhile", {"value": 5, "expected": 7}),
    ],
)
def test_what_is_no_target(district: SmallDistrict, code: str, wanted: dict[str, object]) -> None:
    _refused(code, district, OFFICE, "east", **wanted)  # type: ignore[arg-type]
    assert Target.rows.count() == 0


def test_what_changed_meanwhile_is_not_passed_over(district: SmallDistrict) -> None:
    _set(district, OFFICE, "east", 9000, expected=0)
    version = queries.standing(district.sight(OFFICE), 2026, RATE)[district.areas["east"]].version
    _set(district, OFFICE, "east", 8000, expected=version)
    _refused("error.changed_meanwhile", district, OFFICE, "east", 7000, expected=version)
    _refused("error.changed_meanwhile", district, OFFICE, "east", 7000, expected=0)
    assert _stands(district.sight(OFFICE)) == {district.areas["east"]: 8000}


def _split(district: SmallDistrict, values: dict[str, int | None], measure: str = RATE, **more: object) -> int:
    parts = [Part(district.areas.get(name, name), value) for name, value in values.items()]
    area = district.areas["district"]
    more = {"by": "areas", "on": ON, **more}
    return split_target(district.actor(OFFICE), 2026, area, measure, parts, **more)  # type: ignore[arg-type]


def test_a_number_is_split_by_who_counts(district: SmallDistrict) -> None:
    sight, areas = district.sight(OFFICE), district.areas
    _set(district, OFFICE, "district", 7, NEW)
    found = table(sight_now(sight), 2026, MEASURES[NEW])
    of = weights(sight, found)
    assert of == {areas["east"]: 3, areas["west"]: 2, areas["park"]: 1}
    offered = suggested(found, of)
    assert offered == {areas["east"]: 4, areas["west"]: 2, areas["park"]: 1}
    with pytest.raises(FeigongError) as refused:
        _split(district, {"east": 4, "west": 2, "park": None}, NEW)
    assert refused.value.reason == FeigongError("error.targets.sum", together=6, target=7).reason
    assert _split(district, {"east": 4, "west": 2, "park": 1}, NEW) == 3
    assert _split(district, {"east": 5, "west": 2, "park": 1}, NEW, accept=True) == 1
    assert Record.objects.filter(code="targets.split").latest("pk").params["difference"] == 1
    stands = _stands(sight_now(sight), NEW)
    assert stands == {areas["district"]: 7, areas["east"]: 5, areas["west"]: 2, areas["park"]: 1}


def sight_now(sight: Sight) -> Sight:
    return replace(sight, known_at=now(), paths={})


def test_a_share_is_split_by_weight(district: SmallDistrict) -> None:
    _set(district, OFFICE, "district", 8000)
    with pytest.raises(FeigongError) as refused:
        _split(district, {"east": 8000, "west": 7000, "park": 8000})
    assert refused.value.reason.params == {"together": 7666, "target": 8000}
    assert _split(district, {"east": 7000, "west": 9000, "park": 9000}) == 3


def test_industries_take_a_part(district: SmallDistrict) -> None:
    _set(district, OFFICE, "district", 8000)
    assert _split(district, {"35": 8000}, by="industries") == 1
    found = table(district.sight(OFFICE), 2026, MEASURES[RATE], by="industries")
    assert [(line.key, line.target, line.now.part, line.now.whole) for line in found.lines] == [
        (district.areas["district"], 8000, 3, 6), ("35", 8000, 3, 6)
    ]  # fmt: skip
    with pytest.raises(FeigongError) as refused:
        table(district.sight(OFFICE), 2026, MEASURES[NEW], by="industries")
    assert refused.value.reason.code == "error.targets.by_industry"


def test_split_onto_what_is_right_below(district: SmallDistrict) -> None:
    with pytest.raises(FeigongError) as refused:
        _split(district, {"east": 5})
    assert refused.value.reason.code == "error.targets.nothing_to_split"
    _set(district, OFFICE, "district", 8000)
    for wrong in ({"tower": 8000}, {"district": 8000}, {"35": 8000}):
        with pytest.raises(FeigongError) as refused:
            _split(district, wrong)  # type: ignore[arg-type]
        assert refused.value.reason.code == "error.targets.not_below"


def test_taken_back_by_whoever_could_set_it(district: SmallDistrict) -> None:
    _set(district, OFFICE, "east", 9000)
    record = Record.objects.get(code="targets.set")
    with pytest.raises(FeigongError) as refused:
        take_back(district.actor(TOWN), record.pk, "不是我们定的")
    assert refused.value.reason.code == "error.roll.outside"
    with pytest.raises(FeigongError) as refused:
        take_back(district.actor(Role.BRANCH_SECRETARY), record.pk, "不是我们定的")
    assert refused.value.reason.code == "error.not_permitted"
    take_back(district.actor(OFFICE), record.pk, "下错了")
    assert _stands(district.sight(OFFICE)) == {}


def test_the_table_follows_the_calendar() -> None:
    district = build_year()
    areas = district.areas
    _set(district, OFFICE, "district", 8500, on=date(2026, 1, 5))
    found = table(district.sight(OFFICE), 2026, MEASURES[RATE])
    whole, parts = found.lines[0], {line.key: line for line in found.parts}
    assert (whole.now.part, whole.now.whole, whole.missing) == (4, 10, 5)
    assert whole.course is not None
    assert (whole.course.pace, whole.course.expected, whole.course.behind) == (Pace.BEHIND, 7, 3)
    assert [one.part for one in whole.trend] == [3, 3, 3, 3, 4, 3, 4, 4, 4, 4, 4]
    assert set(parts) == {areas["east"], areas["west"], areas["park"]}
    assert parts[areas["park"]].below and not parts[areas["west"]].below  # the street went over to the park
    assert [name for _, name in table(district.sight(OFFICE), 2026, MEASURES[RATE], area=areas["tower"]).above] == [
        "云汀区", "云汀经济开发区", "澜江商圈"
    ]  # fmt: skip
    with pytest.raises(FeigongError):
        table(district.sight(TOWN), 2026, MEASURES[RATE], area=areas["park"])


def test_a_past_year_ends_with_its_last_day(district: SmallDistrict) -> None:
    _set(district, OFFICE, "district", 8500, on=date(2026, 1, 5))
    found = table(district.sight(OFFICE, date(2027, 3, 1)), 2026, MEASURES[RATE])
    assert (found.day, len(found.days), found.days[-2]) == (date(2026, 12, 31), 13, date(2026, 12, 1))
    assert found.lines[0].target == 8500
    ahead = table(district.sight(OFFICE), 2027, MEASURES[RATE])
    assert (ahead.day, ahead.days) == (ON, (ON,))


def test_areas_of_a_kind_however_deep() -> None:
    district = build_year()
    areas, sight = district.areas, district.sight(OFFICE)
    found = table(sight, 2026, MEASURES[RATE], kind="building")
    assert [(line.key, line.level, line.now.whole) for line in found.lines] == [
        (areas["district"], 0, 10), (areas["tower"], 1, 3)
    ]  # fmt: skip
    assert found.kinds == ("township", "sub_district", "park", "commercial_street", "building")
    none = table(sight, 2026, MEASURES[RATE], kind="other")
    assert (none.kind, len(none.parts)) == ("", 3)
