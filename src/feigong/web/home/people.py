"""For those who look after something themselves: a branch's secretary, a member."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from feigong.apps.roll import queries
from feigong.web.lists import fills
from feigong.web.lists.spec import Ask

_MOST = 200
_POSTS = ("secretary", "deputy_secretary", "organisation_member", "publicity_member", "discipline_member",
          "committee_member", "instructor")  # fmt: skip


def own_branches(ask: Ask) -> Mapping[str, Any]:
    """The organisations one leads: members, committee, enterprises."""
    rows = list(queries.organisations(ask.sight)[:_MOST])
    superior, venue = fills.superior_name(rows, ask), fills.venue_name(rows, ask)
    members, covers = fills.branch_members(rows, ask), fills.covered_names(rows, ask)
    committees = _committees(rows, ask)
    return {
        "branches": [
            {
                "row": row,
                "address": reverse("organisations:detail", args=[row.organisation_id]),
                "superior": superior.get(row.pk, ""),
                "venue": venue.get(row.pk, ""),
                "members": members.get(row.pk, 0),
                "covers": covers.get(row.pk, []),
                "committee": committees[row.organisation_id],
            }
            for row in rows
        ]
    }


def _committees(rows: Sequence[Any], ask: Ask) -> Mapping[int, list[tuple[str, str]]]:
    """(post, name) by organisation, the secretary first."""
    held = queries.posts(ask.sight).filter(organisation_id__in=[r.organisation_id for r in rows]).order_by("pk")
    posts = sorted(held.values_list("organisation_id", "role", "worker_id"), key=lambda p: _POSTS.index(p[1]))
    workers = queries.workers(ask.sight).filter(worker_id__in={w for _, _, w in posts}).order_by()
    names = dict(workers.values_list("worker_id", "name"))
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for organisation, role, worker in posts:
        if worker in names:
            found[organisation].append((role, names[worker]))
    return found


def own_record(ask: Ask) -> Mapping[str, Any]:
    """What the roll says of oneself; of numbers only that they are there, as everywhere."""
    rows = list(queries.members(ask.sight)[:1])
    if not rows:
        return {"row": None}
    row = rows[0]
    return {
        "row": row,
        "branch": fills.branch_name(rows, ask).get(row.pk, ""),
        "employer": fills.employer_name(rows, ask).get(row.pk, ""),
        "address": reverse("members:detail", args=[row.member_id]),
    }
