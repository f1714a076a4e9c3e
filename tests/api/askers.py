"""Programs that ask, each with a token of its own; and what they send."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from feigong.apps.accounts import actors
from feigong.apps.accounts.actions.tokens import create_token
from feigong.apps.accounts.roles import Permission, Role
from feigong.apps.accounts.sight import Door
from platform_district import ON, SmallDistrict

BASE = "/api/v1"


class Asker:
    """One token's requests; JSON in, status and JSON out."""

    def __init__(self, district: SmallDistrict, role: Role, *, read_only: bool = False, language: str = "zh") -> None:
        actor = actors.of_user(district.users[role], door=Door.PAGE)
        wanted = {Permission.API_USE, *actor.permissions} if not read_only else {Permission.API_USE, P.ROLL_VIEW}
        _, self.secret = create_token(actor, "test", wanted, on=ON, days=1, read_only=read_only)
        self.client = Client(headers={"authorization": f"Bearer {self.secret}", "accept-language": language})

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(BASE + path, headers=headers)

    def post(self, path: str, given: Any = None, **headers: str) -> Any:
        return self._send(self.client.post, path, given, headers)

    def patch(self, path: str, given: Any = None, **headers: str) -> Any:
        return self._send(self.client.patch, path, given, headers)

    def put(self, path: str, given: Any = None, **headers: str) -> Any:
        return self._send(self.client.put, path, given, headers)

    def version(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, answer.content.decode()
        return str(answer.headers["ETag"])

    @staticmethod
    def _send(send: Any, path: str, given: Any, headers: dict[str, str]) -> Any:
        body = given if isinstance(given, bytes) else json.dumps({} if given is None else given)
        return send(BASE + path, body, content_type="application/json", headers=headers)


P = Permission


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status_code == status, answer.content.decode()
    return answer.json() if answer.content else None
