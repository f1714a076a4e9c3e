"""A browser for tests, closed with the module that asked for it. Needs Chromium (`scripts/chromium`).

Skipped where there is none; under CI (the variable CI is set) that is a failure. Playwright runs a loop while it is
open, in which Django refuses database calls unless told that they are our own: told for as long as the browser is open.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright import sync_api

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
          "--disable-sync", "--no-first-run")  # fmt: skip
_OURS = "DJANGO_ALLOW_ASYNC_UNSAFE"


def leave_out(why: str) -> None:
    """Skip, or under CI fail: what a browser shows must have been looked at."""
    if os.environ.get("CI", "") in ("", "0", "false"):
        pytest.skip(why)
    pytest.fail(why)


@contextmanager
def open_browser() -> Iterator[Any]:
    if CHROMIUM is None:
        leave_out("Chromium is not installed: nothing is opened in a browser")
    with sync_api.sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        patch.setenv(_OURS, "true")
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_QUIET))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_browser() as opened:
        yield opened
