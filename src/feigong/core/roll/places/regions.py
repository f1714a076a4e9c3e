"""The head of an address: province, city, district, township-level area."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from feigong.core.roll.places.gazetteer import NO_TOWNS, PEOPLES, Gazetteer, TownNames
from feigong.core.roll.places.values import AreaFrom

_LONGEST = 15
_SEPARATORS = " ,、;:./|-_"
# 平山路 is a road, not the township 平山: the stem is followed by a road's end, at most with a direction or an ordinal.
_ROAD_FOLLOWS = re.compile(
    r"[东南西北中前后上下内外新老大小环滨沿一二三四五六七八九十\d]{0,3}(?:大街|大道|公路|马路|路|街|巷|胡同|里弄|支路)"
)
_ROAD_AT_ONCE = re.compile(r"大街|大道|公路|路|街(?!道)|巷")
# 泉水小区, 泉水村: an estate or village with the township's stem, which lies in it but is not its name.
_COMPOUND_FOLLOWS = re.compile(
    r"[A-Za-z\d]|[一二三四五六七八九十]{1,2}区|小区|花园|家园|新村|公寓|大厦|广场|市场|花苑|名苑|商城|大楼|村|社区|屯|居?民?委|桥|火?车?站|经济|工业|开发"
)
_TOWN_END = re.compile(r"(?:街道办事处|地区办事处|街道|办事处|地区|镇|乡)(?![路街巷])")
_ANY_TOWN = re.compile(
    r"(?P<name>[一-龥]{1,6}?(?:街道办事处|地区办事处|街道|办事处|镇|乡|办(?!公|事)))(?![路街巷道村屯小中]|大[街道])"
)
_PEOPLES_TOWN = re.compile(rf"(?:{PEOPLES})+[乡镇]")
# A development zone that is no area of the tree stands before the township or road: 某某经济开发区香樟路.
_ZONE_LEAD = re.compile(
    r"[一-龥]{0,8}?(?:经济技术开发区|高新技术产业开发区|高新技术开发区|经济开发区|技术开发区|高新区|开发区)(?=[一-龥])(?!路|街|大道|管委|[东南西北中][路街])"
)


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of an address says. Codes are empty where nothing, or nothing known, is named."""

    province: str = ""
    city: str = ""
    district: str = ""
    district_code: str = ""
    town: str = ""
    town_code: str = ""
    town_from: AreaFrom = AreaFrom.NONE
    zone: str = ""  # a development zone that is no area of the tree
    hint_code: str = ""  # a township whose stem begins the name of an estate: 泉水小区


def _agree(codes: tuple[str, ...], context: str, home: str) -> str:
    """The one of several areas of a name that fits what was named before, else the home district, else is alone."""
    for prefix in (context, home[:4], home[:2]) if context == "" else (context,):
        fitting = [c for c in codes if prefix and (c.startswith(prefix) or prefix.startswith(c))]
        if fitting:
            return max(fitting, key=len) if len(context) < 6 else fitting[0]
    return codes[0] if len(codes) == 1 and context == "" else ""


def _region_at(body: str, at: int, gazetteer: Gazetteer) -> tuple[str, tuple[str, ...]]:
    for length in range(min(_LONGEST, len(body) - at), 1, -1):
        name = body[at : at + length]
        if name in gazetteer.regions and not _ROAD_AT_ONCE.match(body, at + length):
            return name, gazetteer.regions[name]
    return "", ()


def _short_region_at(body: str, at: int, gazetteer: Gazetteer) -> tuple[str, tuple[str, ...]]:
    """A name without its kind (大连) counts only where a full name follows at once (甘井子区)."""
    for length in range(min(4, len(body) - at), 1, -1):
        name = body[at : at + length]
        if name in gazetteer.short_regions and _region_at(body, at + length, gazetteer)[0]:
            return name, tuple(c for c in gazetteer.short_regions[name] if len(c) < 6)
    return "", ()


def read_regions(body: str, gazetteer: Gazetteer) -> tuple[Head, str]:
    """Province, city and district at the beginning, in any usual form, also repeated; and the rest of the address."""
    named = {2: "", 4: "", 6: ""}
    context, at = "", 0
    while True:
        while at < len(body) and body[at] in _SEPARATORS:
            at += 1
        name, codes = _region_at(body, at, gazetteer)
        if not codes:
            name, codes = _short_region_at(body, at, gazetteer)
        code = _agree(codes, context, gazetteer.district) if codes else ""
        if not code:
            break
        if not named[len(code)]:
            named[len(code)] = name
        context = max(context, code, key=len)
        at += len(name)
    head = Head(named[2], named[4], named[6], context if len(context) == 6 else "")
    return head, body[at:]


