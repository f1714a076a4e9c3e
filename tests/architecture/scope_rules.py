"""What the table of addresses is written in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from feigong.apps.accounts.roles import PERMISSIONS, Permission, Role

EVERYBODY = frozenset(Role)
ALL_KINDS = frozenset({"area", "enterprise", "organisation", "member", "worker", "venue"})


def holders(*permissions: Permission) -> frozenset[Role]:
    """Roles that hold all of these."""
    return frozenset(role for role in Role if PERMISSIONS[role].issuperset(permissions))


@dataclass(frozen=True)
class Rule:
    """Who gets further than the door, and with what."""

    roles: frozenset[Role] = EVERYBODY  # the others: 403
    open: bool = False  # also for those who have not come in
    kind: str = ""  # what the number in the address is; "account token": what the numbers are, of one name
    get: tuple[int, ...] = (200,)  # answers to GET for what may be seen; empty: GET is not answered (405)
    post: Mapping[str, str] | None = None  # what is sent ("*member": all there are); None: POST does nothing
    posted: tuple[int, ...] = (200, 302)  # answers to POST
    words: Mapping[str, str] = field(default_factory=dict)  # values of other parts of the address, by strokes
    shows: frozenset[str] = frozenset()  # kinds whose names may be shown beyond the scope
    ask: str = ""  # what is asked for, after the question mark


def form(roles: frozenset[Role] = EVERYBODY, kind: str = "", **sent: str) -> Rule:
    """A button: POST only."""
    return Rule(roles, kind=kind, get=(), post=sent, posted=(200, 302, 400, 409))
