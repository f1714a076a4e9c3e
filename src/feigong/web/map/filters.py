"""What the map asks for besides what the list of enterprises does: outcomes of a plan, whose stars, one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from feigong.apps.accounts.roles import Permission
from feigong.apps.coverage import queries as plans
from feigong.apps.roll import queries
from feigong.core.coverage.values import Outcome
from feigong.core.errors import FeigongError
from feigong.core.roll.places.stacking import NEAR_M
from feigong.web.lists.filters import Chips, Given
from feigong.web.lists.spec import Ask, Rows
from feigong.web.map.stacks import stacks_of

_MOST_PLANS = 20
_NEAR = 3 * NEAR_M / 111_320.0  # degrees within which a stack lies, in any case


def number_of(given: Given, name: str) -> int | None:
    text = next(iter(given.get(name, ())), "")
    return int(text) if text.isdecimal() and len(text) <= 9 else None


def may_see_plans(ask: Ask) -> bool:
    return ask.actor.may(Permission.COVERAGE_VIEW)


@dataclass(frozen=True, slots=True)
class OfPlan:
    """What a plan says of an enterprise: of the plan that is asked for, else of the newest in sight."""

    code: str = "outcome"
    template: str = "map/choice.html"
    folded: bool = True

    @property
    def params(self) -> tuple[str, ...]:
        return (self.code,)

    def apply(self, rows: Rows, given: Given, ask: Ask) -> Rows:
        wanted = [one for one in given.get(self.code, ()) if one in list(Outcome)]
        if not wanted or not may_see_plans(ask):
            return rows
        asked = number_of(given, "plan")
        kept = plans.plans(ask.sight).filter(**({"pk": asked} if asked is not None else {})).first()
        if kept is None:
            return rows.none()
        found = plans.outcomes(ask.sight, kept).filter(outcome__in=wanted).order_by()
        return rows.filter(enterprise_id__in=found.values("enterprise_id"))

    def chips(self, given: Given, ask: Ask) -> Chips:
        if not may_see_plans(ask):
            return []
        label = ask.words.word("web.map.outcome")
        found = []
        for one in given.get(self.code, ()):
            if one in list(Outcome):
                text = ask.words.word("web.lists.chip", name=label, value=ask.words.word(f"outcome.{one}"))
                found.append((self.code, one, text))
        return found

    def field(self, given: Given, ask: Ask) -> Mapping[str, Any]:
        wanted = given.get(self.code, ())
        options = [(one.value, ask.words.word(f"outcome.{one.value}"), one.value in wanted) for one in Outcome]
        return {
            "name": self.code, "label": ask.words.word("web.map.outcome"), "many": len(wanted) > 1,
            "options": options if may_see_plans(ask) else [], "none": ask.words.word("web.lists.any"),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlanAsked:
    """Which plan is meant. ``offered``: as a choice; else it is only carried along."""

    offered: bool = True
    code: str = "plan"
    folded: bool = False

    @property
    def template(self) -> str:
        return "map/choice.html" if self.offered else "lists/filters/kept.html"

    @property
    def params(self) -> tuple[str, ...]:
        return (self.code,)

    def apply(self, rows: Rows, given: Given, ask: Ask) -> Rows:
        return rows

    def chips(self, given: Given, ask: Ask) -> Chips:
        one = number_of(given, self.code)
        if one is None or not may_see_plans(ask):
            return []
        return [(self.code, str(one), ask.words.word("web.map.plan_chip", n=one))]

    def field(self, given: Given, ask: Ask) -> Mapping[str, Any]:
        asked = number_of(given, self.code)
        value = "" if asked is None else str(asked)
        return {
            "name": self.code, "value": value, "label": ask.words.word("web.map.stars_of"),
            "options": self._options(asked, ask) if self.offered else [],
            "none": ask.words.word("web.map.stars_standing"),
        }  # fmt: skip

    def _options(self, asked: int | None, ask: Ask) -> Sequence[tuple[str, str, bool]]:
        if not may_see_plans(ask):
            return []
        found = plans.plans(ask.sight).values_list("pk", "on")[:_MOST_PLANS]
        return [(str(pk), ask.words.word("web.map.plan_option", n=pk, on=on), pk == asked) for pk, on in found]


@dataclass(frozen=True, slots=True)
class At:
    """Those that share a building or a point with one enterprise. Comes last: it looks among what the others found."""

    code: str = "at"
    template: str = "lists/filters/kept.html"
    folded: bool = False

    @property
    def params(self) -> tuple[str, ...]:
        return (self.code,)

    def apply(self, rows: Rows, given: Given, ask: Ask) -> Rows:
        one = number_of(given, self.code)
        if one is None:
            return rows
        here = rows.filter(enterprise_id=one, longitude__isnull=False, latitude__isnull=False).first()
        if here is None:
            return rows.none()
        around = rows.filter(
            longitude__range=(here.longitude - 2 * _NEAR, here.longitude + 2 * _NEAR),
            latitude__range=(here.latitude - _NEAR, here.latitude + _NEAR),
        )
        found = stacks_of(rows if self._in_building(here, ask) else around, ask)
        stack = next(stack for stack in found if one in stack.enterprises)
        return rows.filter(enterprise_id__in=stack.enterprises)

    def _in_building(self, here: Any, ask: Ask) -> bool:
        return queries.areas(ask.sight).filter(area_id=here.area_id, kind="building").exists()

    def chips(self, given: Given, ask: Ask) -> Chips:
        one = number_of(given, self.code)
        if one is None:
            return []
        name = queries.enterprises(ask.sight).filter(enterprise_id=one).values_list("name", flat=True).first()
        shown = name or ask.words.word("web.lists.not_in_sight")
        return [(self.code, str(one), ask.words.word("web.map.at_chip", name=shown))]

    def field(self, given: Given, ask: Ask) -> Mapping[str, Any]:
        return {"name": self.code, "value": ""}  # a new question is asked of the whole map


def check_plan(given: Given, ask: Ask) -> int | None:
    """The plan whose stars are asked for; None: the branches there are. ``error.not_found``."""
    asked = number_of(given, "plan")
    if asked is None:
        return None
    if not may_see_plans(ask):
        raise FeigongError("error.not_found")
    return asked
