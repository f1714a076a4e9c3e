"""Who asks, what they may see, and of which day: handed to every query and every action."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from feigong.apps.accounts.roles import Permission, Role
from feigong.core.errors import FeigongError


@dataclass(frozen=True, slots=True)
class Scope:
    """Which part of the roll. Nothing given: nothing seen. Identities, not names; see `queries.scope_of`."""

    areas: tuple[int, ...] = ()  # these areas and all below them
    organisations: tuple[int, ...] = ()  # these organisations, all below them, and what they cover
    worker: int | None = None  # the enterprises this liaison officer looks after
    member: int | None = None  # this member's own record, branch and employer
    whole: bool = False  # commands of the operator on the machine itself; no account has it

    @property
    def empty(self) -> bool:
        return not (self.areas or self.organisations or self.worker or self.member or self.whole)


@dataclass(frozen=True, slots=True)
class Sight:
    """What may be seen, on which day, as known when. Every query takes one."""

    scope: Scope
    on: date
    known_at: datetime
    members: bool = False  # whether people may be seen at all (Permission.MEMBERS_VIEW)
    paths: dict[object, tuple[Any, ...]] = field(default_factory=dict, compare=False, repr=False)
    """Where the trees begin and the parts of the scope lie in them: looked up once, by `roll.queries.restrict`."""


class Door(StrEnum):
    PAGE = "page"
    API = "api"
    COMMAND = "command"
    JOB = "job"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody at a door. `actors.of_user` makes one for an account, `actors.operator` for a command."""

    user_id: int | None
    name: str
    role: Role | None
    scope: Scope
    permissions: frozenset[Permission] = frozenset()
    door: Door = Door.PAGE
    address: str = ""  # where from
    request_id: str = ""
    also: tuple[str, ...] = field(default=())  # token or invitation in use, for the audit
    once: str = ""  # the key under which a program wants this done once (`apps.audit.once`)

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def must(self, permission: Permission) -> None:
        if permission not in self.permissions:
            raise FeigongError("error.not_permitted", permission=permission.value)

    def sight(self, on: date, known_at: datetime) -> Sight:
        return Sight(self.scope, on, known_at, members=self.may(Permission.MEMBERS_VIEW))

    @property
    def account(self) -> int:
        """The account that acts; a command has none."""
        if self.user_id is None:
            raise FeigongError("error.accounts.no_account")
        return self.user_id

    def at(self, door: Door) -> Actor:
        return replace(self, door=door)
