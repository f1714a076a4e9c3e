"""A small fictional district in the database, for tests of everything that stands on the roll.

``build_small_district()`` writes it in one change. Names are short: ``district.enterprises["apple"]`` is an identity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from feigong.apps.accounts import actors
from feigong.apps.accounts.models import Grant, User
from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Actor, Door, Sight
from feigong.apps.audit.models import Record
from feigong.apps.audit.recording import Change, changing
from feigong.apps.clock import now
from feigong.apps.roll.models import (
    Area,
    AreaState,
    Assignment,
    Coverage,
    Enterprise,
    EnterpriseState,
    Member,
    MemberState,
    Organisation,
    OrganisationState,
    Post,
    Venue,
    VenueState,
    Worker,
    WorkerState,
)
from feigong.apps.roll.searching import search_text
from feigong.apps.roll.writing import Writer
from feigong.apps.seals.fields import sealed_values
from merge_tables_maker import make_code

PASSWORD = "feigong-demo-2026"
SINCE = date(2026, 1, 1)
ON = date(2026, 11, 1)
CODE = "990101"

# name: (words, kind, above, code)
AREAS: dict[str, tuple[str, str, str | None, str]] = {
    "district": ("云汀区", "district", None, CODE),
    "east": ("东湾镇", "township", "district", CODE + "001"),
    "west": ("西浦街道", "sub_district", "district", CODE + "002"),
    "park": ("云汀经济开发区", "park", "district", CODE + "003"),
    "street": ("澜江商圈", "commercial_street", "west", ""),
    "tower": ("澜汇大厦", "building", "street", ""),
}
# name: (words, area, staff, shift, free time, address)
ENTERPRISES: dict[str, tuple[str, str, int | None, str, str, str]] = {
    "apple": ("启帆精密机械有限公司", "east", 60, "白班", "周六、周日全天", "云汀区东湾镇和路12号"),
    "birch": ("恒岳食品有限公司", "east", 35, "两班倒", "周日全天", "云汀区东湾镇和路18号"),
    "cedar": ("瑞航物流有限公司", "east", 12, "四班三运转", "不固定", "云汀区东湾镇源路3号"),
    "daisy": ("锦川软件有限公司", "tower", 25, "白班", "双休日", "云汀区西浦街道江路88号澜汇大厦11层02室"),
    "elm": ("凌奕文化传媒有限公司", "tower", 8, "白班", "周日上午", "云汀区西浦街道江路88号澜汇大厦6层15室"),
    "fern": ("昊舟餐饮管理有限公司", "street", 18, "轮休", "周一上午", "云汀区西浦街道江路60号"),
    "grape": ("沐诺电子科技有限公司", "park", 120, "三班倒", "周日下午", "云汀经济开发区创业大道1号"),
    "hazel": ("璟朗家具有限公司", "park", None, "", "", "云汀经济开发区创业大道9号"),
}
# name: (words, kind, above, area, covers; the first is host)
ORGANISATIONS: dict[str, tuple[str, str, str | None, str, tuple[str, ...]]] = {
    "office": ("中共云汀区非公企业工作委员会", "working_committee", None, "district", ()),
    "town": ("中共东湾镇委员会非公企业党委", "committee", "office", "east", ()),
    "single": ("启帆精密机械党支部", "branch", "town", "east", ("apple",)),
    "joint": ("澜汇大厦联合党支部", "joint_branch", "office", "tower", ("daisy", "elm", "fern")),
}
# name: (words, ID number, phone, full, branch, employer)
MEMBERS: dict[str, tuple[str, str, str, bool, str | None, str | None]] = {
    "zhong": ("钟舒岩", "990101198001010014", "13900000001", True, "single", "apple"),
    "zhu": ("祝予安", "990101198502020026", "13900000002", True, "single", "apple"),
    "bai": ("柏知行", "99010119900303003X", "13900000003", True, "single", "apple"),
    "mu": ("穆青禾", "990101199104040042", "13900000004", True, "joint", "daisy"),
    "lu": ("鲁远舟", "990101199205050055", "13900000005", True, "joint", "elm"),
    "lu2": ("路安然", "990101199306060068", "", True, "joint", "fern"),
    "zhuo": ("卓星河", "990101200007070077", "13900000007", False, "joint", "daisy"),
    "lin": ("蔺景初", "990101198808080080", "13900000008", True, None, "grape"),
}
# name: (words, route, liaison, member, area, post in, post, looks after)
WORKERS: dict[str, tuple[str, str, bool, str | None, str, str | None, str, tuple[str, ...]]] = {
    "secretary": ("钟舒岩", "elected", False, "zhong", "east", "single", "secretary", ()),
    "deputy": ("祝予安", "elected", False, "zhu", "east", "single", "deputy_secretary", ()),
    "joint_secretary": ("穆青禾", "elected", False, "mu", "tower", "joint", "secretary", ()),
    "liaison": ("褚行川", "posted", True, None, "east", None, "", ("birch", "cedar")),
    "second": ("邢望舒", "hired", True, None, "park", None, "", ("grape",)),
}


@dataclass
class SmallDistrict:
    """Identities by their short names, and an account for each role."""

    record: Record
    areas: dict[str, int] = field(default_factory=dict)
    enterprises: dict[str, int] = field(default_factory=dict)
    organisations: dict[str, int] = field(default_factory=dict)
    venues: dict[str, int] = field(default_factory=dict)
    members: dict[str, int] = field(default_factory=dict)
    workers: dict[str, int] = field(default_factory=dict)
    users: dict[Role, User] = field(default_factory=dict)

    @property
    def at(self) -> datetime:
        """When it was recorded."""
        return self.record.at

    def actor(self, role: Role) -> Actor:
        return actors.of_user(self.users[role], door=Door.PAGE)

    def sight(self, role: Role, on: date = ON, known_at: datetime | None = None) -> Sight:
        return self.actor(role).sight(on, known_at or now())


def build_small_district() -> SmallDistrict:
    with changing(actors.operator("tests"), "test.district") as change:
        district = SmallDistrict(change.record)
        writer = Writer(change)
        _areas(district, change, writer)
        _enterprises(district, change, writer)
        _organisations(district, change, writer)
        _people(district, change, writer)
        _accounts(district, change)
    return district


def _named(model: type[Any], names: Mapping[str, object], change: Change) -> dict[str, int]:
    return {name: model.objects.create(created=change.record).pk for name in names}


def _path(names: Mapping[str, Any], ids: Mapping[str, int], name: str, above: int) -> str:
    over = names[name][above]
    return (_path(names, ids, over, above) if over else "") + f"{ids[name]:08d}/"


def _areas(district: SmallDistrict, change: Change, writer: Writer) -> None:
    ids = district.areas = _named(Area, AREAS, change)
    rows = [
        (
            (ids[name],),
            {"name": words, "kind": kind, "parent_id": ids[above] if above else None, "code": code,
             "path": _path(AREAS, ids, name, 2)},
        )
        for name, (words, kind, above, code) in AREAS.items()
    ]  # fmt: skip
    writer.put_many(AreaState, rows, SINCE)


def _enterprises(district: SmallDistrict, change: Change, writer: Writer) -> None:
    ids = district.enterprises = _named(Enterprise, ENTERPRISES, change)
    rows = []
    for number, (name, (words, area, staff, shift, free, address)) in enumerate(ENTERPRISES.items()):
        uscc = make_code(number)
        facts = {
            "uscc": uscc, "name": words, "search": search_text(words, uscc), "kind": "enterprise", "control": "private",
            "area_id": district.areas[area], "staff": staff, "shift": shift, "free_text": free, "industry": "35",
            "registered_address": address, "registered_on": date(2015, 5, 1), "legal_representative": "裴知远",
            "longitude": 123.6 + number / 1000, "latitude": 30.6 + number / 1000,
            "slots": {"周六、周日全天": "2064384", "周日全天": "1835008", "双休日": "2064384"}.get(free, ""),
        }  # fmt: skip
        rows.append(((ids[name],), facts))
    writer.put_many(EnterpriseState, rows, SINCE)
    district.venues = _named(Venue, {"room": None}, change)
    words = "澜汇大厦党群服务中心"
    room = {
        "name": words, "search": search_text(words), "area_id": district.areas["tower"], "seats": 30,
        "enterprise_id": ids["daisy"], "address": ENTERPRISES["daisy"][5],
    }  # fmt: skip
    writer.put(VenueState, (district.venues["room"],), room, SINCE)


def _organisations(district: SmallDistrict, change: Change, writer: Writer) -> None:
    ids = district.organisations = _named(Organisation, ORGANISATIONS, change)
    rows, covers = [], []
    for name, (words, kind, above, area, covered) in ORGANISATIONS.items():
        facts = {
            "name": words, "search": search_text(words), "kind": kind, "superior_id": ids[above] if above else None,
            "path": _path(ORGANISATIONS, ids, name, 2), "area_id": district.areas[area],
            "venue_id": district.venues["room"] if name == "joint" else None, "elected_on": date(2024, 6, 1),
            "founded_on": date(2018, 7, 1),
        }  # fmt: skip
        rows.append(((ids[name],), facts))
        covers += [((ids[name], district.enterprises[e]), {"host": e == covered[0]}) for e in covered]
    writer.put_many(OrganisationState, rows, SINCE)
    writer.put_many(Coverage, covers, SINCE)


def _people(district: SmallDistrict, change: Change, writer: Writer) -> None:
    members = district.members = _named(Member, MEMBERS, change)
    rows = []
    for name, (words, number, phone, full, branch, employer) in MEMBERS.items():
        facts = {
            "name": words, "search": search_text(words, person=True), "full": full, "joined_on": date(2016, 7, 1),
            **sealed_values(MemberState, {"id_number": number, "phone": phone}),
            "branch_id": district.organisations[branch] if branch else None,
            "employer_id": district.enterprises[employer] if employer else None, "owner": False,
        }  # fmt: skip
        rows.append(((members[name],), facts))
    writer.put_many(MemberState, rows, SINCE)
    workers = district.workers = _named(Worker, WORKERS, change)
    states, posts, cases = [], [], []
    for name, (words, route, liaison, member, area, organisation, role, after) in WORKERS.items():
        facts = {
            "name": words, "search": search_text(words, person=True), "route": route, "liaison": liaison,
            "member_id": members[member] if member else None, "area_id": district.areas[area],
            "base_address": "云汀区东湾镇和路1号" if liaison else "", "most": 3 if liaison else None,
            **sealed_values(WorkerState, {"phone": "13911110000", "wage": "800"}),
        }  # fmt: skip
        states.append(((workers[name],), facts))
        if organisation:
            posts.append(((workers[name], district.organisations[organisation], role), {}))
        cases += [((workers[name], district.enterprises[e]), {}) for e in after]
    writer.put_many(WorkerState, states, SINCE)
    writer.put_many(Post, posts, SINCE)
    writer.put_many(Assignment, cases, SINCE)


def _accounts(district: SmallDistrict, change: Change) -> None:
    """The township is the east; the department is the district's; who stands for one case has that case."""
    grants: dict[Role, dict[str, int]] = {
        Role.DISTRICT_OFFICE: {"area_id": district.areas["district"]},
        Role.TOWNSHIP: {"area_id": district.areas["east"]},
        Role.DEPARTMENT: {"area_id": district.areas["district"]},
        Role.LIAISON_OFFICER: {"worker_id": district.workers["liaison"]},
        Role.BRANCH_SECRETARY: {"organisation_id": district.organisations["single"]},
        Role.MEMBER: {"member_id": district.members["zhu"]},
        Role.AUDITOR: {"area_id": district.areas["district"]},
    }
    for role in Role:
        user = User(username=role.value, display_name=role.value, role=role, language="zh")
        user.set_password(PASSWORD)
        user.save()
        district.users[role] = user
        if role in grants:
            Grant.objects.create(user=user, granted_by=change.record, **grants[role])
