"""Saved views: one's own, and what colleagues share."""

from __future__ import annotations

from django.db.models import Case, Q, QuerySet, When

from feigong.apps.accounts.actors import scope_of
from feigong.apps.accounts.models import SavedView, User


def views_of(user_id: int | None, list_code: str) -> QuerySet[SavedView]:
    """Own views first. Shared ones only of accounts with the same role and the same part of the roll: what is asked for
    in a view may name things that others must not know of."""
    if user_id is None:
        return SavedView.objects.none()
    active = User.objects.filter(is_active=True)
    role = active.filter(pk=user_id).values("role")
    sharing = active.filter(role__in=role, views__list_code=list_code, views__shared=True).exclude(pk=user_id)
    colleagues: set[int] = set()
    if others := list(sharing.distinct().prefetch_related("grants")):  # few share: mostly this is all that is asked
        scope = scope_of(User.objects.get(pk=user_id))
        colleagues = {other.pk for other in others if scope_of(other) == scope}
    seen = Q(user_id=user_id, user__is_active=True) | Q(user_id__in=colleagues, shared=True)
    own = Case(When(user_id=user_id, then=0), default=1)
    return SavedView.objects.filter(seen, list_code=list_code).order_by(own, "name", "pk").select_related("user")
