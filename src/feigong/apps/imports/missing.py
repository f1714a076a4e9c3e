"""Enterprises that a full register no longer has, though an earlier register of its kind had them.

Nothing ends by itself: they are asked about, once, and unanswered they stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from feigong.apps.audit.recording import Change
from feigong.apps.imports.choices import ImportState, Kind, MissingAnswer, Verdict
from feigong.apps.imports.models import Import, Item, Problem, Row, SaidThere, Sheet
from feigong.apps.imports.staging import Staging
from feigong.apps.roll.hanging import repoint
from feigong.apps.roll.kinds import RecordKind
from feigong.apps.roll.models import EnterpriseState
from feigong.apps.roll.models.enterprises import Standing
from feigong.apps.roll.writing import Writer
from feigong.core.roll.merge.values import TableKind
from feigong.core.roll.trees import nodes_of

REGISTER: Final = TableKind.REGISTER.value
_PRESENT: Final = (Verdict.NEW, Verdict.CHANGED, Verdict.UNCHANGED, Verdict.DOUBTFUL)


def missing(
    stage: Staging, items: Iterable[Item], rows: Iterable[Row], sheets: Iterable[Sheet], problems: Iterable[Problem]
) -> list[Item]:
    """One item for each that is missing. What a doubtful row of the register may mean is not, until that is settled."""
    full = {s.pk for s in sheets if s.full and s.kind == REGISTER}
    if not full:
        return []
    current = stage.current
    there = {i.key for i in items if i.kind == Kind.ENTERPRISE} | {
        str(candidate[0]) for p in problems if any(s in full for s, _ in p.rows) for candidate in p.candidates
    }
    parts = {
        _part(stage, r.item.area) for r in rows
        if r.sheet_id in full and r.item is not None and r.item.verdict in _PRESENT and r.item.area is not None
    }  # fmt: skip
    last = _last_seen(stage.of)
    said = set(SaidThere.objects.filter(department=stage.of.department).values_list("enterprise", flat=True))
    return [
        Item(
            of=stage.of, kind=Kind.ENTERPRISE, key=key[:200], name=row["name"], verdict=Verdict.MISSING,
            target=row["enterprise_id"], base=row["id"], area=row["area_id"],
            before={"standing": row["standing"], "area_id": row["area_id"]},
            reasons=[{"code": "imports.missing", "params": {"on": last[row["enterprise_id"]].isoformat()}}],
        )
        for key, row in sorted(current.enterprises.items())
        if row["enterprise_id"] in last and key not in there and row["enterprise_id"] not in said
        and row["standing"] != Standing.CLOSED and _part(stage, row["area_id"]) in parts
    ]  # fmt: skip


def _part(stage: Staging, area: int) -> int:
    """The part of the district in which an area lies; of the district itself, the district."""
    nodes = nodes_of(stage.current.areas.paths.get(area, "")) or (area,)
    return nodes[1] if len(nodes) > 1 else nodes[0]


def _last_seen(of: Import) -> dict[int, date]:
    """Enterprises that registers of this department have had before, and the day of the last one."""
    found: dict[int, date] = {}
    rows = Row.objects.filter(
        sheet__of__state=ImportState.APPLIED, sheet__of__department=of.department, sheet__kind=REGISTER,
        sheet__of__on__lte=of.on, item__kind=Kind.ENTERPRISE,
    )  # fmt: skip
    for target, result, on in rows.values_list("item__target", "item__result", "sheet__of__on").distinct():
        identity = target or result
        if identity is not None:
            found[identity] = max(on, found.get(identity, on))
    return found


def end_missing(change: Change, of: Import, items: Sequence[Item]) -> Mapping[str, int]:
    """What was said of them: some end on a day with what hangs on them, some are there all the same."""
    writer = Writer(change)
    for item in items:
        if item.answer == MissingAnswer.ENDED and item.target is not None and item.ends_on is not None:
            repoint(writer, RecordKind.ENTERPRISE, item.target, None, item.ends_on, name=item.name)
            writer.end(EnterpriseState, [(item.target,)], item.ends_on)
    there = [i for i in items if i.answer == MissingAnswer.THERE and i.target is not None]
    for item in there:
        key: dict[str, Any] = {"department": of.department, "enterprise": item.target}
        SaidThere.objects.update_or_create(**key, defaults={"said": change.record})
    counts = {"ended": len(items) - len(there), "there": len(there)}
    return {name: n for name, n in counts.items() if n}


def seen_again(of: Import) -> None:
    """Who is in a register of this kind again is asked about when it goes again."""
    if not Sheet.objects.filter(of=of, used=True, full=True, kind=REGISTER).exists():
        return
    here = Item.objects.filter(of=of, kind=Kind.ENTERPRISE, verdict__in=_PRESENT, target__isnull=False)
    SaidThere.objects.filter(department=of.department, enterprise__in=here.values("target")).delete()
