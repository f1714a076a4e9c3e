"""Outlines of areas are drawn, from a day on: each until the roll knows of a later one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.recording import changing
from feigong.apps.roll.kinds import RecordKind, all_in_sight, check_day
from feigong.apps.roll.models import AreaOutline
from feigong.apps.roll.writing import Fact, Writer, putting
from feigong.core.errors import FeigongError
from feigong.core.roll.history import FOREVER, Version
from feigong.core.text import fold
from feigong.exchange.geojson import Outline


def upload_outlines(
    actor: Actor, outlines: Mapping[int, Outline], *, on: date, source: str = "", reason: str = ""
) -> int:
    """Let areas be drawn so from a day on. Returns how many outlines changed; nothing is written where none did.

    Raises
    ------
    FeigongError
        ``error.not_permitted``; ``error.not_found`` where an area is not there on the day, or out of sight;
        ``error.outlines.none``.
    """
    actor.must(Permission.AREAS_CHANGE)
    check_day(on)
    if not outlines:
        raise FeigongError("error.outlines.none")
    params = {"on": on.isoformat(), "outlines": len(outlines), "source": fold(source)[:120]}
    try:
        with changing(actor, "area.outlines", reason=fold(reason), params=params) as change:
            all_in_sight(RecordKind.AREA, actor.sight(on, change.at), list(outlines))
            writer = Writer(change)
            history = writer.history(AreaOutline, [(area,) for area in outlines])
            wanted = {}
            for area, outline in outlines.items():
                known = history.get((area,), [])
                if not _drawn_so(known, outline, on):
                    facts = {"shape": outline.text(), "points": outline.points, "extent": outline.extent,
                             "source": fold(source)[:120]}  # fmt: skip
                    wanted[(area,)] = [putting(AreaOutline, facts, on, _until(known, on))]
            if not wanted:
                raise _NothingToDo
            writer.write(AreaOutline, wanted, history)
            return len(wanted)
    except _NothingToDo:
        return 0


class _NothingToDo(Exception):  # noqa: N818  (not an error: leaves the change without a trace)
    """All are drawn so already."""


def _drawn_so(known: list[Version[Fact]], outline: Outline, on: date) -> bool:
    now = next((v for v in known if v.valid_from <= on < v.valid_to), None)
    return now is not None and dict(now.fact)["shape"] == outline.text()


def _until(known: list[Version[Fact]], on: date) -> date:
    """The day of the next outline that is known."""
    return min((v.valid_from for v in known if v.valid_from > on), default=FOREVER)
