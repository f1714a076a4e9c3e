"""What belongs to a record, as lines of links: names, posts, counts. All within one's sight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse

from feigong.apps.roll import queries
from feigong.apps.roll.kinds import TABLES, RecordKind
from feigong.web.records.page import Look
from feigong.web.records.shown import address

K = RecordKind
MOST: Final = 30


@dataclass(frozen=True, slots=True)
class Line:
    id: int
    text: str
    href: str
    note: str = ""
    tag: str = ""
    role: str = ""  # of a post: its code


@dataclass(frozen=True, slots=True)
class Lines:
    lines: tuple[Line, ...]
    count: int
    all: str = ""  # the list with all of them


def lines_of(look: Look, kind: RecordKind, rows: Any, *, note: str = "", every: str = "") -> Lines:
    """The first of these rows by name, and how many there are. ``note``: the field shown beside the name."""
    key = TABLES[kind].key
    found = list(rows[: MOST + 1])
    count = len(found) if len(found) <= MOST else rows.count()
    if note.endswith("_id"):
        look.names.load_facts([{note: getattr(row, note)} for row in found])
    lines = []
    for row in found[:MOST]:
        one = getattr(row, key)
        shown = "" if not note else _note(look, kind, note, row)
        lines.append(Line(one, row.name, address(kind, one, look.dates), shown))
    return Lines(tuple(lines), count, every)


def _note(look: Look, kind: RecordKind, note: str, row: Any) -> str:
    shower = look.shower.__class__(kind, look.words, look.names)
    return shower.value(note, getattr(row, note)).text


def listed(look: Look, code: str, **asked: object) -> str:
    """The address of a list with these conditions, as of the same day."""
    query = urlencode(asked)
    return reverse(f"{code}:list") + "?" + "&".join(part for part in (query, look.dates) if part)


def covering(look: Look, **named: int) -> Lines:
    """Organisations that cover an enterprise, or enterprises that an organisation covers; the host first."""
    edges = list(queries.coverage(look.sight).filter(**named).order_by("-host", "pk")[: 10 * MOST])
    kind = K.ENTERPRISE if "organisation_id" in named else K.ORGANISATION
    key = TABLES[kind].key
    look.names.load(kind, [getattr(e, key) for e in edges])
    lines = []
    for edge in edges:
        one = getattr(edge, key)
        tag = look.words.word("field.host") if edge.host and kind is K.ENTERPRISE else ""
        lines.append(Line(one, look.names.of(kind, one), address(kind, one, look.dates), tag=tag))
    return Lines(tuple(lines), len(lines))


def posts(look: Look, **named: int) -> Lines:
    """Posts in an organisation, or of a worker."""
    edges = list(queries.posts(look.sight).filter(**named).order_by("pk")[: 10 * MOST])
    kind = K.WORKER if "organisation_id" in named else K.ORGANISATION
    key = TABLES[kind].key
    look.names.load(kind, [getattr(e, key) for e in edges])
    lines = []
    for edge in sorted(edges, key=lambda e: _RANKS.index(e.role)):
        one, role = getattr(edge, key), look.words.word(f"post_role.{edge.role}")
        lines.append(Line(one, look.names.of(kind, one), address(kind, one, look.dates), role, role=edge.role))
    return Lines(tuple(lines), len(lines))


_RANKS: Final = (
    "secretary", "deputy_secretary", "organisation_member", "publicity_member", "discipline_member",
    "committee_member", "instructor",
)  # fmt: skip


def assigned(look: Look, **named: int) -> Lines:
    """Officers of an enterprise, or enterprises that an officer looks after."""
    rows = queries.assignments(look.sight).filter(**named)
    if "worker_id" in named:
        every = listed(look, "enterprises", officer_id=look.record_id)
        seen = queries.enterprises(look.sight).filter(enterprise_id__in=rows.order_by().values("enterprise_id"))
        return lines_of(look, K.ENTERPRISE, seen, note="area_id", every=every)
    officers = queries.workers(look.sight).filter(worker_id__in=rows.order_by().values("worker_id"))
    return lines_of(look, K.WORKER, officers)


def people(look: Look, **named: int) -> Lines | None:
    """Members of a branch or an enterprise; None for those who may see nobody."""
    if not look.sight.members:
        return None
    rows = queries.members(look.sight).filter(**named)
    return lines_of(look, K.MEMBER, rows, note="full", every=listed(look, "members", **named))
