"""Nothing kept here names a package registry's host or a path of somebody's machine."""

from __future__ import annotations

import re

from architecture.project import ROOT, kept_files, shown

# Put together here, so that this file does not name them either.
HOSTS = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))]
HOSTS += [".".join(parts) for parts in (("npmmirror", "com"), ("tuna", "tsinghua"), ("deb", "debian", "org"))]
MACHINE = re.compile(r"(?<![\w.])/(?:" + "|".join(("work", "root", "home")) + r")/\w|/opt/" + r"(?:wheels|pypi)")
TEXT = {".py", ".md", ".toml", ".txt", ".in", ".yaml", ".yml", ".html", ".css", ".js", ".json", ".cfg", "", ".csv"}


def test_no_registry_and_no_machine_is_named() -> None:
    faults = []
    for path in kept_files():
        if path.suffix not in TEXT:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if MACHINE.search(line) or any(host in line for host in HOSTS):
                faults.append(f"{shown(path)}:{number}: {line.strip()[:100]}")
    assert faults == []


def test_locks_hold_hashes_and_no_address() -> None:
    assert "://" not in (ROOT / "package-lock.json").read_text(encoding="utf-8")
    for name, least in (("runtime", 20), ("dev", 20), ("bench", 20), ("node", 2)):
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        assert "://" not in text, name
        pinned = re.findall(r"^[a-z0-9][\w.\[\]-]*==", text, flags=re.MULTILINE)
        hashed = re.findall(r"^[a-z0-9][^\n]* \\\n\s+--hash=sha256:", text, flags=re.MULTILINE)
        assert len(pinned) >= least
        assert len(pinned) == len(hashed), name


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
