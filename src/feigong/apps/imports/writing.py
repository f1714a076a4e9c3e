"""Items into rows of the roll: identities first, then what is known of them, then what they cover."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any, Final

from django.db.models import DateField

from feigong.apps.audit.recording import Change
from feigong.apps.imports.choices import Kind
from feigong.apps.imports.current import IDENTITY
from feigong.apps.imports.facts import COLUMNS
from feigong.apps.imports.meanwhile import STATES, batches
from feigong.apps.imports.models import Import, Item
from feigong.apps.imports.secretaries import EDGES
from feigong.apps.roll.appointing import appoint
from feigong.apps.roll.models import (
    Coverage,
    Enterprise,
    EnterpriseState,
    Member,
    Organisation,
    OrganisationState,
    Worker,
)
from feigong.apps.roll.models.dated import NEVER, Dated, Identity
from feigong.apps.roll.models.organisations import OrganisationKind
from feigong.apps.roll.tree_writing import write_tree
from feigong.apps.roll.writing import Fact, Writer, altering, ending, putting
from feigong.core.roll.history import FOREVER, Span

_IDENTITIES: Final[dict[Kind, type[Identity]]] = {
    Kind.ENTERPRISE: Enterprise, Kind.ORGANISATION: Organisation, Kind.MEMBER: Member, Kind.OFFICER: Worker,
}  # fmt: skip
_BATCH: Final = 2000


class ImportWriter:
    """Writes the items of one import within one change."""

    def __init__(self, change: Change, found: Import) -> None:
        self._change = change
        self._writer = Writer(change)
        self._of = found
        self._skipped = frozenset(found.skipped)
        self._written: dict[tuple[Kind, str], int] = {}  # identities by kind and key, of this import
        self._on_roll: dict[tuple[Kind, str], int | None] = {}
        self.counts: Counter[str] = Counter()

    def write(self, kind: Kind, items: Sequence[Item]) -> None:
        model = STATES[kind]
        self._identify(kind, items)
        self._look_up(items)
        spans: dict[int, list[Span[Fact]]] = {}
        firsts = self._firsts(kind, [i for i in items if i.base is None and i.target is not None])
        for item in items:
            identity = self._written[kind, item.key]
            facts = self._facts(model, item)
            if item.base is None:
                spans[identity] = [putting(model, facts, self._of.on, firsts.get(identity, FOREVER))]
                self.counts["new"] += 1
            elif facts:
                spans[identity] = [altering(model, facts, self._of.on)]
                self.counts["changed"] += 1
        if model is OrganisationState:
            write_tree(self._writer, model, spans, self._of.on)
            self._cover(items)
        else:
            self._writer.write(model, {(identity,): new for identity, new in spans.items()})

    def _identify(self, kind: Kind, items: Sequence[Item]) -> None:
        """Numbers for what is new."""
        new = [i for i in items if i.target is None]
        model = _IDENTITIES[kind]
        made = model._base_manager.bulk_create(
            [model(created=self._change.record) for _ in new], batch_size=_BATCH
        )
        for item, identity in zip(new, made, strict=True):
            item.result = identity.pk
        for item in items:
            self._written[kind, item.key] = item.result if item.target is None else item.target  # type: ignore[assignment]

    def _facts(self, model: type[Dated], item: Item) -> dict[str, Any]:
        """What is put: columns of changes that are not left out, with what they name looked up."""
        left_out = self._left_out(item)
        days = _days(model)
        facts = {
            column: date.fromisoformat(value) if column in days and value else value
            for column, value in item.facts.items()
            if column not in left_out
        }
        for column, link in item.links.items():
            if column not in EDGES and column not in left_out:
                named = self._identity(Kind(link[0]), link[1])
                if named is not None:
                    facts[column] = named
        return facts

    def _left_out(self, item: Item) -> set[str]:
        """Columns of the kinds of change that are left out."""
        if item.base is None or not self._skipped:
            return set()
        kind = Kind(item.kind)
        kept: set[str] = set()
        left: set[str] = set()
        for change in item.changes:
            out = f"{kind}.{change['field']}" in self._skipped
            (left if out else kept).update(COLUMNS[kind][change["field"]])
        return left - kept

    def _identity(self, kind: Kind, key: str) -> int | None:
        return self._written.get((kind, key)) or self._on_roll.get((kind, key))

    def _look_up(self, items: Sequence[Item]) -> None:
        """Identities of what the items name and this import does not write."""
        named = {(Kind(link[0]), link[1]) for i in items for c, link in i.links.items() if c not in EDGES}
        named |= {(Kind.ENTERPRISE, code) for i in items for code in i.links.get("covers", ())}
        named -= self._written.keys() | self._on_roll.keys()
        for kind, key in named:
            self._on_roll[kind, key] = int(key[1:]) if key.startswith("#") and key[1:].isdigit() else None
        codes = [key for kind, key in named if kind is Kind.ENTERPRISE and not key.startswith("#")]
        for batch in batches(codes):
            rows = EnterpriseState.rows.filter(recorded_to=NEVER, uscc__in=batch, valid_to__gt=self._of.on)
            for code, identity in rows.order_by("-pk").values_list("uscc", "enterprise_id"):
                self._on_roll[Kind.ENTERPRISE, code] = identity

    def _firsts(self, kind: Kind, items: Sequence[Item]) -> dict[int, date]:
        """The first day after the import's on which the roll knows of things that it does not know of on that day."""
        found: dict[int, date] = {}
        identity = IDENTITY[kind]
        for batch in batches(i.target for i in items):
            rows = STATES[kind].rows.filter(recorded_to=NEVER, valid_from__gt=self._of.on, **{f"{identity}__in": batch})
            for number, first in rows.order_by("-valid_from").values_list(identity, "valid_from"):
                found[number] = first
        return found

    def _cover(self, items: Sequence[Item]) -> None:
        """What organisations cover from the day on: edges begin and end where the tables say otherwise."""
        wanted: dict[int, list[int]] = {}
        new_joint: set[int] = set()
        for item in items:
            if "covers" in item.links and f"{item.kind}.covers" not in self._skipped:
                codes = (self._identity(Kind.ENTERPRISE, code) for code in item.links["covers"])
                organisation = self._written[Kind.ORGANISATION, item.key]
                wanted[organisation] = [e for e in codes if e is not None]
                if item.base is None and item.facts.get("kind") == OrganisationKind.JOINT_BRANCH:
                    new_joint.add(organisation)
        held = self._held(wanted)
        spans: dict[tuple[int, int], list[Span[Fact]]] = {}
        for organisation, firms in wanted.items():
            before = held.get(organisation, {})
            hosts = {firm for firm, host in before.items() if host}
            host = _next_host(firms, hosts, joint=organisation in new_joint or bool(hosts))
            for firm in firms:
                if firm not in before or (firm == host and not before[firm]):
                    spans[organisation, firm] = [putting(Coverage, {"host": firm == host}, self._of.on)]
            for firm in before.keys() - set(firms):
                spans[organisation, firm] = [ending(self._of.on)]
        if spans:
            self._writer.write(Coverage, spans)

    def appoint(self, items: Sequence[Item]) -> None:
        """Secretaries as the tables name them; an empty name: the post is vacant."""
        if f"{Kind.ORGANISATION}.secretary" in self._skipped:
            return
        named = {
            self._written[Kind.ORGANISATION, item.key]: str(item.links["secretary"])
            for item in items
            if "secretary" in item.links
        }
        appoint(self._writer, self._change, named, self._of.on)

    def _held(self, organisations: Iterable[int]) -> dict[int, dict[int, bool]]:
        """What organisations cover on the day: enterprise, and whether it is host."""
        found: dict[int, dict[int, bool]] = {}
        day = {"valid_from__lte": self._of.on, "valid_to__gt": self._of.on}
        for batch in batches(organisations):
            rows = Coverage.rows.filter(recorded_to=NEVER, organisation_id__in=batch, **day)
            for organisation, enterprise, host in rows.values_list("organisation_id", "enterprise_id", "host"):
                found.setdefault(organisation, {})[enterprise] = host
        return found


def _next_host(firms: Sequence[int], hosts: Collection[int], *, joint: bool) -> int | None:
    """A joint branch keeps its host as long as it covers it; else the first is host until somebody says otherwise."""
    kept = next((firm for firm in firms if firm in hosts), None)
    return kept if kept is not None or not joint else next(iter(firms), None)


@cache
def _days(model: type[Dated]) -> frozenset[str]:
    return frozenset(f.attname for f in model._meta.concrete_fields if isinstance(f, DateField))
