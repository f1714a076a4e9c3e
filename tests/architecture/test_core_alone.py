"""The core thinks and nothing else: it needs no framework, reads no clock, touches no file."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from architecture.project import SOURCE, modules, shown, tree

FRAMEWORKS = ("django", "pydantic", "yaml", "polars", "rich", "typer", "jinja2", "distributed", "python_calamine")
CLOCKS = {"time", "datetime.now", "datetime.today", "datetime.utcnow", "date.today"}
OUTSIDE = {"os", "pathlib", "io", "shutil", "subprocess", "socket", "logging", "tempfile", "importlib"}
OUTSIDE |= {"time", "random"}

IMPORT_ALL = """
import importlib, pkgutil, sys
blocked = set(sys.argv[1].split(","))

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in blocked:
            raise ModuleNotFoundError(f"the core may not import {name}")

sys.meta_path.insert(0, Blocker())
import feigong.core
names = [m.name for m in pkgutil.walk_packages(feigong.core.__path__, "feigong.core.")]
for name in names:
    importlib.import_module(name)
ours = sorted(n for n in sys.modules if n.startswith("feigong.") and not n.startswith("feigong.core"))
assert not ours, ours
print(len(names))
"""


def test_the_core_imports_without_any_framework() -> None:
    run = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, ",".join(FRAMEWORKS)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) > 10


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _faults(path: Path) -> Iterator[str]:
    compiled = "numba" in path.read_text(encoding="utf-8")  # kernels have a generator of their own, which they seed
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names = [alias.name.partition(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [(node.module or "").partition(".")[0]]
        else:
            names = []
        for name in names:
            if name in OUTSIDE:
                yield f"{shown(path)}:{node.lineno} imports {name}"
        if isinstance(node, ast.Call):
            called = _dotted(node.func)
            if ".".join(called.split(".")[-2:]) in CLOCKS:
                yield f"{shown(path)}:{node.lineno} reads the clock: {called}"
            if called in {"open", "print", "input"}:
                yield f"{shown(path)}:{node.lineno} calls {called}"
            if called.startswith("np.random.") and called != "np.random.default_rng" and not compiled:
                yield f"{shown(path)}:{node.lineno} draws without a seed: {called}"


def test_the_core_has_no_clock_and_no_files() -> None:
    faults = [fault for path in modules(SOURCE / "core") for fault in _faults(path)]
    assert faults == []


def test_no_imports_inside_functions() -> None:
    faults = [
        f"{shown(path)}:{inner.lineno}"
        for path in modules(SOURCE)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert faults == []
