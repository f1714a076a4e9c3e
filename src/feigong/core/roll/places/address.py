"""An address in Chinese split into its parts by general patterns: no list of any town's streets is needed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from feigong.core.roll.places.gazetteer import Gazetteer
from feigong.core.roll.places.regions import Head, read_regions, read_town
from feigong.core.roll.places.values import AddressParts
from feigong.core.roll.places.writing import plain

_MODIFIER = "东南西北中前后左右上下内外新老大小一二三四五六七八九十"
_KIND = r"(?:大街|大道|公路|胡同|里弄|国道|省道|县道|支路|路|街|巷|道)"
# A road: a few characters, perhaps an ordinal, a kind; then perhaps a side road (促进路东街, 滨河路南中一巷).
_ROAD = re.compile(
    rf"(?P<road>[一-龥]{{1,12}}?(?:[A-Z]?\d{{1,4}}号?)?{_KIND}(?:[{_MODIFIER}\d]{{0,3}}{_KIND})*|(?:[A-Z]\d{{1,4}}|\d{{1,3}}号?){_KIND})"
)
# Another road before the number: 人民路和平巷3号, 水塔路东沟巷桃源居13栋.
_ROAD_NEXT = re.compile(
    r"[一-龥]{2,5}?(?:大街|大道|公路|胡同|支路|路|街|巷)(?=[一-龥]{0,8}?(?:[A-Z]-?)?\d)(?![口桥段侧])"
)
_NOT_ROADS = frozenset(
    {
        "铁路",
        "公路",
        "道路",
        "马路",
        "线路",
        "高速公路",
        "铁道",
        "人行道",
        "车道",
        "通道",
        "隧道",
        "轨道",
        "频道",
        "渠道",
        "河道",
        "街道",
    }
)
# What makes the end of a road something else: a village or estate named after it, 道 inside a name.
_NOT_AFTER_ROAD = re.compile(r"村|屯|社区|坊|小区|家属|局|段|货场|车站|站[^前]|机务|装备|公司|工程")
_WAY_ENDS = re.compile(r"\d|$|与|和|交|[东南西北]侧|旁|口|边")
# Inside what was taken for a road name, the end of a village, estate or office: the road begins after it.
_LEAD = re.compile(
    rf"^(?P<lead>.*[一-龥](?:村|屯|社区|居委会|委|办事处|街道|区|[一-龥]园|市场|[与和及、]|大厦|广场|院内|小学|中学|镇|乡|组|期))(?P<road>(?![{_MODIFIER}\d]*{_KIND}).+|\d+[国省县]道)$"
)
_VILLAGE = re.compile(
    r"(?P<village>[一-龥]{1,8}?(?:社区居民委员会|社区居委会|社区居民委|社区|村民委员会|村委会|居民委员会|居委会|村|屯|嘎查|大队|委))(?![路街巷道员托府村]|小区)"
)
_GROUP = re.compile(
    r"(?P<place>[一-龥]{2,6}?)(?:第?\d+|[东南西北]|[一二三四五六七八九十]+)(?:村民小组|居民组|组|队|社)(?!团|合|织)"
)
_GROUPS = re.compile(r"^(?:第?\d+(?:村民小组|居民组|组|社))+")
_SIDE = re.compile(r"^(?:[东南西北中]{1,2}|[一二三四五六]|上|下)[侧段面边端](?=.|$)")
_SECTION = re.compile(r"(?:[一二三四五六七八九十]|\d)段")
_BLOCK = r"(?:号楼|号幢|号栋|栋|幢|座|#楼)"
_N = r"(?:(?<![A-Za-z])[A-Za-z]-?)?\d+[A-Za-z]?"
_TOKEN = re.compile(
    rf"第?(?P<n>[甲乙丙丁]?{_N}(?:[-、,/.]-?{_N}|-[A-Za-z](?![A-Za-z\d])|、)*)(?P<kind>{_BLOCK}|支弄|弄|号院|号区|#区|号|#|单元|层|楼|室|组|区|门|甲|乙)?"
)
_NAME_CHAR = r"(?:(?![号层楼室栋幢弄])[一-龥A-Za-z])"
_TOWER_KIND = r"(?:大厦|大楼|商厦|商城|商务楼|写字楼|综合楼|办公楼|广场|中心|塔楼|公寓|酒店|宾馆)"
_TOWER = rf"{_NAME_CHAR}{{2,14}}?{_TOWER_KIND}+(?![区校街路村镇小])"
_BUILDING = re.compile(
    rf"(?P<tower>{_TOWER})(?P<wing>[A-Z东南西北]{{1,2}}(?:座|楼|区|栋|幢|塔)|\d+(?:-\d+)?{_BLOCK})?"
    rf"|第?(?P<block>{_N}(?:-\d+|-[A-Z])?{_BLOCK})"
    rf"|(?P<side>[A-Z甲乙丙丁](?:座|栋|幢|楼)|[东南西北中主副前后裙附]{{1,2}}(?:楼|座|幢|栋)(?!\d*号))"
    rf"|(?P<hash>{_N}(?:-\d+)?)#"
)
_ZONE = re.compile(r"(?:[A-Z]\d*|\d+|[一二三四五六七八九十]+)区$")
_NOISE = re.compile(r"(?:公建|门市房?|地上|地下|院内|商铺|网点|[东南西北]侧|附近|对面|旁|内)$")
_ESTATE = re.compile(
    r"(?:小区|花园|家园|新村|新区|公寓|别墅|山庄|华庭|豪庭|雅居|名居|园|苑|城|里|庭|府|湾|邸|居|轩|阁|郡|墅|坊|湖|岸|家|岛|屋|堡|寓|舍|都|峰|景|悦)$"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """An address as read: its parts, the codes its head names, and what the keys are made of."""

    parts: AddressParts
    head: Head
    estate_number: bool = False  # the number belongs to the estate (``芳茗园25号``), not to the road
    lane: bool = False  # the number is a lane's (弄)
    within_lane: str = ""  # the first house in it
    section: str = ""  # of a long road whose numbers begin anew in each (红星路三段)


def split(text: str, gazetteer: Gazetteer) -> AddressParts:
    """Split an address.

    Parameters
    ----------
    text : str
        As written, in any form of width.
    gazetteer : Gazetteer
        Names of areas; roads and estates need none.

    Returns
    -------
    AddressParts
        As written but folded; what stands in brackets is in ``rest``.
    """
    return read(text, gazetteer).parts


def read(text: str, gazetteer: Gazetteer) -> Reading:
    """Like `split`, with the codes and marks from which keys are made."""
    body, asides = plain(text)
    head, body = read_regions(body, gazetteer)
    head, body = read_town(body, head, gazetteer, asides)
    rest = _join(head.zone, asides)
    parts = AddressParts(province=head.province, city=head.city, district=head.district, town=head.town, rest=rest)
    parts, tail = _read_road(parts, body)
    return _read_number(Reading(parts, head), tail)


def _find_road(body: str) -> re.Match[str] | None:
    """The first road in an address: before any house number, and not a village or estate named after a road."""
    token = re.search(r"\d+(?:号(?!路|街)|栋|幢|层|室|单元)", body)
    stop = token.start() if token else len(body)
    at = 0
    while (found := _ROAD.search(body, at)) is not None and found.start() < max(stop, 1):
        road, after = found["road"], body[found.end() :]
        way = road.endswith("道") and not road.endswith(("大道", "国道", "省道", "县道")) and not _WAY_ENDS.match(after)
        if (
            road in _NOT_ROADS
            or way
            or _NOT_AFTER_ROAD.match(after)
            or (road[-1] in "街" and after.startswith(("道", "委")))
        ):
            # Look again behind this end, but let a longer name (铁路街) begin where this one did.
            longer = re.compile(rf"[一-龥]{{{len(road)},12}}?{_KIND}").match(body, found.start()) if way else None
            if longer is not None and longer.end() <= stop:
                return longer
            at = found.end()
            continue
        return found
    return None


def _read_road(parts: AddressParts, body: str) -> tuple[AddressParts, str]:
    """Village and road; returns what follows the road, or the village, or nothing found, all of it."""
    found = _find_road(body)
    if found is None:
        return _read_village(parts, body)
    before, road, tail = body[: found.start()], found.group(), body[found.end() :]
    lead = _LEAD.match(road)
    if lead is not None:
        before, road = before + lead["lead"], lead["road"]
    tail = _GROUPS.sub("", tail)
    side = _ROAD_NEXT.match(tail)
    if side is not None and not tail.startswith("与"):
        road, tail = side.group(), tail[side.end() :]
    village = _VILLAGE.match(before)
    if village is None:
        behind = _VILLAGE.match(tail)
        if behind is not None:
            village, tail = behind, tail[behind.end() :]
    name = village["village"] if village is not None else ""
    return replace(parts, road=road, village=name, rest=_join("" if name else before, parts.rest)), tail


def _read_village(parts: AddressParts, body: str) -> tuple[AddressParts, str]:
    found = _VILLAGE.match(body)
    if found is not None and not found["village"].endswith(("新村", "一村", "二村", "三村", "四村", "五村")):
        return replace(parts, village=found["village"]), body[found.end() :]
    group = _GROUP.match(body)
    if group is not None:
        return replace(parts, village=group["place"]), body[group.end() :]
    return parts, body


def _first(numbers: str) -> str:
    pieces = re.split(r"[-、,/.]", numbers)
    return pieces[0] if re.search(r"\d", pieces[0]) or len(pieces) == 1 else f"{pieces[0]}-{pieces[1]}"


def _number_text(numbers: str, kind: str) -> str:
    """``16号``, ``16-2号`` as written; of lists and of unit-floor-room chains the first: ``1336号``, ``22号``."""
    if re.fullmatch(rf"{_N}-\d+[A-Za-z]?", numbers):
        return numbers + kind
    return _first(numbers) + kind


def _read_number(reading: Reading, tail: str) -> Reading:
    """House number, building and room out of what follows the road or village."""
    parts = reading.parts
    at = 0
    while (token := _TOKEN.search(tail, at)) is not None and token["kind"] in ("组", "区", "号区", "#区"):
        at = token.end()
    wing = _BUILDING.search(tail)
    if wing is not None and (token is None or wing.start() < token.start()) and not wing["hash"]:
        return _with_building(reading, tail, wing, token)
    if token is None:
        aside = _BUILDING.search(parts.rest) if not re.search(r"公司|厂", parts.rest) else None
        building = aside.group() if aside is not None and aside["tower"] else ""
        return replace(reading, parts=replace(parts, compound=_named(tail), building=building))
    return _with_token(reading, tail[: token.start()], token, tail[token.end() :])


def _join(*texts: str) -> str:
    return " ".join(t for t in texts if t)


def _named(text: str) -> str:
    """The name of an estate or yard out of the words before a number."""
    name = _SIDE.sub("", _GROUPS.sub("", text.strip("-,、.;:")))
    while (noise := _NOISE.search(name)) is not None:
        name = name[: noise.start()]
    return name


def _with_building(reading: Reading, tail: str, found: re.Match[str], token: re.Match[str] | None) -> Reading:
    """A building named before any number: ``中期大厦27层``, ``永平街C座``."""
    parts = reading.parts
    building, after = found.group().removeprefix("第"), tail[found.end() :]
    numbered = found["tower"] is not None and token is not None and token["kind"] in ("号", "弄")
    if token is not None and numbered and not parts.road and token.start() == found.end():
        # 迎客广场10号: houses of an estate that is called a square
        parts = replace(parts, compound=building, number=_number_text(token["n"], "号"), room=tail[token.end() :])
        return replace(reading, parts=parts, estate_number=True)
    parts = replace(parts, compound=_named(tail[: found.start()]), building=_SIDE.sub("", building), room=after)
    if token is not None and numbered and parts.road and not re.search(r"\d", tail[: token.start()]):
        parts = replace(parts, number=_number_text(token["n"], token["kind"]), room=tail[token.end() :])
    return replace(reading, parts=parts)


def _with_token(reading: Reading, between: str, token: re.Match[str], after: str) -> Reading:
    """The first number of an address tells what it is by its kind and by what stands before it."""
    parts, kind, numbers = reading.parts, token["kind"] or "", token["n"]
    section = _SECTION.match(between) if parts.road else None
    reading = replace(reading, section=section.group() if section is not None else "")
    compound = _named(between)
    zone = bool(_ZONE.search(between))
    first = _first(numbers)
    if re.fullmatch(_BLOCK, kind) or (kind == "#" and (compound or not parts.road)):
        parts = replace(parts, compound=compound, building=numbers + kind, room=after)
        return replace(reading, parts=parts)
    if kind == "楼" and (re.match(r"[A-Z]", numbers) or re.match(r"\d+单元", after)):
        return replace(reading, parts=replace(parts, compound=compound, building=numbers + kind, room=after))
    chain = numbers.count("-") >= 2 and not parts.road  # building, unit, room
    house = kind in ("号", "号院", "弄", "支弄", "甲", "乙", "#") or (kind == "" and parts.road and not compound)
    if house and not chain:
        if kind == "号" and re.search(r"[层楼]", between):
            return replace(reading, parts=replace(parts, compound=compound, room=token.group() + after))
        return _with_house(reading, compound, zone, numbers, kind, after)
    if (kind == "" and ("-" in numbers or zone)) or chain:
        building = compound + first if zone else first
        parts = replace(parts, compound=compound, building=building, room=numbers[len(first) :].lstrip("-") + after)
        return replace(reading, parts=parts)
    if kind == "" and (parts.village or compound):
        parts = replace(parts, compound=compound, number=first, room=after)
        return replace(reading, parts=parts, estate_number=bool(compound))
    return replace(reading, parts=replace(parts, compound=compound, room=token.group() + after))


def _with_house(reading: Reading, compound: str, zone: bool, numbers: str, kind: str, after: str) -> Reading:
    parts, first = reading.parts, _first(numbers)
    named = not parts.road and not parts.village
    estate = bool(compound) and (zone or bool(_ESTATE.search(compound)) or named)
    kind = kind if kind not in ("甲", "乙") else ""
    if zone and kind == "号":
        building = compound + first
        number = "" if "-" in numbers else numbers + kind
        parts = replace(parts, compound=compound, building=building, number=number, room=after)
        return replace(reading, parts=parts, estate_number=True)
    number = _number_text(numbers, kind)
    block = _BUILDING.search(after)
    building, room = "", after
    if block is not None:
        building, room = block.group().removeprefix("第"), after[block.end() :]
    house = re.match(r"(?:(\d+)支?弄)?(\d+)[甲乙丙]?(?:[-、]\d+)*号(?!楼)", after) if kind == "弄" else None
    parts = replace(parts, compound=compound, number=number, building=building, room=room)
    return replace(
        reading,
        parts=parts,
        estate_number=estate,
        lane=kind == "弄",
        within_lane="弄".join(filter(None, house.groups())) if house else "",
    )
