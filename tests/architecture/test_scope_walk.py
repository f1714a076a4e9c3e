"""The walk: every address, by every role, to everything own, above, beside and foreign.

Nothing out of scope is opened, and no answer (page, export, JSON, choice of a filter, message) names it.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter

from architecture.scope_rules import Rule
from architecture.scope_table import TABLE
from architecture.scope_world import World, build_world
from feigong.api.app import api
from feigong.apps.accounts.roles import Role

pytestmark = pytest.mark.django_db


def _addresses(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _addresses(entry, route)
        else:
            yield route, entry


_OPERATIONS = api.get_openapi_schema(path_prefix="/")["paths"]
OF_THE_API = {"api/v1" + re.sub(r"\{(\w+)\}", r"<int:\1>", path) for path in _OPERATIONS}  # test_scope_walk_api
ADDRESSES = {route: entry for route, entry in _addresses(get_resolver()) if route not in OF_THE_API}


def test_the_table_knows_every_address_and_no_other() -> None:
    assert sorted(set(ADDRESSES) - set(TABLE)) == [], "addresses that tests/architecture/scope_table.py does not know"
    assert sorted(set(TABLE) - set(ADDRESSES)) == [], "addresses that are gone"


def test_what_is_named_in_an_address_is_declared() -> None:
    for route, rule in TABLE.items():
        if route in ADDRESSES:
            named = ADDRESSES[route].pattern.converters
            numbers = {name for name, converter in named.items() if isinstance(converter, IntConverter)}
            assert set(named) - numbers == set(rule.words), route
            assert bool(numbers) == bool(rule.kind), route


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once: the walk leaves everything as it was."""
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic._from_testcase = True  # type: ignore[attr-defined]
        with atomic:
            yield build_world()
            transaction.set_rollback(True)


@dataclass
class Walker:
    """Somebody who tries an address and takes back what it did."""

    world: World
    role: Role | None
    client: Client

    def go(self, method: str, path: str, rule: Rule) -> tuple[int, str]:
        sent: dict[str, Any] = {}
        if method == "post":
            sent = {name: self._all(value) for name, value in (rule.post or {}).items()}
        session = self.client.session.session_key
        savepoint = transaction.savepoint()
        try:
            response = getattr(self.client, method)(path, sent)
            return response.status_code, text_of(response)
        finally:
            transaction.savepoint_rollback(savepoint)
            if session:
                self.client.cookies["sessionid"] = session

    def _all(self, value: str) -> Any:
        return list(self.world.ids[value[1:]].values()) if value.startswith("*") else value


