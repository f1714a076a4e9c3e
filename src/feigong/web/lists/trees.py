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
from feigong.apps.roll import queries
from feigong.core.roll.trees import nodes_of
from feigong.web.lists.page import Pages, pages_of
from feigong.web.lists.spec import Ask, Rows
from feigong.web.lists.state import DATES
from feigong.web.lists.views import ask_of
from feigong.web.request import words_of
from feigong.web.screen import screen

_A_PAGE = 100  # lines
_MOST_OPEN = 2000  # nodes that an address names
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
    """Which nodes are open: those that ``open`` names (nothing said: the roots; or "all"), ``turned`` the other way."""

    text: str
    dates: tuple[tuple[str, str], ...]
    open: str | None
    turned: frozenset[int]
    page: int

    def query(self, **more: str) -> str:
        return urlencode([*self.dates, *more.items()])

    def query_here(self, **more: str) -> str:
        """The same nodes open."""
        here = {"q": self.text} if self.text else {}
        if self.open is not None:
            here["open"] = self.open
        if self.turned:
            here["turned"] = ",".join(map(str, sorted(self.turned)))
        return self.query(**{name: value for name, value in {**here, **more}.items() if value or name == "open"})


def _ids(text: str) -> frozenset[int]:
    return frozenset(int(t) for t in text.split(",")[:_MOST_OPEN] if t.isdecimal() and len(t) < 10)


def _asked(request: HttpRequest) -> Asked:
    dates = tuple((name, value) for name in DATES if (value := request.GET.get(name, "").strip()))
    opened, page = request.GET.get("open"), request.GET.get("page", "")
    if opened is not None and opened != "all":
        opened = ",".join(map(str, sorted(_ids(opened))))
    return Asked(
        request.GET.get("q", "").strip()[:80],
        dates,
        opened,
        _ids(request.GET.get("turned", "")),
        max(1, int(page)) if page.isdecimal() and len(page) < 10 else 1,
    )


def _roots(spec: TreeSpec, ask: Ask) -> Rows:
    """Nodes with nothing above them in sight."""
    rows = spec.rows(ask)
    return rows.exclude(**{f"{spec.parent}__in": rows.order_by().values(spec.key)})


def _nodes(spec: TreeSpec, asked: Asked, ask: Ask) -> tuple[list[tuple[int, str]], frozenset[int]]:
    """All nodes to show, with their paths, in the order of the tree, and those that are open."""
    rows = spec.rows(ask).order_by("path").values_list(spec.key, "path")
    if asked.text:
        found = list(rows.filter(name__icontains=asked.text)[:_MOST_FOUND])
        around = frozenset(node for _, path in found for node in nodes_of(path))
        return list(rows.filter(**{f"{spec.key}__in": around})), around - {one for one, _ in found}
    if asked.open == "all":
        nodes = list(rows)
        seen = frozenset(one for one, _ in nodes)
        roots, opened = frozenset(one for one, path in nodes if seen.isdisjoint(nodes_of(path)[-2:-1])), seen
    else:
        roots = frozenset(_roots(spec, ask).order_by().values_list(spec.key, flat=True))
        opened = roots if asked.open is None else _ids(asked.open)
    opened ^= asked.turned
    if asked.open != "all":
        nodes = list(rows.filter(Q(**{f"{spec.key}__in": roots}) | Q(**{f"{spec.parent}__in": opened})))
    return [(one, path) for one, path in nodes if _hangs_open(nodes_of(path)[:-1], roots, opened)], opened


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


def page_of(spec: TreeSpec, asked: Asked, ask: Ask) -> tuple[list[Line], int, Pages]:
    """The lines of the page, how many there are on all of them, and where the others are."""
    shown, opened = _nodes(spec, asked, ask)
    pages = pages_of(asked.page, _A_PAGE, len(shown), lambda n: asked.query_here(page=str(n)))
    ids = [one for one, _ in shown[(pages.page - 1) * _A_PAGE : pages.page * _A_PAGE]]
    top = min((path.count("/") for _, path in shown), default=0)
    nodes = list(queries.among(spec.rows(ask), spec.key, ids).order_by("path"))
    below, figures = _children(spec, ids, ask), spec.figures(nodes, ask)
    addresses = [reverse(name) if name else "" for _, name in spec.headings]
    lines = []
    for node in nodes:
        one = getattr(node, spec.key)
        turned = None if one not in below else _turned(asked, opened, one, pages.page)
        opening = zip(figures[one], addresses, strict=True)
        lines.append(
            Line(
                one, node.name, ask.words.word(f"{spec.family}.{node.kind}"), getattr(node, "code", ""),
                min(node.path.count("/") - top, _DEEPEST), _detail(spec, one, asked), turned, one in opened,
                tuple(_figure(number, query, at, asked, ask) for (number, query), at in opening),
            )
        )  # fmt: skip
    return lines, len(shown), pages


def _turned(asked: Asked, opened: frozenset[int], one: int, page: int) -> str:
    """The query with one more node open, or one less. After a search: with what that has opened."""
    if asked.text:
        return asked.query(open=",".join(map(str, sorted(opened ^ {one}))))
    turned = ",".join(map(str, sorted(asked.turned ^ {one})))
    return asked.query_here(turned=turned, **({"page": str(page)} if page > 1 else {}))


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
        lines, shown, pages = page_of(spec, asked, ask)
        context = {
            "spec": spec,
            "lines": lines,
            "shown": shown,
            "pages": pages,
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
