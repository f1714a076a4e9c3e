"""Every page, in both themes and on wide and narrow screens: no violation of axe, nothing sticks out, no script fails,
no request leaves the origin. A new page: one line in `PAGES`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from e2e.conftest import AXE
from e2e.visiting import leave, visit
from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from feigong.apps.cases import actions as cases
from feigong.apps.cases.models import CaseSubject
from feigong.apps.clock import now, today
from feigong.apps.coverage.models import Plan
from feigong.apps.documents.actions import upload_template
from feigong.apps.documents.making import document, template_of
from feigong.apps.documents.models import Template
from feigong.apps.jobs.models import Job, JobState
from feigong.apps.liaison.actions import Told, log_visit
from feigong.apps.movement.actions import Sending, ask_transfer
from feigong.apps.roll.actions.records import change_record
from feigong.apps.roll.kinds import RecordKind
from feigong.apps.targets.actions import Wanted, set_targets
from feigong.core.coverage.wishes import Move
from platform_district import ON, SmallDistrict, build_small_district
from platform_plans import adjusted, planned
from platform_street import add_street

Path = str | Callable[[SmallDistrict], str]


def a_job(**values: Any) -> Path:
    """The page of a job of the system administrator's."""

    def address(district: SmallDistrict) -> str:
        user, at = district.users[Role.SYSTEM_ADMINISTRATOR], now()
        job = Job(kind="coverage.plan", user=user, actor_name="x", created_at=at, started_at=at, **values)
        job.save()
        return f"/jobs/{job.pk}/"

    return address


RUNNING = a_job(state=JobState.RUNNING, stage="coverage.joint", done=3, total=8, reached={"covered": 12})
FAILED = a_job(state=JobState.FAILED, error={"code": "error.job_failed", "params": {"id": "ab12"}})



def a_case(district: SmallDistrict) -> str:
    """One at its first step, of which something was done."""
    office, firm = district.actor(Role.DISTRICT_OFFICE), district.enterprises["grape"]
    case = cases.open_case(office, cases.Opening("branch_own", district.areas["park"], (firm,)), on=ON)
    cases.do_step(office, case, "again", {"with_whom": "贺总", "noted": "再谈"}, on=ON, today=ON)
    return f"/cases/{case}/"


def a_visit(district: SmallDistrict) -> str:
    """One with all that can be said."""
    told = Told(ON, "owner", "talk", "谈了组建的事", 3, "厂门口积水")
    officer, firm = district.actor(Role.LIAISON_OFFICER), district.enterprises["birch"]
    return f"/visits/{log_visit(officer, firm, told, 'visit-0001', today=ON).visit}/"


def of_plan(page: str) -> Callable[[SmallDistrict], str]:
    """A page of a plan that was made from another by moving one enterprise into another branch; made once."""

    def address(district: SmallDistrict) -> str:
        if not Plan.objects.exists():
            add_street(district)
            first = planned(district, name="初稿", parameters={"turnover": 0.2})
            four = first.planned_branches.get(enterprises=4)
            mover = first.outcomes.filter(branch=four.key).exclude(enterprise=four.host).first()
            other = first.planned_branches.exclude(pk=four.pk).get()
            adjusted(district, first, Move(mover.key, other.key), name="移一户")
        second = Plan.objects.get(by_hand=True)
        found = second.planned_branches.get(enterprises=4)
        return page.format(plan=second.pk, branch=found.pk, key=found.key, firm=found.host_id)

    return address


def a_transfer(district: SmallDistrict) -> str:
    """One that leaves a branch with too few, asked for once."""
    member = district.members["zhong"]
    under_way = CaseSubject.objects.filter(member_id=member).first()
    if under_way is not None:
        return f"/cases/{under_way.case_id}/"
    sending = Sending(member, "job", district.organisations["joint"])
    return f"/cases/{ask_transfer(district.actor(Role.DISTRICT_OFFICE), sending, on=ON)}/"


def a_settler(district: SmallDistrict) -> str:
    """One that is surveyed, with a choice and counts to fill in."""
    office, firm = district.actor(Role.DISTRICT_OFFICE), district.enterprises["hazel"]
    facts = {"address": "云汀经济开发区创业大道9号", "operation": "active", "registered_on": "2026-10-02"}
    opening = cases.Opening("settler", district.areas["park"], (firm,), facts=facts)
    case = cases.open_case(office, opening, on=ON)
    cases.do_step(office, case, "reached", {"with_whom": "贺总", "noted": "约好"}, on=ON, today=ON)
    return f"/cases/{case}/"


