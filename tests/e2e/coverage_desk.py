"""An office that plans coverage and carries it out: what it does in the browser, and what it reads there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from playwright.sync_api import expect

from e2e.real_district import Desk, Made, book

_ROWS = 200  # on a page of a list
_ANSWERS = {
    "with_whom": "各企业负责人", "noted": "说明了依据、时间和地点，同意", "number": "党建〔2026〕9号", "secretary": "",
    "applied_on": "", "met_on": "", "sent_on": "", "due": "", "present": "", "votes": "", "full_members": "",
}  # fmt: skip
_STEPS = {  # of each kind of case: how its steps end, one after another
    "branch_own": ("agreed", "submitted", "approved", "elected", "filed"),
    "branch_joint": ("agreed", "submitted", "approved", "elected", "filed"),
    "branch_join": ("agreed", "approved"),
    "transfer": ("agreed", "sent", "accepted", "done"),
}


@dataclass(frozen=True)
class Joint:
    """A joint branch of a plan as the list of them shows it."""

    number: int
    host: str
    firms: frozenset[str]
    slot: str
    joins: str  # the organisation that takes the others in

    @property
    def coming(self) -> frozenset[str]:
        return self.firms - {self.host} if self.joins else self.firms


@dataclass(frozen=True)
class Case:
    number: int
    kind: str
    firms: frozenset[str]


@dataclass
class Planner:
    desk: Desk

    @property
    def page(self) -> Any:
        return self.desk.page

    # months

    def bring_in(self, made: Made, month: int, on: date) -> int:
        """A month's tables: checked, asked about, written; the number of the import."""
        desk = self.desk
        number = desk.hand_in(made.files(month), on)
        desk.check()
        if desk.answer_codes(number, made.truth[month].written):
            desk.check("个回答重新检查")
        desk.at(number)
        if desk.figure("待定"):
            desk.seen.go(f"/imports/{number}/problems/")
            desk.confirm(re.compile("按建议处理"))
            self.page.wait_for_url(f"**/imports/{number}/")
        desk.apply(number)
        return number

    # plans

    def plan(self, on: date, name: str, previous: int | None = None, **parameters: str) -> int:
        """Asked for on its page, made by the worker; its number."""
        page = self.page
        self.desk.seen.go("/coverage/new/")
        page.fill("#plan-on", on.isoformat())
        page.fill("#plan-name", name)
        if page.locator("#plan-previous").count():
            page.select_option("#plan-previous", str(previous or ""))
        for parameter, value in parameters.items():
            page.fill(f"[name='p.{parameter}']", value)
        page.get_by_role("button", name="开始测算").click()
        return self._planned()

    def _planned(self) -> int:
        """The plan that a job's page leads to; the page renews itself when it is done."""
        page = self.page
        page.wait_for_url(re.compile(r"/jobs/\d+/$"))
        expect(page.locator(".next-steps .btn-primary")).to_be_visible(timeout=self.desk.wait * 1000)
        link = page.locator(".next-steps a.btn-primary")
        expect(link).to_have_attribute("href", re.compile(r"/coverage/\d+/"))
        found = re.search(r"/coverage/(\d+)/$", str(link.get_attribute("href")).partition("?")[0])
        assert found
        return int(found[1])

    def branches(self, plan: int) -> list[Joint]:
        """Its joint branches, from the list's own export; their numbers from the links of the pages."""
        address = f"/coverage/branches/?plan={plan}&columns=host,firms,slot,takes_in&sort=-plan"
        numbers = [number for _ in self._pages(address) for number in self._numbers("branches")]
        if not numbers:
            return []
        self.page.locator("summary", has_text="导出").click()
        with self.page.expect_download() as fetched:
            self.page.locator("button[name=format][value=xlsx]:visible").click()
        table = [["" if v is None else str(v) for v in row] for row in book(fetched.value).worksheets[0].values]
        at = {name: table[0].index(name) for name in table[0]}
        assert len(table) == len(numbers) + 1
        found = []
        for number, row in zip(numbers, table[1:], strict=True):
            host, firms = row[at["活动地点"]], row[at["企业"]].split("、")
            found.append(Joint(number, host, frozenset(firms) | {host}, row[at["活动时间"]], row[at["并入的党组织"]]))
        return found

    def _pages(self, address: str) -> Iterator[str]:
        """The addresses of a list's pages, each opened."""
        page, pages = 1, 1
        while page <= pages:
            here = f"{address}&size={_ROWS}&page={page}"
            self.desk.seen.go(here)
            pages = max(1, -(-self._found() // _ROWS))
            yield here
            page += 1

    def _found(self) -> int:
        """How many rows the list that is open has found."""
        if not self.page.locator("#found tbody tr").count():
            return 0
        return int(re.search(r"[\d,]+", self.page.locator("#found .count").inner_text())[0].replace(",", ""))  # type: ignore[index]

    def _numbers(self, kind: str) -> list[int]:
        """Of the rows that the page shows, from their links."""
        links = [str(a.get_attribute("href")) for a in self.page.locator("#found tbody th a").all()]
        return [int(re.search(rf"/{kind}/(\d+)/", link)[1]) for link in links]  # type: ignore[index]

    def compared(self, before: int, after: int) -> dict[str, list[str]]:
        """The figures of two plans beside one another, by their names."""
        self.desk.seen.go(f"/coverage/{after}/compare/?before={before}")
        rows = self.page.locator("main table").first.locator("tbody tr").all()
        return {r.locator("th").inner_text(): r.locator("td").all_inner_texts() for r in rows}

    def adjust(self, plan: int, pinned: Joint, alone: str, name: str) -> int:
        """One branch stays whatever comes, one enterprise is in none: checked at once, then planned around."""
        page, seen = self.page, self.desk.seen
        seen.go(f"/coverage/branches/{pinned.number}/")
        page.get_by_role("link", name="调整这个支部").click()
        page.get_by_role("button", name="固定这个支部").click()
        expect(page.locator("#changes .note-info")).to_be_visible()
        page.fill("#pick-enterprise", alone)
        page.locator("#pick-enterprise-list [role=option]", has_text=alone).first.click()
        page.get_by_role("button", name="不参加联合").click()
        expect(page.locator("#changes .pending li")).to_have_count(2)
        page.fill("#adjust-name", name)
        page.get_by_role("button", name="按这 2 项重新测算").click()
        return self._planned()

    # approving, cases

    def approve_branches(self, plan: int, wanted: list[Joint], on: date) -> None:
        """Ticked page by page; all of a plan at once."""
        page, numbers = self.page, {joint.number for joint in wanted}
        for address in self._pages(f"/coverage/branches/?plan={plan}"):
            here = self._numbers("branches")
            if self._found() == len(numbers) > len(here):
                page.locator("[data-tick-all]").check()
                page.locator("[data-batch-all] input").check()
                self._batch("批准", on, len(numbers))
                return
            ticked = numbers.intersection(here)
            for number in ticked:
                page.locator(f"#found input[name=ids][value='{number}']").check()
            if ticked:
                self._batch("批准", on, len(ticked))
                self.desk.seen.go(address)

    def _batch(self, button: str, on: date, count: int) -> None:
        self.page.locator("[data-batch] button", has_text=button).click()
        self._approve(on, count)

    def approve_own(self, plan: int, on: date) -> int:
        """All that the plan has set up a branch of their own, as many at once as a page has; how many."""
        count, page, more = 0, 1, True
        while more:
            self.desk.seen.go(f"/coverage/{plan}/?outcome=own&page={page}")
            more = self.page.locator("nav.pager a[rel=next]").count() > 0
            here = self.page.locator("input[name=ids][form=approving]").count()
            if here:
                self.page.locator("#approving [data-tick-all]").check()
                self.page.locator("#approving button").click()
                self._approve(on, here)
                count += here
            page += 1
        return count

    def _approve(self, on: date, count: int) -> None:
        self.page.fill("#approve-on", on.isoformat())
        self.page.fill("#approve-reason", "区委会议研究")
        self.page.get_by_role("button", name=f"批准 {count:,} 件").click()
        self.page.wait_for_url(re.compile("/cases/"), timeout=self.desk.wait * 1000)

    def cases(self, kind: str, most: int | None = None) -> tuple[int, list[Case]]:
        """How many of a kind are under way, and the first of them, each looked at on its page."""
        found: list[Case] = []
        numbers = [n for _ in self._pages(f"/cases/?kind={kind}&standing=open") for n in self._numbers("cases")]
        for number in sorted(numbers)[:most]:
            self.desk.seen.go(f"/cases/{number}/")
            about = self.page.locator(".record-main .lines").last
            names = about.locator("a[href^='/enterprises/']").all_inner_texts()
            found.append(Case(number, kind, frozenset(names)))
        return len(numbers), found

    def carry_out(self, case: Case, on: date, people: list[str], *, papers: bool) -> str:
        """All steps of a case, on one day; what the organisation is called. ``people``: full members there."""
        name = ""
        self.desk.seen.go(f"/cases/{case.number}/")
        for ending in _STEPS[case.kind]:
            if papers:
                self._documents(case)
            if self.page.locator("#ask-organisation_name").count():
                name = self.page.locator("#ask-organisation_name").input_value()
            self._fill(on, people)
            self.page.fill("#step-on", on.isoformat())
            self.page.locator(f"input[name=ending][value={ending}]").check()
            with self.page.expect_navigation():
                self.page.locator(".step-form button.btn-primary").click()
            expect(self.page.locator("#messages")).to_contain_text("已")
        expect(self.page.locator(".way .way-now")).to_have_count(0)
        return name

    def transfer(self, name: str, to: str, on: date) -> None:
        """A member's membership goes to another branch: asked for, sent, accepted, filed."""
        self.desk.seen.go(f"/members/?q={name}&on={on}")
        link = str(self.page.locator("#found tbody th a").first.get_attribute("href"))
        self.desk.seen.go(link.partition("?")[0])
        send = str(self.page.locator("a[href$='/send/']").first.get_attribute("href"))
        self.desk.seen.go(send)
        self.page.fill("#send-name", to)
        self.page.select_option("#send-why", "job")
        self.page.fill("#send-on", on.isoformat())
        self.page.get_by_role("button", name="提出转接").click()
        self.page.wait_for_url(re.compile(r"/cases/\d+/$"))
        number = int(re.search(r"/cases/(\d+)/", self.page.url)[1])  # type: ignore[index]
        self.carry_out(Case(number, "transfer", frozenset()), on, [], papers=False)

    def altered(self, plan: int) -> list[tuple[str, str]]:
        """Joint branches of the plan before that a plan does not keep: their enterprises, and why."""
        self.desk.seen.go(f"/coverage/{plan}/")
        link = self.page.locator("a[href$='/changes/']")
        if not link.count():
            return []
        with self.page.expect_navigation():
            link.click()
        rows = self.page.locator("main tbody tr").all()
        return [(r.locator("td").first.inner_text(), r.locator("td").last.inner_text()) for r in rows]

    def _fill(self, on: date, people: list[str]) -> None:
        count, day = str(len(people)), on.isoformat()
        known = {
            **_ANSWERS, "secretary": min(people, default="待定"), "applied_on": day, "met_on": day, "sent_on": day,
            "due": count, "present": count, "votes": count, "full_members": count,
        }  # fmt: skip
        for field, value in known.items():
            shown = self.page.locator(f"#ask-{field}")
            if shown.count() and not shown.input_value():
                shown.fill(value)

    def _documents(self, case: Case) -> None:
        """Every document of the step in Word and as PDF, with the enterprise's name in it."""
        links = self.page.locator("a[href^='/cases/'][href*='/documents/']").all()
        for address in [str(link.get_attribute("href")) for link in links]:
            answer = self.page.request.get(self.desk.seen.origin + address)
            content = answer.body()
            assert answer.status == 200, address
            if "/docx/" in address:
                text = re.sub("<[^>]+>", "", ZipFile(BytesIO(content)).read("word/document.xml").decode())
                assert any(name in text for name in case.firms), address
            else:
                assert content.startswith(b"%PDF"), address
