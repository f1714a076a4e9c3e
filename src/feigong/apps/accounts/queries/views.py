"""Saved views: one's own, and what colleagues share."""

from __future__ import annotations

from django.db.models import Case, Q, QuerySet, When

from feigong.apps.accounts.actors import scope_of
from feigong.apps.accounts.models import SavedView, User


def views_of(user_id: int | None, list_code: str) -> QuerySet[SavedView]:
    """Own views first. Shared ones only of accounts with the same role and the same part of the roll: what is asked for
    in a view may name things that others must not know of."""
    users = User.objects.filter(is_active=True).prefetch_related("grants")
    user = None if user_id is None else users.filter(pk=user_id).first()
    if user is None:
        return SavedView.objects.none()
    sharing = User.objects.filter(
        role=user.role, is_active=True, views__list_code=list_code, views__shared=True
    ).prefetch_related("grants")
    scope = scope_of(user)
    colleagues = {other.pk for other in sharing if other.pk != user.pk and scope_of(other) == scope}
    seen = Q(user_id=user.pk) | Q(user_id__in=colleagues, shared=True)
    own = Case(When(user_id=user.pk, then=0), default=1)
    return SavedView.objects.filter(seen, list_code=list_code).order_by(own, "name", "pk").select_related("user")
