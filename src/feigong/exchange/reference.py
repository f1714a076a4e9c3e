"""Lists that the package brings along (divisions, townships, GB/T 4754), read into values for the core."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path

from feigong.core.errors import FeigongError
from feigong.core.roll.industry import IndustryClass, IndustryClassifier, IndustryWord
from feigong.core.roll.places.gazetteer import Gazetteer, build_gazetteer, stem_of
from feigong.core.roll.places.regions import read_regions
from feigong.core.roll.places.values import Area, AreaKind
from feigong.core.roll.places.writing import plain

_PARK = re.compile(
    r"(?:开发区|园区|保税区|高新区|新区|工业区|产业园|工业园|科技园|物流园|示范区|合作区|实验区|试验区|集中区|聚集区|集聚区|产业基地)(?:管委会|管理委员会)?$"
)
_SUBDISTRICT = re.compile(r"(?:街道|街道办事处|办事处|地区|社区)$")
_TOWNSHIP = re.compile(r"(?:镇|乡|苏木)$")


def _rows(*path: str) -> Iterator[dict[str, str]]:
    """Rows of a csv file of ``feigong/data``, gzipped or not."""
    raw = resources.files("feigong.data").joinpath(*path).read_bytes()
    text = (gzip.decompress(raw) if path[-1].endswith(".gz") else raw).decode("utf-8")
    yield from csv.DictReader(line for line in io.StringIO(text) if not line.startswith("#"))


def township_kind(name: str) -> AreaKind:
    """Kind of a township-level area by its name."""
    if _PARK.search(name):
        return AreaKind.PARK
    if _SUBDISTRICT.search(name):
        return AreaKind.SUBDISTRICT
    return AreaKind.TOWNSHIP if _TOWNSHIP.search(name) else AreaKind.OTHER


@cache
def _regions() -> tuple[Area, ...]:
    """Provinces, cities and districts."""
    above = {6: 4, 4: 2, 2: 0}
    return tuple(
        Area(
            row["code"],
            row["name"],
            AreaKind.DISTRICT if len(row["code"]) == 6 else AreaKind.OTHER,
            row["code"][: above[len(row["code"])]] or None,
        )
        for row in _rows("divisions", "divisions_2023.csv")
    )


@cache
def _townships() -> Mapping[str, tuple[Area, ...]]:
    """Township-level areas by city (four digits)."""
    grouped: dict[str, list[Area]] = {}
    for row in _rows("divisions", "townships_2023.csv.gz"):
        code, name = row["code"], row["name"]
        grouped.setdefault(code[:4], []).append(Area(code, name, township_kind(name), code[:6]))
    return {city: tuple(areas) for city, areas in grouped.items()}


@cache
def _packaged_names() -> tuple[tuple[str, str], ...]:
    former = [(row["former"], row["code"]) for row in _rows("divisions", "former_names.csv")]
    return tuple(former + [(row["name"], row["code"]) for row in _rows("areas", "aliases.csv")])


def read_area_names(path: Path) -> list[tuple[str, str]]:
    """Rows of a district's own csv table of names: columns ``name`` and ``code``."""
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    except (OSError, UnicodeDecodeError) as error:
        raise FeigongError("error.places.aliases_unreadable", file=path.name) from error
    if not rows or not {"name", "code"} <= rows[0].keys():
        found = "、".join(rows[0].keys()) if rows else ""
        raise FeigongError("error.places.aliases_columns", file=path.name, found=found)
    return [((row["name"] or "").strip(), (row["code"] or "").strip()) for row in rows]


def _own_areas(rows: Iterable[tuple[str, str]], district: str, known: Mapping[str, str]) -> list[Area]:
    """Areas that the packaged lists lack (a new park, the district itself), by the first name of each new code."""
    found: dict[str, Area] = {}
    for name, code in rows:
        own = code in (district[:4], district) or (len(code) == 9 and code.startswith(district))
        if name and code.isdigit() and own and code not in known and code not in found:
            kind = township_kind(name) if len(code) == 9 else AreaKind.DISTRICT if len(code) == 6 else AreaKind.OTHER
            found[code] = Area(code, name, kind, {9: code[:6], 6: code[:4]}.get(len(code)))
    return list(found.values())


def _aliases(file: str, rows: Iterable[tuple[str, str]], known: Mapping[str, str]) -> list[tuple[str, str]]:
    """The rows as (name, code); an area is named by its code or its official name."""
    out = []
    for number, (name, area) in enumerate(rows, 2):
        code = known.get(area, area if area in known.values() else "")
        if not name or not code:
            raise FeigongError("error.places.alias_unknown_area", file=file, row=number, name=name, area=area)
        out.append((name, code))
    return out


def load_gazetteer(
    district: str, aliases: Path | None = None, own: Sequence[tuple[str, str]] = ()
) -> Gazetteer:
    """The gazetteer of a district.

    Parameters
    ----------
    district : str
        Six-digit code, or ``""`` where unknown (then no townships are known).
    aliases : Path, optional
        The district's own csv table of names: columns ``name`` and ``code`` (code or official name). A code of the
        district that the packaged lists lack makes a new area.
    own : sequence of (name, code), optional
        The same, from elsewhere than a file.

    Raises
    ------
    FeigongError
        ``error.places.unknown_district``; ``error.places.aliases_*`` for the table.
    """
    rows = [*own, *([] if aliases is None else read_area_names(aliases))]
    packaged = (*_regions(), *_townships().get(district[:4], ()))
    known = {a.code: a.code for a in packaged}
    areas = (*packaged, *(_own_areas(rows, district, known) if district else ()))
    if district and not any(a.code == district for a in areas):
        raise FeigongError("error.places.unknown_district", district=district)
    pairs = list(_packaged_names())
    if rows:
        known |= {a.code: a.code for a in areas}
        known |= {a.name: a.code for a in areas if len(a.code) == 9 and a.code[:6] == district}
        pairs += _aliases(aliases.name if aliases else "", rows, known)
    return build_gazetteer(areas, pairs, district)


