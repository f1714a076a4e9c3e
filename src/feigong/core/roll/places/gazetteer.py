"""The names of areas, ready to be looked up in an address. Built from values; which district and lists is data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from feigong.core.roll.places.values import Area, AreaKind
from feigong.core.text import fold

# Kinds by which a township-level name ends. A place keeps its stem when its kind changes (X镇 becomes X街道), so every
# one of these after the stem is understood.
_TOWN_ENDS = ("街道办事处", "地区办事处", "街道办", "办事处", "街道", "地区", "民族乡", "镇", "乡", "办")
PEOPLES = (
    "蒙古族|回族|藏族|维吾尔族|维吾尔|哈萨克族|哈萨克|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|傣族|黎族|傈僳族|佤族|"
    "畲族|高山族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|锡伯|阿昌族|普米族|"
    "塔吉克族|塔吉克|怒族|乌孜别克族|俄罗斯族|鄂温克族|德昂族|保安族|裕固族|塔塔尔族|独龙族|鄂伦春族|赫哲族|门巴族|珞巴族|基诺族|蒙古|各族"
)
_ETHNIC = re.compile(rf"(?:{PEOPLES})+(?=(?:乡|自治县|自治州|自治区|自治旗)$)")
_REGION_END = re.compile(r"(?:自治区|自治州|自治县|自治旗|特别行政区|地区|省|市|盟|新区|林区|特区|区|县|旗)$")
_NOT_NAMES = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})


@dataclass(frozen=True)
class TownNames:
    """How a district's townships are written: ``full`` with a kind at the end, ``bare`` without, ``other`` names."""

    full: Mapping[str, str]
    bare: Mapping[str, str]
    other: Mapping[str, str]
    pattern: re.Pattern[str] | None  # any full or other name, longest first


NO_TOWNS = TownNames({}, {}, {}, None)


@dataclass(frozen=True)
class Gazetteer:
    """Names of areas around one district.

    ``areas``: provinces (2 digits), cities (4), districts (6) anywhere, townships (9) of the city. ``aliases``: pairs
    of another or former name and the code of the area meant. ``district``: where an address that names none is.
    """

    district: str
    areas: tuple[Area, ...]
    aliases: tuple[tuple[str, str], ...] = ()
    by_code: Mapping[str, Area] = field(default_factory=dict, compare=False, repr=False)
    regions: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)
    short_regions: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)
    towns: Mapping[str, TownNames] = field(default_factory=dict, compare=False, repr=False)
    city_towns: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def kinds(self) -> Mapping[str, AreaKind]:
        """Kind of every area by code, as `distance.measure` wants it."""
        return {code: area.kind for code, area in self.by_code.items()}

    def town_named(self, text: str, district: str = "") -> str | None:
        """Code of the township-level area that ``text`` (a cell of an area column, or a code) names; ``None``: none."""
        name = fold(text).replace(" ", "")
        if name in self.by_code and len(name) == 9:
            return name
        if len(name) == 12 and name.isdigit() and name[:9] in self.by_code:
            return name[:9]
        names = self.towns.get(district or self.district)
        if names is not None:
            for forms in (names.full, names.other, names.bare):
                if name in forms:
                    return forms[name]
        found = self.city_towns.get((district or self.district)[:4], {}).get(name)
        return found or None


def stem_of(name: str) -> str:
    """A township's name without its kind and nationality: what stays when the kind changes."""
    stem = _ETHNIC.sub("", name)
    for end in _TOWN_ENDS:
        if stem.endswith(end) and len(stem) > len(end):
            return stem[: -len(end)]
    return stem


def _region_forms(area: Area) -> tuple[set[str], set[str]]:
    """Full forms and the short form of a province, city or district."""
    full = {area.name}
    plain = _ETHNIC.sub("", area.name)
    stem = _REGION_END.sub("", plain)
    if plain != area.name:  # 某某满族自治县 is also written 某某自治县 and 某某县
        full |= {plain, plain.replace("自治", "")} if len(area.code) > 2 else {plain}
    return full, {stem} if len(stem) >= 2 and stem not in full else set()


