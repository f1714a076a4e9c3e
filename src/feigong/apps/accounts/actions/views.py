"""Saved views of lists. A convenience of its owner, no business data: not in the audit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from feigong.apps.accounts.models import SavedView
from feigong.apps.accounts.sight import Actor
from feigong.core.errors import FeigongError

_MOST = 50  # of one account for one list


def save_view(
    actor: Actor,
    list_code: str,
    name: str,
    query: str,
    columns: Sequence[str],
    *,
    shared: bool = False,
    at: datetime,
) -> SavedView:
    """Keep a list under a name; a view of one's own with this name is replaced."""
    user_id, name = actor.account, name.strip()
    if not name or len(name) > 60:
        raise FeigongError("error.accounts.view_name", most=60)
    others = SavedView.objects.filter(user_id=user_id, list_code=list_code).exclude(name=name).count()
    if others >= _MOST:
        raise FeigongError("error.accounts.too_many_views", most=_MOST)
    view, _ = SavedView.objects.update_or_create(
        user_id=user_id,
        list_code=list_code,
        name=name,
        defaults={"query": query.lstrip("?"), "columns": list(columns), "shared": shared, "saved_at": at},
    )
    return view


def delete_view(actor: Actor, view_id: int) -> None:
    """Only one's own; what is shared by others stays."""
    gone, _ = SavedView.objects.filter(pk=view_id, user_id=actor.account).delete()
    if not gone:
        raise FeigongError("error.not_found", what="view")
