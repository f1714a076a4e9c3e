"""What the pages take from others is there whole, and asks for nothing that is not served here."""

from __future__ import annotations

import re
import subprocess

import pytest

from architecture.project import ROOT, kept_files, shown

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
OUTSIDE = re.compile(r"""["'(=]\s*(?:https?:)?//(?!www\.w3\.org/)\w""")  # w3.org: names of XML, never fetched
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


def test_our_own_pages_ask_nothing_of_the_outside() -> None:
    web = ROOT / "src/feigong/web"
    ours = [p for p in kept_files() if p.is_relative_to(web) and p.suffix in {".html", ".css", ".js", ".svg"}]
    assert web / "templates/base.html" in ours
    asking = [shown(path) for path in ours if OUTSIDE.search(path.read_text(encoding="utf-8"))]
    assert asking == []


@pytest.mark.parametrize("line", ['src="https://a.example/x.js"', "url(//a.example/x)", "import 'http://a.example'"])
def test_what_asks_is_seen(line: str) -> None:
    assert OUTSIDE.search(line)
