"""A small district, another one far away, and by hand: what each role may know of them.

What is declared here is not taken from the queries under test. Names are those of `platform_district`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from architecture.scope_plans import planned_branches
from feigong.apps.accounts import actions, actors
from feigong.apps.accounts.models import SavedView, Sitting, User
from feigong.apps.accounts.roles import PERMISSIONS, Permission, Role
from feigong.apps.accounts.sight import Actor, Door, Scope
from feigong.apps.audit.models import Record
from feigong.apps.audit.recording import changing
from feigong.apps.cases import actions as cases
from feigong.apps.cases.actions import Opening
from feigong.apps.clock import now, today
from feigong.apps.coverage.actions import start_plan
from feigong.apps.coverage.jobs import plan_on_roll
from feigong.apps.documents.actions import upload_template
from feigong.apps.documents.making import document, template_of
from feigong.apps.imports.actions import ask_check, start_import
from feigong.apps.imports.models import Problem
from feigong.apps.jobs.actions import start
from feigong.apps.jobs.models import Job
from feigong.apps.jobs.registry import discover
from feigong.apps.liaison.actions import Told, log_visit
from feigong.apps.movement.actions import Sending, ask_transfer
from feigong.apps.roll.models import (
    Area,
    AreaState,
    Enterprise,
    EnterpriseState,
    Member,
    MemberState,
    Organisation,
    OrganisationState,
    Venue,
    VenueState,
    Worker,
    WorkerState,
)  # fmt: skip
from feigong.apps.roll.searching import search_text
from feigong.apps.roll.writing import Writer
from feigong.apps.targets.actions import Wanted, set_targets
from merge_tables_maker import make_code
from platform_district import (
    AREAS,
    ENTERPRISES,
    MEMBERS,
    ON,
    ORGANISATIONS,
    SINCE,
    WORKERS,
    SmallDistrict,
    build_small_district,
)  # fmt: skip

ROLL = ("area", "enterprise", "organisation", "member", "worker", "venue")
OWNED = ("token", "sitting", "view", "job")  # each account has one, named as its role

FAR = {
    "area": "遥岭区",
    "enterprise": "遥岭矿业有限公司",
    "organisation": "中共遥岭矿业支部委员会",
    "member": "司空遥",
    "worker": "尉迟岭",
    "venue": "遥岭活动室",
}
WORDS: dict[str, dict[str, str]] = {
    "area": {name: row[0] for name, row in AREAS.items()},
    "enterprise": {name: row[0] for name, row in ENTERPRISES.items()},
    "organisation": {name: row[0] for name, row in ORGANISATIONS.items()},
    "member": {name: row[0] for name, row in MEMBERS.items()},
    "worker": {name: row[0] for name, row in WORKERS.items()},
    "venue": {"room": "澜汇大厦党群服务中心"},
}
for _kind, _words in WORDS.items():
    _words["far"] = FAR[_kind]

_EVERYTHING = {kind: frozenset(words) - {"far"} for kind, words in WORDS.items()}
_EAST = {
    "area": frozenset({"east"}),
    "enterprise": frozenset({"apple", "birch", "cedar"}),
    "organisation": frozenset({"town", "single"}),
    "member": frozenset({"zhong", "zhu", "bai"}),
    "worker": frozenset({"secretary", "deputy", "liaison"}),
}
_SINGLE = {"organisation": frozenset({"single"}), "enterprise": frozenset({"apple"})}

SEEN: dict[Role, dict[str, frozenset[str]]] = {
    Role.DISTRICT_OFFICE: _EVERYTHING,
    Role.TOWNSHIP: _EAST,
    Role.DEPARTMENT: {k: v for k, v in _EVERYTHING.items() if k not in ("member", "worker")},
    Role.LIAISON_OFFICER: {"enterprise": frozenset({"birch", "cedar"}), "worker": frozenset({"liaison"})},
    Role.BRANCH_SECRETARY: {
        **_SINGLE, "member": frozenset({"zhong", "zhu", "bai"}), "worker": frozenset({"secretary", "deputy"}),
    },
    Role.MEMBER: {**_SINGLE, "member": frozenset({"zhu"})},
    Role.AUDITOR: {},
    Role.SYSTEM_ADMINISTRATOR: {},
    Role.SECURITY_ADMINISTRATOR: {},
    Role.AUDIT_ADMINISTRATOR: {},
}  # fmt: skip

# The areas and committees that one's own are part of: where one stands is no secret.
ABOVE: dict[Role, dict[str, frozenset[str]]] = {
    Role.TOWNSHIP: {"area": frozenset({"district"}), "organisation": frozenset({"office"})},
    Role.BRANCH_SECRETARY: {"area": frozenset({"district", "east"}), "organisation": frozenset({"office", "town"})},
    Role.MEMBER: {"area": frozenset({"district", "east"}), "organisation": frozenset({"office", "town"})},
    Role.LIAISON_OFFICER: {"area": frozenset({"district", "east"})},
    Role.AUDITOR: {"area": frozenset({"district"})},  # whose audit it is
}


# A plan touches what it was made of; all of it is read only by those who see all of what was planned.
PLANS: dict[str, dict[Role, frozenset[str]]] = {
    "planned_branch": {Role.DISTRICT_OFFICE: frozenset({"east", "both"}), Role.TOWNSHIP: frozenset({"east"})},
    "plan": {Role.DISTRICT_OFFICE: frozenset({"whole", "park"}), Role.TOWNSHIP: frozenset({"whole"})},
    "whole_plan": {Role.DISTRICT_OFFICE: frozenset({"whole", "park"})},
}

# A case is seen by whoever sees what it is about.
CASES: dict[Role, frozenset[str]] = {
    Role.DISTRICT_OFFICE: frozenset({"birch", "daisy", "single", "bai"}),
    Role.TOWNSHIP: frozenset({"birch", "single", "bai"}),
    Role.LIAISON_OFFICER: frozenset({"birch"}),
    Role.BRANCH_SECRETARY: frozenset({"single", "bai"}),
}

# A visit is seen with the enterprise.
VISITS: dict[Role, frozenset[str]] = {
    Role.DISTRICT_OFFICE: frozenset({"birch", "daisy"}),
    Role.TOWNSHIP: frozenset({"birch"}),
    Role.LIAISON_OFFICER: frozenset({"birch"}),
}

# One's own, and those of whose areas one has all and may apply.
IMPORTS: dict[Role, frozenset[str]] = {
    Role.DISTRICT_OFFICE: frozenset({"district_office", "township", "department"}),
    Role.TOWNSHIP: frozenset({"township"}),
    Role.DEPARTMENT: frozenset({"department"}),
}
RECORDS: dict[Role, frozenset[str]] = {
    Role.AUDITOR: frozenset({"business"}),
    Role.AUDIT_ADMINISTRATOR: frozenset({"business", "administration"}),
}
_HEAD = "统一社会信用代码,企业名称,住所,参保人数\n"


@dataclass
class World:
    district: SmallDistrict
    ids: dict[str, dict[str, int]]  # kind -> name -> identity
    keys: dict[Role, str] = field(default_factory=dict)  # secrets of tokens

    def user(self, role: Role) -> User:
        return self.district.users[role]

    def seen(self, role: Role, kind: str) -> frozenset[str]:
        """Names of the things of a kind that a role may open."""
        if kind in ROLL:
            return SEEN[role].get(kind, frozenset())
        may = PERMISSIONS[role]
        if kind in ("case", "case paper"):
            return CASES.get(role, frozenset())
        if kind == "template":
            return frozenset({"district"}) if role is Role.DISTRICT_OFFICE else frozenset()
        if kind == "visit":
            return VISITS.get(role, frozenset())
        if kind in PLANS:
            return PLANS[kind].get(role, frozenset())
        if kind == "record":
            return RECORDS.get(role, frozenset())
        if kind == "taken_record":
            return frozenset({"business"}) if role is Role.DISTRICT_OFFICE else frozenset()
        if kind.startswith("import"):
            return IMPORTS.get(role, frozenset())
        if kind.startswith("account"):
            return frozenset(self.ids["account"]) if Permission.ACCOUNTS_MANAGE in may else frozenset()
        if (kind == "job" and Permission.JOBS_VIEW in may) or (kind == "own_job" and Permission.SYSTEM_MANAGE in may):
            return frozenset(self.ids[kind])
        return frozenset({role.value})

    def relations(self, role: Role, kind: str) -> dict[str, str]:
        """Things of a kind in their relation to a role: own, ancestor, sibling, foreign. All of them are tried."""
        seen, above = self.seen(role, kind), ABOVE.get(role, {}).get(kind, frozenset())
        return {
            name: "own" if name in seen else "ancestor" if name in above else "foreign" if name == "far" else "sibling"
            for name in self.names(kind)
        }

    def names(self, kind: str) -> list[str]:
        """Of "import file": the imports of which there is a file."""
        first, *others = kind.split()
        return [name for name in self.ids[first] if all(name in self.ids[other] for other in others)]

    def forbidden(self, role: Role, shown: frozenset[str] = frozenset()) -> frozenset[str]:
        """Words that no answer to this role may hold: names of what it may not know, unless they stand in what it may
        (an address names its area; a secretary is a member too). ``shown``: kinds that this answer may name."""
        known = "\n".join(
            words[name]
            for kind, words in WORDS.items()
            for name in words
            if name in self.seen(role, kind) | ABOVE.get(role, {}).get(kind, frozenset())
            or (kind in shown and name != "far")
        )
        known += "\n".join(ENTERPRISES[name][5] for name in self.seen(role, "enterprise"))
        everything = {text for kind, words in WORDS.items() for text in words.values() if kind not in shown}
        return frozenset(text for text in everything if text not in known)


def build_world() -> World:
    district = build_small_district()
    roll = {
        "area": district.areas, "enterprise": district.enterprises, "organisation": district.organisations,
        "member": district.members, "worker": district.workers, "venue": district.venues,
    }  # fmt: skip
    ids = {kind: dict(names) for kind, names in roll.items()}
    ids["account"] = {role.value: user.pk for role, user in district.users.items()}
    world = World(district, ids)
    for kind in OWNED:
        ids[kind] = {}
    for role, user in district.users.items():
        _own(world, role, user)
    ids["own_job"] = ids["job"]
    _imports(world)
    _checks(world)
    _work()
    for name, number in ids["import"].items():
        ids["problem"][name] = Problem.objects.filter(of=number).latest("pk").pk
    for kind, identity in _far_district().items():
        ids[kind]["far"] = identity
    _targets(district)
    _cases(world)
    _visits(world)
    _templates(world)
    parts = {"whole": "district", "park": "park", "far": "far"}
    ids["plan"] = {name: _plan(district, ids["area"][area]) for name, area in parts.items()}
    ids["whole_plan"] = ids["plan"]
    ids["planned_branch"] = planned_branches(ids)
    return world


def _own(world: World, role: Role, user: User) -> None:
    actor = actors.of_user(user, door=Door.PAGE)
    ids, name, at = world.ids, role.value, now()
    ids["sitting"][name] = Sitting.objects.create(user=user, started_at=at, seen_at=at).pk
    ids["view"][name] = SavedView.objects.create(user=user, list_code="enterprises", name="常用", saved_at=at).pk
    ids["job"][name] = Job.objects.create(
        kind="tests.none", user=user, actor_name=user.display_name, created_at=at, state="done"
    ).pk
    if actor.may(Permission.API_USE):
        ids["token"][name], world.keys[role] = actions.create_token(
            actor, "测试", actor.permissions, on=ON, days=9, read_only=False
        )


def _imports(world: World) -> None:
    """Checked tables of three uploaders. Each has a row of an enterprise that is the west's, under a wrong name: what
    the roll has under this code is told only to those who may see it."""
    for kind in ("import", "file", "sheet", "problem"):
        world.ids[kind] = {}
    for role in IMPORTS:
        name = role.value
        own = f"{make_code(0)},启帆精密机械有限公司,云汀区东湾镇和路12号,66\n"
        others = f"{make_code(3)},误写公司,云汀区东湾镇和路7号,5\n无代码,误写公司,,\n"
        actor = actors.of_user(world.user(role), door=Door.PAGE)
        found = start_import(actor, [("登记.csv", (_HEAD + own + others).encode())], today=ON, on=ON)
        ask_check(actor, found.pk)
        world.ids["import"][name] = found.pk
        world.ids["file"][name] = found.files.get().pk
        world.ids["sheet"][name] = found.files.get().sheets.get().pk


def _checks(world: World) -> None:
    """Records of an office and of an administrator, and a check of the chain by each who may ask for one."""
    admin = actors.of_user(world.user(Role.SECURITY_ADMINISTRATOR), door=Door.PAGE)
    part = Scope((world.district.areas["park"],))
    actions.create_account(admin, actions.Person("another", "另一位", Role.AUDITOR, part))
    last = Record.objects.latest("number").number or 0
    world.ids["record"] = {"business": world.district.record.number or 0, "administration": last}
    world.ids["taken_record"] = world.ids["record"]
    world.ids["check"] = {}
    for role, user in world.district.users.items():
        actor = actors.of_user(user, door=Door.PAGE)
        if actor.may(Permission.AUDIT_VERIFY):
            world.ids["check"][role.value] = start(actor, "audit.verify", {"expect": ""}).pk


def _cases(world: World) -> None:
    """A case about an enterprise of the east, one of the west, one about the branch of the secretary, and a transfer of
    one of its members; each with a paper. None is about the far district: its own office would have opened it."""
    district, office = world.district, world.district.actor(Role.DISTRICT_OFFICE)
    firms, areas = district.enterprises, district.areas
    openings = {
        "birch": Opening("branch_own", areas["east"], (firms["birch"],)),
        "daisy": Opening("branch_own", areas["tower"], (firms["daisy"],)),
        "single": Opening("branch_repair", areas["east"], organisations=(district.organisations["single"],)),
    }
    for kind in ("case", "paper"):
        world.ids[kind] = {}
    opened = {name: cases.open_case(office, opening, on=ON) for name, opening in openings.items()}
    sending = Sending(district.members["bai"], "home", to_name="外省某街道党工委", outside=True)
    opened["bai"] = ask_transfer(office, sending, on=ON)
    for name, number in opened.items():
        world.ids["case"][name] = number
        world.ids["paper"][name] = cases.attach(office, number, "材料.txt", "材料".encode(), on=ON)


def _templates(world: World) -> None:
    """A template of the district's own, and one of the far district."""
    offices = {"district": world.district.actor(Role.DISTRICT_OFFICE), "far": actors.operator("tests")}
    content = template_of(document("reply_set_up"))
    world.ids["template"] = {
        name: upload_template(office, "reply_set_up", world.ids["area"][name], "批复.docx", content, on=ON)
        for name, office in offices.items()
    }


