"""Records for those who read them by duty. An auditor reads the business; the audit administrator reads also what the
administrators did themselves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Q, QuerySet

from feigong.apps.accounts.roles import ADMINISTRATORS, Permission, Role
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.models import Entry, Record
from feigong.apps.audit.queries.differences import Difference, differences
from feigong.apps.audit.queries.objects import entries_about, things_noted
from feigong.core.errors import FeigongError

MOST_ENTRIES: Final = 1000  # of a record that a page takes apart; of a larger one the entries are counted
MOST_NAMED: Final = 20  # entries of a record that a list names

# Commands on the machine have no role: those that look after the installation are its administrators' acts.
_UPKEEP: Final = ("keys.", "system.", "audit.", "account.", "token.", "backup.", "settings.")
# What a security administrator does for one account is the business of whoever audits its use.
_READ_BY_ALL: Final = ("account.unlock", "account.unlock_address")


def records(actor: Actor) -> QuerySet[Record]:
    """Those that ``actor`` may read, newest first."""
    actor.must(Permission.AUDIT_VIEW)
    rows = Record.objects.filter(number__isnull=False).order_by("-number")
    if actor.role == Role.AUDIT_ADMINISTRATOR or actor.scope.whole:
        return rows
    upkeep = Q(pk__in=[])
    for beginning in _UPKEEP:
        upkeep |= Q(code__startswith=beginning)
    administrators = Q(role__in=ADMINISTRATORS) | (Q(role="", door="command") & upkeep)
    return rows.filter(~administrators | Q(code__in=_READ_BY_ALL))


def record(actor: Actor, number: int) -> Record:
    found = records(actor).select_related("takes_back").filter(number=number).first()
    if found is None:
        raise FeigongError("error.not_found")
    return found


def about(rows: QuerySet[Record], kind: str, record_id: int) -> QuerySet[Record]:
    """Of these records, those that concern a thing of the roll, or an account."""
    return rows.filter(pk__in=Entry.objects.filter(entries_about(kind, record_id)).values("record_id"))


def codes(actor: Actor) -> list[str]:
    """What was done at all: what a list can be asked for by."""
    rows = records(actor).order_by().values("role", "door", "code").annotate(n=Count("number"))  # the index as it lies
    return sorted({row["code"] for row in rows})


def differences_of(actor: Actor, number: int) -> list[Difference]:
    """What a record altered or touched, thing by thing; empty if that is too much for a page."""
    one = record(actor, number)
    if one.entries_count > MOST_ENTRIES:
        return []
    rows = Entry.objects.filter(record=one).order_by("pk")
    return differences(rows.values_list("kind", "object_id", "before", "after"))


def entries_by_kind(actor: Actor, number: int) -> Mapping[str, int]:
    """How many entries a record has of each kind."""
    rows = Entry.objects.filter(record=record(actor, number)).order_by().values_list("kind").annotate(n=Count("pk"))
    return dict(Counter(dict(rows)).most_common())


def things_of(actor: Actor, numbers: Sequence[int]) -> Mapping[int, list[tuple[str, int]]]:
    """Which things or accounts these records are about, by number; of records with many entries nothing."""
    rows = Entry.objects.filter(record__in=records(actor).filter(number__in=numbers, entries_count__lte=MOST_NAMED))
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    values = rows.order_by("pk").values_list("record__number", "kind", "object_id", "before", "after")
    for number, kind, object_id, before, after in values:
        things = found[number or 0]
        things += [one for one in things_noted(kind, object_id, after or before) if one not in things]
    return found


@dataclass(frozen=True, slots=True)
class Checked:
    """When the chain was last verified, by whom, and how many problems were found."""

    at: datetime
    who: str
    findings: int


def last_check(actor: Actor) -> Checked | None:
    """Whoever did it: all who read the records may know that they are whole."""
    actor.must(Permission.AUDIT_VIEW)
    found = Record.objects.filter(code="audit.verify", number__isnull=False).order_by("-number").first()
    return None if found is None else Checked(found.at, found.actor_name, int(found.params["findings"]))


def anything_recorded() -> bool:
    """Whether this installation has begun its work."""
    return Record.objects.filter(number__isnull=False).exists()
