"""What an address of targets asks for: year, measure, areas or industries, whose parts, of which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from feigong.apps.clock import today
from feigong.apps.roll.choices import AreaKind
from feigong.apps.targets import queries
from feigong.apps.targets.figures import Key
from feigong.apps.targets.reading import Table
from feigong.core.coverage.targets import Measure
from feigong.web.lists.state import DATES
from feigong.web.request import sight_of

BY = ("areas", "industries")
FIRST, LAST = 2000, 2100
NO_INDUSTRY = "-"


@dataclass(frozen=True, slots=True)
class Asked:
    year: int
    measure: Measure
    by: str
    area: int | None
    dates: tuple[tuple[str, str], ...]
    kind: str = ""  # of areas

    def query(self, **changes: object) -> str:
        """This address with something changed; None takes it away."""
        here = {"year": self.year, "measure": self.measure.code, "by": self.by, "area": self.area, "kind": self.kind}
        said = {**here, **changes}
        if said["by"] == BY[0]:
            said["by"] = None
        return urlencode([(name, value) for name, value in said.items() if value not in (None, "")] + list(self.dates))


def asked_of(request: HttpRequest) -> Asked:
    """What makes no sense asks for nothing."""
    sight = sight_of(request)
    known = queries.measures(sight)
    code = request.GET.get("measure", "")
    measure = next((one for one in known if one.code == code), known[0])
    by = request.GET.get("by", BY[0])
    dates = tuple((name, value) for name in DATES if (value := request.GET.get(name, "").strip()))
    year = _number(request, "year")
    return Asked(
        year if year is not None and FIRST <= year <= LAST else sight.on.year,
        measure,
        by if by in BY and measure.by_industry else BY[0],
        _number(request, "area"),
        dates,
        kind if (kind := request.GET.get("kind", "")) in AreaKind.values else "",
    )


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "").strip()
    return int(text) if text.isdecimal() and len(text) < 10 else None


def opens(asked: Asked, found: Table, query: str, key: Key, day: date) -> str:
    """The address of the list that a figure counts, as of its day. Empty where the measure has none."""
    if not query:
        return ""
    parts = [query.format(first=date(found.year, 1, 1).isoformat(), last=day.isoformat())]
    area = found.area if found.by == "industries" and isinstance(key, str) else key
    parts.append(urlencode({"area": area}))
    if isinstance(key, str):
        parts.append(urlencode({"industry": key or NO_INDUSTRY}))
    dates = dict(asked.dates)
    if "on" in dates or day != today():
        dates["on"] = day.isoformat()
    if dates:
        parts.append(urlencode(dates))
    return f"{reverse(f'{asked.measure.part_list}:list')}?{'&'.join(parts)}"