def text_of(response: Any) -> str:
    """What an answer says, whatever it is wrapped in."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return "\n".join(book.read(name).decode(errors="replace") for name in book.namelist())
    text = content.decode(errors="replace")
    if "json" in response.headers.get("Content-Type", ""):
        text += json.dumps(json.loads(text or "null"), ensure_ascii=False)
    return text + " ".join(str(value) for value in response.headers.values())


def _walker(world: World, role: Role | None) -> Walker:
    client = Client(raise_request_exception=False)
    if role is not None:
        client.force_login(world.user(role))
        client.get("/me/")  # the sitting begins
    return Walker(world, role, client)


def _paths(world: World, role: Role | None, route: str, rule: Rule) -> Iterator[tuple[str, bool, str]]:
    """(address, whether what it names may be seen, what it is): with every thing of the kind."""
    asked = f"?{rule.ask}" if rule.ask else ""
    kinds = rule.kind.split()
    for filled in _worded("/" + route, rule):
        if not kinds:
            yield filled + asked, True, "-"
            continue
        relations = world.relations(role, rule.kind) if role else dict.fromkeys(world.names(rule.kind), "foreign")
        if role is None or role not in rule.roles:  # turned away before anything is looked for: one is enough
            relations = dict(list(relations.items())[:1])
        elif rule.post is not None:  # two of each are enough for a form; what is only read is read of everything
            of_one = {r: [name for name, found in relations.items() if found == r][:2] for r in relations.values()}
            relations = {name: r for r, names in of_one.items() for name in names}
        for name, relation in relations.items():
            numbers = [world.ids[kind][name] for kind in kinds]
            yield _numbered(filled, numbers) + asked, relation == "own", f"{relation} {name}"
            others = [n for n in world.ids[kinds[-1]].values() if n != numbers[-1]]
            if len(kinds) > 1 and others:  # what is named second must belong to what is named first
                yield _numbered(filled, [numbers[0], others[0]]), False, f"not of {name}"
        yield _numbered(filled, [99_999_999] * len(kinds)) + asked, False, "nothing"


def _worded(route: str, rule: Rule) -> list[str]:
    found = [route]
    for name, values in rule.words.items():
        found = [re.sub(rf"<\w+:{name}>", value, one) for one in found for value in values.split("|")]
    return found


def _numbered(route: str, numbers: list[int]) -> str:
    for number in numbers:
        before, _, rest = route.partition("<int:")
        route = before + str(number) + rest.partition(">")[2]
    return route


def _expected(rule: Rule, role: Role | None, method: str, in_sight: bool) -> tuple[int, ...]:
    """Statuses that are right. What is not meant for a method is refused, or answered as nothing worse."""
    answered = rule.get if method == "get" else rule.posted if rule.post is not None else (405, *rule.get)
    if role is None and not rule.open:
        return (302, 405)
    if role is not None and role not in rule.roles:
        return (403, 405)
    if not answered:
        return (405,)
    if in_sight:
        return answered
    return (404,) if method == "get" else (404, 400) if rule.post is not None else (404, 405)


@pytest.mark.parametrize("role", [*Role, None], ids=lambda role: role.value if role else "nobody")
def test_nobody_gets_further_than_the_scope(world: World, role: Role | None) -> None:
    walker, faults, steps = _walker(world, role), [], 0
    refused: dict[str, set[str]] = {}
    for route, rule in TABLE.items():
        if route not in ADDRESSES:
            continue  # said by another test
        for path, in_sight, what in _paths(world, role, route, rule):
            for method in ("get", "post"):
                status, text = walker.go(method, path, rule)
                steps += 1
                expected = _expected(rule, role, method, in_sight)
                if not in_sight and status == 400:  # what was sent was wrong anyway: also where there is nothing
                    refused.setdefault(method + route, set()).add(what.split()[0])
                if status not in expected:
                    faults.append(f"{method} {path} ({what}): {status}, not {expected}")
                faults += _leaks(world, role, rule, f"{method} {path} ({what})", text)
    faults += [f"{route}: 400 tells {told} from nothing" for route, told in refused.items() if "nothing" not in told]
    assert steps > len(TABLE)
    assert not faults, "\n".join(faults)


def _leaks(world: World, role: Role | None, rule: Rule, where: str, text: str) -> list[str]:
    named = world.forbidden(role, rule.shows) if role else frozenset(t for t in _all_words())
    return [f"{where} names {word}" for word in sorted(named) if word in text]


def _all_words() -> Iterator[str]:
    from architecture.scope_world import WORDS

    for words in WORDS.values():
        yield from words.values()


def test_the_walk_would_see_a_leak(world: World) -> None:
    """The words looked for are there where they may be: a district office's lists name what a township's must not."""
    office = _walker(world, Role.DISTRICT_OFFICE)
    forbidden = world.forbidden(Role.TOWNSHIP)
    pages = "".join(office.go("get", f"/{code}/", Rule())[1] for code in ("enterprises", "organisations", "members"))
    assert {"锦川软件有限公司", "澜汇大厦联合党支部", "穆青禾"} <= {word for word in forbidden if word in pages}
    exported = office.go("post", "/enterprises/export/", TABLE["enterprises/export/"])[1]
    assert "锦川软件有限公司" in exported


def test_counts_are_those_of_the_scope(world: World) -> None:
    """How many there are says something too."""
    codes = {"enterprise": "enterprises", "organisation": "organisations", "member": "members"}
    for role in (Role.DISTRICT_OFFICE, Role.TOWNSHIP, Role.BRANCH_SECRETARY):
        walker = _walker(world, role)
        for kind, code in codes.items():
            number = len(world.seen(role, kind))
            assert f"共 {number} " in walker.go("get", f"/{code}/", Rule())[1], (role, code)


def test_a_number_finds_nobody_out_of_sight(world: World) -> None:
    """Somebody elsewhere and nobody at all are one answer; only who may know is led to the person."""
    where = {}
    for role in (Role.DISTRICT_OFFICE, Role.TOWNSHIP):
        client = _walker(world, role).client
        asked = {"somebody": "13900000004", "nobody": "13999999999"}
        where[role] = {
            name: client.post("/members/number/", {"number": number})["Location"] for name, number in asked.items()
        }
    assert where[Role.DISTRICT_OFFICE]["somebody"].endswith(f"found={world.ids['member']['mu']}")
    assert where[Role.TOWNSHIP] == {"somebody": "/members/", "nobody": "/members/"}
