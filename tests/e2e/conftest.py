"""A browser before a live server, with the pages' assets (`scripts/assets dev`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import feigong.web
from chromium import leave_out, open_browser
from e2e.answering import until_nobody_asks, watch
from e2e.visiting import leave

AXE = Path(feigong.web.__file__).parent / "static" / "vendor" / "axe" / "axe.min.js"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not AXE.exists():
        leave_out("the pages' assets are not here (scripts/assets dev): the pages are not opened in a browser")
    with open_browser() as opened, pytest.MonkeyPatch.context() as patch:
        watch(patch)
        yield opened


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown() -> None:
    """Windows are closed before anything of the test is taken away: pages that renew themselves would go on asking."""
    leave()
    until_nobody_asks()
