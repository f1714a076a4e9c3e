"""Every operation of the description, with what fits it and what does not, by a token of every role.

No answer is a fault, every answer is as described, what does not fit is refused, and nobody is shown anything out of
their scope: neither in an answer nor in a refusal. Examples are the same every time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from architecture.scope_world import World, build_world
from feigong.api.app import api
from feigong.apps.accounts.models import ApiToken
from feigong.apps.accounts.roles import PERMISSIONS, Permission, Role
from feigong.apps.accounts.secrets import digest_of

pytestmark = pytest.mark.django_db

FITTING, NOT_FITTING = 4, 3  # examples for each operation
CHECKS = (
    not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_headers_conformance, checks.response_schema_conformance, checks.negative_data_rejection,
    checks.allow_header_conformance,
)  # fmt: skip
NEAR = (True, True, False)
KINDS = {  # what a number in an address is of
    "areas": "area", "enterprises": "enterprise", "organisations": "organisation", "members": "member",
    "workers": "worker", "venues": "venue", "records": "record", "imports": "import", "jobs": "job",
    "coverage-plans": "plan", "cases": "case",
}  # fmt: skip
NAMED = {  # and what a number in a body
    "area_id": "area", "parent_id": "area", "successor": "area", "enterprise_id": "enterprise",
    "employer_id": "enterprise", "next_host": "enterprise", "enterprise_ids": "enterprise",
    "organisation_id": "organisation", "superior_id": "organisation", "branch_id": "organisation",
    "worker_id": "worker", "member_id": "member", "venue_id": "venue",
}  # fmt: skip
REACHED = {200, 201, 202, 204, 400, 409}  # done, or refused for what the thing itself is
SELDOM = {  # two things that belong together, or a table that can be read: tested by hand elsewhere
    "POST /api/v1/coverage/end", "POST /api/v1/posts/end", "POST /api/v1/imports",
    "POST /api/v1/records/{record}/take-back",  # one's own record, on which nothing was built
    "POST /api/v1/coverage-plans/{identity}/approve",  # what a plan has in mind for an enterprise
}  # fmt: skip
same = settings(
    derandomize=True, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)
USERS = [role for role in Role if Permission.API_USE in PERMISSIONS[role]]

SCHEMA = schemathesis.openapi.from_dict(api.get_openapi_schema(path_prefix="/api/v1/"))
SCHEMA.app = get_wsgi_application()
SCHEMA.config.checks.negative_data_rejection.expected_statuses += ["412"]
OPERATIONS = {operation.label: operation for operation in (r.ok() for r in SCHEMA.get_all_operations())}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once: every request is taken back. Roles that may not use the API have kept a token of old."""
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic._from_testcase = True  # type: ignore[attr-defined]
        with atomic, _staying_connected():
            found = build_world()
            office = ApiToken.objects.get(user=found.user(Role.DISTRICT_OFFICE))
            for role in set(Role) - set(USERS):
                secret = f"fg_kept-by-{role.value}"
                ApiToken.objects.create(**_kept(office, found, role, secret))
                found.keys[role] = secret
            yield found
            transaction.set_rollback(True)


@contextmanager
def _staying_connected() -> Iterator[None]:
    """Requests of a server close connections that are old; these are all within one transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def _kept(office: ApiToken, world: World, role: Role, secret: str) -> dict[str, Any]:
    return {
        "user": world.user(role), "name": "旧", "start": secret[:8], "digest": digest_of(secret), "read_only": False,
        "permissions": [p.value for p in Permission], "narrowed": False, "areas": [], "organisations": [],
        "created_at": office.created_at, "expires_at": office.expires_at,
    }  # fmt: skip


@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_as_described_and_within_the_scope(world: World, label: str) -> None:
    answers: Counter[int] = Counter()
    tried: list[Any] = []  # who is not let in at all is so by the first example as by the tenth
    fitting = OPERATIONS[label].as_strategy(generation_mode=GenerationMode.POSITIVE)
    not_fitting = OPERATIONS[label].as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @settings(same, max_examples=FITTING)
    @given(case=fitting, near=st.sampled_from(NEAR), data=st.data())
    def each_fitting(case: Any, near: bool, data: st.DataObject) -> None:
        if near:
            _bring_near(world, case, data)
        for role in USERS if tried else Role:
            answers[_try(world, role, case)] += 1
        tried.append(case)

    @settings(same, max_examples=FITTING)
    @given(case=fitting, data=st.data())
    def each_near(case: Any, data: st.DataObject) -> None:
        _bring_near(world, case, data)
        for role in USERS:
            answers[_try(world, role, case)] += 1

    @settings(same, max_examples=NOT_FITTING)
    @given(case=not_fitting)
    def each_not_fitting(case: Any) -> None:
        for role in USERS:
            _try(world, role, case)

    each_fitting()
    if label not in SELDOM and not REACHED & set(answers):
        each_near()
    each_not_fitting()
    assert label in SELDOM or REACHED & set(answers), (label, answers)

def _bring_near(world: World, case: Any, data: st.DataObject) -> None:
    """Numbers of things that there are, and their versions: else hardly anything is ever found."""
    there = {kind: sorted(ids.values()) for kind, ids in world.ids.items()}
    first = case.path.removeprefix("/api/v1").split("/")[1]
    kind = KINDS.get(first, "")
    if case.path_parameters:
        case.path_parameters = {name: data.draw(st.sampled_from(there[kind])) for name in case.path_parameters}
    if "If-Match" in case.headers:  # of what is foreign the office has no version
        thing = OPERATIONS[f"GET /api/v1/{first}/{{identity}}"].Case(path_parameters=case.path_parameters)
        answer = thing.call(headers={"Authorization": f"Bearer {world.keys[Role.DISTRICT_OFFICE]}"})
        case.headers["If-Match"] = answer.headers.get("etag", ['"1"'])[0]
    if isinstance(case.body, dict):
        case.body = _near(case.body, there, data.draw(st.integers(0, 99)), kind)


def _near(value: Any, there: dict[str, list[int]], at: int, kind: str, name: str = "") -> Any:
    """``kind``: what the operation is about; its own numbers have no other name than ``ids``."""
    if isinstance(value, dict):
        return {key: _near(one, there, at, kind, key) for key, one in value.items()}
    if isinstance(value, list):
        return sorted({_near(one, there, at, kind, name) for one in value}) if name.endswith("ids") else value
    named = kind if name == "ids" else NAMED.get(name, "")
    return there[named][(value + at) % len(there[named])] if named and isinstance(value, int) else value


def _try(world: World, role: Role, case: Any) -> int:
    savepoint = transaction.savepoint()
    try:
        answer = case.call(headers={"Authorization": f"Bearer {world.keys[role]}"})
    finally:
        transaction.savepoint_rollback(savepoint)
    case.validate_response(answer, checks=list(CHECKS))
    text = answer.content.decode()
    if role not in USERS:
        assert answer.status_code in (401, 405) or "error.api_no_address" in text, (role, answer.status_code)
    named = [word for word in world.forbidden(role) if word in text]
    assert not named, (role, named)
    return int(answer.status_code)
