"""The dry run: all files whole, merged, compared with the roll; nothing of the roll is touched."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Protocol

from django.db import transaction

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.recording import changing
from feigong.apps.imports.actions.receive import as_json, tables_of, to_change
from feigong.apps.imports.choices import ImportState, Kind, Verdict
from feigong.apps.imports.current import Current, known_of, narrow, pseudonym, read_current, roll_of
from feigong.apps.imports.decided import as_decided
from feigong.apps.imports.missing import missing
from feigong.apps.imports.models import Decision, Import, Item, PlaceName, Problem, Row, Sheet
from feigong.apps.imports.others import left_aside, of_others
from feigong.apps.imports.staging import Key, Staging, problems_of, records_of, rows_of
from feigong.apps.jobs.actions import start
from feigong.apps.jobs.models import Job
from feigong.apps.roll.models import EnterpriseState, MemberState, NotSame
from feigong.apps.roll.models.dated import NEVER, as_of
from feigong.core.errors import FeigongError
from feigong.core.roll import compare
from feigong.core.roll.merge.merge import merge_tables
from feigong.core.roll.merge.names import exact_key
from feigong.core.roll.merge.values import MergeResult
from feigong.core.roll.values import Organisation, Roll
from feigong.exchange.merge_reference import load_merge_reference

CHECK: Final = "imports.dry_run"
_BATCH: Final = 2000
Pairs = frozenset[frozenset[str]]


class Telling(Protocol):
    """What a check or an application says while it works, and asks at its end: a job's context has it."""

    def progress(self, stage: str, done: int = 0, total: int = 0, **reached: object) -> None: ...

    def fence(self) -> None: ...


class Alone:
    """Nobody listens, and nobody else can have taken it up: a command at work."""

    def progress(self, stage: str, done: int = 0, total: int = 0, **reached: object) -> None: ...

    def fence(self) -> None: ...


def ask_check(actor: Actor, number: int) -> Job:
    """Have the tables compared with the roll, by a job."""
    actor.must(Permission.IMPORT_UPLOAD)
    with changing(actor, "import.check", params={"import": number}) as change:
        found = to_change(actor, number)
        ready(found)
        job = start(actor, CHECK, {"import": number})
        found.state, found.job, found.fault = ImportState.CHECKING, job, None
        found.save(update_fields=["state", "job", "fault"])
        change.note("imports.import", found.pk, None, {"state": found.state})
    return job


def ready(found: Import) -> None:
    """Whether there is something to check and nothing stands in its way."""
    used = list(Sheet.objects.filter(of=found, used=True).select_related("file"))
    if not used:
        raise FeigongError("error.imports.no_tables")
    for sheet in used:
        if sheet.fault:
            raise FeigongError("error.imports.sheet_unclear", name=sheet.file.name, sheet=sheet.name)


def check(number: int, tell: Telling, at: datetime) -> dict[str, Any]:
    """Compare an import with the roll as known at a moment, and keep what was found in one go."""
    try:
        return _check(Import.objects.get(pk=number), tell, at)
    except FeigongError as error:
        rows = Import.objects.filter(pk=number, state=ImportState.CHECKING)
        rows.update(state=ImportState.READ, fault=as_json(error.reason))
        raise


def _check(found: Import, tell: Telling, at: datetime) -> dict[str, Any]:
    tell.progress("imports.read")
    sheets = list(Sheet.objects.filter(of=found, used=True).exclude(subject="").select_related("file"))
    tables = tables_of(sheets)
    current = read_current(found.on, at)
    if current.areas.root is None:
        raise FeigongError("error.imports.no_areas")
    own = frozenset(current.areas.paths) if found.whole else current.areas.under(found.areas)
    if not found.whole:
        narrow(current, own)
    same, apart = decisions(found.on, at)
    tell.progress("imports.merge", total=sum(len(t.rows) for t in tables))
    reference = load_merge_reference(current.areas.district, own=place_names(current))
    result = merge_tables(
        tables, on=found.on, reference=reference, pseudonym=pseudonym, identify=True,
        known=known_of(current), same=same, not_same=apart,
    )  # fmt: skip
    del tables
    tell.progress("imports.compare", total=len(result.fates))
    incoming, keys = _under_known_keys(result.roll, current, same, apart)
    incoming = as_decided(incoming, current)
    differences = compare.compare(roll_of(current, incoming), incoming, not_same=apart)
    records = records_of(incoming)
    stage = Staging(found, current, records, _earlier(records, current, None if found.whole else own), own)
    items = stage.items(differences)
    tell.progress("imports.keep", total=len(items))
    return _keep(stage, result, differences, items, keys, sheets, tell, at)


