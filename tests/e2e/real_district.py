"""A district made from a real register, served as `feigong serve` does, and an office at work on it in the browser."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from http.client import HTTPConnection, HTTPException
from io import BytesIO
from pathlib import Path
from socket import socket
from typing import Any

import openpyxl
from playwright.sync_api import expect

from benchmarks.district import Truth, make_tables
from e2e.visiting import Visit
from own_database import OwnDatabase

WAIT = 180.0  # seconds for a job on a small machine that does other things too
Row = dict[str, str]
_A_PAGE = 50  # problems
_TOTAL = 9  # characters: no number of rows is longer, every code is


@dataclass(frozen=True)
class Place:
    """Where the rows come from, and whose areas are entered."""

    register: str  # of `benchmarks.district.REGISTERS`
    district: str
    township: str  # whose office looks on
    seed: int
    limit: int


@dataclass(frozen=True)
class Made:
    """The tables of two months and what is true of them."""

    folder: Path
    truth: dict[int, Truth]

    def files(self, month: int) -> list[str]:
        return sorted(str(f) for f in (self.folder / str(month)).glob("*.xlsx"))

    def told(self, month: int, name: str) -> list[Row]:
        """The rows of a table as the office wrote it, without titles, totals and signatures."""
        sheet = openpyxl.load_workbook(self.folder / str(month) / f"{name}.xlsx").worksheets[0]
        key = _KEYS[name]
        return rows_below(sheet, key, 3 if "日期" in key else _TOTAL)


_KEYS = {
    "市场监管登记": "统一社会信用代码", "社保参保": "信用代码", "党员名册": "身份证号", "党组织名册": "最近一次选举日期"
}  # fmt: skip


def make(root: Path, place: Place, folder: Path) -> Made:
    return Made(folder, make_tables(root, place.register, folder, seed=place.seed, limit=place.limit))


def rows_below(sheet: Any, key: str, longer: int = _TOTAL) -> list[Row]:
    """Rows below the header that names ``key``, as far as they have a code (a day) there: a total has not."""
    rows = [["" if v is None else str(v) for v in row] for row in sheet.iter_rows(values_only=True)]
    clean = [["".join(v.split()) for v in row] for row in rows]
    start = next(i for i, row in enumerate(clean) if key in row)
    found = [dict(zip(clean[start], row, strict=False)) for row in rows[start + 1 :]]
    return [row for row in found if len(row.get(key, "")) > longer]


@contextmanager
def served(place: OwnDatabase, district: str, names: Path | None = None) -> Iterator[str]:
    """Its address: areas entered, pages and worker as processes of their own. ``names``: of a district on no list."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    program = [sys.executable, "-m", "feigong.cli.main"]
    own = ["--aliases", str(names)] if names is not None else []
    setup = [*program, "setup", "--district", district, *own]
    subprocess.run(setup, env=place.environment, capture_output=True, check=True)
    line = [*program, "serve", "--worker", "--port", str(port)]
    with (place.home / "served.txt").open("wb") as said:
        process = subprocess.Popen(line, env=place.environment, stdout=said, stderr=said)
        try:
            _until(lambda: _answers(port))
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def _answers(port: int) -> bool:
    line = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/health/ready/")
        return line.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        line.close()


def _until(met: Callable[[], bool], seconds: float = WAIT) -> None:
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, "the pages never answered"
        time.sleep(0.2)


