"""Files under 400 lines; functions under 40 unless an algorithm is one thought, never above 60.

A compiled kernel is one thought more often: calls between kernels cost, and they cannot share state otherwise.
"""

from __future__ import annotations

import ast
import warnings

from architecture.project import ROOT, SOURCE, modules, shown, tree

MOST_LINES = 400
USUAL_FUNCTION = 40
MOST_FUNCTION = 60
MOST_KERNEL = 140


def test_files_are_short() -> None:
    long = {
        shown(path): lines
        for folder in (SOURCE, ROOT / "tests", ROOT / "benchmarks")
        for path in modules(folder)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}


Function = ast.FunctionDef | ast.AsyncFunctionDef


def _body_lines(node: Function) -> int:
    """Lines of a function without signature and docstring: those are for the reader."""
    documented = ast.get_docstring(node, clean=False) is not None
    first = node.body[1] if documented and len(node.body) > 1 else node.body[0]
    return (node.end_lineno or 0) - first.lineno + 1


def _most(node: Function) -> int:
    compiled = any("njit" in ast.unparse(decorator) for decorator in node.decorator_list)
    return MOST_KERNEL if compiled else MOST_FUNCTION


def test_functions_are_short() -> None:
    longish, long = {}, {}
    for path in modules(SOURCE):
        for node in ast.walk(tree(path)):
            if isinstance(node, Function) and (lines := _body_lines(node)) > USUAL_FUNCTION:
                where = long if lines > _most(node) else longish
                where[f"{shown(path)}:{node.lineno} {node.name}"] = lines
    if longish:
        warnings.warn(f"{len(longish)} functions above {USUAL_FUNCTION} lines: {longish}", stacklevel=1)
    assert long == {}
