"""What is in the log, and that nothing in it could be about a person."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from django.test import Client, RequestFactory

from feigong.apps.accounts.models import User
from feigong.apps.accounts.roles import Role
from feigong.config.logs import JsonLines, logging_settings
from feigong.config.requests import logged

NAME, PHONE, ID_NUMBER = "欧阳明月", "13912345678", "110101199003074514"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What would be in the log file, whoever logs it."""
    kept = io.StringIO()
    handler = logging.StreamHandler(kept)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    yield kept
    root.removeHandler(handler)


def lines(written: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_request_is_one_line(db: None, written: io.StringIO) -> None:
    user = User.objects.create(username="wang", display_name=NAME, role=Role.TOWNSHIP)
    client = Client()
    client.force_login(user)
    answer = client.get("/jobs/77/", {"q": PHONE})
    (line,) = [found for found in lines(written) if found["event"] == "request"]
    assert line.pop("at")
    assert isinstance(line.pop("ms"), int)
    assert line == {
        "level": "info", "event": "request", "request": answer.headers["X-Request-ID"], "method": "GET",
        "route": "/jobs/<int:job_id>/", "status": 404, "user": user.pk,
    }  # fmt: skip


def test_nothing_personal_is_logged(db: None, written: io.StringIO) -> None:
    client = Client(raise_request_exception=False)
    for address in ("/login/", f"/{NAME}/{PHONE}/", "/jobs/"):
        client.post(address, {"login": PHONE, "password": ID_NUMBER, "name": NAME})
        client.get(address, {"q": NAME, "id_number": ID_NUMBER}, headers={"referer": f"http://x/?q={PHONE}"})

    def failing(request: object) -> object:
        raise ValueError(f"{NAME} {PHONE} {ID_NUMBER}")

    with pytest.raises(ValueError, match=NAME):
        logged(failing)(RequestFactory().post("/", {"phone": PHONE}))  # type: ignore[arg-type]
    try:
        failing(None)
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", f"/?q={NAME}")
        logging.getLogger("anybody").warning(f"called back on {PHONE}")
    text = written.getvalue()
    assert len(lines(written)) >= 7
    assert [word for word in (NAME, PHONE, ID_NUMBER) if word in text] == []


def test_an_error_is_its_kind_and_its_place(written: io.StringIO) -> None:
    try:
        try:
            int(NAME)
        except ValueError as error:
            raise KeyError(PHONE) from error
    except KeyError:
        logging.getLogger("feigong.jobs").exception("job.failed", extra={"fields": {"fault": "ab12"}})
    (line,) = lines(written)
    assert (line["event"], line["fault"]) == ("job.failed", "ab12")
    assert line["error"] == ["builtins.KeyError", "builtins.ValueError"]
    assert "test_logs.py" in str(line["where"])


def test_where_it_goes_is_set_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    assert logging_settings()["handlers"]["kept"]["class"] == "logging.StreamHandler"
    monkeypatch.setenv("FEIGONG_LOG_FILE", "some.jsonl")
    monkeypatch.setenv("FEIGONG_LOG_LEVEL", "warning")
    chosen = logging_settings()
    assert chosen["handlers"]["kept"]["filename"] == "some.jsonl"
    assert chosen["loggers"]["feigong"]["level"] == "WARNING"