def short_of_members(district: SmallDistrict) -> str:
    planned(district)
    return "/shortage/?columns=name,area,full_members,missing_members,takes,case,due,whose,why,plan"


def taking_back(district: SmallDistrict) -> str:
    """Something of a clerk's own to take back."""
    actor, birch = district.actor(Role.DISTRICT_OFFICE), district.enterprises["birch"]
    change_record(actor, RecordKind.ENTERPRISE, birch, {"staff": 41}, on=ON)
    return f"/enterprises/{birch}/take-back/?record={Record.objects.get(code='enterprise.change').pk}"


def with_template(district: SmallDistrict) -> str:
    """A document with a template of the district's own."""
    content = template_of(document("meeting_minutes"))
    actor, area = district.actor(Role.DISTRICT_OFFICE), district.areas["district"]
    if not Template.objects.exists():
        upload_template(actor, "meeting_minutes", area, "记录.docx", content, on=ON)
    return "/documents/meeting_minutes/"


def with_targets(address: str) -> Path:
    """A page of targets, of a year that has some. ``{}`` stands for the district."""

    def made(district: SmallDistrict) -> str:
        root, east = district.areas["district"], district.areas["east"]
        rates = [Wanted(root, "coverage_rate", 8500), Wanted(east, "coverage_rate", 9000)]
        wanted = [*rates, Wanted(root, "new_organisations", 7)]
        set_targets(district.actor(Role.DISTRICT_OFFICE), today().year, wanted, on=today())
        return address.format(root)

    return made


# Who looks at which pages. Pages that look the same for several roles stand once, for who sees most.
PAGES: dict[Role | None, tuple[Path, ...]] = {
    None: ("/login/",),
    Role.DISTRICT_OFFICE: (
        "/",
        "/enterprises/",
        "/enterprises/?q=qf&covered=yes&staff_from=10&columns=name,uscc,staff,officer,flags",
        "/enterprises/?q=nothing-like-this",
        "/enterprises/?on=2020-01-01",
        "/organisations/",
        "/members/",
        "/workers/",
        "/venues/",
        "/areas/?open=all",
        "/superiors/?open=all",
        "/map/",
        lambda d: f"/map/?at={d.enterprises['daisy']}",
        "/map/print/?paper=a4",
        "/map/upload/",
        lambda d: f"/enterprises/{d.enterprises['apple']}/",
        lambda d: f"/enterprises/{d.enterprises['daisy']}/?on=2026-06-30",
        lambda d: f"/enterprises/{d.enterprises['apple']}/change/",
        lambda d: f"/enterprises/{d.enterprises['apple']}/end/",
        lambda d: f"/enterprises/{d.enterprises['apple']}/merge/",
        lambda d: f"/enterprises/{d.enterprises['apple']}/merge/?other={d.enterprises['birch']}",
        lambda d: taking_back(d),
        lambda d: f"/organisations/{d.organisations['joint']}/",
        "/organisations/new/",
        "/merging/",
        lambda d: f"/members/{d.members['zhu']}/",
        lambda d: f"/members/{d.members['zhu']}/change/",
        lambda d: f"/members/{d.members['zhu']}/reveal/phone/",
        lambda d: f"/workers/{d.workers['liaison']}/",
        lambda d: f"/venues/{d.venues['room']}/",
        lambda d: f"/areas/{d.areas['west']}/",
        lambda d: f"/areas/{d.areas['west']}/end/",
        "/coverage/new/",
        "/coverage/preset/",
        of_plan("/coverage/"),
        of_plan("/coverage/{plan}/"),
        of_plan("/coverage/{plan}/compare/"),
        of_plan("/coverage/{plan}/adjust/"),
        of_plan("/coverage/{plan}/adjust/?branch={key}"),
        of_plan("/coverage/{plan}/adjust/?enterprise={firm}"),
        of_plan("/map/?plan={plan}"),
        of_plan("/coverage/branches/?plan={plan}"),
        of_plan("/coverage/branches/{branch}/"),
        "/cases/",
        "/cases/?kind=settler&unassigned=yes",
        lambda d: a_settler(d),
        lambda d: short_of_members(d),
        lambda d: a_case(d),
        lambda d: a_transfer(d),
        "/movement/",
        "/movement/turnover/",
        "/movement/arrive/",
        lambda d: f"/movement/members/{d.members['mu']}/send/",
        lambda d: f"/organisations/{d.organisations['single']}/",
        "/documents/",
        with_template,
        with_targets("/"),
        with_targets("/targets/"),
        with_targets("/targets/?by=industries"),
        with_targets("/targets/{}/"),
        with_targets("/targets/{}/set/"),
        with_targets("/targets/{}/split/?measure=new_organisations"),
        "/visits/",
        lambda d: f"/liaison/plans/{planned(d).pk}/",
        lambda d: f"/liaison/plans/{planned(d).pk}/waiting/",
        "/no/such/page/",
    ),
    Role.TOWNSHIP: ("/", "/audit/", "/targets/"),
    Role.DEPARTMENT: ("/",),
    Role.LIAISON_OFFICER: (
        "/",
        "/enterprises/",
        "/liaison/",
        lambda d: f"/liaison/visit/{d.enterprises['birch']}/",
        lambda d: a_visit(d),
        lambda d: f"{a_visit(d)}correct/",
    ),
    Role.BRANCH_SECRETARY: ("/", lambda d: f"/members/?branch_id={d.organisations['single']}"),
    Role.MEMBER: ("/",),
    Role.AUDITOR: ("/",),
    Role.SYSTEM_ADMINISTRATOR: ("/", "/system/", "/jobs/", RUNNING, FAILED, "/jobs/"),
    Role.SECURITY_ADMINISTRATOR: ("/",),
    Role.AUDIT_ADMINISTRATOR: ("/",),
}
# In each language a page is loaded once, at one width and in one theme, and then seen at another and in the other.
WINDOWS = {"zh": ((1440, "light"), (375, "dark")), "en": ((375, "light"), (1440, "dark"))}
EXPECTED = {"/no/such/page/": 404, ("/audit/", Role.TOWNSHIP): 403}


