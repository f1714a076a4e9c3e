"""Asking for a plan: the day, the parameters with what they are and where they come from, the plan to go on from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from feigong.apps.accounts.roles import Permission
from feigong.apps.clock import now, today
from feigong.apps.coverage import actions, presets, queries
from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason
from feigong.exchange.parameters_file import BASES, Value, parameter_defaults, parameter_infos
from feigong.exchange.parameters_words import parameter_notes
from feigong.exchange.rules_file import load_rules
from feigong.web.coverage.listing import plan_title
from feigong.web.lists.views import ask_of
from feigong.web.request import actor_of, sight_of, words_of
from feigong.web.screen import screen
from feigong.wording import Words

USUAL = ("travel_m", "industry_travel_m", "most_enterprises", "change_price_m", "changed_share", "allow_unverified")
"""Parameters that stand open; the others are folded away."""
_MOST_PLANS = 60


@dataclass(frozen=True, slots=True)
class Input:
    """One parameter of the form."""

    id: str
    kind: str  # number, yes, bases
    name: str
    unit: str
    source: str
    least: float | None
    most: float | None
    whole: bool
    usual: str  # the value in force, in words
    own: str  # what the area plans with, where that is another
    value: Any
    options: tuple[tuple[str, str, bool], ...] = ()


@require_http_methods(["GET", "POST"])
@screen(Permission.COVERAGE_PLAN)
def new(request: HttpRequest) -> HttpResponse:
    """The form, and what it asks for."""
    refused: Reason | None = None
    if request.method == "POST":
        try:
            return redirect("jobs:detail", _start(request))
        except FeigongError as error:
            if error.reason.code in ("error.not_found", "error.not_permitted"):
                raise
            refused = error.reason
    return _form(request, refused)


def _start(request: HttpRequest) -> int:
    given = request.POST
    previous = given.get("previous", "")
    seed = given.get("seed", "0").strip() or "0"
    if not seed.isdecimal() or int(seed) >= 2**31:
        raise FeigongError("error.plan_seed", found=seed[:20])
    on = _day(given.get("on", ""))
    job = actions.start_plan(
        actor_of(request),
        on=on,
        known_at=now(),
        parameters=_beyond(parameters_of(given, on), preset_today(request)),
        previous=int(previous) if previous.isdecimal() and len(previous) < 10 else None,
        keep_wishes=given.get("keep_wishes") == "1",
        seed=int(seed),
        name=given.get("name", ""),
    )
    return int(job.pk)


def _form(request: HttpRequest, refused: Reason | None) -> HttpResponse:
    words, given = words_of(request), request.POST if refused else request.GET
    day = today()
    whole = queries.whole_areas(sight_of(request))
    plans = [p for p in queries.plans(sight_of(request))[:_MOST_PLANS] if p.area_id in whole]
    inputs = inputs_of(given if refused else QueryDict(), day, words, preset_today(request))
    ask = ask_of(request)
    wanted = given.get("previous", str(plans[0].pk) if plans and not refused else "")
    return render(
        request,
        "coverage/new.html",
        {
            "refused": refused,
            "day": given.get("on") or day.isoformat(),
            "today": day.isoformat(),
            "name": given.get("name", ""),
            "seed": given.get("seed", "0"),
            "most": actions.NAME_MOST,
            "plans": [(p.pk, plan_title(p, ask), str(p.pk) == wanted) for p in plans],
            "keep_wishes": given.get("keep_wishes") == "1" if refused else True,
            "open": [i for i in inputs if i.id in USUAL],
            "folded": [i for i in inputs if i.id not in USUAL],
        },
        status=400 if refused else 200,
    )


def preset_today(request: HttpRequest) -> dict[str, Any]:
    """What the area of one's plans plans with; nothing where the account has no area."""
    sight = actor_of(request).sight(today(), now())
    return presets.with_preset(sight, {}) if queries.whole_areas(sight) else {}


def inputs_of(given: QueryDict, on: date, words: Words, own: Mapping[str, Any]) -> list[Input]:
    """Every parameter: as it was typed, else as the area has it, else as the rules do."""
    rules = load_rules(None)
    usual, notes = parameter_defaults(rules, on), parameter_notes(rules, on, words)
    found = []
    for info in parameter_infos():
        default, note = usual[info.id], notes[info.id]
        asked = given.getlist(f"p.{info.id}") if given else None
        kept = kept_value(own[info.id]) if info.id in own else default
        there = tuple(asked) if asked else kept if isinstance(kept, tuple) else BASES
        found.append(
            Input(
                info.id, _kind(default), note.name, note.unit, note.source, info.least, info.most,
                isinstance(default, int), in_words(default, words),
                in_words(kept, words) if kept != default else "", _value(kept, asked),
                tuple((b, words.word(f"basis.{b}"), b in there) for b in BASES),
            )
        )  # fmt: skip
    return found


def kept_value(value: Any) -> Value:
    """A value as a row keeps it."""
    return tuple(value) if isinstance(value, list) else value


def _kind(default: Value) -> str:
    return "yes" if isinstance(default, bool) else "bases" if isinstance(default, tuple) else "number"


def in_words(default: Value, words: Words) -> str:
    if isinstance(default, bool):
        return words.yes(default)
    if isinstance(default, tuple):
        return words.join([words.word(f"basis.{b}") for b in default])
    return f"{default:g}"


def _value(default: Value, asked: list[str] | None) -> Any:
    if isinstance(default, bool):
        return default if asked is None else "1" in asked
    if isinstance(default, tuple):
        return None
    return f"{default:g}" if not asked else asked[0]


def _beyond(given: dict[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """What was changed on the form: a plan of a past day uses for the rest what its area had then."""
    usual = parameter_defaults(load_rules(None), today()) | {name: kept_value(value) for name, value in own.items()}
    return {name: value for name, value in given.items() if usual.get(name) != kept_value(value)}


def parameters_of(given: QueryDict, on: date) -> dict[str, Any]:
    """What the form says of parameters; an empty field leaves the value in force."""
    found: dict[str, Any] = {}
    for name, default in parameter_defaults(load_rules(None), on).items():
        asked = given.getlist(f"p.{name}")
        if isinstance(default, bool):
            if f"p.{name}.there" in given:
                found[name] = "1" in asked
        elif isinstance(default, tuple):
            if f"p.{name}.there" in given:
                found[name] = [b for b in BASES if b in asked]
        elif asked and asked[0].strip():
            found[name] = _number(asked[0].strip())
    return found


def _number(text: str) -> int | float | str:
    """A number where it is one; else what was typed, to be refused in words."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text[:40]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FeigongError("error.plan_day", found=text[:40]) from None


