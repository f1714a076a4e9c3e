"""What the addresses of a district tell about each other: a road's name, what is a village, where a tower stands."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from feigong.core.roll.places.keys import Keys

_BARE_KIND = re.compile(
    r"[东南西北中前后左右上下内外新老大小一二三四五六七八九十]*(?:大街|大道|公路|胡同|里弄|路|街|巷|道)$"
)
LEAST_SEEN = 2
MAJORITY = 0.8

Scoped = tuple[str, Keys]  # scope (district) and keys


def agree(items: Sequence[Scoped]) -> list[Keys]:
    """Keys made equal where other addresses show that they mean the same.

    A road with a place name before it (``某湾吉祥街``) is the road where that is known on its own; a place name without
    ``村`` is the village where others write it so; a tower without house number stands where others say.
    """
    roads = _short_roads(items)
    villages = Counter((scope, keys.village) for scope, keys in items if keys.village)
    out = []
    for scope, keys in items:
        street = roads.get((scope, keys.street), keys.street)
        village, estate = keys.village, keys.estate
        if not village and not street and estate and villages[(scope, estate)] >= LEAST_SEEN:
            village, estate = estate, ""
        out.append((scope, replace(keys, street=street, village=village, estate=estate)))
    return _place_towers(out)


def _short_roads(items: Sequence[Scoped]) -> Mapping[tuple[str, str], str]:
    """For a long road name the shorter one that it ends with, if that is written more often by itself."""
    seen = Counter((scope, keys.street) for scope, keys in items if keys.street)
    out = {}
    for (scope, street), count in seen.items():
        for cut in range(2, len(street) - 2):
            short = street[cut:]
            if not _BARE_KIND.fullmatch(short) and seen[(scope, short)] >= max(LEAST_SEEN, count):
                out[(scope, street)] = short
                break
    return out


def _place_towers(items: Sequence[Scoped]) -> list[Keys]:
    votes: dict[tuple[str, str], Counter[tuple[str, int, str]]] = defaultdict(Counter)
    for scope, keys in items:
        if keys.tower and keys.street and keys.house_number is not None:
            votes[(scope, keys.tower)][(keys.street, keys.house_number, keys.house)] += 1
    out = []
    for scope, keys in items:
        found = votes.get((scope, keys.tower))
        if keys.tower and not keys.house and found:
            (street, number, house), most = min(found.items(), key=lambda kv: (-kv[1], kv[0]))
            if most >= MAJORITY * found.total() and keys.street in ("", street):
                keys = replace(keys, street=street, house_number=number, house=house, estate="")
        out.append(keys)
    return out
