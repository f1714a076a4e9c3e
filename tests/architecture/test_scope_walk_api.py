"""The walk through the API: every operation, by a token of every role, to everything own, above, beside and foreign.

What is sent is made from the API's own description; whatever it names is the foreign thing of its kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from architecture.scope_api import OPERATIONS
from architecture.scope_world import World, build_world
from architecture.test_scope_walk import text_of
from feigong.api.app import api
from feigong.apps.accounts.roles import PERMISSIONS, Permission, Role

pytestmark = pytest.mark.django_db

SCHEMA = api.get_openapi_schema(path_prefix="/")
DESCRIBED = {(method, path): about for path, methods in SCHEMA["paths"].items() for method, about in methods.items()}
HOLDERS = [role for role in Role if Permission.API_USE in PERMISSIONS[role]]
_NAMED = re.compile(r"(area|enterprise|organisation|member|worker|venue|superior|parent|branch|employer|gone|ids)")


def test_every_operation_is_declared() -> None:
    assert set(DESCRIBED) == set(OPERATIONS)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic._from_testcase = True  # type: ignore[attr-defined]
        with atomic:
            yield build_world()
            transaction.set_rollback(True)


def _made(schema: dict[str, Any], world: World, name: str = "", kind: str = "") -> Any:
    """The least that the description takes: only what it requires."""
    if "$ref" in schema:
        schema = SCHEMA["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if either := schema.get("allOf") or schema.get("oneOf") or schema.get("anyOf"):
        return _made(either[0], world, name, kind)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            wanted = schema.get("required", ())
            return {n: _made(schema["properties"][n], world, n, kind) for n in wanted}
        case "array":
            return [_made(schema["items"], world, name, kind)]
        case "integer":
            named = _NAMED.match(name)
            meant = {"superior": "organisation", "parent": "area", "branch": "organisation", "employer": "enterprise"}
            found = named[1] if named else ""
            if found == "gone":  # another one, of one's own
                return world.ids[kind]["single" if kind == "organisation" else min(world.ids[kind])]
            return world.ids[kind if found == "ids" else meant.get(found, found or "area")]["far"]
        case "boolean":
            return True
    return "2026-11-01" if schema.get("format") == "date" else "甲"


def _ask(client: Client, key: str, method: str, path: str, body: Any) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {key}", "If-Match": '"1"'} if key else {}
    savepoint = transaction.savepoint()
    try:
        sent = {} if method == "get" or body is None else {"data": body, "content_type": "application/json"}
        response = getattr(client, method)(f"/api/v1{path}", headers=headers, **sent)
        return response.status_code, text_of(response)
    finally:
        transaction.savepoint_rollback(savepoint)


def _targets(world: World, role: Role, path: str, kind: str) -> Iterator[tuple[str, bool, str]]:
    if not kind:
        yield path, True, "-"
        return
    for name, relation in world.relations(role, kind).items():
        yield re.sub(r"\{\w+\}", str(world.ids[kind][name]), path), relation == "own", f"{relation} {name}"
    yield re.sub(r"\{\w+\}", "99999999", path), False, "nothing"


def _body(world: World, method: str, path: str) -> Any:
    content = DESCRIBED[method, path].get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    kind = path.split("/")[1].rstrip("s")
    return _made(content["application/json"]["schema"], world, kind=kind)


@pytest.mark.parametrize("role", HOLDERS, ids=lambda role: role.value)
def test_no_token_gets_further_than_its_owner(world: World, role: Role) -> None:
    client, faults = Client(raise_request_exception=False), []
    forbidden = world.forbidden(role)
    for (method, path), (needed, kind) in OPERATIONS.items():
        body = _body(world, method, path)
        for address, in_sight, what in _targets(world, role, path, kind):
            status, text = _ask(client, world.keys[role], method, address, body)
            where = f"{method} {address} ({what})"
            if not needed <= PERMISSIONS[role]:
                right = status == 403
            elif not in_sight and path.startswith("/records/"):  # numbers without a gap: there is nothing to hide
                right = status in (400, 403, 404)
            elif not in_sight:
                right = status == 404
            elif method == "get":
                right = status == 200
            else:  # what is sent names foreign things, an old version or too little: it may be refused in its own way
                right = status in (200, 201, 202, 204, 400, 404, 409, 412, 422)
            if not right:
                faults.append(f"{where}: {status} {text[:160]}")
            faults += [f"{where} names {word}" for word in sorted(forbidden) if word in text]
    assert not faults, "\n".join(faults)


def test_without_a_token_there_is_nothing(world: World) -> None:
    """Nor by a session of the pages: then a page elsewhere could ask in its name."""
    signed_in = Client(raise_request_exception=False)
    signed_in.force_login(world.user(Role.DISTRICT_OFFICE))
    for client in (Client(raise_request_exception=False), signed_in):
        for (method, path), (_, kind) in OPERATIONS.items():
            for address, _, _ in list(_targets(world, Role.DISTRICT_OFFICE, path, kind))[:2]:
                assert _ask(client, "", method, address, _body(world, method, path))[0] == 401, (method, address)


@pytest.mark.parametrize("path", ["/coverage", "/posts", "/assignments", "/coverage/host"])
def test_nothing_foreign_is_tied_to_ones_own(world: World, path: str) -> None:
    """Every pair of an own and a foreign thing is refused."""
    office = world.keys[Role.DISTRICT_OFFICE]
    own = {kind: world.ids[kind][name] for kind, name in
           (("enterprise", "grape"), ("organisation", "single"), ("worker", "second"))}  # fmt: skip
    body = _body(world, "post", path)
    pairs = {name: own[name.partition("_id")[0]] for name in body if name.partition("_id")[0] in own}
    assert len(pairs) == 2
    for foreign in pairs:
        mine = {name: [number] if name.endswith("s") else number for name, number in pairs.items() if name != foreign}
        sent = {**body, **mine}
        status, _ = _ask(Client(raise_request_exception=False), office, "post", path, sent)
        assert status == 404, (path, foreign)
