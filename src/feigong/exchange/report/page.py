"""Puts the report together and writes it: one file, no request to anywhere, everything escaped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined
from markupsafe import Markup

from feigong.core.coverage.values import CoveragePlan
from feigong.core.roll.values import Roll
from feigong.exchange.atomic import writing
from feigong.exchange.plan_view import Names, PlanView
from feigong.exchange.proof_words import coverage_clause, travel_clause
from feigong.exchange.report import figures
from feigong.exchange.report.map import map_picture
from feigong.exchange.report.rows import ADVICE, FLAGS, OUTCOMES, PageData, page_data
from feigong.wording import Words

BAR_END = 96.0  # per cent of the proof's bar that the plan itself takes
SCHEMATIC_MOST = 1_500  # tiles; the list has every branch
CHANGES_MOST = 300
RATES_SHOWN = 12


def write_report(
    plan: CoveragePlan, roll: Roll, path: Path, words: Words, *, previous: CoveragePlan | None = None,
    names: Names | None = None, force: bool = False,
) -> None:  # fmt: skip
    """Write the plan's report as one HTML file.

    Parameters
    ----------
    plan, roll
        What was planned and the roll it was planned on. Persons are not shown, save liaison officers by name.
    previous
        The plan in force, to say what changed.
    names
        Names of areas, industries and parameters.

    Raises
    ------
    FeigongError
        ``error.output_exists`` and the other errors of `exchange.atomic`.
    """
    html = report_html(plan, roll, words, previous=previous, names=names)
    with writing([path], force=force) as [part]:
        part.write_text(html, encoding="utf-8")


def report_html(
    plan: CoveragePlan, roll: Roll, words: Words, *, previous: CoveragePlan | None = None, names: Names | None = None
) -> str:
    """The page as text."""
    view = PlanView(plan, roll, words, names or Names())
    data = page_data(view, previous)
    picture = map_picture(view, [f"{b[2]} · {b[3]}" for b in data.branches])
    shown = {b.index for b in picture.branches} if picture else set()
    by_area = figures.rates(view, view.area, view.area_name)
    by_industry = figures.rates(view, view.industry, view.industry_name)
    html: str = _template().render(
        w=words.word, words=words, view=view, plan=plan, data=data, css=_asset("report.css"), js=_asset("report.js"),
        json=_json(data, words), picture=picture, tiles=_tiles(data, shown), schematic_most=SCHEMATIC_MOST,
        whole=figures.whole_rate(view), by_area=by_area, by_industry=by_industry, rates_shown=RATES_SHOWN,
        scale_area=figures.bar_scale(by_area), scale_industry=figures.bar_scale(by_industry[:RATES_SHOWN]),
        counts=figures.outcome_counts(view), outcomes=OUTCOMES, needs=figures.needs(view),
        parents=figures.parents(view),
        transitions=figures.transitions(view, previous), previous=previous, changes_most=CHANGES_MOST,
        proof=_proof(plan, words), parameters=_parameters(view), conditions=_conditions(view), missing=_missing(plan),
        joined=sum(d.full_members for d in plan.decisions if d.outcome.value in ("joint", "join")),
        district=view.areas.get(roll.district, ""),
    )  # fmt: skip
    return html


def _asset(name: str) -> Markup:
    return Markup((files("feigong.exchange.report") / name).read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _template() -> Any:
    text = (files("feigong.exchange.report") / "report.html").read_text(encoding="utf-8")
    environment = Environment(
        loader=BaseLoader(), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(text)


def _json(data: PageData, words: Words) -> Markup:
    """The data inside a script element: ``<`` written so that no text can end the element."""
    document = {
        "areas": data.areas,
        "industries": data.industries,
        "outcomes": [(o, _outcome_word(words, o)) for o in OUTCOMES],
        "flags": FLAGS,
        "texts": data.texts.texts,
        "rows": data.rows,
        "branches": data.branches,
        "advice": {a: words.word(f"report.advice.{a}") for a in ADVICE},
        "states": {s: words.word(f"branch_state.{s}") for s in ("new", "kept", "changed")},
        "w": {k.removeprefix("script."): words.word(k) for k in words.codes() if k.startswith("script.")},
        "lang": words.word("lang.html"),
    }
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    safe = text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return Markup(safe.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def _outcome_word(words: Words, outcome: str) -> str:
    code = f"outcome.{outcome}"
    return words.word(code if words.has(code) else f"report.{code}")


def _tiles(data: PageData, on_map: set[int]) -> list[tuple[str, str, list[tuple[int, Any]]]]:
    """Branches that cannot be put on a map, by area: (code, name, [(index, branch)])."""
    groups: dict[int, list[tuple[int, Any]]] = {}
    for i, b in enumerate(data.branches):
        if i not in on_map:
            groups.setdefault(b[1], []).append((i, b))
    found = []
    for at in sorted(groups, key=lambda a: (a < 0 or data.areas[a][0] == "", a)):
        code, name = data.areas[at] if at >= 0 else ("", "")
        found.append((code, name, sorted(groups[at], key=lambda t: (t[1][2], t[0]))))
    return found


def _proof(plan: CoveragePlan, words: Words) -> dict[str, Any]:
    """The sentence in two parts, and where on the bar the bound lies."""
    proof = plan.proof
    share = proof.bound_cost_m / proof.cost_m if proof.cost_m > 0 else 1.0
    return {
        "coverage": coverage_clause(plan, words),
        "travel": travel_clause(plan, words),
        "all": proof.covered_members >= proof.bound_covered > 0,
        "end": BAR_END,
        "bound": round(BAR_END * min(1.0, max(0.0, share)), 2),
        "bar": bool(plan.branches),
    }


def _missing(plan: CoveragePlan) -> int:
    return sum(d.missing_members for d in plan.decisions if d.outcome.value == "recruit")


def _conditions(view: PlanView) -> list[str]:
    """What every joint branch keeps to, in words, as far as the plan says."""
    words, found = view.words, []
    travel, industry = view.parameter("travel_m"), view.parameter("industry_travel_m")
    if travel is not None and industry is not None:
        found.append(words.word("report.condition.travel", travel=travel, industry=industry))
    elif travel is not None:
        found.append(words.word("report.condition.travel_only", travel=travel))
    found.append(words.word("report.condition.slot"))
    return found


def _parameters(view: PlanView) -> list[Mapping[str, str]]:
    rows: list[Mapping[str, str]] = []
    for key, value in view.plan.parameters:
        note = view.names.parameters.get(key)
        rows.append({
            "key": key,
            "name": note.name if note else key,
            "value": view.parameter_text(key, value),
            "unit": note.unit if note else "",
            "source": note.source if note else "",
        })  # fmt: skip
    return rows
