"""A full story of coverage in the browser, pages and worker as processes of their own: a month's tables, plans, two
sets of parameters beside one another, changes by hand, approval, steps with documents, branches on the roll, the next
month, a plan that goes on from the first, figures of both months.

On a fictional district always; on the two real ones where their registers are. Of those one runs on each database; all:
FEIGONG_STORY=all. On all firms of their registers, not on samples: FEIGONG_STORY=whole; then all is approved at once,
and some cases of each kind are carried out.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import global_settings
from django.db import connection
from django.test import override_settings

from benchmarks.district import shared
from e2e import reckoned_apart as apart
from e2e.coverage_desk import Case, Joint, Planner
from e2e.real_district import Desk, Made, served
from e2e.reckoned_apart import Founded, Told
from e2e.story_places import ASKED, FICTIONAL, REAL, StoryPlace
from e2e.visiting import visit
from feigong.apps.accounts import actors
from feigong.apps.accounts.actions.people import Person, create_account
from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Scope, Sight
from feigong.apps.audit.verifying import verify_chain
from feigong.apps.clock import now
from feigong.apps.roll import queries
from feigong.core.coverage.facts import Exclusion
from feigong.core.roll.merge.names import exact_key
from own_database import OwnDatabase, own_database  # noqa: F401

PASSWORD = "feigong-demo-2026"
FIRST, APPROVED, DONE, SECOND = date(2026, 10, 31), date(2026, 11, 5), date(2026, 11, 12), date(2026, 11, 20)
SCREENS = ("enterprises", "members", "organisations", "workers")
KINDS = ("branch_joint", "branch_own", "branch_join")
LEAST_STAFF = 10  # rule cover.denominator
MOST_ALTERED = 0.1  # of the joint branches in which nothing changed

_needs = pytest.mark.skipif(
    shared() is None, reason="no registers: FEIGONG_SHARED does not lead to data/make_district.py"
)
_PLACES = [FICTIONAL, *(pytest.param(place, marks=[pytest.mark.district, _needs]) for place in REAL)]


@dataclass
class Story:
    """The district, the office, and what happened so far."""

    place: StoryPlace
    made: Made
    planner: Planner
    told: Told = field(default_factory=Told)
    founded: list[Founded] = field(default_factory=list)
    moved: frozenset[str] = frozenset()  # branches between which a member was transferred
    months: dict[date, list[Any]] = field(default_factory=dict)  # the lists of a day, as first seen

    @property
    def desk(self) -> Desk:
        return self.planner.desk

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Said with its seconds when it is done (pytest -s)."""
        began = time.monotonic()
        yield
        print(f"{self.place.district} {name}: {time.monotonic() - began:.1f} s", flush=True)


@pytest.fixture(params=_PLACES, ids=lambda place: place.district)
def story(
    request: pytest.FixtureRequest, browser: Any, own_database: OwnDatabase, tmp_path: Path  # noqa: F811
) -> Iterator[Story]:
    place: StoryPlace = request.param
    turn = {"sqlite": 0, "postgresql": 1}[connection.vendor]
    if place in REAL and place != REAL[turn] and ASKED not in ("all", "whole"):
        pytest.skip("runs on the other database; on both: FEIGONG_STORY=all")
    folder = tmp_path / "tables"
    made = place.make(folder)
    with served(own_database, place.district, place.names(folder)) as address:
        _account()
        desk = Desk(visit(browser, address, None), place.wait)
        desk.sign_in("office", PASSWORD)
        yield Story(place, made, Planner(desk))
        desk.page.context.close()


def _account() -> None:
    root = queries.areas(Sight(Scope(whole=True), SECOND, now())).get(parent=None).area_id
    person = Person(username="office", display_name="区级办公室", role=Role.DISTRICT_OFFICE, scope=Scope((root,)))
    with override_settings(PASSWORD_HASHERS=global_settings.PASSWORD_HASHERS):
        create_account(actors.operator("tests"), person, password=PASSWORD, must_change=False)


