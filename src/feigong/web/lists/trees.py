"""Trees as tables: open where one likes (the address says where), with figures that open lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_GET

from feigong.apps.accounts.roles import Permission
from feigong.core.roll.trees import nodes_of
from feigong.web.lists.spec import Ask, Rows
from feigong.web.lists.state import DATES
from feigong.web.lists.views import ask_of
from feigong.web.request import words_of
from feigong.web.screen import screen

_MOST = 2000  # lines of one page
_MOST_FOUND = 200
_DEEPEST = 7  # deeper ones are not moved in further


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a line, and the list that it counts."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Line:
    id: int
    name: str
    kind: str
    code: str
    level: int
    address: str
    opens: str | None  # the address with this node opened or closed; None: nothing below
    is_open: bool
    figures: tuple[Figure, ...]


Figures = Callable[[Sequence[Any], Ask], Mapping[int, tuple[tuple[float | None, str], ...]]]
"""For nodes: (number, query of the list that it counts) for each heading."""


@dataclass(frozen=True, slots=True)
class TreeSpec:
    code: str
    permission: Permission
    rows: Callable[[Ask], Rows]  # with ``name``, ``kind`` and ``path``
    key: str
    parent: str
    family: str
    headings: tuple[tuple[str, str], ...]  # (word, name of the address of the list or nothing), one for each figure
    figures: Figures
    detail: str
    coded: bool = False  # has a code to show
    other: tuple[str, str] = ("", "")  # another way to see it: (name of an address, word)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which nodes are open: as the address says, else the roots."""

    text: str
    dates: tuple[tuple[str, str], ...]
    open_ids: frozenset[int] | None
    everything: bool

    def query(self, **more: str) -> str:
        return urlencode([*self.dates, *more.items()])


def _asked(request: HttpRequest) -> Asked:
    opened = request.GET.get("open")
    ids = None
    if opened is not None:
        ids = frozenset(int(t) for t in opened.split(",")[:_MOST] if t.isdecimal() and len(t) < 10)
    dates = tuple((name, value) for name in DATES if (value := request.GET.get(name, "").strip()))
    return Asked(request.GET.get("q", "").strip()[:80], dates, ids, opened == "all")


def _roots(spec: TreeSpec, ask: Ask) -> Rows:
    """Nodes with nothing above them in sight."""
    rows = spec.rows(ask)
    return rows.exclude(**{f"{spec.parent}__in": rows.order_by().values(spec.key)})


def _nodes(spec: TreeSpec, asked: Asked, ask: Ask) -> tuple[list[Any], frozenset[int]]:
    """The nodes to show, in the order of the tree, and those among them that are open."""
    rows = spec.rows(ask).order_by("path")
    if asked.text:
        found = list(rows.filter(name__icontains=asked.text)[:_MOST_FOUND])
        around = frozenset(node for row in found for node in nodes_of(row.path))
        return list(rows.filter(**{f"{spec.key}__in": around})[:_MOST]), around - {getattr(r, spec.key) for r in found}
    if asked.everything:
        nodes = list(rows[:_MOST])
        return nodes, frozenset(getattr(n, spec.key) for n in nodes)
    roots = frozenset(_roots(spec, ask).order_by().values_list(spec.key, flat=True)[:_MOST])
    opened = roots if asked.open_ids is None else asked.open_ids
    shown = rows.filter(Q(**{f"{spec.key}__in": roots}) | Q(**{f"{spec.parent}__in": opened}))
    nodes = [n for n in shown[:_MOST] if _hangs_open(nodes_of(n.path)[:-1], roots, opened)]
    return nodes, opened


def _hangs_open(above: Sequence[int], roots: frozenset[int], opened: frozenset[int]) -> bool:
    """Whether every node from the root down to this one is open."""
    inside = False
    for node in above:
        inside = inside or node in roots
        if inside and node not in opened:
            return False
    return True


def _children(spec: TreeSpec, ids: Iterable[int], ask: Ask) -> dict[int, int]:
    rows = spec.rows(ask).filter(**{f"{spec.parent}__in": list(ids)}).order_by()
    return dict(rows.values_list(spec.parent).annotate(n=Count("pk")))


def lines_of(spec: TreeSpec, asked: Asked, ask: Ask) -> list[Line]:
    nodes, opened = _nodes(spec, asked, ask)
    ids = [getattr(n, spec.key) for n in nodes]
    below, figures = _children(spec, ids, ask), spec.figures(nodes, ask)
    top = min((n.path.count("/") for n in nodes), default=0)
    open_here = opened & frozenset(ids)
    addresses = [reverse(name) if name else "" for _, name in spec.headings]
    lines = []
    for node, one in zip(nodes, ids, strict=True):
        is_open = one in opened
        turned = None if one not in below else _turned(asked, open_here, one)
        opening = zip(figures[one], addresses, strict=True)
        lines.append(
            Line(
                one, node.name, ask.words.word(f"{spec.family}.{node.kind}"), getattr(node, "code", ""),
                min(node.path.count("/") - top, _DEEPEST), _detail(spec, one, asked), turned, is_open,
                tuple(_figure(number, query, at, asked, ask) for (number, query), at in opening),
            )
        )  # fmt: skip
    return lines


def _turned(asked: Asked, opened: frozenset[int], one: int) -> str:
    """The query with one more node open, or one less."""
    return asked.query(open=",".join(map(str, sorted(opened ^ {one}))))


def _figure(number: float | None, query: str, address: str, asked: Asked, ask: Ask) -> Figure:
    if number is None:
        return Figure("", "")
    text = ask.words.percent(number) if isinstance(number, float) else ask.words.number(number)
    if not address:
        return Figure(text, "")
    dates = asked.query()
    return Figure(text, f"{address}?{query}{'&' + dates if dates else ''}")


def _detail(spec: TreeSpec, one: int, asked: Asked) -> str:
    address = reverse(spec.detail, args=[one])
    dates = asked.query()
    return f"{address}?{dates}" if dates else address


def tree_urls_of(spec: TreeSpec) -> list[URLPattern]:
    @require_GET
    @screen(spec.permission)
    def show(request: HttpRequest) -> HttpResponse:
        ask, asked = ask_of(request), _asked(request)
        lines = lines_of(spec, asked, ask)
        context = {
            "spec": spec,
            "lines": lines,
            "asked": asked,
            "count": spec.rows(ask).count(),
            "on": ask.sight.on,
            "headings": [words_of(request).word(word) for word, _ in spec.headings],
            "here": reverse(f"{spec.code}:list"),
            "all_query": asked.query(open="all"),
            "none_query": asked.query(open=""),
            "today_query": asked.query(),
        }
        part = bool(getattr(request, "htmx", False)) and request.htmx.target == "tree"  # type: ignore[attr-defined]
        answer = render(request, "lists/tree.html" if part else "lists/tree_page.html", context)
        answer.headers["Vary"] = "HX-Request, HX-Target, Cookie"
        return answer

    return [path("", show, name="list")]
