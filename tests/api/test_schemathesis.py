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
THINGS = 8  # of each kind there are about so many, numbered from 1
NEAR = (True, True, False)
REACHED: Counter[tuple[Role, int]] = Counter()
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
    tried: list[Any] = []  # who is not let in at all is so by the first example as by the tenth
    fitting = OPERATIONS[label].as_strategy(generation_mode=GenerationMode.POSITIVE)
    not_fitting = OPERATIONS[label].as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @settings(same, max_examples=FITTING)
    @given(case=fitting, near=st.sampled_from(NEAR), data=st.data())
    def each_fitting(case: Any, near: bool, data: st.DataObject) -> None:
        if near:
            _bring_near(case, data)
        for role in USERS if tried else Role:
            _try(world, role, case)
        tried.append(case)

    @settings(same, max_examples=NOT_FITTING)
    @given(case=not_fitting)
    def each_not_fitting(case: Any) -> None:
        for role in USERS:
            _try(world, role, case)

    each_fitting()
    each_not_fitting()


def _bring_near(case: Any, data: st.DataObject) -> None:
    """Numbers of things that there are: else hardly anything is ever found."""
    number = st.integers(1, THINGS)
    if case.path_parameters:
        case.path_parameters = {name: data.draw(number) for name in case.path_parameters}
    if "If-Match" in case.headers:
        case.headers["If-Match"] = f'"{data.draw(number)}"'  # the first version of the first things is their number
    if isinstance(case.body, dict):
        case.body = _near(case.body, data.draw(number))


def _near(value: Any, number: int, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _near(one, number, key) for key, one in value.items()}
    if isinstance(value, list):
        return sorted({_near(one, number, name) for one in value}) if name.endswith("ids") else value
    names = ("_id", "ids", "gone", "successor", "next_host")
    return value % THINGS + number % 3 if isinstance(value, int) and name.endswith(names) else value


def _try(world: World, role: Role, case: Any) -> None:
    savepoint = transaction.savepoint()
    try:
        answer = case.call(headers={"Authorization": f"Bearer {world.keys[role]}"})
    finally:
        transaction.savepoint_rollback(savepoint)
    REACHED[role, answer.status_code] += 1
    case.validate_response(answer, checks=list(CHECKS))
    text = answer.content.decode()
    if role not in USERS:
        assert answer.status_code in (401, 405) or "error.api_no_address" in text, (role, answer.status_code)
    named = [word for word in world.forbidden(role) if word in text]
    assert not named, (role, named)


def test_much_was_reached() -> None:
    """Who may, gets somewhere: the examples above are not all refused at the door."""
    if not REACHED:
        pytest.skip("run alone: nothing was tried")
    for role in USERS:  # of what was tried in this process: tests are shared out among several
        tried = sum(n for (who, _), n in REACHED.items() if who is role)
        answered = sum(n for (who, status), n in REACHED.items() if who is role and status < 300)
        assert answered * 20 > tried, (role, REACHED)
