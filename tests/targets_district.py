"""The small district over a year in which things happen: for figures of several days, each with rows of every kind."""

from __future__ import annotations

from datetime import date
from typing import Any

from feigong.apps.accounts import actors
from feigong.apps.audit.recording import changing
from feigong.apps.roll.models import (
    AreaState,
    Assignment,
    Coverage,
    Enterprise,
    EnterpriseState,
    MemberState,
    Organisation,
    OrganisationState,
)
from feigong.apps.roll.searching import search_text
from feigong.apps.roll.writing import Writer
from feigong.core.roll.trees import step
from merge_tables_maker import make_code
from platform_district import SINCE, SmallDistrict, build_small_district

# name: (area, what is not usual)
MORE: dict[str, tuple[str, dict[str, Any]]] = {
    "ivy": ("east", {"standing": "closed"}),
    "jade": ("park", {"standing": "dormant"}),
    "kelp": ("east", {"kind": "social_organisation"}),
    "lime": ("park", {"control": "state"}),
    "mint": ("west", {"flags": [["branch_office", "merge.flag_branch_office", {}]]}),
    "nut": ("park", {"registered_address": ""}),
    "oak": ("tower", {"registered_address": ""}),  # in a building: premises known
    "palm": ("west", {"registered_address": "", "longitude": 123.7, "latitude": 30.7, "industry": ""}),
    "quince": ("east", {"staff": 9}),
    "rose": ("east", {"staff": None, "standing": "dormant"}),
    "sage": ("district", {"industry": ""}),
    "teak": ("west", {"flags": [["state_owned", "check.code_invalid", {"name": '["branch_office",'}]]}),
}


def build_year() -> SmallDistrict:
    """What holds since January, and what changed in March, May, July and October."""
    district = build_small_district()
    with changing(actors.operator("tests"), "test.year") as change:
        writer = Writer(change)
        rows = []
        for number, (name, (area, facts)) in enumerate(MORE.items()):
            words = f"{name}有限公司"
            one = district.enterprises[name] = Enterprise._base_manager.create(created=change.record).pk
            usual = {
                "uscc": make_code(40 + number), "name": words, "search": search_text(words), "staff": 20,
                "area_id": district.areas[area], "industry": "51", "registered_address": "云汀区和路1号",
                "kind": "enterprise", "control": "private",
            }  # fmt: skip
            rows.append(((one,), {**usual, **facts}))
        writer.put_many(EnterpriseState, rows, SINCE)
    with changing(actors.operator("tests"), "test.months") as change:
        _happens(district, Writer(change), change)
    return district


def _happens(district: SmallDistrict, writer: Writer, change: Any) -> None:
    firms, areas, bodies = district.enterprises, district.areas, district.organisations
    writer.put(EnterpriseState, (firms["birch"],), {"standing": "closed"}, date(2026, 3, 10))
    writer.put(EnterpriseState, (firms["elm"],), {"staff": 12}, date(2026, 5, 1))
    writer.put(EnterpriseState, (firms["cedar"],), {"area_id": areas["park"]}, date(2026, 7, 1))
    writer.put(EnterpriseState, (firms["grape"],), {"industry": "39"}, date(2026, 7, 2))
    writer.put(AreaState, (areas["street"],), {"parent_id": areas["park"], "path": _path(areas, "park", "street")},
               date(2026, 10, 1))  # fmt: skip
    tower = {"path": _path(areas, "park", "street", "tower")}
    writer.put(AreaState, (areas["tower"],), tower, date(2026, 10, 1))
    writer.end(Coverage, [(bodies["joint"], firms["fern"])], date(2026, 5, 15))
    new = bodies["new"] = Organisation._base_manager.create(created=change.record).pk
    path = OrganisationState.rows.get(organisation_id=bodies["office"], valid_from=SINCE).path + step(new)
    facts = {
        "name": "沐诺电子科技党支部", "kind": "branch", "superior_id": bodies["office"], "path": path,
        "area_id": areas["park"], "founded_on": date(2026, 7, 1),
    }  # fmt: skip
    writer.put(OrganisationState, (new,), facts, date(2026, 6, 20))
    writer.put(Coverage, (new, firms["grape"]), {}, date(2026, 7, 1))
    writer.put(Coverage, (bodies["town"], firms["apple"]), {}, date(2026, 7, 1))
    writer.put(Coverage, (bodies["single"], firms["quince"]), {}, date(2026, 10, 15))  # apple's is its own no longer
    writer.end(Coverage, [(bodies["town"], firms["apple"])], date(2026, 10, 15))
    writer.put(MemberState, (district.members["lin"],), {"employer_id": firms["sage"]}, date(2026, 10, 20))
    writer.put(MemberState, (district.members["zhuo"],), {"employer_id": firms["palm"], "joined_on": date(2026, 5, 20)},
               date(2026, 5, 1))  # fmt: skip
    writer.end(Assignment, [(district.workers["liaison"], firms["cedar"])], date(2026, 10, 10))
    writer.put(Assignment, (district.workers["second"], firms["teak"]), {}, date(2026, 3, 1))


def _path(areas: dict[str, int], *names: str) -> str:
    return "".join(step(areas[name]) for name in ("district", *names))
