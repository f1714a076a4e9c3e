"""What locust's users do: sign in once, then open lists as an office does. Started by `benchmarks.web`."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

from locust import HttpUser, constant, task

LISTS = os.environ["FEIGONG_BENCH_PAGES"] == "lists"
PASSWORD = os.environ["FEIGONG_BENCH_PASSWORD"]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PAGES = (
    ("home", "/"),
    ("enterprises", "/enterprises/"),
    ("enterprises, page 40", "/enterprises/?page=40"),
    ("enterprises, by pinyin", "/enterprises/?q=ke"),
    ("enterprises, uncovered", "/enterprises/?covered=no"),
    ("enterprises, by staff", "/enterprises/?sort=-staff"),
    ("enterprises, as of March", "/enterprises/?on=2026-03-01"),
    ("organisations", "/organisations/"),
    ("organisations, no secretary", "/organisations/?led=no"),
    ("members", "/members/"),
    ("members, page 20", "/members/?page=20"),
    ("members, by name", "/members/?q=zhong"),
    ("members, no branch", "/members/?placed=no"),
    ("workers", "/workers/"),
    ("areas", "/areas/"),
    ("superiors", "/superiors/"),
)
MAPS = (
    ("map", "/map/"),
    ("map, points", "/map/points/"),
)
PLANS = (  # only the district's office plans
    ("plan", "/coverage/1/"),
    ("plan, by hand", "/coverage/1/adjust/"),
    ("plan, points", "/coverage/1/adjust/points/"),
    ("map, of a plan", "/map/?plan=1"),
)


class _Office(HttpUser):
    abstract = True
    wait_time = constant(0)
    role = ""

    def on_start(self) -> None:
        page = self.client.get("/login/", name="sign in")
        found = TOKEN.search(page.text)
        assert found is not None, "no form on the log-in page"
        self.client.post(
            "/login/",
            {"csrfmiddlewaretoken": found[1], "login": f"big_{self.role}", "password": PASSWORD},
            headers={"Referer": f"{self.host}/login/"},
            name="sign in",
        )


def _opens(page: str, address: str) -> Callable[[Any], None]:
    def open_page(user: Any) -> None:
        with user.client.get(address, name=f"{user.role}: {page}", catch_response=True) as answer:
            if "/login/" in answer.url or answer.status_code != 200:
                answer.failure(f"{answer.status_code} at {answer.url}")

    open_page.__name__ = page
    return task(open_page)


class DistrictOffice(_Office):
    role = "district_office"
    fixed_count = 1
    tasks = [_opens(page, address) for page, address in (PAGES if LISTS else MAPS + PLANS)]  # noqa: RUF012 - read by locust from the class


class Township(_Office):
    role = "township"
    fixed_count = 1
    tasks = [_opens(page, address) for page, address in (PAGES if LISTS else MAPS)]  # noqa: RUF012
