"""Views of lists: one's own, and those of colleagues with the same part of the roll."""

from __future__ import annotations

import pytest

from feigong.apps.accounts import queries
from feigong.apps.accounts.actions.views import delete_view, save_view
from feigong.apps.accounts.actors import of_user, operator
from feigong.apps.accounts.models import Grant, User
from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Door
from feigong.apps.audit.recording import changing
from feigong.apps.clock import now
from feigong.apps.roll.models import Area
from feigong.core.errors import FeigongError

pytestmark = pytest.mark.django_db


def _townships(*names: str) -> list[User]:
    """Accounts: the first two share an area, the others have one each."""
    users = []
    with changing(operator("clerk"), "test") as change:
        areas = [Area.objects.create(created=change.record) for _ in names]
        for number, name in enumerate(names):
            user = User.objects.create(username=name, display_name=name, role=Role.TOWNSHIP)
            Grant.objects.create(user=user, area=areas[0 if number < 2 else number], granted_by=change.record)
            users.append(user)
    return users


def test_views_are_shared_with_those_who_see_the_same_rows() -> None:
    first, colleague, neighbour = _townships("a", "b", "c")
    actor = of_user(first, door=Door.PAGE)
    save_view(actor, "enterprises", "大企业", "?staff__gte=50", ["name", "staff"], shared=True, at=now())
    save_view(actor, "enterprises", "自用", "q=x", ["name"], at=now())
    save_view(actor, "members", "别的表", "", [], shared=True, at=now())
    seen = {user.username: [v.name for v in queries.views_of(user.pk, "enterprises")] for user in (first, colleague)}
    assert seen == {"a": ["大企业", "自用"], "b": ["大企业"]}
    assert queries.views_of(neighbour.pk, "enterprises").count() == 0
    assert queries.views_of(None, "enterprises").count() == 0


def test_a_view_is_replaced_by_its_name_and_deleted_by_its_owner_only() -> None:
    first, colleague = _townships("a", "b")
    actor = of_user(first, door=Door.PAGE)
    view = save_view(actor, "enterprises", "大企业", "?staff__gte=50", ["name"], shared=True, at=now())
    again = save_view(actor, "enterprises", " 大企业 ", "staff__gte=80", ["name", "staff"], shared=True, at=now())
    assert (again.pk, again.query, again.columns) == (view.pk, "staff__gte=80", ["name", "staff"])
    with pytest.raises(FeigongError, match="not_found"):
        delete_view(of_user(colleague, door=Door.PAGE), view.pk)
    delete_view(actor, view.pk)
    assert queries.views_of(first.pk, "enterprises").count() == 0


def test_a_view_needs_a_name_and_an_account() -> None:
    (first,) = _townships("a")
    with pytest.raises(FeigongError, match="view_name"):
        save_view(of_user(first, door=Door.PAGE), "enterprises", "  ", "", [], at=now())
    with pytest.raises(FeigongError, match="no_account"):
        save_view(operator("clerk"), "enterprises", "x", "", [], at=now())