def place_names(current: Current) -> list[tuple[str, str]]:
    """Names of areas that the packaged lists may lack: those of the tree, and those kept beside it."""
    return [*current.areas.named, *PlaceName.objects.order_by("pk").values_list("name", "code")]


def decisions(on: Any, at: datetime) -> tuple[dict[str, str], Pairs]:
    """What people have decided before: about spellings here, about records on the roll."""
    same: dict[str, str] = {}
    apart: set[frozenset[str]] = set()
    for spelling, code, is_same in Decision.objects.values_list("spelling", "code", "same"):
        if is_same:
            same[spelling] = code
        elif spelling != code:
            apart.add(frozenset((spelling, code)))
    for first, second in as_of(NotSame, on, at).values_list("first", "second"):
        if first != second:
            apart.add(frozenset((first, second)))
    return same, frozenset(apart)


def _under_known_keys(
    incoming: Roll, current: Current, same: Mapping[str, str], apart: Pairs
) -> tuple[Roll, dict[Key, str]]:
    """Organisations and officers under the keys that the roll has for them, where a person has said which, or where the
    name and what it covers leave no doubt."""
    keys: dict[Key, str] = {}
    by_name: defaultdict[str, list[str]] = defaultdict(list)
    for key, row in current.organisations.items():
        by_name[exact_key(row["name"])].append(key)
    codes = {row["enterprise_id"]: code for code, row in current.enterprises.items()}
    covers = {
        key: {codes[e] for e in current.covers.get(row["organisation_id"], ()) if e in codes}
        for key, row in current.organisations.items()
    }

    def meant(o: Organisation) -> str:
        if said := same.get(o.key):
            return said
        alike = [k for k in by_name.get(exact_key(o.name), ()) if frozenset((k, o.key)) not in apart]
        fitting = [k for k in alike if covers[k] & set(o.covers)]
        return fitting[0] if len(fitting) == 1 and o.key not in current.organisations else o.key

    for o in incoming.organisations:
        keys[Kind.ORGANISATION, o.key] = meant(o)
    for officer in incoming.officers:
        keys[Kind.OFFICER, officer.key] = same.get(officer.key, officer.key)
    taken = Counter((kind, new) for (kind, _), new in keys.items())
    keys = {k: new if taken[k[0], new] == 1 else k[1] for k, new in keys.items()}
    bodies = {old: new for (kind, old), new in keys.items() if kind is Kind.ORGANISATION}
    return (
        replace(
            incoming,
            organisations=tuple(
                replace(o, key=bodies[o.key], superior=bodies.get(o.superior or "", o.superior))
                for o in incoming.organisations
            ),
            members=tuple(
                replace(m, organisation=bodies.get(m.organisation or "", m.organisation)) for m in incoming.members
            ),
            officers=tuple(replace(o, key=keys[Kind.OFFICER, o.key]) for o in incoming.officers),
        ),
        keys,
    )


