"""A liaison officer with a phone: a visit in a few touches, nothing lost without a network, nothing sent twice."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import expect

from e2e.visiting import Visit, visit
from feigong.apps.accounts.roles import Role
from feigong.apps.cases.models import Case
from feigong.apps.liaison import models
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db(transaction=True)
SAVED, SENT = "已存在本机，联网后自动发送", "已发送"
LEFT = "localStorage[Object.keys(localStorage).find((name) => name.startsWith('feigong-visits'))]"
MOST_TOUCHES, MOST_SECONDS = 4, 60


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


@pytest.fixture
def phone(browser: Any, live_server: Any, district: SmallDistrict) -> Visit:
    return visit(browser, live_server.url, district.users[Role.LIAISON_OFFICER], width=375)


def tell(page: Any, name: str, *, note: str = "", problem: str = "") -> int:
    """Write down a visit as a thumb does; how many touches it took, without those for typing."""
    page.get_by_role("link", name=f"记走访 {name}").click()
    page.get_by_text("业主或负责人").click()
    page.get_by_text("与业主谈组建").click()
    touches = 4
    if note:
        page.get_by_label("说明").fill(note)
    if problem:
        page.get_by_text("填写党员人数、反映的问题").click()
        page.get_by_label("反映的问题", exact=True).fill(problem)
        touches += 1
    page.get_by_role("button", name="保存").click()
    return touches


def waits_for(page: Any, text: str) -> None:
    page.locator("[data-visits-list]").get_by_text(text).first.wait_for()


def test_a_visit_takes_less_than_a_minute(phone: Visit) -> None:
    phone.go("/")
    begun = time.monotonic()
    touches = tell(phone.page, "恒岳食品有限公司")
    waits_for(phone.page, SENT)
    seconds = time.monotonic() - begun
    required = phone.page.locator("#visit-sheet [required]:not([type=radio])").count()
    groups = phone.page.locator("#visit-sheet fieldset.picks").count()
    print(f"touches {touches}, seconds {seconds:.1f}, fields that must be filled in {groups}, prefilled {required}")
    assert (touches, groups, required) == (MOST_TOUCHES, 2, 1)
    assert seconds < MOST_SECONDS
    assert models.Visit.objects.get().met == "owner"
    expect(phone.page.get_by_text("已记")).to_be_visible()
    assert phone.faults == []


def test_what_is_written_without_a_network_is_sent_later(phone: Visit) -> None:
    phone.go("/liaison/")
    phone.page.context.set_offline(True)
    tell(phone.page, "恒岳食品有限公司", note="大门关着也等到了", problem="厂门口积水")
    waits_for(phone.page, SAVED)
    tell(phone.page, "瑞航物流有限公司")
    expect(phone.page.locator("[data-visits-list] li")).to_have_count(2)
    assert models.Visit.objects.count() == 0
    phone.page.context.set_offline(False)
    waits_for(phone.page, SENT)
    phone.page.locator("[data-visits-list] .visit-sent").nth(1).wait_for()
    assert sorted(v.note for v in models.Visit.objects.all()) == ["", "大门关着也等到了"]  # whichever got through first
    assert Case.objects.get().kind == "follow_up"
    phone.page.wait_for_function(f"{LEFT} === '[]'")


def test_a_page_that_was_closed_sends_when_it_is_opened(phone: Visit) -> None:
    phone.go("/liaison/")
    phone.page.context.set_offline(True)
    tell(phone.page, "恒岳食品有限公司")
    waits_for(phone.page, SAVED)
    phone.page.close()
    phone.page.context.set_offline(False)
    phone.page = phone.page.context.new_page()
    phone.go("/")
    waits_for(phone.page, SENT)
    assert models.Visit.objects.count() == 1


def test_an_answer_that_got_lost_makes_no_second_visit(phone: Visit) -> None:
    """The server had it, the phone did not hear: it sends again, and it stays one visit."""
    phone.go("/liaison/")

    def lost(route: Any) -> None:
        route.fetch()
        route.abort()

    phone.page.route("**/liaison/visit/**", lost)
    tell(phone.page, "恒岳食品有限公司")
    waits_for(phone.page, SAVED)
    assert models.Visit.objects.count() == 1
    phone.page.unroute("**/liaison/visit/**")
    phone.page.get_by_role("button", name="现在发送").click()
    waits_for(phone.page, SENT)
    assert models.Visit.objects.count() == 1


def test_what_was_not_saved_stands_in_the_form_again(phone: Visit) -> None:
    phone.go("/liaison/")
    phone.page.get_by_role("link", name="记走访 恒岳食品有限公司").click()
    phone.page.get_by_label("说明").fill("写了一半")
    phone.go("/liaison/")
    phone.page.get_by_role("link", name="记走访 瑞航物流有限公司").click()
    expect(phone.page.get_by_label("说明")).to_have_value("")
    phone.page.get_by_role("button", name="取消").click()
    phone.page.get_by_role("link", name="记走访 恒岳食品有限公司").click()
    expect(phone.page.get_by_label("说明")).to_have_value("写了一半")
    expect(phone.page.get_by_text("上次没有保存的内容已经填好")).to_be_visible()


def test_what_is_refused_can_be_put_right(phone: Visit, district: SmallDistrict) -> None:
    """A day to come, by a phone whose clock is wrong."""
    phone.go("/liaison/")
    phone.page.get_by_role("link", name="记走访 恒岳食品有限公司").click()
    phone.page.evaluate("document.querySelector('#visit-on').removeAttribute('max')")
    phone.page.get_by_label("走访日期").fill("2031-01-01")
    phone.page.get_by_text("业主或负责人").click()
    phone.page.get_by_text("与业主谈组建").click()
    phone.page.get_by_role("button", name="保存").click()
    waits_for(phone.page, "还没有到，最晚填今天")
    assert models.Visit.objects.count() == 0
    phone.page.get_by_role("button", name="修改").click()
    phone.page.evaluate("document.querySelector('#visit-on').value = document.querySelector('#visit-on').dataset.usual")
    phone.page.get_by_role("button", name="保存").click()
    waits_for(phone.page, SENT)
    assert models.Visit.objects.get().purpose == "talk"


def test_nobody_is_tracked(phone: Visit) -> None:
    """Neither position nor camera is asked for, and nothing of the kind is sent."""
    asked: list[str] = []
    phone.page.expose_function("asked", lambda what: asked.append(what))
    for name in ("getCurrentPosition", "watchPosition"):
        phone.page.add_init_script(f"navigator.geolocation.{name} = () => window.asked('position');")
    sent: list[dict[str, str]] = []
    phone.page.on("request", lambda r: sent.append(dict(parse_qsl(r.post_data or "", True))) if r.post_data else None)
    phone.go("/liaison/")
    tell(phone.page, "恒岳食品有限公司")
    waits_for(phone.page, SENT)
    assert asked == []
    assert phone.page.locator("input[type=file]").count() == 0
    assert [sorted(one) for one in sent] == [
        ["csrfmiddlewaretoken", "key", "members", "met", "note", "on", "problem", "purpose"]
    ], json.dumps(sent)