def test_from_the_tables_to_branches_and_on(story: Story) -> None:
    planner, desk, step = story.planner, story.desk, story.step
    with step("first month brought in"):
        planner.bring_in(story.made, 1, FIRST)
    with step("first month compared"):
        _month_is_right(story, 1, FIRST)
    first = _two_plans_and_changes_by_hand(story)
    branches = planner.branches(first)
    _approve_and_carry_out(story, first, branches)
    with step("figures compared"):
        _branches_are_on_the_roll(story, DONE)
        _figures_are_right(story, DONE)

    with step("transfer"):
        moved = _a_transfer(story)
    with step("second month brought in"):
        planner.bring_in(story.made, 2, SECOND)
    with step("second month compared"):
        _month_is_right(story, 2, SECOND)
        assert moved in desk.column("members", SECOND, "name", "branch"), "the roster has the old branch still"
        _branches_are_on_the_roll(story, SECOND)
    with step("planned again"):
        second = planner.plan(SECOND, "十一月", previous=first)
    with step("changes compared"):
        _little_is_altered(story, branches, second)
    with step("both months compared again"):
        assert _lists(desk, FIRST) == story.months[FIRST]
        _figures_are_right(story, FIRST)
        _figures_are_right(story, SECOND)
    assert verify_chain().findings == ()
    assert desk.seen.faults == []


def _lists(desk: Desk, on: date) -> list[Any]:
    return [sorted(desk.exported(screen, on)) for screen in SCREENS]


def _month_is_right(story: Story, month: int, on: date) -> None:
    """Enterprises and members as the tables of the months so far have them, row for row."""
    desk, truth = story.desk, story.made.truth
    story.told.add(story.made, month)
    codes = [code for _, code in desk.column("enterprises", on, "name", "uscc")]
    assert len(codes) == len(set(codes))
    assert set(codes) == frozenset().union(*(truth[m].enterprises for m in range(1, month + 1)))
    people = Counter((name, standing) for name, standing in desk.column("members", on, "name", "full"))
    assert people == story.told.members()
    _employers_are_right(story, on)
    if month == 1:
        story.months[on] = _lists(desk, on)


def _sure_names(desk: Desk, on: date) -> Counter[str]:
    """How many enterprises bear each name."""
    return Counter(exact_key(name) for name, in desk.column("enterprises", on, "name"))


def _employers_are_right(story: Story, on: date) -> None:
    """Who names a firm by its whole name, which one bears, works there."""
    borne = _sure_names(story.desk, on)
    written = [(row["姓名"], exact_key(row["工作单位"])) for row in story.told.people.values()]
    sure = Counter(one for one in written if borne[one[1]] == 1)
    listed = story.desk.column("members", on, "name", "employer")
    assert sure.total() > 0.8 * len(written)
    assert sure <= Counter((name, exact_key(employer)) for name, employer in listed)


def _two_plans_and_changes_by_hand(story: Story) -> int:
    """The plan that is approved: another set of parameters was looked at, and one branch and one enterprise settled."""
    planner = story.planner
    with story.step("plan"):
        usual = planner.plan(FIRST, "三公里")
    with story.step("plan of other parameters"):
        near = planner.plan(FIRST, "不超过一公里", travel_m="1000")
    with story.step("branches of both listed"):
        before, after = planner.branches(usual), planner.branches(near)
    with story.step("plans beside one another"):
        figures = planner.compared(usual, near)
    placed = [sum(len(joint.coming) for joint in plan) for plan in (before, after)]
    for name, counted in (("联合党支部", [len(before), len(after)]), ("联合的企业", placed)):
        assert [int(n.replace(",", "")) for n in figures[name][:2]] == counted
    assert placed[1] < placed[0]
    assert "1000" in story.desk.page.locator("main").inner_text().replace(",", "")

    pinned = max(before, key=lambda joint: (not joint.joins, len(joint.firms), joint.number))
    alone = min(min(joint.coming - {joint.host}) for joint in before if joint != pinned and not joint.joins)
    with story.step("changed by hand"):
        settled = planner.adjust(usual, pinned, alone, "会议定稿")
    found = planner.branches(settled)
    assert (pinned.host, pinned.firms, pinned.slot) in {(j.host, j.firms, j.slot) for j in found}
    assert not any(alone in joint.coming for joint in found)
    return settled


