"""The list of branches that transfers and turnover endanger, and the members that a figure of turnover counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When

from feigong.apps.accounts.roles import Permission
from feigong.apps.movement import queries
from feigong.apps.roll import queries as roll
from feigong.core.coverage.movement import Danger, Way
from feigong.web.lists import Ask, Column, Kind, ListSpec, fills
from feigong.web.lists.filters import Chips, Choice, Given, Search, YesNo
from feigong.web.lists.options import area_options, in_areas
from feigong.web.lists.spec import Rows

COUNTED = (Way.JOINED, Way.MOVED_IN, Way.MOVED_OUT, Way.LEFT)
"""Ways that only two days together tell; the others are lists of one day."""


def endangered(ask: Ask) -> queries.Endangered:
    """Reckoned once for a page."""
    if "endangered" not in ask.kept:
        ask.kept["endangered"] = queries.endangered(ask.sight)
    found: queries.Endangered = ask.kept["endangered"]
    return found


def _rows(ask: Ask) -> Rows:
    """With how many would be left, to sort by. A chance depends on nothing else, and few figures are different."""
    by_figure: dict[int, list[int]] = defaultdict(list)
    for number, one in endangered(ask).branches.items():
        by_figure[one.after].append(number)
    found = roll.organisations(ask.sight).filter(organisation_id__in=list(endangered(ask).branches))
    cases = (When(organisation_id__in=numbers, then=Value(after)) for after, numbers in sorted(by_figure.items()))
    return found.annotate(after=Case(*cases, default=Value(0), output_field=IntegerField()))


def _figure(name: str) -> Any:
    def fill(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
        found = endangered(ask).branches
        return {r.pk: getattr(found[r.organisation_id], name) for r in rows}

    return fill


def _joining(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    found = endangered(ask).joining
    return {r.pk: found.get(r.organisation_id, 0) for r in rows}


def _chance(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    found = endangered(ask).branches
    return {r.pk: ask.words.percent(found[r.organisation_id].chance) for r in rows}


def _dangers(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    found = endangered(ask).branches
    return {r.pk: [ask.words.word(f"danger.{d}") for d in found[r.organisation_id].dangers] for r in rows}


def _by_danger(rows: Rows, wanted: Sequence[str], ask: Ask) -> Rows:
    found = endangered(ask).branches.items()
    return rows.filter(organisation_id__in=[n for n, one in found if not set(wanted).isdisjoint(one.dangers)])


def _leaving(ask: Ask) -> Q:
    return Q(organisation_id__in=[n for n, one in endangered(ask).branches.items() if one.leaving])


SPEC = ListSpec(
    code="movement",
    permission=Permission.COVERAGE_VIEW,
    rows=_rows,
    key="organisation_id",
    record="roll.organisation",
    detail="organisations:detail",
    columns=(
        Column("name", sort=("name",), first=True),
        Column("area", word="field.area_id", fill=fills.area_name),
        Column("before", Kind.NUMBER, word="web.movement.before", fill=_figure("before")),
        Column("leaving", Kind.NUMBER, word="web.movement.leaving", fill=_figure("leaving")),
        Column("joining", Kind.NUMBER, word="web.movement.joining", fill=_joining),
        Column("after", Kind.NUMBER, word="web.movement.after", fill=_figure("after"), sort=("after", "name")),
        Column("dangers", Kind.NAMES, word="web.movement.dangers", fill=_dangers),
        Column("chance", word="web.movement.chance", fill=_chance, sort=("after", "name")),
        Column("kind", Kind.CHOICE, "organisation_kind", sort=("kind", "name"), shown=False),
    ),
    filters=(
        Search("web.organisations.search"),
        Choice("danger", tuple(Danger), family="danger", word="web.movement.danger", folded=False, where=_by_danger),
        Choice("area", area_options, where=in_areas, word="field.area_id", folded=False),
        YesNo("leaving", _leaving, "web.movement.has_leaving"),
    ),
    aside="movement/_head.html",
    start=(("movement:turnover", "web.movement.to_turnover"), ("movement:arrive", "web.movement.to_arrival")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moved:
    """Members who came or went between two days: ``way.first.last.area``, from a figure. Has no field, only a chip."""

    code: str = "moved"
    folded: bool = True
    template: str = "lists/filters/kept.html"

    @property
    def params(self) -> tuple[str, ...]:
        return (self.code,)

    def _asked(self, given: Given) -> tuple[Way, date, date, int] | None:
        parts = next(iter(given.get(self.code, ())), "").split(".")
        try:
            way, first, last, area = parts
            asked = Way(way), date.fromisoformat(first), date.fromisoformat(last), int(area[:9])
        except ValueError:
            return None
        return asked if asked[0] in COUNTED else None

    def apply(self, rows: Rows, given: Given, ask: Ask) -> Rows:
        asked = self._asked(given)
        if asked is None:
            return rows
        way, first, last, area = asked
        return rows.filter(member_id__in=queries.moved(ask.sight, first, last, area, way))

    def chips(self, given: Given, ask: Ask) -> Chips:
        asked = self._asked(given)
        if asked is None:
            return []
        way, first, last, area = asked
        name = roll.areas(ask.sight).filter(area_id=area).values_list("name", flat=True).first()
        text = ask.words.word(
            "web.movement.moved_chip", way=ask.words.word(f"web.movement.way.{way}"), first=first.isoformat(),
            last=last.isoformat(), area=name or ask.words.word("web.lists.not_in_sight"),
        )  # fmt: skip
        return [(self.code, given[self.code][0], text)]

    def field(self, given: Given, ask: Ask) -> Mapping[str, Any]:
        return {"name": self.code, "value": next(iter(given.get(self.code, ())), "")}
