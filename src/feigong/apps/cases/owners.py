"""Who may be given cases of an area: accounts that work on cases, to whom it or an area above it was granted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import QuerySet

from feigong.apps.accounts.models import User
from feigong.apps.accounts.roles import PERMISSIONS, Permission
from feigong.apps.roll.models import AreaState
from feigong.apps.roll.models.dated import as_of
from feigong.core.roll.trees import nodes_of


def accounts_for(areas: Iterable[int], on: date, known_at: datetime) -> QuerySet[User]:
    """By name. The areas come from cases or enterprises in sight: where these lie is no secret."""
    paths = as_of(AreaState, on, known_at).filter(area_id__in=set(areas)).values_list("path", flat=True)
    nodes = {node for path in paths for node in nodes_of(path)}
    roles = [role for role, may in PERMISSIONS.items() if Permission.CASES_WORK in may]
    rows = User.objects.filter(is_active=True, role__in=roles, grants__area_id__in=nodes)
    return rows.order_by("display_name", "pk").distinct()


def accounts_for_all(areas: Iterable[int], on: date, known_at: datetime) -> list[tuple[int, str]]:
    """Those of them to whom each of these areas was granted, with their names: one owner for many cases."""
    areas = set(areas)
    paths = as_of(AreaState, on, known_at).filter(area_id__in=areas).values_list("path", flat=True)
    ways = [set(nodes_of(path)) for path in paths]
    granted: dict[tuple[int, str], set[int]] = {}
    rows = accounts_for(areas, on, known_at).values_list("pk", "display_name", "grants__area_id")
    for pk, name, area in rows:
        granted.setdefault((pk, name), set()).add(area)
    return [account for account, nodes in granted.items() if all(nodes & way for way in ways)]
