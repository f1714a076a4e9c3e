"""What a request says: day, knowledge, language, address."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import RequestFactory

from feigong.apps.clock import today
from feigong.core.errors import FeigongError
from feigong.web import request as asked

make = RequestFactory()


def test_the_day_is_today_unless_asked() -> None:
    assert asked.on_of(make.get("/")) == today()
    assert asked.on_of(make.get("/?on=2026-06-30")) == date(2026, 6, 30)


def test_known_on_a_day_means_its_end() -> None:
    assert asked.known_of(make.get("/?known=2026-06-30")) == datetime(2026, 6, 30, 16, tzinfo=UTC)
    assert asked.known_of(make.get("/?known=2026-06-30T08:00:00")) == datetime(2026, 6, 30, 0, tzinfo=UTC)
    assert asked.known_of(make.get("/?known=2026-06-30T08:00:00+08:00")) == datetime(2026, 6, 30, 0, tzinfo=UTC)


@pytest.mark.parametrize("query", ["on=yesterday", "on=2026-02-30", "known=x", "known=9999-12-31", "on=20261301"])
def test_what_is_not_a_day_is_refused(query: str) -> None:
    request = make.get(f"/?{query}")
    with pytest.raises(FeigongError) as refused:
        asked.on_of(request)
        asked.known_of(request)
    assert refused.value.reason.code == "error.not_a_day"


def test_only_a_proxy_on_this_machine_is_believed() -> None:
    near = make.get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 10.0.0.7")
    far = make.get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR="6.6.6.6")
    assert asked.client_address(near) == "10.0.0.7"
    assert asked.client_address(far) == "10.0.0.9"
    assert asked.client_address(make.get("/", REMOTE_ADDR="127.0.0.1")) == "127.0.0.1"


def test_nobody_sees_nothing() -> None:
    actor = asked.actor_of(make.get("/"))
    assert actor.permissions == frozenset()
    assert asked.sight_of(make.get("/")).scope.empty


def test_chinese_is_first() -> None:
    request = make.get("/", headers={"Accept-Language": "en"})
    assert asked.words_of(request).lang == "zh"
    request.COOKIES[asked.LANGUAGE_COOKIE] = "en"
    assert asked.words_of(request).lang == "en"
    request.COOKIES[asked.LANGUAGE_COOKIE] = "fr"
    assert asked.words_of(request).lang == "zh"
