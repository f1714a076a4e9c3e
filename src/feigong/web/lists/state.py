"""The state of a list is its address: what is asked for, in which order, which page, which columns, as of when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from urllib.parse import urlencode

from django.http import QueryDict

from feigong.web.lists.spec import Column, ListSpec

SIZES = (25, 50, 100, 200)
DATES = ("on", "known")
_LONGEST = 200  # of one value in an address
_MOST = 40  # values of one parameter


@dataclass(frozen=True, slots=True)
class State:
    spec: ListSpec
    given: Mapping[str, tuple[str, ...]]  # of filters and dates; nothing empty
    sort: str
    page: int = 1
    size: int = SIZES[0]
    columns: tuple[str, ...] = ()
    usual: tuple[str, ...] = ()  # columns and order when the address says nothing
    usual_sort: str = ""

    def query(self, **changes: object) -> str:
        """The address of this list with something changed (``sort``, ``page``, ``size``, ``columns``, ``given``)."""
        return replace(self, **{"page": 1, **changes})._query()  # type: ignore[arg-type]

    def _query(self) -> str:
        pairs = [(name, value) for name, values in sorted(self.given.items()) for value in values]
        if self.sort != self.usual_sort:
            pairs.append(("sort", self.sort))
        if self.columns != self.usual:
            pairs.append(("columns", ",".join(self.columns)))
        if self.size != SIZES[0]:
            pairs.append(("size", str(self.size)))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return urlencode(pairs)

    @property
    def here(self) -> str:
        return self._query()

    def without(self, name: str, value: str) -> str:
        """The address with one value taken away."""
        rest = {n: tuple(v for v in values if (n, v) != (name, value)) for n, values in self.given.items()}
        return self.query(given={n: values for n, values in rest.items() if values})

    def bare(self) -> str:
        """The address without filters, as of the same day."""
        return self.query(given={n: v for n, v in self.given.items() if n in DATES})

    def shown(self) -> list[Column]:
        return [c for c in self.spec.columns if c.code in self.columns]

    def order(self) -> tuple[str, ...]:
        """Names of the table's columns to sort by. What is alike there lies by what it is, not by which of its states
        is looked at: on every day in the same order."""
        column = self.spec.column(self.sort.lstrip("-"))
        names = column.sort if column else ()
        if self.sort.startswith("-"):
            names = tuple(n.removeprefix("-") if n.startswith("-") else f"-{n}" for n in names)
        return (*names, self.spec.key)


def _values(data: QueryDict, name: str) -> tuple[str, ...]:
    values = dict.fromkeys(v.strip()[:_LONGEST].replace("\x00", "") for v in data.getlist(name)[:_MOST])
    return tuple(v for v in values if v)


def _whole(text: str, least: int, usual: int) -> int:
    return max(least, int(text)) if text.isdecimal() and len(text) < 10 else usual


def _columns(spec: ListSpec, wanted: Iterable[str], usual: tuple[str, ...]) -> tuple[str, ...]:
    """In the order of the list; what names the row is always there."""
    chosen = set(wanted)
    if not chosen & {c.code for c in spec.columns}:
        return usual
    return tuple(c.code for c in spec.columns if c.code in chosen or c.first)


def read_state(spec: ListSpec, data: QueryDict, kept: tuple[str, Sequence[str]] = ("", ())) -> State:
    """The state that an address asks for; what it does not say is as this account keeps it (``kept``: sort, columns).

    Parameters that the list does not know are left out, so that an address shows nothing that has no effect.
    """
    names = [*(p for f in spec.filters for p in f.params), *(DATES if spec.dated else ())]
    given = {name: values for name in names if (values := _values(data, name))}
    usual = _columns(spec, kept[1], spec.usual)
    usual_sort = _sort(spec, kept[0], spec.sort)
    columns = [code for text in data.getlist("columns")[:_MOST] for code in text.split(",")]
    return State(
        spec,
        MappingProxyType(given),
        sort=_sort(spec, data.get("sort", ""), usual_sort),
        page=_whole(data.get("page", ""), 1, 1),
        size=size if (size := _whole(data.get("size", ""), 1, SIZES[0])) in SIZES else SIZES[0],
        columns=_columns(spec, columns, usual),
        usual=usual,
        usual_sort=usual_sort,
    )


def _sort(spec: ListSpec, wanted: str, usual: str) -> str:
    column = spec.column(wanted.removeprefix("-"))
    return wanted if column is not None and column.sort else usual