@dataclass
class Desk:
    """Somebody signed in, doing what offices do."""

    seen: Visit
    wait: float = WAIT

    @property
    def page(self) -> Any:
        return self.seen.page

    def sign_in(self, name: str, password: str) -> None:
        self.seen.go("/")
        self.page.get_by_label("用户名").fill(name)
        self.page.get_by_label("密码", exact=True).fill(password)
        self.page.locator(".door-go").first.click()
        expect(self.page.locator("#account-menu")).to_be_visible()

    def refused(self, path: str) -> int:
        """The status of a page that is not for this desk; the browser notes it, and that was meant."""
        with self.page.expect_console_message(lambda said: "status of 4" in said.text):
            status = int(self.seen.go(path).status)
        self.seen.faults[:] = [fault for fault in self.seen.faults if f"{status}" not in fault]
        return status

    # lists

    def count(self, screen: str, on: date, asked: str = "") -> int:
        """How many a list says there are on a day."""
        self.seen.go(f"/{screen}/?on={on}{asked}")
        said = self.page.locator("#found .count").inner_text()
        assert f"截至 {on.isoformat()}" in said
        return int(re.search(r"[\d,]+", said)[0].replace(",", ""))  # type: ignore[index]

    def exported(self, screen: str, on: date, columns: str = "", asked: str = "") -> list[tuple[str, ...]]:
        """A list's own export: heads, then rows in the order of the list; for an empty list nothing."""
        listed = self.count(screen, on, asked + (f"&columns={columns}" if columns else ""))
        if not listed:
            return []
        self.page.locator("summary", has_text="导出").click()
        with self.page.expect_download() as fetched:
            self.page.locator("button[name=format][value=xlsx]:visible").click()
        sheet = book(fetched.value).worksheets[0]
        rows = [tuple("" if v is None else str(v) for v in row) for row in sheet.iter_rows(values_only=True)]
        assert len(rows) == listed + 1
        return rows

    def column(self, screen: str, on: date, *columns: str, asked: str = "") -> list[tuple[str, ...]]:
        """Columns of a list, in the list's own order."""
        return [row[: len(columns)] for row in self.exported(screen, on, ",".join(columns), asked)[1:]]

    # imports

    def hand_in(self, files: list[str], on: date) -> int:
        """Upload; the number of the import."""
        page = self.page
        self.seen.go("/imports/")
        page.get_by_role("link", name="导入表格").first.click()
        page.set_input_files("#files", files)
        expect(page.locator(".chosen li")).to_have_count(len(files))
        page.fill("#department", "联席会议")
        page.fill("#on", on.isoformat())
        page.get_by_role("button", name="上传并识别").click()
        page.wait_for_url(re.compile(r"/imports/\d+/$"))
        return int(page.url.rstrip("/").rpartition("/")[2])

    def at(self, number: int) -> None:
        self.seen.go(f"/imports/{number}/")

    def follow(self, done: str) -> None:
        """Wait until the page, which renews itself, says that it is done, or that something is wrong."""
        alert = self.page.locator("[role=alert]")
        expect(self.page.locator("main").get_by_text(done).or_(alert).first).to_be_visible(timeout=self.wait * 1000)
        expect(alert).to_have_count(0)

    def check(self, button: str = "检查") -> None:
        self.page.get_by_role("button", name=button, exact=button == "检查").first.click()
        self.follow("检查完毕")

    def apply(self, number: int) -> None:
        self.at(number)
        self.confirm(re.compile("^写入"))
        self.follow("已写入台账")

    def confirm(self, button: re.Pattern[str]) -> None:
        """A step that first says what it will do."""
        self.page.get_by_role("button", name=button).first.click()
        self.page.locator("dialog[open] .btn-primary, dialog[open] .btn-danger").last.click()

    def take_back(self, number: int, reason: str) -> None:
        self.at(number)
        self.page.fill("#reason", reason)
        self.page.get_by_role("button", name="整批撤回").click()

    def figure(self, name: str) -> int:
        """A figure of the dry run; it opens as many rows as it says."""
        text = self.page.locator(".figs a", has=self.page.get_by_text(name, exact=True)).locator("strong").inner_text()
        return int(text.replace(",", ""))

    def items(self, number: int, **asked: str) -> int:
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        self.seen.go(f"/imports/{number}/items/?{query}")
        said = self.page.locator("main p.soft", has_text="项").first.inner_text()
        return int(re.search(r"共 ([\d,]+) 项", said)[1].replace(",", ""))  # type: ignore[index]

    def answer_codes(self, number: int, written: dict[str, str]) -> int:
        """Say of every wrong code that no other table mends which one is meant; how many there were."""
        answered, page, pages = 0, 1, 1
        while page <= pages:
            self.seen.go(f"/imports/{number}/problems/?severity=decide&page={page}")
            told = self.page.locator(".chip[aria-current=true]").inner_text()
            pages = -(-int(re.search(r"\d+$", told)[0]) // _A_PAGE)  # type: ignore[index]
            for problem in self.page.locator(".problem").all():
                code = re.search(r"的代码 (\S+) ", problem.inner_text())
                if code is None or code[1] not in written:
                    continue
                answer = problem.get_by_role("button", name=f"是“{written[code[1]]}”")
                answer.click()
                expect(answer).to_have_attribute("aria-pressed", "true")
                answered += 1
            page += 1
        return answered

    def annotated(self, number: int, file: str, key: str) -> list[Row]:
        """The office's table sent back, with what became of each row."""
        self.at(number)
        with self.page.expect_download() as fetched:
            self.page.get_by_role("link", name=file).click()
        assert fetched.value.suggested_filename == f"标注_{file}"
        return rows_below(book(fetched.value).worksheets[0], key)


def book(download: Any) -> Any:
    return openpyxl.load_workbook(BytesIO(Path(download.path()).read_bytes()))

