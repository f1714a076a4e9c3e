"""A large fictional district in the database: bulk, through the writer, in two changes (what is, and a second version).

For measurements only: it takes most of a minute.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from feigong.apps.accounts import actors
from feigong.apps.accounts.models import Grant, User
from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Actor, Door
from feigong.apps.audit.models import Record
from feigong.apps.audit.recording import Change, changing
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
    Worker,
    WorkerState,
)
from feigong.apps.roll.models.dated import Identity
from feigong.apps.roll.searching import search_text
from feigong.apps.roll.settling import settle
from feigong.apps.roll.writing import Key, Writer
from feigong.apps.seals.fields import sealed_values
from feigong.core.roll.trees import step
from feigong.exchange.demo.district import GIVEN, SURNAMES, District
from feigong.exchange.demo.places import BUILDINGS, DISTRICT, DISTRICT_CODE, TOWNS, town_code

PASSWORD = "feigong-demo-2026"
SINCE, LATER = date(2026, 1, 1), date(2026, 7, 1)
_SLOTS = ("", "1835008", "2064384", "2097151,2064384")
_MEMBERS_A_BRANCH = 6
_FIRMS_AN_OFFICER = 40

Rows = list[tuple[Key, dict[str, Any]]]


@dataclass
class BigDistrict:
    """Identities in the order made; towns first below the district."""

    record: Record
    district: int = 0
    towns: list[int] = field(default_factory=list)
    buildings: list[int] = field(default_factory=list)
    enterprises: list[int] = field(default_factory=list)
    organisations: list[int] = field(default_factory=list)
    members: list[int] = field(default_factory=list)
    workers: list[int] = field(default_factory=list)
    users: dict[Role, User] = field(default_factory=dict)
    rng: random.Random = field(default_factory=lambda: random.Random(7))

    def actor(self, role: Role) -> Actor:
        return actors.of_user(self.users[role], door=Door.PAGE)


def build_big_district(enterprises: int = 20_000, members: int = 60_000, *, second: bool = True) -> BigDistrict:
    """Make it. ``second``: every enterprise and every member gets a second version half a year later."""
    with changing(actors.operator("tests"), "test.big_district") as change:
        made = BigDistrict(change.record)
        writer = Writer(change)
        _areas(made, change, writer)
        where = _enterprises(made, change, writer, enterprises)
        employer = _organisations(made, change, writer, where, members)
        _members(made, change, writer, employer)
        _workers(made, change, writer, where)
        _accounts(made, change)
    if second:
        with changing(actors.operator("tests"), "test.big_district_later") as change:
            writer = Writer(change)
            staff = made.rng.sample(range(1, 10 * enterprises), enterprises)
            writer.put_many(
                EnterpriseState, [((e,), {"staff": s}) for e, s in zip(made.enterprises, staff, strict=True)], LATER
            )
            writer.put_many(MemberState, [((m,), {"owner": True}) for m in made.members], LATER)
    settle()
    return made


def _identities(model: type[Identity], count: int, change: Change) -> list[int]:
    things = [model(created=change.record) for _ in range(count)]
    return [thing.pk for thing in model._base_manager.bulk_create(things, batch_size=5_000)]


def _areas(made: BigDistrict, change: Change, writer: Writer) -> None:
    ids = _identities(Area, 1 + len(TOWNS) + len(BUILDINGS), change)
    made.district, made.towns, made.buildings = ids[0], ids[1 : 1 + len(TOWNS)], ids[1 + len(TOWNS) :]
    top = step(made.district)
    rows: Rows = [((made.district,), {"name": DISTRICT, "kind": "district", "code": DISTRICT_CODE, "path": top})]
    for n, (town, (name, *_)) in enumerate(zip(made.towns, TOWNS, strict=True)):
        kind = "park" if "开发区" in name else "sub_district" if name.endswith("街道") else "township"
        facts = {"name": name, "kind": kind, "code": town_code(n), "parent_id": made.district}
        rows.append(((town,), {**facts, "path": top + step(town)}))
    for n, (building, name) in enumerate(zip(made.buildings, BUILDINGS, strict=True)):
        town = made.towns[n % 4]
        path = top + step(town) + step(building)
        rows.append(((building,), {"name": name, "kind": "building", "parent_id": town, "path": path}))
    writer.put_many(AreaState, rows, SINCE)


def _enterprises(made: BigDistrict, change: Change, writer: Writer, count: int) -> dict[int, int]:
    """Area of each enterprise. Three in a hundred only known to be in the district."""
    made.enterprises = _identities(Enterprise, count, change)
    rng, where = made.rng, {}
    rows: Rows = []
    for identity, firm in zip(made.enterprises, District(7, count).firms, strict=False):
        area = made.towns[firm.site.town] if rng.random() > 0.03 else made.district
        building = next((b for b, name in zip(made.buildings, BUILDINGS, strict=True) if name in firm.site.address), 0)
        where[identity] = building or area
        facts = {
            "uscc": firm.code, "name": firm.name, "search": search_text(firm.name, firm.code), "scope": firm.scope,
            "area_id": where[identity], "staff": firm.staff, "shift": firm.shift, "free_text": firm.free,
            "slots": rng.choice(_SLOTS), "registered_on": firm.registered, "registered_address": firm.site.address,
            "industry": rng.choice(("34", "14", "18", "54", "51", "65")), "control": "private",
        }  # fmt: skip
        if firm.located:
            facts |= {"longitude": firm.site.point[0], "latitude": firm.site.point[1]}
        rows.append(((identity,), facts))
    writer.put_many(EnterpriseState, rows, SINCE)
    return where


def _organisations(
    made: BigDistrict, change: Change, writer: Writer, where: dict[int, int], members: int
) -> list[tuple[int | None, int]]:
    """Committees of the district and its towns, branches of enterprises; branch and employer of each member."""
    branches = members // (2 * _MEMBERS_A_BRANCH)
    ids = made.organisations = _identities(Organisation, 1 + len(made.towns) + branches, change)
    head, towns = ids[0], dict(zip(made.towns, ids[1 : 1 + len(made.towns)], strict=True))
    rows: Rows = [_body(head, "中共云汀区非公企业工作委员会", "working_committee", None, step(head), made.district)]
    for (name, *_), (town, body) in zip(TOWNS, towns.items(), strict=True):
        rows.append(_body(body, f"中共{name}委员会", "committee", head, step(head) + step(body), town))
    covers: Rows = []
    employed: list[tuple[int | None, int]] = []
    hosts = made.rng.sample(made.enterprises, min(branches, len(made.enterprises)))
    for n, (body, firm) in enumerate(zip(ids[1 + len(towns) :], hosts, strict=False)):
        over = towns.get(where[firm], head)
        path = (step(head) if over != head else "") + step(over) + step(body)
        kind = "joint_branch" if n % 9 == 0 else "branch"
        rows.append(_body(body, f"云汀第{n + 1}非公企业党支部", kind, over, path, where[firm]))
        covers.append(((body, firm), {"host": True}))
        employed += [(body, firm)] * _MEMBERS_A_BRANCH
    writer.put_many(OrganisationState, rows, SINCE)
    writer.put_many(Coverage, covers, SINCE)
    employed += [(None, made.rng.choice(made.enterprises)) for _ in range(members - len(employed))]
    return employed


def _body(body: int, name: str, kind: str, superior: int | None, path: str, area: int) -> tuple[Key, dict[str, Any]]:
    facts = {"name": name, "search": search_text(name), "kind": kind, "superior_id": superior, "path": path}
    return (body,), {**facts, "area_id": area, "elected_on": date(2024, 5, 1)}


def _name(rng: random.Random) -> str:
    return rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, 2))


def _members(made: BigDistrict, change: Change, writer: Writer, employed: Sequence[tuple[int | None, int]]) -> None:
    made.members = _identities(Member, len(employed), change)
    rows: Rows = []
    for n, (member, (branch, employer)) in enumerate(zip(made.members, employed, strict=True)):
        name = _name(made.rng)
        number = f"{DISTRICT_CODE}19800101{n % 10_000:04d}{n // 10_000:02d}"
        plain = {"id_number": number, "phone": f"139{n:08d}"}
        facts = {
            "name": name, "search": search_text(name, person=True), "full": n % 20 != 0, "joined_on": date(2015, 7, 1),
            "branch_id": branch, "employer_id": employer, "owner": False, **sealed_values(MemberState, plain),
        }  # fmt: skip
        rows.append(((member,), facts))
    writer.put_many(MemberState, rows, SINCE)


def _workers(made: BigDistrict, change: Change, writer: Writer, where: dict[int, int]) -> None:
    """A secretary for each branch; a liaison officer for every forty enterprises, in their area."""
    branches = made.organisations[1 + len(made.towns) :]
    by_area: dict[int, list[int]] = defaultdict(list)
    for firm, area in where.items():
        by_area[area].append(firm)
    cases = [
        (area, firms[at : at + _FIRMS_AN_OFFICER])
        for area, firms in sorted(by_area.items())
        for at in range(0, len(firms), _FIRMS_AN_OFFICER)
    ]
    made.workers = _identities(Worker, len(branches) + len(cases), change)
    rows: Rows = []
    posts: Rows = []
    assignments: Rows = []
    for worker, body in zip(made.workers, branches, strict=False):
        rows.append(_worker(made, worker, "elected", False, made.district))
        posts.append(((worker, body, "secretary"), {}))
    for worker, (area, firms) in zip(made.workers[len(branches) :], cases, strict=True):
        rows.append(_worker(made, worker, "posted", True, area))
        assignments += [((worker, firm), {}) for firm in firms]
    writer.put_many(WorkerState, rows, SINCE)
    writer.put_many(Post, posts, SINCE)
    writer.put_many(Assignment, assignments, SINCE)


def _worker(made: BigDistrict, worker: int, route: str, liaison: bool, area: int) -> tuple[Key, dict[str, Any]]:
    name = _name(made.rng)
    facts = {"name": name, "search": search_text(name, person=True), "route": route, "liaison": liaison}
    return (worker,), {**facts, "area_id": area, "most": 50 if liaison else None}


def _accounts(made: BigDistrict, change: Change) -> None:
    """District office, and the township of the first town. Accounts that are there already are kept."""
    for role, area in ((Role.DISTRICT_OFFICE, made.district), (Role.TOWNSHIP, made.towns[0])):
        user = User(username=f"big_{role.value}", display_name=role.value, role=role, language="zh")
        user.set_password(PASSWORD)
        user.save()
        Grant.objects.create(user=user, granted_by=change.record, area_id=area)
        made.users[role] = user
