"""The fictional district in the database: its tables through the real import, an account for each role, a plan.

Each step looks whether it was done; killed half-way, the next call goes on. Loaded only where there is nothing else.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Final

from django.db.models import Count

from feigong.apps.accounts import actors
from feigong.apps.accounts.actions.people import Person, create_account
from feigong.apps.accounts.models import User
from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Actor, Door, Scope, Sight
from feigong.apps.clock import now, today
from feigong.apps.coverage.actions import KIND as PLAN
from feigong.apps.coverage.actions import start_plan
from feigong.apps.imports import actions as imports
from feigong.apps.imports import queries as imported
from feigong.apps.imports.choices import OPEN
from feigong.apps.jobs.models import Job
from feigong.apps.jobs.registry import discover
from feigong.apps.jobs.worker import JobWorker
from feigong.apps.operation.installation import home, note, write_note
from feigong.apps.operation.logins import NOTE, PASSWORD, Login, logins
from feigong.apps.roll import queries as roll
from feigong.apps.roll.actions.edges import assign_officer
from feigong.apps.roll.actions.outlines import upload_outlines
from feigong.apps.roll.queries import outlines
from feigong.core.errors import FeigongError
from feigong.exchange.demo import AREA_FILE, DISTRICT_CODE, OUTLINE_FILE, demo_outputs, write_demo
from feigong.exchange.demo.district import DAYS
from feigong.exchange.demo.places import DISTRICT
from feigong.exchange.geojson import read_geojson
from feigong.wording import Words

ENTERPRISES: Final = 3000
SINCE: Final = date(2026, 1, 1)  # the fictional areas are there since then
VISITED: Final = 12  # enterprises of the liaison officer with an account

Told = Callable[[str], None]  # codes of steps: wording `setup.demo.<step>`


class Progress:
    """Hands the stages of an import on as steps."""

    def __init__(self, told: Callable[[str], None]) -> None:
        self._told, self._stage = told, ""

    def progress(self, stage: str, done: int = 0, total: int = 0, **reached: object) -> None:
        if stage != self._stage:
            self._stage = stage
            self._told(f"job.stage.{stage}")

    def fence(self) -> None: ...


def load_demo(operator: Actor, told: Callable[[str], None]) -> list[Login]:
    """Load what is not there yet. ``told`` is given codes of words."""
    kept = note(NOTE)
    if not kept:
        _refuse_occupied(operator)
        write_note(NOTE, {"begun": now().isoformat()})
    if logins():
        return logins()
    folder = home() / "demo"
    words = Words("zh")  # the tables of a Chinese district
    tables = demo_outputs(folder, words)
    if not all(table.exists() for table in tables):
        told("setup.demo.tables")
        write_demo(folder, words, seed=1, enterprises=ENTERPRISES, month=1, force=True)
    district = _district(operator)
    if district is None:
        district = imports.seed_areas(operator, DISTRICT_CODE, on=SINCE, names=folder / words.word(AREA_FILE))
    office = _account(operator, "office", Role.DISTRICT_OFFICE, "区级办公室", Scope(areas=(district,)))
    _draw(office, folder / words.word(OUTLINE_FILE))
    _import(office, [table for table in tables if table.suffix == ".xlsx"], told)
    told("setup.demo.accounts")
    made = list(_accounts(operator, office, district))
    _plan(office, told)
    write_note(NOTE, {**note(NOTE), "logins": [asdict(login) for login in made]})
    return made


def _refuse_occupied(operator: Actor) -> None:
    if User.objects.exists() or roll.areas(_now(operator)).exists() or roll.enterprises(_now(operator)).exists():
        raise FeigongError("error.demo_occupied", home=str(home()))


def _now(actor: Actor) -> Sight:
    return actor.sight(today(), now())


def _district(operator: Actor) -> int | None:
    return roll.areas(_now(operator)).filter(parent=None).values_list("area_id", flat=True).first()


def _account(operator: Actor, name: str, role: Role, shown: str, scope: Scope) -> Actor:
    user = User.objects.filter(username=name).first()
    if user is None:
        person = Person(username=name, display_name=shown, role=role, scope=scope)
        user = create_account(operator, person, password=PASSWORD, must_change=False)
    return actors.of_user(user, door=Door.COMMAND)


def _draw(office: Actor, file: Path) -> None:
    """The outlines of the areas, handed in as anybody would."""
    sight = _now(office)
    if outlines.outlines(sight).exists():
        return
    found = outlines.match_features(sight, read_geojson(file.read_bytes()))
    drawn = {m.area_id: m.feature.outline for m in found if m.area_id is not None and m.feature.outline is not None}
    upload_outlines(office, drawn, on=SINCE, source=file.name)


def _import(office: Actor, tables: list[Path], told: Told) -> None:
    """The tables through the import; one that was broken off is given up first."""
    if roll.enterprises(_now(office)).exists():
        return
    for left in imported.imports(office, today(), now()).filter(state__in=OPEN):
        imports.abandon(office, left.pk)
    told("setup.demo.import")
    imports.run_whole(
        office, tables, on=DAYS[1], at=now(), department=DISTRICT, take_offered=True, tell=Progress(told)
    )  # fmt: skip


def _accounts(operator: Actor, office: Actor, district: int) -> Iterator[Login]:
    """One account for each role, with a part of the roll that has something in it."""
    sight = _now(office)
    areas = roll.areas(sight)
    yield Login("office", Role.DISTRICT_OFFICE, DISTRICT)
    filled = roll.enterprises(sight).order_by().values("area_id").exclude(area_id=district)
    busiest = filled.annotate(n=Count("pk")).order_by("-n", "area_id").values_list("area_id", flat=True)[0]
    township = areas.get(area_id=busiest)
    _account(operator, "township", Role.TOWNSHIP, f"{township.name}党建办", Scope(areas=(busiest,)))
    yield Login("township", Role.TOWNSHIP, township.name)
    _account(operator, "department", Role.DEPARTMENT, "市场监管局", Scope(areas=(district,)))
    yield Login("department", Role.DEPARTMENT, DISTRICT)
    officer = roll.workers(sight).filter(liaison=True).order_by("worker_id")[0]
    near = roll.enterprises(sight).filter(area_id=officer.area_id).order_by("enterprise_id")
    assign_officer(office, officer.worker_id, near.values_list("enterprise_id", flat=True)[:VISITED], on=DAYS[1])
    _account(operator, "liaison", Role.LIAISON_OFFICER, officer.name, Scope(worker=officer.worker_id))
    yield Login("liaison", Role.LIAISON_OFFICER, officer.name)
    members = roll.members(sight).exclude(branch=None).order_by()
    largest = members.values("branch_id").annotate(n=Count("pk")).order_by("-n", "branch_id")
    branch = roll.organisations(sight).get(organisation_id=largest.values_list("branch_id", flat=True)[0])
    secretary = Scope(organisations=(branch.organisation_id,))
    _account(operator, "secretary", Role.BRANCH_SECRETARY, f"{branch.name[:40]}书记", secretary)
    yield Login("secretary", Role.BRANCH_SECRETARY, branch.name)
    member = members.filter(branch_id=branch.organisation_id).order_by("member_id")[0]
    _account(operator, "member", Role.MEMBER, member.name, Scope(member=member.member_id))
    yield Login("member", Role.MEMBER, member.name)
    _account(operator, "auditor", Role.AUDITOR, "审计员", Scope(areas=(district,)))
    yield Login("auditor", Role.AUDITOR, DISTRICT)
    for name, role, shown in (
        ("system", Role.SYSTEM_ADMINISTRATOR, "系统管理员"),
        ("security", Role.SECURITY_ADMINISTRATOR, "安全管理员"),
        ("audit", Role.AUDIT_ADMINISTRATOR, "审计管理员"),
    ):
        _account(operator, name, role, shown, Scope())
        yield Login(name, role, "")


def _plan(office: Actor, told: Told) -> None:
    """Plan on the roll that was just imported, as a job like any other, done here and now."""
    told("setup.demo.plan")
    if not Job.objects.filter(kind=PLAN).exists():
        start_plan(office, on=today(), known_at=now())
    JobWorker(discover(), threading.Event()).run(until_idle=True)