@dataclass
class _Context:
    """The worker's side of the planner's job."""

    actor: Actor
    job_id: int

    def progress(self, stage: str, done: int = 0, total: int = 0, **reached: object) -> None: ...

    def stopped(self) -> bool:
        return False

    def fence(self) -> None: ...


def _work() -> None:
    """What was asked for, done here and now: a worker would close this connection with all that is not committed."""
    kinds = discover()
    for job in Job.objects.filter(state="waiting").order_by("pk"):
        asker = actors.of_user(User.objects.get(pk=job.user_id), door=Door.JOB)
        result = kinds[job.kind].run(_Context(asker, job.pk), job.params)
        Job.objects.filter(pk=job.pk).update(state="done", result=dict(result), ended_at=now())


def _visits(world: World) -> None:
    """One of the officer's in the east, one of the office's in the west, which raised a problem."""
    district, told = world.district, Told(ON, "owner", "talk", "谈了组建")
    firms = district.enterprises
    officer, office = district.actor(Role.LIAISON_OFFICER), district.actor(Role.DISTRICT_OFFICE)
    west = replace(told, problem="停车难")
    world.ids["visit"] = {
        "birch": log_visit(officer, firms["birch"], told, "visit-birch", today=today()).visit,
        "daisy": log_visit(office, firms["daisy"], west, "visit-daisy", today=today()).visit,
    }


