"""Plans for readers: outcomes with names and sentences, the report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from feigong.apps.accounts.sight import Sight
from feigong.apps.coverage.models import PlannedOutcome
from feigong.apps.roll import queries
from feigong.core.coverage.values import CoveragePlan
from feigong.core.reasons import Reason
from feigong.core.roll.values import Roll
from feigong.exchange.parameters_words import parameter_notes
from feigong.exchange.plan_view import Names
from feigong.exchange.reference import load_area_names, load_industry_names
from feigong.exchange.report.page import report_html
from feigong.exchange.rules_file import load_rules
from feigong.wording import Words


@dataclass(frozen=True, slots=True)
class NamedOutcome:
    """One enterprise of a plan as a row of a list."""

    enterprise_id: int
    name: str
    outcome: str
    full_members: int
    missing_members: int
    branch: str
    why: str


def named_outcomes(sight: Sight, rows: Iterable[PlannedOutcome], words: Words) -> list[NamedOutcome]:
    """Rows of a page with the names that are in sight; two queries for any number of rows."""
    rows = list(rows)
    seen = queries.enterprises(sight).filter(enterprise_id__in=[r.enterprise_id for r in rows])
    names = dict(seen.values_list("enterprise_id", "name"))
    return [
        NamedOutcome(
            r.enterprise_id, names.get(r.enterprise_id, ""), r.outcome, r.full_members, r.missing_members, r.branch,
            words.join([words.say(Reason(code, params)) for code, params in r.reasons[:1]]),
        )
        for r in rows
    ]  # fmt: skip


def report_page(plan: CoveragePlan, roll: Roll, words: Words) -> str:
    """The plan's report: one file that needs neither server nor network."""
    areas = [e.place.area for e in roll.enterprises] + [o.base.area for o in roll.officers]
    names = Names(
        areas={a.code: a.name for a in roll.areas} or load_area_names([a for a in areas if a], roll.district),
        industries=load_industry_names(),
        parameters=parameter_notes(load_rules(None), plan.on, words),
    )
    return report_html(plan, roll, words, names=names)