@pytest.fixture(scope="module")
def axe() -> str:
    return AXE.read_text(encoding="utf-8")


def turn(page: Any, width: int, theme: str) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme)


def look(page: Any, axe: str, width: int) -> list[str]:
    """What is wrong with the page that is open."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")
    wrong = [
        f"{violation['id']}: {violation['help']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
        for violation in found["violations"]
        for node in violation["nodes"][:3]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth")
    return wrong if wide <= width else [*wrong, f"sticks out: {wide} of {width}"]


@pytest.mark.parametrize("role", list(PAGES), ids=lambda role: role.value if role else "nobody")
def test_every_page(browser: Any, live_server: Any, axe: str, role: Role | None) -> None:
    district = build_small_district()
    wrong: list[str] = []
    addresses = [path(district) if callable(path) else path for path in PAGES[role]]  # made before anybody looks
    for language, windows in WINDOWS.items():
        user = district.users[role] if role else None
        seen = visit(browser, live_server.url, user, language=language)
        for address in addresses:
            turn(seen.page, *windows[0])
            status = EXPECTED.get(address, EXPECTED.get((address, role), 200))  # type: ignore[call-overload]
            answered = seen.go(address).status if status == 200 else seen.refused(address, status)
            if answered != status:
                wrong.append(f"{address} {language}: status {answered}")
                continue
            for width, theme in windows:
                turn(seen.page, width, theme)
                expect(seen.page.locator("html")).to_have_attribute("data-bs-theme", theme)
                found = look(seen.page, axe, width)
                wrong += [f"{address} {width} {theme} {language}: {one}" for one in [*found, *seen.faults]]
                seen.faults.clear()
        leave()
    assert wrong == []


def test_axe_finds_what_is_wrong(browser: Any, axe: str) -> None:
    page = browser.new_page()
    page.set_content("<main><h1>x</h1><input type=text><p style='color:#bbb;background:#fff'>faint</p></main>")
    found = " ".join(look(page, axe, 2000))
    page.close()
    assert "label:" in found
    assert "color-contrast:" in found
