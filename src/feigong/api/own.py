"""Who a token stands for, and what it may."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from feigong.api.door import actor_of
from feigong.api.operations import add
from feigong.apps.accounts.roles import Permission, Role


class ScopeOut(Schema):
    """Identities: areas and organisations with all below them; empty everywhere: nothing is seen."""

    areas: list[int]
    organisations: list[int]
    worker: int | None
    member: int | None


class Me(Schema):
    name: str
    role: Role
    permissions: list[Permission]
    scope: ScopeOut


def add_own(router: Router) -> None:
    add(router, "GET", "/me", _me, name="me", tag="me", summary="the account behind the token, and what the token may",
        answers={200: Me})  # fmt: skip


def _me(request: HttpRequest) -> dict[str, Any]:
    actor = actor_of(request)
    scope = actor.scope
    return {
        "name": actor.name, "role": actor.role, "permissions": sorted(actor.permissions),
        "scope": {"areas": list(scope.areas), "organisations": list(scope.organisations), "worker": scope.worker,
                  "member": scope.member},
    }  # fmt: skip
