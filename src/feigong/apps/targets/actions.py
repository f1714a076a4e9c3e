"""Set targets, and split one onto the areas or industries below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor, Sight
from feigong.apps.audit.recording import Change, changing
from feigong.apps.clock import now
from feigong.apps.roll import queries as roll
from feigong.apps.roll.models.dated import as_of
from feigong.apps.roll.writing import Writer
from feigong.apps.targets import queries
from feigong.apps.targets.models import Target
from feigong.apps.targets.queries import Standing
from feigong.apps.targets.reading import Table, table
from feigong.core.coverage.targets import Check, Measure, check, split
from feigong.core.errors import FeigongError
from feigong.exchange.reference import load_industry_names

NEAR = 1  # years before and after the day for which targets are set


@dataclass(frozen=True, slots=True)
class Wanted:
    """A target to be set, or (``value`` None) no longer to stand. ``expected``: the version it was read in; 0: none."""

    area: int
    measure: str
    value: int | None
    industry: str = ""
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a split: an area or an industry."""

    key: int | str
    value: int | None
    expected: int | None = None


def set_targets(actor: Actor, year: int, wanted: Sequence[Wanted], *, on: date, reason: str = "") -> int:
    """Let targets stand from a day on. Returns how many were changed.

    Raises
    ------
    FeigongError
        ``error.not_permitted``; ``error.not_found`` for an area out of sight; ``error.targets.set_above`` for one's own
        uppermost area, whose target is set above; ``error.targets.year``, ``error.targets.value``,
        ``error.targets.industry``; ``error.changed_meanwhile``.
    """
    actor.must(Permission.TARGETS_SET)
    _near(year, on)
    sight = actor.sight(on, now())
    for one in wanted:
        _check(sight, one)
    _may_set(sight, wanted)
    params = {"year": year, "measures": sorted({one.measure for one in wanted})}
    with changing(actor, "targets.set", reason=reason, params=params) as change:
        return _write(change, year, wanted, on)


def split_target(
    actor: Actor, year: int, area: int, measure: str, parts: Sequence[Part], *, by: str, on: date, accept: bool = False,
    reason: str = "",
) -> int:  # fmt: skip
    """Set the targets of what lies below an area (or of its industries) so that they add up to its own.

    ``accept``: set them although they do not; it is recorded by how much. Raises as `set_targets`, and
    ``error.targets.nothing_to_split``, ``error.targets.not_below``, ``error.targets.sum``.
    """
    actor.must(Permission.TARGETS_SET)
    _near(year, on)
    sight = actor.sight(on, now())
    what = queries.measure_of(sight, measure)
    found = table(sight, year, what, area=area, by=by)
    known = {line.key for line in found.takers}
    if any(part.key not in known for part in parts):
        raise FeigongError("error.targets.not_below")
    wanted = [_wanted(found, area, part) for part in parts]
    for one in wanted:
        _check(sight, one)
    _may_set(sight, wanted)
    added = checked(found, {part.key: part.value for part in parts if part.value is not None})
    if added.difference and not accept:
        raise FeigongError("error.targets.sum", together=added.together, target=added.target)
    params = {"year": year, "measure": measure, "area": area, "difference": added.difference}
    with changing(actor, "targets.split", reason=reason, params=params) as change:
        return _write(change, year, wanted, on)


def suggested(found: Table, weights: Mapping[int | str, int]) -> dict[int | str, int]:
    """For each part of a table its part of the whole, by weight."""
    own = found.lines[0].target if found.lines else None
    if own is None:
        raise FeigongError("error.targets.nothing_to_split")
    of = {line.key: weights.get(line.key, 0) for line in found.takers}
    return split(own, of, found.measure.share)


def checked(found: Table, values: Mapping[int | str, int]) -> Check:
    """What parts add up to beside the target of the whole; shares by what they are shares of."""
    own = found.lines[0].target if found.lines else None
    if own is None:
        raise FeigongError("error.targets.nothing_to_split")
    weights = {line.key: line.now.whole or 0 for line in found.takers}
    return check(own, values, weights, found.measure.share)


def _wanted(found: Table, area: int, part: Part) -> Wanted:
    if found.by == "industries":
        return Wanted(area, found.measure.code, part.value, str(part.key), part.expected)
    return Wanted(int(part.key), found.measure.code, part.value, "", part.expected)


def _near(year: int, on: date) -> None:
    if abs(year - on.year) > NEAR:
        raise FeigongError("error.targets.year", first=on.year - NEAR, last=on.year + NEAR)


def _check(sight: Sight, one: Wanted) -> None:
    measure: Measure = queries.measure_of(sight, one.measure)
    if one.value is not None and not 0 <= one.value <= measure.most:
        raise FeigongError("error.targets.value")
    if one.industry and (one.industry not in load_industry_names() or not measure.by_industry):
        raise FeigongError("error.targets.industry", found=one.industry[:10])


def _may_set(sight: Sight, wanted: Iterable[Wanted]) -> None:
    wanted = list(wanted)
    seen = set(roll.areas(sight).order_by().values_list("area_id", flat=True))
    if any(one.area not in seen for one in wanted):
        raise FeigongError("error.not_found")
    below = queries.settable_areas(sight)
    if any(one.area not in below and not one.industry for one in wanted):
        raise FeigongError("error.targets.set_above")


def _write(change: Change, year: int, wanted: Sequence[Wanted], on: date) -> int:
    """What differs from what stands; versions are compared under the lock of the areas."""
    keys = {one: (one.area, year, one.measure, one.industry) for one in wanted}
    writer = Writer(change)
    writer.history(Target, keys.values())
    rows = as_of(Target, on, change.at).filter(year=year, area_id__in={one.area for one in wanted})
    stands = {(r.area_id, year, r.measure, r.industry): Standing(r.value, r.pk) for r in rows}
    changed = [one for one in wanted if _differs(stands.get(keys[one]), one)]
    writer.put_many(Target, [(keys[o], {"value": o.value}) for o in changed if o.value is not None], on)
    writer.end(Target, [keys[o] for o in changed if o.value is None], on)
    return len(changed)


def _differs(stands: Standing | None, one: Wanted) -> bool:
    if one.expected is not None and one.expected != (stands.version if stands else 0):
        raise FeigongError("error.changed_meanwhile")
    return one.value != (stands.value if stands else None)
