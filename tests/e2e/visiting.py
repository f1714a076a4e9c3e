"""Somebody in front of the browser: signed in, and everything that goes wrong is written down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.test import Client

from chromium import PATIENCE
from e2e.answering import slow_down
from feigong.apps.accounts.models import User

_windows: list[Any] = []  # that were opened in this test


@dataclass
class Visit:
    """A page of the browser, and what it did that it must not: scripts that fail, requests that leave the origin."""

    page: Any
    origin: str
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> Any:
        return self.page.goto(self.origin + path)

    def refused(self, path: str, status: int) -> int:
        """The status of a page that is not for this one; the browser notes it, sooner or later: that was meant."""
        with self.page.expect_console_message(lambda said: f"status of {status}" in said.text):
            answered = int(self.go(path).status)
        self.faults[:] = [fault for fault in self.faults if f"status of {status}" not in fault]
        return answered

    def listen(self) -> None:
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("console", self._console)
        self.page.on("request", self._request)

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.faults.append(f"console: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.faults.append(f"left the origin: {request.url}")


def visit(
    browser: Any, origin: str, user: User | None, *, width: int = 1440, theme: str = "light", language: str = "zh",
    scripts: bool = True,
) -> Visit:  # fmt: skip
    """A window of that width and theme; signed in as ``user`` where one is given."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, locale="zh-CN", color_scheme=theme, java_script_enabled=scripts,
        reduced_motion="reduce",
    )  # fmt: skip
    cookies = [{"name": "feigong_language", "value": language, "url": origin}]
    if user is not None:
        client = Client()
        client.force_login(user)
        cookies.append({"name": settings.SESSION_COOKIE_NAME, "value": client.session.session_key, "url": origin})
    context.add_cookies(cookies)
    context.set_default_timeout(PATIENCE)
    _windows.append(context)
    found = Visit(context.new_page(), origin)
    found.listen()
    slow_down(found.page, elsewhere=user is None)
    return found


def leave() -> None:
    """Close all windows; a test does not do it itself."""
    while _windows:
        _windows.pop().close()