def _earlier(records: Iterable[Key], current: Current, own: frozenset[int] | None) -> dict[Key, int]:
    """Identities of what the roll does not know on the day, but on another: the same thing, not a new one.

    ``own``: the areas, where not the whole roll is meant; what is elsewhere then, and any member, belongs to others.
    """
    missing: defaultdict[Kind, list[str]] = defaultdict(list)
    for kind, key in records:
        if key not in current.rows(kind):
            missing[kind].append(key)
    found: dict[Key, int] = {}
    asked: tuple[tuple[Kind, Any, str, str], ...] = (
        (Kind.ENTERPRISE, EnterpriseState, "uscc", "enterprise_id"),
        (Kind.MEMBER, MemberState, "id_index", "member_id"),
    )
    for kind, model, column, identity in asked:
        codes = missing[kind]
        for begin in range(0, len(codes), _BATCH):
            rows = model.rows.filter(recorded_to=NEVER, **{f"{column}__in": codes[begin : begin + _BATCH]})
            for row in rows.order_by("pk").values():
                found.setdefault((kind, row[column]), row[identity])
                if own is not None and row.get("area_id") not in own:
                    current.elsewhere.add((kind, row[column]))
    return found


def _names(current: Current) -> dict[Key, str]:
    return {(kind, key): str(row["name"]) for kind in Kind for key, row in current.rows(kind).items()}


def _keep(
    stage: Staging,
    result: MergeResult,
    differences: Iterable[compare.Difference],
    items: list[Item],
    keys: Mapping[Key, str],
    sheets: list[Sheet],
    tell: Telling,
    at: datetime,
) -> dict[str, Any]:
    """Write what was found in place of what an earlier check found."""
    found, by_place = stage.of, {(s.file.name, s.name): s for s in sheets}
    problems = problems_of(found, result, differences, by_place, _names(stage.current))
    by_key = {(Kind(i.kind), i.key): i for i in items}
    rows = list(rows_of(result.fates, by_place, by_key, keys))
    problems, aside = left_aside(of_others(stage, items), rows, problems)
    items = [*items, *missing(stage, items, rows, sheets, problems)]
    _choose_again(found, items)
    with transaction.atomic():
        forget(found)
        Item.objects.bulk_create(items, batch_size=_BATCH)
        Row.objects.bulk_create(rows, batch_size=_BATCH)
        Problem.objects.bulk_create(problems, batch_size=_BATCH)
        found.figures = {**figures(items, rows, problems), "others": aside}
        found.state, found.checked_at, found.fault = ImportState.CHECKED, at, None
        found.save(update_fields=["figures", "state", "checked_at", "fault"])
        tell.fence()
    return dict(found.figures)


def _choose_again(found: Import, items: Iterable[Item]) -> None:
    """What a person has left out, accepted or answered stays so when it is checked again."""
    chosen = Item.objects.filter(of=found).exclude(left_out=False, accepted=False, answer="")
    before = {(i.kind, i.key): i for i in chosen}
    for item in items:
        if (was := before.get((item.kind, item.key))) is None:
            continue
        item.left_out, item.accepted = was.left_out, was.accepted
        if item.verdict == Verdict.MISSING:
            item.answer, item.ends_on = was.answer, was.ends_on


def forget(found: Import) -> None:
    Row.objects.filter(sheet__of=found)._raw_delete("default")
    Problem.objects.filter(of=found)._raw_delete("default")
    Item.objects.filter(of=found)._raw_delete("default")


def figures(items: Iterable[Item], rows: Iterable[Row], problems: Iterable[Problem]) -> dict[str, Any]:
    """What is counted once and opens the rows counted."""
    verdicts: Counter[str] = Counter()
    by_kind: defaultdict[str, Counter[str]] = defaultdict(Counter)
    fields: Counter[str] = Counter()
    for item in items:
        verdicts[item.verdict] += 1
        by_kind[item.kind][item.verdict] += 1
        if item.verdict == Verdict.CHANGED:
            fields.update(f"{item.kind}.{c['field']}" for c in item.changes)
    fates = Counter(row.fate for row in rows)
    return {
        "verdicts": dict(verdicts), "kinds": {k: dict(c) for k, c in by_kind.items()}, "fields": dict(fields),
        "rows": dict(fates), "problems": dict(Counter(p.severity for p in problems)),
        "doubts": sum(1 for p in problems if p.spelling and p.severity != "info"),
    }  # fmt: skip

