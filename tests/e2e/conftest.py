"""A browser before a live server. Needs Chromium (`scripts/chromium`) and the pages' assets (`scripts/assets dev`).

Skipped where there is none; under CI (the variable CI is set) that is a failure.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright import sync_api

import feigong.web

AXE = Path(feigong.web.__file__).parent / "static" / "vendor" / "axe" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run")  # fmt: skip
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright runs a loop; Django's calls here are our own


def _why_not() -> str:
    if CHROMIUM is None:
        return "Chromium is not installed: the pages are not opened in a browser"
    if not AXE.exists():
        return "the pages' assets are not here (scripts/assets dev): the pages are not opened in a browser"
    return ""


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if why := _why_not():
        if os.environ.get("CI", "") in ("", "0", "false"):
            pytest.skip(why)
        pytest.fail(why)
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield opened
        opened.close()