def _targets(district: SmallDistrict) -> None:
    """Of the district and of two of its parts, one of them the township's."""
    wanted = [Wanted(district.areas[name], "coverage_rate", 8000) for name in ("district", "east", "park")]
    set_targets(district.actor(Role.DISTRICT_OFFICE), today().year, wanted, on=today())


def _plan(district: SmallDistrict, area: int) -> int:
    """A plan of an area, made as any is made, by an office that has no account here any more."""
    office = replace(district.actor(Role.DISTRICT_OFFICE), scope=Scope((area,)), user_id=None)
    job = start_plan(office, on=ON, known_at=now())
    found: int = plan_on_roll.run(_Context(office, job.pk), job.params)["plan"]
    return found


def _far_district() -> dict[str, int]:
    """One thing of each kind in a district of which nobody here may know."""
    found: dict[str, int] = {}
    with changing(actors.operator("tests"), "test.far") as change:
        writer = Writer(change)

        def put(what: str, identity: type, state: type, **facts: object) -> int:
            key = identity.objects.create(created=change.record).pk  # type: ignore[attr-defined]
            words = {"name": FAR[what]} if what == "area" else {"name": FAR[what], "search": search_text(FAR[what])}
            if what in ("area", "organisation"):
                words["path"] = f"{key:08d}/"
            writer.put(state, (key,), {**words, **facts}, SINCE)
            found[what] = key
            return key

        area = put("area", Area, AreaState, kind="district", code="990299")
        firm = put("enterprise", Enterprise, EnterpriseState, area_id=area, kind="enterprise", staff=9)
        branch = put("organisation", Organisation, OrganisationState, area_id=area, kind="branch")
        put("member", Member, MemberState, full=True, branch_id=branch, employer_id=firm)
        put("worker", Worker, WorkerState, area_id=area, route="hired", liaison=True)
        put("venue", Venue, VenueState, area_id=area)
    return found
