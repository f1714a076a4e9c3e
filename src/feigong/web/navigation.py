"""The menu: what there is, in the order of the work, for whom. One line for each screen."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor


@dataclass(frozen=True, slots=True)
class Screen:
    code: str  # words: `web.menu.<code>`
    url: str  # the name of the address
    permissions: frozenset[Permission]  # any of them; none: everybody
    key: str = ""  # pressed after g: goes there


@dataclass(frozen=True, slots=True)
class Entry:
    code: str
    address: str
    here: bool
    key: str


@dataclass(frozen=True, slots=True)
class Group:
    code: str  # words: `web.menu.group_<code>`; empty: no heading
    entries: tuple[Entry, ...]


P = Permission


def _screen(code: str, url: str, *permissions: Permission, key: str = "") -> Screen:
    return Screen(code, url, frozenset(permissions), key)


MENU: tuple[tuple[str, tuple[Screen, ...]], ...] = (
    ("", (_screen("home", "home:today", key="h"),)),
    (
        "roll",
        (
            _screen("enterprises", "enterprises:list", P.ROLL_VIEW, key="e"),
            _screen("organisations", "organisations:list", P.ROLL_VIEW, key="o"),
            _screen("members", "members:list", P.MEMBERS_VIEW, key="m"),
            _screen("workers", "workers:list", P.MEMBERS_VIEW, key="w"),
            _screen("venues", "venues:list", P.ROLL_VIEW, key="v"),
            _screen("areas", "areas:list", P.ROLL_VIEW, key="a"),
            _screen("map", "map:district", P.ROLL_VIEW, key="p"),
            _screen("superiors", "superiors:list", P.ROLL_VIEW, key="s"),
        ),
    ),
    (
        "coverage",
        (
            _screen("coverage", "coverage:list", P.COVERAGE_VIEW, key="c"),
            _screen("shortage", "shortage:list", P.COVERAGE_VIEW),
            _screen("cases", "cases:list", P.CASES_VIEW, key="t"),
            _screen("liaison", "liaison:latest", P.COVERAGE_VIEW, key="r"),
            _screen("visits", "visits:list", P.VISITS_VIEW, key="f"),
            _screen("movement", "movement:list", P.COVERAGE_VIEW, key="b"),
            _screen("targets", "targets:list", P.TARGETS_VIEW, key="y"),
        ),
    ),
    (
        "upkeep",
        (
            _screen("imports", "imports:list", P.IMPORT_UPLOAD, key="i"),
            _screen("merging", "merging:list", P.ROLL_MERGE),
            _screen("documents", "documents:list", P.DOCUMENTS_MANAGE, key="d"),
            _screen("jobs", "jobs:list", P.IMPORT_APPLY, P.JOBS_VIEW, P.COVERAGE_PLAN, key="j"),
        ),
    ),
    (
        "administration",
        (
            _screen("accounts", "accounts:list", P.ACCOUNTS_MANAGE, key="u"),
            _screen("audit", "audit:list", P.AUDIT_VIEW, key="l"),
            _screen("system", "system:health", P.SYSTEM_MANAGE),
        ),
    ),
)


def navigation_of(actor: Actor, path: str) -> tuple[Group, ...]:
    """The menu of an account; the entry whose address begins the path, and is longest, is where one is."""
    shown = [
        (group, screen, reverse(screen.url))
        for group, screens in MENU
        for screen in screens
        if not screen.permissions or screen.permissions & actor.permissions
    ]
    here = max((a for _, _, a in shown if path == a or (a != "/" and path.startswith(a))), key=len, default="")
    groups = []
    for group, _ in MENU:
        entries = tuple(Entry(s.code, a, a == here, s.key) for g, s, a in shown if g == group)
        if entries:
            groups.append(Group(group, entries))
    return tuple(groups)
