"""Parts of first pages: what each reads and shows. A part that has nothing to say is left out.

One more part: write a function that takes an `Ask` and returns what its template needs (or None), name it in `PARTS`,
and put its name into `ROLES` where it belongs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from feigong.apps.accounts.roles import Permission, Role
from feigong.web.home import cases, office, people, targets, upkeep
from feigong.web.liaison.mine import own_rounds
from feigong.web.lists.spec import Ask


@dataclass(frozen=True, slots=True)
class Part:
    template: str
    read: Callable[[Ask], Mapping[str, Any] | None]
    permission: Permission | None = None


P = Permission

PARTS: dict[str, Part] = {
    "figures": Part("home/figures.html", office.figures, P.ROLL_VIEW),
    "todo": Part("home/todo.html", office.todo, P.ROLL_VIEW),
    "targets": Part("home/targets.html", targets.year, P.TARGETS_VIEW),
    "cases": Part("home/cases.html", cases.waiting, P.CASES_VIEW),
    "areas": Part("home/areas.html", office.areas, P.ROLL_VIEW),
    "jobs": Part("home/jobs.html", upkeep.jobs),
    "upload": Part("home/upload.html", upkeep.bare, P.IMPORT_UPLOAD),
    "imports": Part("home/imports.html", upkeep.own_imports, P.IMPORT_UPLOAD),
    "visits": Part("home/visits.html", own_rounds, P.VISITS_VIEW),
    "branch": Part("home/branch.html", people.own_branches, P.MEMBERS_VIEW),
    "record": Part("home/record.html", people.own_record, P.MEMBERS_VIEW),
    "system": Part("home/system.html", upkeep.system, P.SYSTEM_MANAGE),
    "accounts": Part("home/accounts.html", upkeep.accounts, P.ACCOUNTS_MANAGE),
    "audit": Part("home/auditor.html", upkeep.bare, P.AUDIT_VIEW),
}

ROLES: dict[Role, tuple[str, ...]] = {
    Role.DISTRICT_OFFICE: ("todo", "cases", "figures", "targets", "areas", "jobs"),
    Role.TOWNSHIP: ("todo", "cases", "figures", "targets", "areas", "jobs"),
    Role.DEPARTMENT: ("upload", "imports", "jobs"),
    Role.LIAISON_OFFICER: ("visits", "cases"),
    Role.BRANCH_SECRETARY: ("branch", "cases"),
    Role.MEMBER: ("record",),
    Role.AUDITOR: ("audit",),
    Role.SYSTEM_ADMINISTRATOR: ("system", "jobs"),
    Role.SECURITY_ADMINISTRATOR: ("accounts",),
    Role.AUDIT_ADMINISTRATOR: ("audit",),
}


def parts_for(ask: Ask) -> list[tuple[str, Mapping[str, Any]]]:
    """(template, what it needs) for the role of who asks; never a part without its permission."""
    found = []
    for name in ROLES[ask.actor.role] if ask.actor.role else ():
        part = PARTS[name]
        if part.permission is not None and not ask.actor.may(part.permission):
            continue
        needed = part.read(ask)
        if needed is not None:
            found.append((part.template, needed))
    return found