def _approve_and_carry_out(story: Story, plan: int, branches: list[Joint]) -> None:
    """Every other joint branch (of a whole register all) and all own ones; the first of each kind with all its
    documents."""
    planner, desk = story.planner, story.desk
    there = desk.count("organisations", APPROVED)
    chosen = sorted(branches, key=lambda joint: joint.number)[:: 1 if story.place.most else 2]
    with story.step(f"{len(chosen)} joint branches approved"):
        planner.approve_branches(plan, chosen, APPROVED)
    with story.step("own branches approved"):
        own = planner.approve_own(plan, APPROVED)
    listed = [planner.cases(kind, story.place.most) for kind in KINDS]
    assert sum(count for count, _ in listed) == len(chosen) + own
    assert desk.count("organisations", APPROVED) == there  # nothing but cases came of it
    employed = _people_of(story, FIRST)
    shown: set[str] = set()
    cases = [case for _, first in listed for case in first]
    with story.step(f"{len(cases)} of {len(chosen) + own} cases carried out"):
        for case in cases:
            name = planner.carry_out(case, DONE, _full(case, employed), papers=case.kind not in shown)
            shown.add(case.kind)
            _remember(story, case, name, chosen)


def _a_transfer(story: Story) -> tuple[str, str]:
    """Somebody of the largest branch goes to the smallest of the tables: the name, and where it is now."""
    listed = story.desk.column("members", DONE, "name", "branch")
    names, there = Counter(name for name, _ in listed), story.told.names()
    size = Counter(branch for _, branch in listed if there[branch] == 1 and branch.endswith("支部委员会"))
    (largest, _), (smallest, _) = size.most_common()[0], size.most_common()[-1]
    assert largest != smallest
    name = min(name for name, branch in listed if branch == largest and names[name] == 1)
    story.planner.transfer(name, smallest, DONE)
    story.moved = frozenset((largest, smallest))
    return name, smallest


def _people_of(story: Story, on: date) -> dict[str, list[str]]:
    """Names of full members by enterprise, as listed."""
    found: dict[str, list[str]] = {}
    for name, full, employer in story.desk.column("members", on, "name", "full", "employer"):
        if full == "正式党员":
            found.setdefault(employer, []).append(name)
    return found


def _full(case: Case, employed: dict[str, list[str]]) -> list[str]:
    return [name for firm in case.firms for name in employed.get(firm, [])]


def _remember(story: Story, case: Case, name: str, chosen: list[Joint]) -> None:
    if case.kind == "branch_join":
        (joint,) = [j for j in chosen if j.joins and j.coming == case.firms]
        name = joint.joins
    assert name
    story.founded.append(Founded(name, case.firms, case.kind != "branch_own"))


def _branches_are_on_the_roll(story: Story, on: date) -> None:
    """Every organisation of the tables and of the cases, and what each covers."""
    desk, borne, there = story.desk, _sure_names(story.desk, on), story.told.names()
    listed = desk.column("organisations", on, "name", "kind", "secretary", "covers")
    new = [one for one in story.founded if one.name not in there]
    assert Counter(name for name, _, _, _ in listed) == there + Counter(one.name for one in new)
    covers: dict[str, list[frozenset[str]]] = {}
    for name, _, _, text in listed:
        covers.setdefault(name, []).append(frozenset(exact_key(firm) for firm in text.split("、") if firm))
    kinds = {name: (kind, bool(secretary)) for name, kind, secretary, _ in listed}
    for one in new:
        assert covers[one.name] == [_keys(one)]
        assert kinds[one.name] == ("联合党支部" if one.joint else "党支部", True)
    for one in story.founded:
        assert any(_keys(one) <= firms for firms in covers[one.name])
    left = frozenset().union(*map(_keys, story.founded))  # of a case: where else they were is not theirs any more
    for name, firms, all_of_it in story.told.covering(borne):
        found = [now for now in covers[name] if firms - left <= now]
        assert found, name
        assert not all_of_it or any(now - left <= firms for now in found), name


