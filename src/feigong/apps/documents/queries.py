"""Which template an area uses, and those it used before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.functions import Length

from feigong.apps.accounts.sight import Sight
from feigong.apps.documents.models import Template
from feigong.apps.roll import queries as roll
from feigong.apps.roll.models import AreaState
from feigong.core.errors import FeigongError
from feigong.core.roll.trees import nodes_of


@dataclass(frozen=True, slots=True)
class Used:
    """What counts for one document in one area."""

    own: Template | None  # the newest version of the area itself; its number is the version for who edits
    template: Template | None  # with content: the area's own, or of the nearest area above; none: ours
    above: str = ""  # the name of the area above that it comes from

    @property
    def version(self) -> int:
        return self.own.pk if self.own else 0


def places(sight: Sight) -> list[AreaState]:
    """The areas for which an office may have templates: those it was granted, the uppermost first."""
    rows = roll.areas(sight)
    rows = rows.filter(parent=None) if sight.scope.whole else rows.filter(area_id__in=sight.scope.areas)
    return list(rows.order_by(Length("path"), "path"))


def place(sight: Sight, area: int | None) -> AreaState:
    """One of them, the first if none is named; ``error.documents.no_area``, ``error.not_found``."""
    found = places(sight)
    if not found:
        raise FeigongError("error.documents.no_area")
    for one in found:
        if area is None or one.area_id == area:
            return one
    raise FeigongError("error.not_found")


def used(sight: Sight, at: AreaState, codes: Iterable[str]) -> dict[str, Used]:
    """For each document which template an area uses. At two queries, however many."""
    nodes = nodes_of(at.path)
    newest = _newest(nodes, tuple(codes))
    names = dict(roll.areas_and_above(sight).filter(area_id__in=nodes).values_list("area_id", "name"))
    return {code: _used(code, nodes, newest, names) for code in codes}


def _used(code: str, nodes: Sequence[int], newest: dict[tuple[str, int], Template], names: dict[int, str]) -> Used:
    own = newest.get((code, nodes[-1]))
    kept = [t for node in reversed(nodes) if (t := newest.get((code, node))) is not None and t.digest]
    nearest = kept[0] if kept else None
    above = names.get(nearest.area_id, "") if nearest is not None and nearest.area_id != nodes[-1] else ""
    return Used(own, nearest, above)


def _newest(nodes: Sequence[int], codes: tuple[str, ...]) -> dict[tuple[str, int], Template]:
    """The last version of each document in each of these areas."""
    rows = Template.objects.filter(area_id__in=nodes, code__in=codes).order_by("pk")
    return {(row.code, row.area_id): row for row in rows.defer("content").select_related("record")}


def history(at: AreaState, code: str) -> QuerySet[Template]:
    """What an area used before, the newest first. ``at`` comes from `place`."""
    rows = Template.objects.filter(area_id=at.area_id, code=code)
    return rows.defer("content").select_related("record").order_by("-pk")


def version(at: AreaState, code: str, number: int) -> Template:
    """One version with its content; ``error.not_found``."""
    found = Template.objects.filter(area_id=at.area_id, code=code, pk=number).exclude(digest="").first()
    if found is None:
        raise FeigongError("error.not_found")
    return found


def content_for(path: str, code: str) -> bytes | None:
    """What is used in the area with this path; nothing: ours."""
    nodes = nodes_of(path)
    nearest = _used(code, nodes, _newest(nodes, (code,)), {}).template
    return None if nearest is None or nearest.content is None else bytes(nearest.content)
