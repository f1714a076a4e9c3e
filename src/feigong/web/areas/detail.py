"""What belongs to an area: the areas above and below, and how much of everything lies in it."""

from __future__ import annotations

from typing import Any

from feigong.apps.accounts.roles import Permission
from feigong.apps.roll import queries
from feigong.apps.roll.kinds import TABLES, RecordKind
from feigong.apps.roll.queries.outlines import outlines
from feigong.core.roll.trees import next_path, nodes_of
from feigong.web.areas.forms import AreaForm
from feigong.web.records import belongs
from feigong.web.records.page import Look, RecordPage
from feigong.web.records.shown import SCREENS, address

K = RecordKind
_COUNTED = (K.ENTERPRISE, K.ORGANISATION, K.VENUE, K.WORKER)


def more(look: Look) -> dict[str, Any]:
    outline = outlines(look.sight).filter(area_id=look.record_id).first()
    return {
        "outline": outline,
        "outline_km": outline.extent / 1e6 if outline is not None else None,
        "road": _road(look),
        "below": belongs.lines_of(look, K.AREA, queries.areas(look.sight).filter(parent_id=look.record_id),
                                  note="kind"),
        "counts": _counts(look),
    }  # fmt: skip


def _road(look: Look) -> list[tuple[str, str]]:
    """The areas above, from the top, as far as they are in sight."""
    nodes = nodes_of(look.row.path)[:-1]
    look.names.load(K.AREA, nodes)
    return [(name, address(K.AREA, node, look.dates)) for node in nodes if (name := look.names.of(K.AREA, node))]


def _counts(look: Look) -> list[tuple[str, int, str]]:
    """(kind, how many, the list with them) in this area and all below it."""
    path = look.row.path
    within = queries.areas(look.sight).filter(path__gte=path, path__lt=next_path(path)).order_by().values("area_id")
    found = []
    for kind in _COUNTED:
        if kind is K.WORKER and not look.sight.members:
            continue
        count = TABLES[kind].rows(look.sight).filter(area_id__in=within).count()
        found.append((kind.value, count, belongs.listed(look, SCREENS[kind], area=look.record_id)))
    return found


PAGE = RecordPage(
    kind=K.AREA,
    view=Permission.ROLL_VIEW,
    facts=("kind", "code", "parent_id"),
    form=AreaForm,
    more=more,
)