def _keys(one: Founded) -> frozenset[str]:
    return frozenset(exact_key(firm) for firm in one.firms)


def _figures_are_right(story: Story, on: date) -> None:
    """The rate and the numbers of a day are those that rows and rule come to, and each opens as many rows."""
    desk, page = story.desk, story.desk.page
    covered, counted = apart.coverage_rate(on, LEAST_STAFF)
    figures = _target(desk, on, "coverage_rate")
    assert figures[:3] == [covered, counted - covered, counted]
    addresses = [str(a.get_attribute("href")) for a in page.locator("tr.whole td.num a").all()]
    for address, figure in zip(addresses, figures[:3], strict=True):
        desk.seen.go(address)
        said = page.locator("#found .count").inner_text() if figure else f"0 截至 {on}"
        assert f"截至 {on}" in said
        assert int(re.search(r"[\d,]+", said)[0].replace(",", "")) == figure  # type: ignore[index]
    joint = sum(row["kind"] == "joint_branch" for row in apart.on_day("roll_organisationstate", on))
    assert _target(desk, on, "joint_branches")[0] == joint
    _reasons_are_right(desk, on)


def _reasons_are_right(desk: Desk, on: date) -> None:
    """Whoever does not count in the rate has the reason that rows and rule come to, one by one; and the page of the
    figure says how many there are of each."""
    told = apart.excluded(on, LEAST_STAFF)
    listed: list[tuple[str, str]] = []
    for why in Exclusion:
        rows = desk.column("enterprises", on, "name", "uscc", asked=f"&excluded={why}")
        listed += [(code, why.value) for _, code in rows]
    assert sorted(listed) == sorted(told.items())
    desk.seen.go(f"/targets/{apart.district()}/?on={on}&year={on.year}&measure=coverage_rate")
    links = desk.page.locator("dl.facts a[href*='excluded=']").all()
    said = {str(a.get_attribute("href")): int(a.inner_text().replace(",", "")) for a in links}
    assert {re.search(r"excluded=(\w+)", link)[1]: n for link, n in said.items()} == Counter(told.values())  # type: ignore[index]


def _target(desk: Desk, on: date, measure: str) -> list[int]:
    desk.seen.go(f"/targets/?on={on}&year={on.year}&measure={measure}")
    cells = desk.page.locator("tr.whole td.num a").all_inner_texts()
    return [int(text.replace(",", "")) for text in cells]


def _little_is_altered(story: Story, first: list[Joint], second: int) -> None:
    """Joint branches in which nothing changed go on, as planned or as an organisation, but for one in ten at most; and
    whatever is altered is told with its reason."""
    desk = story.desk
    codes = dict(desk.column("enterprises", FIRST, "name", "uscc"))
    now_planned = {(j.host, j.firms, j.slot) for j in story.planner.branches(second)}
    there = [
        frozenset(text.split("、")) for _, text in desk.column("organisations", SECOND, "name", "covers") if text
    ]
    moved = story.told.firms_of(story.moved)
    kept = altered = 0
    for joint in first:
        same = apart.untouched(story.made, (codes[firm] for firm in joint.firms))
        if not same or moved.intersection(map(exact_key, joint.firms)):
            continue
        goes_on = (joint.host, joint.firms, joint.slot) in now_planned or any(joint.firms <= one for one in there)
        kept, altered = kept + goes_on, altered + (not goes_on)
    print(f"{story.place.district}: {len(first)} joint branches, {len(story.founded)} cases carried out, "
          f"untouched {kept + altered}, altered {altered}")  # fmt: skip
    assert kept >= 3
    assert altered <= MOST_ALTERED * (kept + altered)
    told, shown = apart.changes_told(second), story.planner.altered(second)
    gone = [
        j for j in first
        if (j.host, j.firms, j.slot) not in now_planned and not any(j.firms <= one for one in there)
    ]  # fmt: skip
    assert len(told) >= len(gone)
    assert all(told.values())
    assert len(shown) == len(told)
    assert all(why for _, why in shown)