def _town_names(towns: Iterable[Area], aliases: Iterable[tuple[str, str]], taken: set[str]) -> TownNames:
    """``taken``: stems of the regions above, which mean the region when they stand alone."""
    full: dict[str, str] = {}
    derived: dict[str, set[str]] = {}
    bare: dict[str, set[str]] = {}
    for town in towns:
        full[town.name] = town.code
        stem = stem_of(town.name)
        if stem == town.name:
            continue
        for end in _TOWN_ENDS:
            derived.setdefault(stem + end, set()).add(town.code)
        if len(stem) >= 2 and stem not in taken and stem[-1] not in "路街道巷":
            bare.setdefault(stem, set()).add(town.code)
    for form, codes in derived.items():
        if len(codes) == 1:
            full.setdefault(form, next(iter(codes)))
    other = {fold(name): code for name, code in aliases}
    written = sorted({*full, *other}, key=lambda name: (-len(name), name))
    pattern = re.compile("|".join(map(re.escape, written))) if written else None
    return TownNames(full, {s: next(iter(c)) for s, c in bare.items() if len(c) == 1}, other, pattern)


def build_gazetteer(areas: Iterable[Area], aliases: Iterable[tuple[str, str]], district: str) -> Gazetteer:
    """Make a gazetteer.

    Parameters
    ----------
    areas : iterable of Area
        Provinces, cities, districts and townships; of townships only those of the city are needed.
    aliases : iterable of (name, code)
        Other and former names of any of them.
    district : str
        Six-digit code of the district at work, ``""`` where unknown.
    """
    all_areas = tuple(sorted(set(areas), key=lambda a: a.code))
    pairs = tuple(sorted({(fold(name), code) for name, code in aliases}))
    by_code = {a.code: a for a in all_areas}
    regions: dict[str, set[str]] = {}
    short: dict[str, set[str]] = {}
    for area in all_areas:
        if len(area.code) > 6 or area.name in _NOT_NAMES:
            continue
        full_forms, short_forms = _region_forms(area)
        for form in full_forms:
            regions.setdefault(form, set()).add(area.code)
        for form in short_forms:
            short.setdefault(form, set()).add(area.code)
    for name, code in pairs:
        if len(code) <= 6:
            regions.setdefault(name, set()).add(code)
    towns, city_towns = _towns_by_district(all_areas, pairs, by_code)
    return Gazetteer(
        district=district,
        areas=all_areas,
        aliases=pairs,
        by_code=MappingProxyType(by_code),
        regions=MappingProxyType({k: tuple(sorted(v)) for k, v in regions.items()}),
        short_regions=MappingProxyType({k: tuple(sorted(v)) for k, v in short.items()}),
        towns=MappingProxyType(towns),
        city_towns=MappingProxyType(city_towns),
    )


def _towns_by_district(
    areas: tuple[Area, ...], aliases: tuple[tuple[str, str], ...], by_code: Mapping[str, Area]
) -> tuple[dict[str, TownNames], dict[str, Mapping[str, str]]]:
    """Names of townships by district; and by city, where a name means only one (``""`` where it means several)."""
    grouped: dict[str, list[Area]] = {}
    for area in areas:
        if len(area.code) == 9:
            grouped.setdefault(area.code[:6], []).append(area)
    towns: dict[str, TownNames] = {}
    city: dict[str, dict[str, str]] = {}
    for district, members in grouped.items():
        above = [by_code[c] for c in (district, district[:4], district[:2]) if c in by_code]
        taken = {_REGION_END.sub("", _ETHNIC.sub("", a.name)) for a in above}
        own = [(name, code) for name, code in aliases if len(code) == 9 and code[:6] == district]
        names = towns[district] = _town_names(members, own, taken)
        known = city.setdefault(district[:4], {})
        for forms in (names.full, names.other):
            for name, code in forms.items():
                known[name] = code if known.get(name, code) == code else ""
    return towns, dict(city)
