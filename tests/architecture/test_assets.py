"""What the pages take from others is there whole, and asks for nothing that is not served here."""

from __future__ import annotations

import re
import subprocess

import pytest

from architecture.project import ROOT

VENDOR = ROOT / "src/feigong/web/static/vendor"
SERVED = {
    "tabler/tabler.min.css",
    "tabler/tabler.min.js",
    "tabler-icons/tabler-icons.min.css",
    "tabler-icons/fonts/tabler-icons.woff2",
    "echarts/echarts.min.js",
    "leaflet/leaflet.js",
    "leaflet/leaflet.css",
    "leaflet/images/marker-icon.png",
    "axe/axe.min.js",
}
STYLES = sorted(name for name in SERVED if name.endswith(".css"))


def test_what_pages_need_is_there_with_its_licence() -> None:
    there = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert there >= SERVED
    assert {"tabler-icons/LICENSE.txt", "echarts/LICENSE.txt", "echarts/NOTICE.txt", "leaflet/LICENSE.txt"} <= there
    for name in ("tabler/tabler.min.css", "tabler/tabler.min.js"):  # its package has no file: it says so on top
        assert "Licensed under MIT" in (VENDOR / name).read_text(encoding="utf-8")[:500]


@pytest.mark.parametrize("style", STYLES)
def test_a_style_refers_only_to_files_beside_it(style: str) -> None:
    text = (VENDOR / style).read_text(encoding="utf-8")
    targets = {found.strip("\"'") for found in re.findall(r"url\(((?!\"?data:|'?data:|#)[^)]+)\)", text)}
    missing = {target for target in targets if not (VENDOR / style).parent.joinpath(target).is_file()}
    assert missing == set()
    assert ("fonts/tabler-icons.woff2" in text) == (style == "tabler-icons/tabler-icons.min.css")


def test_no_source_map_is_referred_to() -> None:
    named = [path.name for path in VENDOR.rglob("*.?s*") if b"sourceMappingURL" in path.read_bytes()]
    assert named == []


def test_nothing_is_fetched_twice() -> None:
    nowhere = {"PATH": "/usr/bin:/bin", "npm_config_registry": "http://127.0.0.1:9"}
    before = (VENDOR / ".stamp").stat().st_mtime_ns
    for kind in ("runtime", "dev"):
        done = subprocess.run([ROOT / "scripts/assets", kind], env=nowhere, capture_output=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert (VENDOR / ".stamp").stat().st_mtime_ns == before
