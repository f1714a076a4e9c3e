"""Records for those who read them by duty. An auditor reads the business; the audit administrator reads also what the
administrators did themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final

from django.db.models import Count, Q, QuerySet

from feigong.apps.accounts.roles import ADMINISTRATORS, Permission, Role
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.models import Entry, Record
from feigong.apps.audit.queries.differences import Difference, differences
from feigong.apps.audit.queries.objects import entries_about
from feigong.apps.roll.kinds import RecordKind
from feigong.core.errors import FeigongError

MOST_ENTRIES: Final = 1000  # of a record that a page takes apart; of a larger one the entries are counted

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


def about(rows: QuerySet[Record], kind: RecordKind, record_id: int) -> QuerySet[Record]:
    """Of these records, those that concern a thing of the roll."""
    return rows.filter(pk__in=Entry.objects.filter(entries_about(kind, record_id)).values("record_id"))


def codes(actor: Actor) -> list[str]:
    """What was done at all, most often first: what a list can be asked for by."""
    rows = records(actor).order_by().values_list("code").annotate(n=Count("pk"))
    return [code for code, _ in sorted(rows, key=lambda row: (-row[1], row[0]))]


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


def anything_recorded() -> bool:
    """Whether this installation has begun its work."""
    return Record.objects.filter(number__isnull=False).exists()