def gazetteer_with(areas: Iterable[Area], district: str) -> Gazetteer:
    """The packaged gazetteer with a district's own areas, which win over the packaged ones of the same code. The
    district need not be on the packaged lists."""
    own = {a.code: a for a in areas}
    packaged = {a.code: a for a in (*_regions(), *_townships().get(district[:4], ()))}
    return build_gazetteer((packaged | own).values(), _packaged_names(), district)


def load_district_names() -> dict[str, str]:
    """Names of the districts on the packaged list by their six digits."""
    return {a.code: a.name for a in _regions() if len(a.code) == 6}


def load_area_names(codes: Iterable[str], district: str) -> dict[str, str]:
    """Names of the areas on the packaged lists among ``codes``; outside ``district`` with their own district before."""
    districts = load_district_names()
    found = {}
    for code in sorted(set(codes)):
        if code in districts:
            found[code] = districts[code]
        for area in _townships().get(code[:4], ()) if len(code) == 9 else ():
            if area.code == code:
                found[code] = area.name if code.startswith(district) else districts.get(code[:6], "") + area.name
    return found


@cache
def _all_regions_gazetteer() -> Gazetteer:
    return build_gazetteer(_regions(), _packaged_names(), "")


_TOWN_AT_START = re.compile(r"[一-龥]{1,6}?(?:街道办事处|办事处|街道|镇|乡)")


def guess_district(addresses: Iterable[str], usccs: Iterable[str]) -> str | None:
    """Six-digit code of the district most addresses name.

    Parameters
    ----------
    addresses : iterable of str
        As written. A name such as 和平区 that several cities have counts where its city is named.
    usccs : iterable of str
        Unified social credit codes: digits 3 to 8 are the area of the registering office, the second evidence, also
        to settle between areas of the same name.

    Returns
    -------
    str or None
        ``None`` where neither says anything.
    """
    regions = _all_regions_gazetteer()
    codes = {a.code for a in regions.areas if len(a.code) == 6}
    offices = Counter(u[2:8] for u in usccs if u[2:8] in codes)
    cities: Counter[str] = Counter()
    for office, count in offices.items():
        cities[office[:4]] += count
    named: Counter[str] = Counter()
    unplaced: Counter[str] = Counter()
    for address in addresses:
        body, _ = plain(address)
        head, rest = read_regions(body, regions)
        if head.district_code:
            named[head.district_code] += 1
        else:
            several = next((rest[:n] for n in range(12, 1, -1) if rest[:n] in regions.regions), "")
            town = _TOWN_AT_START.match(rest)
            unplaced[several or (town.group() if town else "")] += 1
    _place_ambiguous(named, unplaced, cities, regions)
    if not named:
        return min(offices, key=lambda c: (-offices[c], c)) if offices else None
    return min(named, key=lambda c: (-named[c], -offices[c], c))


def _place_ambiguous(named: Counter[str], unplaced: Counter[str], cities: Counter[str], regions: Gazetteer) -> None:
    """Give a district name that several cities have to the city that the other addresses, then the codes, speak for."""
    towards = Counter(cities)
    for code, count in named.items():
        towards[code[:4]] += count
    for name, count in sorted(unplaced.items()):
        fitting = [c for c in regions.regions.get(name, ()) if len(c) == 6 and towards[c[:4]]]
        if fitting:
            named[min(fitting, key=lambda c: (-towards[c[:4]], c))] += count
    _place_towns(named, unplaced, towards)


def _place_towns(named: Counter[str], unplaced: Counter[str], towards: Counter[str]) -> None:
    """An address that begins with a township speaks for the township's district in the likeliest city."""
    if not towards:
        return
    city = min(towards, key=lambda c: (-towards[c], c))
    owners: dict[str, set[str]] = {}
    for area in _townships().get(city, ()):
        owners.setdefault(stem_of(area.name), set()).add(area.code[:6])
    for name, count in sorted(unplaced.items()):
        found = owners.get(stem_of(name), set()) if name else set()
        if len(found) == 1:
            named[next(iter(found))] += count


@cache
def _industry_classes() -> tuple[IndustryClass, ...]:
    return tuple(
        IndustryClass(row["code"], row["name"], row["level"], row["parent"])
        for row in _rows("industry", "gbt4754_2017.csv.gz")
    )


@cache
def load_industry_classifier() -> IndustryClassifier:
    """The classifier on GB/T 4754-2017 and the packaged words of business scopes."""
    words = [IndustryWord(row["word"], row["division"], float(row["weight"])) for row in _rows("industry", "words.csv")]
    return IndustryClassifier(_industry_classes(), words)


def load_industry_names() -> dict[str, str]:
    """Names of the divisions (大类) by their two digits."""
    return {row.code: row.name for row in _industry_classes() if row.level == "大类"}