def read_town(body: str, head: Head, gazetteer: Gazetteer, asides: str = "") -> tuple[Head, str]:
    """The township-level area, at the beginning or, with its kind, further on; and the address without it.

    ``asides``: the text of the brackets. A township named there, with its kind, is a hint.
    """
    district = head.district_code or gazetteer.district
    names = gazetteer.towns.get(district, NO_TOWNS)
    found = _town_at_start(body, names)
    zone = _ZONE_LEAD.match(body) if found is None else None
    aside = _town_inside(re.sub(r"[\dA-Za-z]+", " ", asides), names) if found is None and asides else None
    hint = aside[1] if aside is not None else _hint(body, names) if found is None else ""
    if zone is not None:
        head, body = replace(head, zone=zone.group()), body[zone.end() :]
        found = _town_at_start(body, names)
    found = found or _town_inside(body, names)
    if found is None and not head.district_code:
        # A township of another district of the city tells the district as well.
        found = _town_of_city(body, gazetteer.city_towns.get(district[:4], {}))
    if found is not None:
        town, code, how, rest = found
        return replace(head, district_code=code[:6], town=town, town_code=code, town_from=how), rest
    other = _ANY_TOWN.match(body)
    if other is not None and not other["name"].endswith("小镇"):  # an estate's name
        return replace(head, town=other["name"], hint_code=hint), body[other.end() :]
    return replace(head, hint_code=hint or _hint(body, names)), body


def _town_of_city(body: str, towns: Mapping[str, str]) -> tuple[str, str, AreaFrom, str] | None:
    for end in _TOWN_END.finditer(body):
        for start in range(max(0, end.start() - 7), end.start()):
            name = body[start : end.end()]
            if towns.get(name) and not re.search(r"\d", body[:start]):
                return name, towns[name], AreaFrom.NAME, body[:start] + body[end.end() :]
    return None


def _longest(body: str, forms: Mapping[str, str]) -> str:
    for length in range(min(_LONGEST, len(body)), 1, -1):
        if body[:length] in forms:
            return body[:length]
    return ""


def _town_at_start(body: str, names: TownNames) -> tuple[str, str, AreaFrom, str] | None:
    full = _longest(body, names.full)
    if full and not _ROAD_AT_ONCE.match(body, len(full)):
        return full, names.full[full], AreaFrom.NAME, _without_second(body[len(full) :], names)
    for forms, how in ((names.other, AreaFrom.ALIAS), (names.bare, AreaFrom.ALIAS)):
        name = _longest(body, forms)
        peoples = _PEOPLES_TOWN.match(body, len(name)) if name else None
        if peoples is not None:
            return body[: peoples.end()], forms[name], AreaFrom.NAME, body[peoples.end() :]
        after = body[len(name) :]
        estate = forms is names.bare and _COMPOUND_FOLLOWS.match(after)
        if name and not _ROAD_FOLLOWS.match(after) and not estate:
            return name, forms[name], how, after
    return None


def _without_second(body: str, names: TownNames) -> str:
    """A second area named behind the first (a township since divided) is no part of the road's name."""
    name = _longest(body, names.bare)
    follows = _ROAD_FOLLOWS.match(body, len(name)) or _COMPOUND_FOLLOWS.match(body, len(name))
    return body if not name or follows or len(name) == len(body) else body[len(name) :]


def _hint(body: str, names: TownNames) -> str:
    name = _longest(body, names.bare)
    return names.bare[name] if name and _COMPOUND_FOLLOWS.match(body, len(name)) else ""


def _town_inside(body: str, names: TownNames) -> tuple[str, str, AreaFrom, str] | None:
    """A name with its kind, further on: ``开发区石桥镇上石村``. Not after a number: that is another address."""
    if names.pattern is None:
        return None
    for found in names.pattern.finditer(body):
        name = found.group()
        if re.search(r"\d", body[: found.start()]) or _ROAD_AT_ONCE.match(body, found.end()):
            continue
        if name in names.other and name not in names.full:
            continue
        return name, names.full[name], AreaFrom.NAME, body[: found.start()] + body[found.end() :]
    return None
