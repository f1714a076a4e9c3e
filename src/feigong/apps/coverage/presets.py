"""What an area plans with where nobody chooses otherwise: dated, so that a plan of a past day uses what held then.

An area without a preset of its own uses that of the nearest area above. Nothing is stored that is the value of the
rule anyway; what each is and its range are `exchange.parameters_file`. The staff from which an enterprise counts is
none of it: then a plan and the coverage rate would count differently.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor, Sight
from feigong.apps.audit.recording import changing
from feigong.apps.clock import now
from feigong.apps.coverage.models import Plan, Preset
from feigong.apps.roll import queries
from feigong.apps.roll.models.dated import as_of, known
from feigong.apps.roll.writing import Writer
from feigong.core.errors import FeigongError
from feigong.core.roll.trees import nodes_of
from feigong.exchange.parameters_file import parameter_defaults, parameters_with
from feigong.exchange.rules_file import load_rules

NOT_PRESET = ("operating_staff",)


def area_of_plans(sight: Sight) -> int:
    """The topmost area in sight: what a plan covers; ``error.plan_no_area``."""
    top = queries.areas(sight).values_list("area_id", flat=True).first()
    if top is None:
        raise FeigongError("error.plan_no_area")
    return int(top)


def presets(sight: Sight) -> QuerySet[Preset]:
    """Of areas in sight, as they stood on the day."""
    seen = queries.areas(sight).order_by().values("area_id")
    return as_of(Preset, sight.on, sight.known_at).filter(area_id__in=seen)


def preset_of(sight: Sight, area: int) -> Preset | None:
    """What counts for an area in sight: its own, else of the nearest area above."""
    path = queries.areas(sight).filter(area_id=area).values_list("path", flat=True).first() or ""
    rows = {r.area_id: r for r in as_of(Preset, sight.on, sight.known_at).filter(area_id__in=nodes_of(path))}
    return next((rows[node] for node in reversed(nodes_of(path)) if node in rows), None)


def name_of(sight: Sight, area: int) -> str:
    return queries.areas(sight).filter(area_id=area).values_list("name", flat=True).first() or ""


def stretches(sight: Sight, area: int) -> list[Preset]:
    """What an area in sight had from when to when, the latest first."""
    if not queries.areas(sight).filter(area_id=area).exists():
        raise FeigongError("error.not_found")
    rows = known(Preset, sight.known_at).filter(area_id=area).select_related("change")
    return list(rows.order_by("-valid_from"))


def set_preset(
    actor: Actor, chosen: Mapping[str, Any], *, on: date, reason: str = "", expected: int | None = None
) -> int:
    """Let the area of one's plans plan with these from a day on; its number. Nothing that differs from the rules: it
    has none of its own any more.

    Raises
    ------
    FeigongError
        ``error.not_permitted``, ``error.plan_no_area``, ``error.parameters.*``, ``error.changed_meanwhile``.
    """
    actor.must(Permission.COVERAGE_PLAN)
    kept = differing(chosen, on)
    area = area_of_plans(actor.sight(on, now()))
    with changing(actor, "coverage.preset", reason=reason, params={"area": area}) as change:
        writer = Writer(change)
        writer.history(Preset, [(area,)])  # locked from here on
        own = as_of(Preset, on, change.at).filter(area_id=area).first()
        if expected is not None and expected != (own.pk if own is not None else 0):
            raise FeigongError("error.changed_meanwhile")
        if kept:
            writer.put(Preset, (area,), {"chosen": kept}, on)
        else:
            writer.end(Preset, [(area,)], on)
    return area


def differing(chosen: Mapping[str, Any], on: date) -> dict[str, Any]:
    """What is not the value in force, each checked."""
    rules = load_rules(None)
    parameters_with(chosen, rules, on)
    usual = parameter_defaults(rules, on)
    found = {k: v for k, v in chosen.items() if (tuple(v) if isinstance(v, list) else v) != usual.get(k)}
    for name in NOT_PRESET:
        if name in found:
            raise FeigongError("error.preset_fixed", key=name)
    return found


def with_preset(sight: Sight, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """What was chosen on top of what the area of one's plans has."""
    found = preset_of(sight, area_of_plans(sight))
    return {**(found.chosen if found is not None else {}), **chosen}


def chosen_beyond(sight: Sight, plan: Plan) -> dict[str, Any]:
    """What somebody chose for a plan in place of what its area had then: what stays when it is planned again."""
    then = replace(sight, on=plan.on, known_at=plan.known_at, paths={})
    had = preset_of(then, plan.area_id)
    rules = parameter_defaults(load_rules(None), plan.on)
    usual = {name: list(value) if isinstance(value, tuple) else value for name, value in rules.items()}
    used, default = {**usual, **plan.parameters}, {**usual, **(had.chosen if had is not None else {})}
    return {name: value for name, value in used.items() if value != default[name]}
