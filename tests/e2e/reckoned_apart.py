"""What two months of tables and what was done in between come to: tables, dictionaries and rows of the database as they
lie there. Nothing here asks the product's queries; what it says is compared with what the pages say."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from e2e.real_district import Made, Row
from feigong.core.roll.merge.names import exact_key
from feigong.core.text import fold

ENDLESS = "9999-12-31"


@dataclass
class Founded:
    """A branch that cases set up: its name, its enterprises, those it takes in where it was there before."""

    name: str
    firms: frozenset[str]
    joint: bool


@dataclass
class Told:
    """The tables of the months up to one, a later one over an earlier one."""

    people: dict[tuple[str, str], Row] = field(default_factory=dict)  # by number and name
    bodies: dict[tuple[str, str], Row] = field(default_factory=dict)  # by name and what they cover
    firms: dict[str, str] = field(default_factory=dict)  # names as registered, by code

    def add(self, made: Made, month: int) -> None:
        wrong = made.truth[month].written
        for row in made.told(month, "市场监管登记"):
            code = fold(row["统一社会信用代码"])
            self.firms[wrong.get(code, code)] = row["企业名称"]
        for row in made.told(month, "党员名册"):
            self.people[row["身份证号"], row["姓名"]] = row
        self.bodies.update({(fold(row["党组织名称"]), row["覆盖企业"]): row for row in made.told(month, "党组织名册")})

    def members(self) -> Counter[tuple[str, str]]:
        """Everybody, and whether full."""
        return Counter((row["姓名"], row["人员类别"]) for row in self.people.values())

    def names(self) -> Counter[str]:
        return Counter(name for name, _ in self.bodies)

    def firms_of(self, names: Iterable[str]) -> frozenset[str]:
        """Whom these organisations cover."""
        wanted = set(names)
        return frozenset(exact_key(one) for name, text in self.bodies if name in wanted for one in text.split("、"))

    def covering(self, borne: Counter[str]) -> list[tuple[str, frozenset[str], bool]]:
        """What each organisation covers, as far as whole names that one enterprise bears tell; whether all do."""
        found = []
        for name, text in self.bodies:
            firms = [exact_key(one) for one in text.split("、")]
            sure = frozenset(firm for firm in firms if borne[firm] == 1)
            found.append((name, sure, len(sure) == len(firms)))
        return found


def untouched(made: Made, firms: Iterable[str]) -> bool:
    """Nobody came, went or became full, and none moved, shut or changed its times: as the makers know it."""
    first, second = made.truth[1], made.truth[2]
    return all(
        code in second.enterprises
        and first.members.get(code) == second.members.get(code)
        and first.times.get(code) == second.times.get(code)
        for code in firms
    )


# rows as they lie in the database


def rows(table: str) -> list[dict[str, Any]]:
    """A table of the roll, as it is known now."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        heads = [column[0] for column in cursor.description or ()]
        found = [dict(zip(heads, row, strict=True)) for row in cursor.fetchall()]
    return [row for row in found if str(row["recorded_to"])[:4] == "9999"]


def on_day(table: str, day: date) -> list[dict[str, Any]]:
    text = day.isoformat()
    return [row for row in rows(table) if str(row["valid_from"]) <= text < str(row["valid_to"])]


def coverage_rate(day: date, least_staff: int) -> tuple[int, int]:
    """Operating enterprises that an organisation covers, and all of them."""
    covered = {row["enterprise_id"] for row in on_day("roll_coverage", day)}
    counted = {row["enterprise_id"] for row, why in _judged(day, least_staff) if not why}
    return len(counted & covered), len(counted)


def excluded(day: date, least_staff: int) -> dict[str, str]:
    """Every enterprise that does not count in a rate, by its code: the first reason that holds."""
    return {row["uscc"]: why for row, why in _judged(day, least_staff) if why}


def district() -> int:
    """The topmost area."""
    return next(int(row["area_id"]) for row in rows("roll_areastate") if row["parent_id"] is None)


def _judged(day: date, least_staff: int) -> list[tuple[dict[str, Any], str]]:
    buildings = {row["area_id"] for row in on_day("roll_areastate", day) if row["kind"] == "building"}
    return [(row, _why(row, buildings, least_staff)) for row in on_day("roll_enterprisestate", day)]


def _why(row: dict[str, Any], buildings: set[int], least_staff: int) -> str:
    flags = row["flags"] if isinstance(row["flags"], list) else json.loads(row["flags"])
    placed = row["operating_address"] or row["registered_address"] or row["longitude"] is not None
    if row["standing"] != "active":
        return str(row["standing"])
    if row["kind"] != "enterprise":
        return "not_enterprise"
    if row["control"] == "state":
        return "state"
    if "branch_office" in {flag[0] for flag in flags}:
        return "branch_office"
    if not placed and row["area_id"] not in buildings:
        return "no_premises"
    if row["staff"] is None:
        return "staff_unknown"
    return "few_staff" if row["staff"] < least_staff else ""


def changes_told(plan: int) -> dict[str, list[Any]]:
    """Of each joint branch that a plan says it altered, why: as the plan lies in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM coverage_plan WHERE id = %s", [plan])
        content = json.loads(cursor.fetchone()[0])
    return {one["branch"]: one["reasons"] for one in content["plan"]["changes"]}
