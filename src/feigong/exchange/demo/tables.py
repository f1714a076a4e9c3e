"""The demo's tables as departments keep them, each with the faults that real tables have."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from feigong.exchange.demo.district import CODE_SIGNS, District, Firm, Person
from feigong.exchange.demo.places import CITY

Row = list[Any]


@dataclass(frozen=True, slots=True)
class DemoTable:
    """``key`` names the file (word ``demo.file.<key>``); header codes become words ``demo.col.<code>``."""

    key: str
    columns: tuple[str, ...]
    rows: list[Row]


def wide(text: str) -> str:
    """Full width, as some input methods type."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def day(rng: random.Random, on: date) -> Any:
    """A date in one of the forms found: a real date, or text."""
    forms: Sequence[Any] = (
        on, on.isoformat(), f"{on.year}/{on.month}/{on.day}", f"{on.year}年{on.month}月{on.day}日", f"{on:%Y%m%d}",
        f"{on.year}.{on.month}",
    )  # fmt: skip
    return rng.choice(forms)


def mistyped(rng: random.Random, code: str) -> str:
    """One wrong character: the check character tells."""
    at = rng.randrange(8, 18)
    return code[:at] + rng.choice([c for c in CODE_SIGNS if c != code[at]]) + code[at + 1 :]


def roughly(rng: random.Random, name: str) -> str:
    """How people write their employer: without the city, without the legal form."""
    short = name.removesuffix("有限责任公司").removesuffix("有限公司")
    if rng.random() < 0.5:
        short = short.removeprefix(CITY)
    return short if len(short) >= 4 else name


def demo_tables(district: District) -> list[DemoTable]:
    """The six tables of one month."""
    rng = random.Random(district.seed * 31 + district.today.month)
    firms = [f for f in district.firms if not f.closed]
    names = {f.code: f.name for f in district.firms}
    return [
        _register(rng, firms),
        _staff(rng, firms),
        _survey(firms),
        _members(rng, district.people, names),
        _organisations(rng, district, names),
        DemoTable("officers", ("officer", "base", "most"), [[h.name, h.address, h.most] for h in district.officers]),
    ]


def _register(rng: random.Random, firms: Sequence[Firm]) -> DemoTable:
    columns = ("uscc", "name", "type", "registered_on", "address", "scope", "longitude", "latitude", "datum")
    rows: list[Row] = []
    for f in firms:
        code = mistyped(rng, f.code) if rng.random() < 0.012 else f.code
        code = wide(code) if rng.random() < 0.01 else code
        name = f" {f.name} " if rng.random() < 0.02 else f.name
        if rng.random() < 0.005:
            name = name.replace("有限", "有 限")
        where = [*f.site.point, "WGS-84"] if f.located else ["", "", ""]
        rows.append([code, name, f.kind, day(rng, f.registered), f.site.address, f.scope, *where])
        if rng.random() < 0.018:
            rows.append([f.code, f.name, f.kind, day(rng, f.registered), f.site.address, "", "", "", ""])
    return DemoTable("register", columns, rows)


def _staff(rng: random.Random, firms: Sequence[Firm]) -> DemoTable:
    rows: list[Row] = []
    for f in firms:
        if f.staff and rng.random() > 0.03:
            count = f"{f.staff}人" if rng.random() < 0.02 else wide(str(f.staff)) if rng.random() < 0.01 else f.staff
            rows.append([f.code, f.name, count])
    return DemoTable("staff", ("uscc", "unit", "insured"), rows)


def _survey(firms: Sequence[Firm]) -> DemoTable:
    rows: list[Row] = []
    for f in firms:
        shift, free = f.shift if f.answered[0] else "", f.free if f.answered[1] else ""
        if f.staff and (shift or free):
            rows.append([f.name, shift, free])
    return DemoTable("survey", ("unit", "shift", "free"), rows)


def _members(rng: random.Random, people: Sequence[Person], names: dict[str, str]) -> DemoTable:
    columns = ("person", "id_number", "sex", "joined_on", "status", "employer", "branch", "phone", "owner")
    rows: list[Row] = []
    for p in people:
        if p.gone:
            continue
        draw, employer = rng.random(), names[p.firm]
        if draw < 0.06:
            employer = roughly(rng, employer)
        elif draw < 0.07:
            employer = rng.choice(("自由职业", "某某商行", "个体经营"))
        status = "正式党员" if p.full else "预备党员"
        sex = "男" if int(p.number[16]) % 2 else "女"
        owner = "是" if p.owner else ""
        rows.append([p.name, p.number, sex, day(rng, p.joined), status, employer, p.branch, p.phone, owner])
        if rng.random() < 0.004:
            rows.append(list(rows[-1]))
    return DemoTable("members", columns, rows)


def _organisations(rng: random.Random, district: District, names: dict[str, str]) -> DemoTable:
    rows: list[Row] = [
        [b.name, b.kind, "、".join(names[c] for c in b.firms), b.claimed, b.secretary, day(rng, b.elected)]
        for b in district.branches
    ]
    rows.append(["荇湾老厂联合党支部", "联合党支部", "荇湾老厂、石磨砖瓦厂", 2, "", "2018-03"])
    columns = ("organisation", "kind", "covers", "full_members", "secretary", "elected_on")
    return DemoTable("organisations", columns, rows)
