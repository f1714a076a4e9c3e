"""The history of one thing, for those who may see it: who changed what, when and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from feigong.apps.accounts.sight import Sight
from feigong.apps.audit.models import Entry, Record
from feigong.apps.audit.queries.differences import Difference, differences
from feigong.apps.audit.queries.objects import entries_about
from feigong.apps.audit.queries.undone import undone
from feigong.apps.roll.kinds import RecordKind, in_sight

MOST = 200  # happenings
_MOST_ENTRIES = 10_000


@dataclass(frozen=True, slots=True)
class Happening:
    number: int
    at: datetime
    code: str
    who: str
    role: str
    door: str
    reason: str
    taken_back: bool
    differences: tuple[Difference, ...]
    record: int  # by which it is taken back


def history(sight: Sight, kind: RecordKind, record_id: int, *, most: int = MOST) -> list[Happening]:
    """What altered the thing and its ties, newest first, as known at the sight's moment. Who may not see it now learns
    nothing; who looked at sealed fields is for auditors (`records`)."""
    in_sight(kind, sight, record_id)
    entries = Entry.objects.filter(entries_about(kind, record_id), record__at__lte=sight.known_at)
    changes = entries.exclude(before__isnull=True, after__isnull=True).exclude(record__code="reveal")
    newest = list(changes.order_by("-record__number").values_list("record_id", flat=True).distinct()[:most])
    # Asked for by their own numbers: an import's record has entries by the hundred thousand, and a database that is
    # told the record's number, too, may look through all of them.
    about = Entry.objects.filter(entries_about(kind, record_id)).order_by("-pk").values_list("pk", "record_id")
    among = set(newest)
    wanted = [pk for pk, record in about[:_MOST_ENTRIES] if record in among]
    rows = Entry.objects.filter(pk__in=wanted).order_by("record_id", "pk")
    values = rows.values_list("record_id", "kind", "object_id", "before", "after")
    by_record = {
        key: tuple(differences(row[1:] for row in group)) for key, group in groupby(values, key=itemgetter(0))
    }
    found, back = Record.objects.filter(pk__in=by_record).order_by("-number"), set(undone(sight))
    return [
        Happening(
            r.number or 0, r.at, r.code, r.actor_name, r.role, r.door, r.reason,
            r.pk in back, by_record[r.pk], r.pk,
        )
        for r in found
    ]  # fmt: skip
