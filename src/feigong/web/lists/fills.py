"""What lists of the roll look up for the rows of a page: names and counts, always within one's sight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db.models import Count

from feigong.apps.roll import queries
from feigong.exchange.reference import load_industry_names
from feigong.web.lists.spec import Ask, Fill

Query = Callable[[Any], Any]


def _names(query: Query, key: str, ids: Iterable[int | None], ask: Ask) -> dict[int, str]:
    wanted = {i for i in ids if i is not None}
    if not wanted:
        return {}
    return dict(queries.among(query(ask.sight), key, wanted).values_list(key, "name"))


def name_of(query: Query, key: str, column: str, text: str = "") -> Fill:
    """The name of what a column points to; else the text as a table had it."""

    def fill(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
        names = _names(query, key, (getattr(r, column) for r in rows), ask)
        unseen = ask.words.word("web.lists.not_in_sight")
        found: dict[int, Any] = {}
        for row in rows:
            one = getattr(row, column)
            found[row.pk] = names.get(one, unseen) if one is not None else (getattr(row, text) if text else "")
        return found

    return fill


area_name = name_of(queries.areas, "area_id", "area_id")
superior_name = name_of(queries.superiors, "organisation_id", "superior_id")
venue_name = name_of(queries.venues, "venue_id", "venue_id")
owner_name = name_of(queries.enterprises, "enterprise_id", "enterprise_id")
branch_name = name_of(queries.organisations, "organisation_id", "branch_id", "branch_text")
employer_name = name_of(queries.enterprises, "enterprise_id", "employer_id", "employer_text")


@lru_cache(maxsize=1)
def industries() -> Mapping[str, str]:
    """Divisions by code. The standard is Chinese, in any language of the pages."""
    return load_industry_names()


def industry_name(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    return {r.pk: industries().get(r.industry, r.industry) for r in rows}


def flags(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    """What is doubted about a unit, in words; why stands on its page."""
    return {row.pk: [ask.words.word(f"roll.flag.{code}") for code, _, _ in row.flags] for row in rows}


def _linked(edges: Any, key: str, other: str, names: Mapping[int, str], rows: Sequence[Any]) -> dict[int, list[str]]:
    """Names at the other end of edges, by row; those out of sight are left out."""
    found: dict[int, list[str]] = defaultdict(list)
    for one, there in edges:
        if there in names:
            found[one].append(names[there])
    return {r.pk: sorted(found[getattr(r, key)]) for r in rows if getattr(r, key) in found}


def covering_names(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    """Organisations that cover these enterprises."""
    edges = queries.coverage(ask.sight).filter(enterprise_id__in=[r.enterprise_id for r in rows]).order_by()
    pairs = list(edges.values_list("enterprise_id", "organisation_id"))
    names = _names(queries.organisations, "organisation_id", (there for _, there in pairs), ask)
    named = _linked(pairs, "enterprise_id", "organisation_id", names, rows)
    elsewhere = [ask.words.word("web.enterprises.covered_elsewhere")]
    shown = queries.enterprises(ask.sight).filter(queries.is_covered(ask.sight), pk__in=[r.pk for r in rows])
    covered = set(shown.order_by().values_list("pk", flat=True))
    return {r.pk: named.get(r.pk) or elsewhere for r in rows if r.pk in covered}


def covered_names(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    """Enterprises that these organisations cover."""
    edges = queries.coverage(ask.sight).filter(organisation_id__in=[r.organisation_id for r in rows]).order_by()
    pairs = list(edges.values_list("organisation_id", "enterprise_id"))
    names = _names(queries.enterprises, "enterprise_id", (there for _, there in pairs), ask)
    return _linked(pairs, "organisation_id", "enterprise_id", names, rows)


def officer_names(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    """Liaison officers who look after these enterprises."""
    edges = queries.assignments(ask.sight).filter(enterprise_id__in=[r.enterprise_id for r in rows]).order_by()
    pairs = list(edges.values_list("enterprise_id", "worker_id"))
    names = _names(queries.workers, "worker_id", (there for _, there in pairs), ask)
    return _linked(pairs, "enterprise_id", "worker_id", names, rows)


def looked_after(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    """How many enterprises these workers look after."""
    edges = queries.assignments(ask.sight).filter(worker_id__in=[r.worker_id for r in rows]).order_by()
    counts = dict(edges.values_list("worker_id").annotate(n=Count("pk")))
    return {r.pk: counts.get(r.worker_id, 0 if r.liaison else None) for r in rows}


def held_posts(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    """Posts of these workers: 某党支部书记."""
    edges = queries.posts(ask.sight).filter(worker_id__in=[r.worker_id for r in rows]).order_by()
    held = list(edges.values_list("worker_id", "organisation_id", "role"))
    names = _names(queries.organisations, "organisation_id", (there for _, there, _ in held), ask)
    found: dict[int, list[str]] = defaultdict(list)
    for worker, there, role in held:
        if there in names:
            post = ask.words.word(f"post_role.{role}")
            found[worker].append(ask.words.word("web.lists.post", organisation=names[there], post=post))
    return {r.pk: sorted(found[r.worker_id]) for r in rows if r.worker_id in found}


def secretaries(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
    edges = queries.posts(ask.sight).filter(organisation_id__in=[r.organisation_id for r in rows], role="secretary")
    pairs = list(edges.order_by().values_list("organisation_id", "worker_id"))
    names = _names(queries.workers, "worker_id", (there for _, there in pairs), ask)
    return _linked(pairs, "organisation_id", "worker_id", names, rows)


def _members_by(column: str, key: str) -> Fill:
    def fill(rows: Sequence[Any], ask: Ask) -> Mapping[int, Any]:
        if not ask.sight.members:
            return {}
        wanted = [getattr(r, key) for r in rows]
        members = queries.members(ask.sight).filter(**{f"{column}__in": wanted}).order_by()
        counts = dict(members.values_list(column).annotate(n=Count("pk")))
        return {r.pk: counts.get(getattr(r, key), 0) for r in rows}

    return fill


branch_members = _members_by("branch_id", "organisation_id")
employed_members = _members_by("employer_id", "enterprise_id")
