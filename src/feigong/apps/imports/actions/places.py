"""The tree of areas of a new installation, from the packaged lists and the district's own table of names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.recording import changing
from feigong.apps.imports.models import PlaceName
from feigong.apps.roll.models import Area, AreaState
from feigong.apps.roll.models.dated import NEVER
from feigong.apps.roll.tree_writing import write_tree
from feigong.apps.roll.writing import Writer, putting
from feigong.core.errors import FeigongError
from feigong.core.roll.places.values import Area as NamedArea
from feigong.exchange.reference import load_gazetteer, read_area_names


def seed_areas(actor: Actor, district: str, *, on: date, names: Path | None = None) -> int:
    """Make the district and its townships; the identity of the district.

    ``names`` is a csv of ``name`` and ``code`` as in ``feigong merge --aliases``: what the packaged lists lack, and
    other names by which addresses are understood. Refused where there is a tree already.
    """
    actor.must(Permission.AREAS_CHANGE)
    rows: Sequence[tuple[str, str]] = read_area_names(names) if names else ()
    gazetteer = load_gazetteer(district, None, rows)
    own = [a for a in gazetteer.areas if a.code == district or (len(a.code) == 9 and a.code.startswith(district))]
    with changing(actor, "areas.seed", params={"district": district}) as change:
        if AreaState.rows.filter(recorded_to=NEVER).exists():
            raise FeigongError("error.imports.areas_exist")
        made = Area.objects.bulk_create([Area(created=change.record) for _ in own])
        ids = {a.code: identity.pk for a, identity in zip(own, made, strict=True)}
        spans = {ids[a.code]: [putting(AreaState, _facts(a, ids, district), on)] for a in own}
        write_tree(Writer(change), AreaState, spans, on)
        named = {a.name for a in own}
        others = {name: code for name, code in rows if name and name not in named}
        PlaceName.objects.bulk_create([PlaceName(name=n, code=c, said=change.record) for n, c in others.items()])
    return int(ids[district])


def _facts(area: NamedArea, ids: dict[str, int], district: str) -> dict[str, object]:
    return {
        "name": area.name, "code": area.code, "kind": area.kind.value,
        "parent_id": None if area.code == district else ids[district],
    }  # fmt: skip
