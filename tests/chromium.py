"""A browser for tests, closed with the module that asked for it. Needs Chromium (`scripts/chromium`).

Nothing is read from half a page, and nothing done to one whose scripts do not listen yet: what Playwright would do at
once waits here until the page is loaded. A click waits by itself until the browser has left the old page for the new
one. What scripts change later is for `expect` to await.

Skipped where there is none; under CI (the variable CI is set) that is a failure. Playwright runs a loop while it is
open, in which Django refuses database calls unless told that they are our own: told for as long as the browser is open.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import pytest
from playwright import sync_api

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
          "--disable-sync", "--no-first-run")  # fmt: skip
_OURS = "DJANGO_ALLOW_ASYNC_UNSAFE"
PATIENCE = 60_000  # milliseconds that anything may take on a machine that does other things too
_HANDS = ("check", "click", "fill", "focus", "press", "select_option", "set_input_files", "uncheck")
_AT_ONCE = {
    sync_api.Locator: (
        "all", "all_inner_texts", "all_text_contents", "count", "evaluate_all", "is_hidden", "is_visible",
        "press_sequentially", *_HANDS,
    ),
    sync_api.Page: ("evaluate", "is_hidden", "is_visible", *_HANDS),
}  # fmt: skip


def leave_out(why: str) -> None:
    """Skip, or under CI fail: what a browser shows must have been looked at."""
    if os.environ.get("CI", "") in ("", "0", "false"):
        pytest.skip(why)
    pytest.fail(why)


def _once_loaded(act: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(act)
    def waited(of: Any, *given: Any, **named: Any) -> Any:
        (of.page if isinstance(of, sync_api.Locator) else of).wait_for_load_state()
        return act(of, *given, **named)

    return waited


@contextmanager
def open_browser() -> Iterator[Any]:
    if CHROMIUM is None:
        leave_out("Chromium is not installed: nothing is opened in a browser")
    with sync_api.sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        patch.setenv(_OURS, "true")
        for kind, acts in _AT_ONCE.items():
            for act in acts:
                patch.setattr(kind, act, _once_loaded(getattr(kind, act)))
        sync_api.expect.set_options(timeout=PATIENCE)
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_QUIET))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with open_browser() as opened:
        yield opened
